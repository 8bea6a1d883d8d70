# Cortex-M0 in the place of the board's Cortex-M3: no floating-point unit, no unaligned access, 16-bit instructions.
BOARD_FLAGS = -mcpu=cortex-m0 -mthumb -mfloat-abi=soft
# QEMU's name of it, and the frequency of its timer.
MACHINE = lm3s6965evb -cpu cortex-m0
CLOCK_HZ = 12500000
