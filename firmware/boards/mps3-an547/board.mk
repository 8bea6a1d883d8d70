# Cortex-M55: floating-point unit, unless SOFT_FLOAT is set. Its vectors of floats flush subnormal numbers, so they are
# never used; those of integers are where the image is an integer engine's.
VECTORS_OF_M55 = $(if $(filter ATOMEQ01 ATOMEQ02,$(image_magic)),+nomve.fp,+nomve)
BOARD_FLAGS = -mthumb $(if $(SOFT_FLOAT),-mcpu=cortex-m55+nomve+nofp -mfloat-abi=soft,-mcpu=cortex-m55$(VECTORS_OF_M55) -mfloat-abi=hard)
# QEMU's name of it, and the frequency of its timer.
MACHINE = mps3-an547
CLOCK_HZ = 32000000
