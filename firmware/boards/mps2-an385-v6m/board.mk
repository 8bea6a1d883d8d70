# Code of a Cortex-M0 on a Cortex-M3, for images that no board of QEMU's with a Cortex-M0 holds.
BOARD_FLAGS = -mcpu=cortex-m0 -mthumb -mfloat-abi=soft
# QEMU's name of it, and the frequency of its timer.
MACHINE = mps2-an385
CLOCK_HZ = 25000000
