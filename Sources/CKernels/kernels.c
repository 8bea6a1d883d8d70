// Compiles body/ once for every instruction set and chooses among the results at run time, so that one binary suits
// every processor. The attribute, unlike a compiler flag, reaches only the functions between push and pop: no code that
// an older processor might run is built with newer instructions.
#include "kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)

#define VARIANT baseline
#if defined(__aarch64__)
#define WIDTH 4
#define TILE_VECTORS 4
#else
#define WIDTH 4
#define TILE_VECTORS 2
#endif
#include "body/body.h"
#undef VARIANT
#undef WIDTH
#undef TILE_VECTORS

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#define VARIANT avx2
#define WIDTH 8
#define TILE_VECTORS 2
#include "body/body.h"
#undef VARIANT
#undef WIDTH
#undef TILE_VECTORS
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi2"))), apply_to = function)
#define VARIANT avx512
#define WIDTH 16
#define TILE_VECTORS 4
#include "body/body.h"
#undef VARIANT
#undef WIDTH
#undef TILE_VECTORS
#pragma clang attribute pop

const struct alambic_kernels *alambic_kernels_for(enum alambic_instruction_set set) {
  __builtin_cpu_init();
  switch (set) {
    case ALAMBIC_BASELINE: return &table_baseline;
    case ALAMBIC_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")
                 ? &table_avx2
                 : NULL;
    case ALAMBIC_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
                 ? &table_avx512
                 : NULL;
  }
  return NULL;
}

void alambic_spin_pause(void) { __builtin_ia32_pause(); }

#else

const struct alambic_kernels *alambic_kernels_for(enum alambic_instruction_set set) {
  return set == ALAMBIC_BASELINE ? &table_baseline : NULL;
}

void alambic_spin_pause(void) {
#if defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
