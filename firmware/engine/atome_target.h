/* Which of the ways to write a loop this build takes. Every way gives the same numbers, so a build may choose any.
 *
 * Define ATOME_PORTABLE (-DATOME_PORTABLE) for standard C alone: no assembly, no intrinsics, no built-in functions. A
 * build that cannot take anything else gets it by itself: another compiler than gcc and clang, a core that is not one
 * of Arm's with Thumb code, a build without optimisation, and one whose r9 is the base of its data. The tuned code asks
 * for no register that a build with frame pointers lacks. */
#ifndef ATOME_TARGET_H
#define ATOME_TARGET_H

/* Whether gcc's extensions may be used; IAR's and Arm's older compiler claim to be gcc and lack some. */
#if defined(__GNUC__) && !defined(__ICCARM__) && !defined(__CC_ARM) && !defined(ATOME_PORTABLE)
#define ATOME_GNU 1
#else
#define ATOME_GNU 0
#endif

/* The Thumb code whose assembly is used: 1 on a Cortex-M0 and its like, 2 on all later ones, 0 for none. */
#if ATOME_GNU && defined(__thumb__) && defined(__OPTIMIZE__) && !defined(__ARM_RWPI)
#define ATOME_THUMB __ARM_ARCH_ISA_THUMB
#else
#define ATOME_THUMB 0
#endif

/* The same where the build does not ask for short code. */
#if defined(__OPTIMIZE_SIZE__)
#define ATOME_FAST_THUMB 0
#else
#define ATOME_FAST_THUMB ATOME_THUMB
#endif

/* Whether a core multiplies two pairs of 16 bits and adds up in one instruction. */
#if ATOME_THUMB >= 2 && defined(__ARM_FEATURE_SIMD32)
#define ATOME_PAIRS 1
#else
#define ATOME_PAIRS 0
#endif

/* Whether a word may stand at any address. A build says no with -mno-unaligned-access, as it must where CCR.UNALIGN_TRP
 * makes such loads fault. */
#if ATOME_THUMB >= 2 && defined(__ARM_FEATURE_UNALIGNED)
#define ATOME_UNALIGNED 1
#else
#define ATOME_UNALIGNED 0
#endif

/* Whether numbers are clamped by an instruction. */
#if ATOME_GNU && defined(__thumb__) && defined(__ARM_FEATURE_SAT)
#define ATOME_SATURATES 1
#else
#define ATOME_SATURATES 0
#endif

/* Whether loops use the core's vectors; those of integers suffice. */
#if ATOME_FAST_THUMB >= 2 && defined(__ARM_FEATURE_MVE)
#define ATOME_VECTORS 1
#else
#define ATOME_VECTORS 0
#endif

/* A function of assembly alone, which keeps to the procedure call standard by itself: r0 to r3 and the stack bring the
 * arguments; r4 to r11 go back as they came. No compiler may look inside for what it does with them. It begins at a
 * word even in short code, since places relative to the program counter do not count its last two bits. */
#if defined(__clang__)
#define ATOME_NAKED __attribute__((naked, noinline, used, aligned(4)))
#else
#define ATOME_NAKED __attribute__((naked, noipa, aligned(4)))
#endif

/* A function of its own has all registers. */
#if ATOME_FAST_THUMB
#define ATOME_ALONE __attribute__((noinline))
#else
#define ATOME_ALONE
#endif

/* Before a loop of a fixed count: how often gcc writes its body. clang decides itself, and heeds the same. */
#if ATOME_GNU && !defined(__OPTIMIZE_SIZE__)
#define ATOME_UNROLL_TEXT(text) _Pragma(#text)
#define ATOME_UNROLL(count) ATOME_UNROLL_TEXT(GCC unroll count)
#else
#define ATOME_UNROLL(count)
#endif

#endif
