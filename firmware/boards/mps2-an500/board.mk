# Cortex-M7: single- and double-precision floating-point unit, unless SOFT_FLOAT is set.
BOARD_FLAGS = -mcpu=cortex-m7 -mthumb $(if $(SOFT_FLOAT),-mfloat-abi=soft,-mfloat-abi=hard -mfpu=fpv5-d16)
# QEMU's name of it, and the frequency of its timer.
MACHINE = mps2-an500
CLOCK_HZ = 25000000
