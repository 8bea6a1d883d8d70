/* The RP2040's second boot stage: 252 bytes and their checksum. The boot ROM copies them from the start of flash to RAM,
 * runs them there where the checksum is right, and otherwise becomes a USB drive. They let the flash be read in place
 * (XIP) and start the program behind them. Registers have their names from the data sheet, chapter 4.10 (SSI).
 *
 * The flash is read by command 03h, one bit a clock, which every serial flash of this family answers. Quad reads would be
 * faster, and differ from flash to flash. Not run on silicon.
 *
 * BOOT2_CHECKSUM: CRC-32/MPEG-2 of the first 252 bytes, from boot2_checksum.c through the Makefile. */
    .syntax unified
    .cpu cortex-m0plus
    .thumb

    .equ XIP_SSI_BASE, 0x18000000
    .equ SSI_CTRLR0, 0x00
    .equ SSI_CTRLR1, 0x04
    .equ SSI_SSIENR, 0x08
    .equ SSI_BAUDR, 0x14
    .equ SSI_SPI_CTRLR0, 0xF4
    .equ M0PLUS_VTOR, 0xE000ED08
    .equ PROGRAM, 0x10000100

    /* SPI_FRF = standard; DFS_32 = 32 bits a frame; TMOD = EEPROM read: send command and address, then receive. */
    .equ READ_FRAMES, (0 << 21) | (31 << 16) | (3 << 8)
    /* XIP_CMD = 03h; INST_L = 8 bits; ADDR_L = 6 * 4 bits; TRANS_TYPE = command and address one bit a clock. */
    .equ READ_COMMAND, (0x03 << 24) | (2 << 8) | (6 << 2) | 0

    .section .boot2, "ax"
boot2:
    ldr r3, =XIP_SSI_BASE
    movs r1, #0
    str r1, [r3, #SSI_SSIENR]   /* off while it changes */
    movs r1, #4
    str r1, [r3, #SSI_BAUDR]    /* 125 MHz / 4: 03h is good for 50 MHz */
    ldr r1, =READ_FRAMES
    str r1, [r3, #SSI_CTRLR0]
    ldr r1, =READ_COMMAND
    ldr r2, =XIP_SSI_BASE + SSI_SPI_CTRLR0
    str r1, [r2]
    movs r1, #0
    str r1, [r3, #SSI_CTRLR1]   /* NDF: one frame a read */
    movs r1, #1
    str r1, [r3, #SSI_SSIENR]

    ldr r0, =PROGRAM
    ldr r1, =M0PLUS_VTOR
    str r0, [r1]
    ldmia r0!, {r1, r2}         /* the program's stack, and its start */
    msr msp, r1
    bx r2

    .ltorg
    .org 252
    .word BOOT2_CHECKSUM
