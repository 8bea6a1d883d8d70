# Raspberry Pi Pico 2: an RP2350, of whose two Cortex-M33 one is used: single-precision floating-point unit, unless
# SOFT_FLOAT is set.
BOARD_FLAGS = -mcpu=cortex-m33 -mthumb $(if $(SOFT_FLOAT),-mfloat-abi=soft,-mfloat-abi=hard -mfpu=fpv5-sp-d16)
# Its clocks, serial line and timer, for the talking program, and what the boot ROM looks for.
BOARD_SOURCES = $(BOARD_FOLDER)/board.c $(BOARD_FOLDER)/image_definition.S
