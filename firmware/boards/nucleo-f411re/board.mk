# ST Nucleo-F411RE: Cortex-M4 with a single-precision floating-point unit, unless SOFT_FLOAT is set.
BOARD_FLAGS = -mcpu=cortex-m4 -mthumb $(if $(SOFT_FLOAT),-mfloat-abi=soft,-mfloat-abi=hard -mfpu=fpv4-sp-d16)
# Its clocks, serial line and timer, for the talking program.
BOARD_SOURCES = $(BOARD_FOLDER)/board.c
# QEMU's nearest relative, an STM32F405, and the frequency of its timer.
MACHINE = netduinoplus2
CLOCK_HZ = 168000000
