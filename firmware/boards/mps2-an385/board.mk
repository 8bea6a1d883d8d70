# Cortex-M3: no floating-point unit, so the compiler's library computes floats.
BOARD_FLAGS = -mcpu=cortex-m3 -mthumb -mfloat-abi=soft
# QEMU's name of it, and the frequency of its timer.
MACHINE = mps2-an385
CLOCK_HZ = 25000000
