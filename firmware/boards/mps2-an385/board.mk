# Cortex-M3: no floating-point unit, so the compiler's library computes floats.
BOARD_FLAGS = -mcpu=cortex-m3 -mthumb -mfloat-abi=soft
