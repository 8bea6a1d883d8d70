# Cortex-M4: single-precision floating-point unit, unless SOFT_FLOAT is set.
BOARD_FLAGS = -mcpu=cortex-m4 -mthumb $(if $(SOFT_FLOAT),-mfloat-abi=soft,-mfloat-abi=hard -mfpu=fpv4-sp-d16)
# QEMU's name of it, and the frequency of its timer.
MACHINE = mps2-an386
CLOCK_HZ = 25000000
