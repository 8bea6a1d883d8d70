# RISC-V rv32imc: 32 bits, multiplication, short instructions; no atomic ones and no floating-point unit, as in an ESP32-C3.
CROSS = riscv64-unknown-elf-
BOARD_FLAGS = -march=rv32imc -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0 -I$(HERE)/app/freestanding
CORE = $(addprefix $(HERE)/app/,riscv.c memory_functions.c)
# QEMU's name of it. Its instructions are counted by the core itself, so there is no timer to know.
QEMU = qemu-system-riscv32
MACHINE = virt -cpu rv32,a=false,f=false,d=false -bios none
CLOCK_HZ = 1
