# RISC-V rv64gc: 64 bits, with a double-precision floating-point unit.
CROSS = riscv64-unknown-elf-
BOARD_FLAGS = -march=rv64gc -mabi=lp64d -mcmodel=medany -msmall-data-limit=0 -I$(HERE)/app/freestanding
CORE = $(addprefix $(HERE)/app/,riscv.c memory_functions.c)
# QEMU's name of it. Its instructions are counted by the core itself, so there is no timer to know.
QEMU = qemu-system-riscv64
MACHINE = virt -cpu rv64 -bios none
CLOCK_HZ = 1
