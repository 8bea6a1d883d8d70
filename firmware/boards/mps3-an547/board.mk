# Cortex-M55: floating-point unit, unless SOFT_FLOAT is set. Its vector extension flushes subnormal numbers, so it is
# never used.
BOARD_FLAGS = -mthumb $(if $(SOFT_FLOAT),-mcpu=cortex-m55+nomve+nofp -mfloat-abi=soft,-mcpu=cortex-m55+nomve -mfloat-abi=hard)
# QEMU's name of it, and the frequency of its timer.
MACHINE = mps3-an547
CLOCK_HZ = 32000000
