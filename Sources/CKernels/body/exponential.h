// One register of numbers, of positions and of bit patterns; a load or store of it needs no alignment.
typedef float NAME(lanes) __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));
typedef int32_t NAME(places) __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));
typedef uint32_t NAME(patterns) __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));

// e^x without a branch, so that loops over it become vector code; the exponents beyond binary32's normal range
// saturate. x = n ln 2 + r with |r| <= ln 2 / 2 (ln 2 in two parts: Cody and Waite, "Software Manual for the Elementary
// Functions", 1980), then Cephes' polynomial for e^r (Moshier, expf.c) and n into the exponent's bits. A sum with
// 1.5 * 2^23 has the rounded n in its last bits, which a shift moves to the exponent while all others drop out.
#define DEFINE_EXPONENTIAL(function, number, integer) \
  static inline __attribute__((always_inline)) number NAME(function)(number x) { \
    x = x < -87.0f ? (number)(-87.0f) : x; \
    x = x > 88.0f ? (number)88.0f : x; \
    const number shifted = x * 1.44269504088896341f + 12582912.0f; \
    const number whole = shifted - 12582912.0f; \
    const number r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f; \
    number p = (number)1.9875691500e-4f; \
    p = p * r + 1.3981999507e-3f; \
    p = p * r + 8.3334519073e-3f; \
    p = p * r + 4.1665795894e-2f; \
    p = p * r + 1.6666665459e-1f; \
    p = p * r + 5.0000001201e-1f; \
    p = p * (r * r) + r + 1.0f; \
    union { \
      number value; \
      integer bits; \
    } power = {.value = shifted}; \
    power.bits = (power.bits << 23) + (127u << 23); \
    return p * power.value; \
  }

DEFINE_EXPONENTIAL(exponential, float, uint32_t)
DEFINE_EXPONENTIAL(exponential_of_lanes, NAME(lanes), NAME(patterns))
#undef DEFINE_EXPONENTIAL
