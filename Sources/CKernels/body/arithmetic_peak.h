// What the processor's multipliers and adders can do at most: independent chains of x = x * a + b, as many as hide an
// instruction's latency on two ports, all in registers. One FMA where the instruction set has it, else two
// instructions.
#define PEAK_CHAINS 12
typedef float NAME(chain) __attribute__((vector_size(WIDTH * 4)));

// Returns how many floating-point operations it did; `sink` keeps the compiler from leaving them out.
static double NAME(arithmetic_peak)(ptrdiff_t rounds, float *sink) {
  NAME(chain) sums[PEAK_CHAINS];
  // Read from memory, so that no value is known beforehand.
  const float factor = sink[0], term = sink[1];
  _Pragma("unroll") for (int i = 0; i < PEAK_CHAINS; i++) sums[i] = (NAME(chain)){0} + (float)i;
  for (ptrdiff_t round = 0; round < rounds; round++) {
    _Pragma("unroll") for (int i = 0; i < PEAK_CHAINS; i++) sums[i] = sums[i] * factor + term;
  }
  float sum = 0;
  _Pragma("unroll") for (int i = 0; i < PEAK_CHAINS; i++) for (int lane = 0; lane < WIDTH; lane++) sum += sums[i][lane];
  sink[2] = sum;
  return 2.0 * PEAK_CHAINS * WIDTH * (double)rounds;
}

#undef PEAK_CHAINS
