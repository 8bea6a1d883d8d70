/* The arithmetic of the float engine is exact only as IEEE 754 single precision, each operation rounded once. */
#if defined(__FAST_MATH__)
#error "@name@ needs exact floats: compile it without -ffast-math"
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "@name@ needs floats that are rounded at every step: on a 32-bit x86, add -msse2 -mfpmath=sse"
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=off") /* clang is told below */
#endif
