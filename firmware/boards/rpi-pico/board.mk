# Raspberry Pi Pico: an RP2040, of whose two Cortex-M0+ one is used.
BOARD_FLAGS = -mcpu=cortex-m0plus -mthumb -mfloat-abi=soft
# Its clocks, serial line and timer, for the talking program, and what makes its flash readable.
BOARD_SOURCES = $(BOARD_FOLDER)/board.c
BOOT2 = $(BOARD_FOLDER)/boot2.S
