# RISC-V rv32imac: 32 bits, multiplication, short and atomic instructions, no floating-point unit, as in an ESP32-C6 or an RP2350's second kind of core.
CROSS = riscv64-unknown-elf-
BOARD_FLAGS = -march=rv32imac -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0 -I$(HERE)/app/freestanding
CORE = $(addprefix $(HERE)/app/,riscv.c memory_functions.c)
# QEMU's name of it. Its instructions are counted by the core itself, so there is no timer to know.
QEMU = qemu-system-riscv32
MACHINE = virt -cpu rv32,f=false,d=false -bios none
CLOCK_HZ = 1
