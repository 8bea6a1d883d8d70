# Cortex-M33: single-precision floating-point unit, unless SOFT_FLOAT is set.
BOARD_FLAGS = -mcpu=cortex-m33 -mthumb $(if $(SOFT_FLOAT),-mfloat-abi=soft,-mfloat-abi=hard -mfpu=fpv5-sp-d16)
# QEMU's name of it, and the frequency of its timer.
MACHINE = mps2-an505
CLOCK_HZ = 20000000
