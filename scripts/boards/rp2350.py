"""A Raspberry Pi Pico 2: the RP2350's memory map, its boot ROM's first steps, and the registers that a start touches."""

import struct

from unicorn.arm_const import UC_CPU_ARM_CORTEX_M33

from machine import Fault
from raspberry import FLASH, RAM, Raspberry, unpack_uf2

FLASH_BYTES, RAM_BYTES = 4 << 20, 520 << 10
# The boot ROM looks for its block here, and for nothing beyond.
SEARCHED_BYTES = 4096
PADS_BANK0, TICKS = 0x4003_8000, 0x4010_8000
# What a pad is after reset: isolated, not read.
PAD_AT_RESET = 0x116
UF2_FAMILY = 0xE48B_FF59


def image_type(flash):
    """The flags of the block's item that says what is started; Fault where the boot ROM would find none.

    A block: its marker; items, the last of which counts their words; the way to the next block; the other marker.
    """
    for place in range(0, SEARCHED_BYTES, 4):
        if struct.unpack_from("<I", flash, place)[0] != 0xFFFF_DED3:
            continue
        words = struct.unpack_from("<4I", flash, place + 4)
        if words[1] != 0x0000_01FF or words[3] != 0xAB12_3579:
            raise Fault(f"the block at {place:x} does not end as one of one item: {words[1]:08x}, {words[3]:08x}")
        if words[2] != 0:
            raise Fault("the block names another one, and there is none")
        if words[0] & 0xFFFF != 0x0142:
            raise Fault(f"the block's item is no image type: {words[0]:08x}")
        return words[0] >> 16
    raise Fault("the boot ROM finds no block in the first 4 KiB, and becomes a USB drive")


class Pico2(Raspberry):
    CLOCKS, RESETS, IO_BANK0, XOSC, PLL_SYS = 0x4001_0000, 0x4002_0000, 0x4002_8000, 0x4004_8000, 0x4005_0000
    UART0, TIMER, PERIPHERALS_END = 0x4007_0000, 0x400B_0000, 0x4016_0000
    ALL_RESETS, MOST_HERTZ = 0x1FFF_FFFF, 150e6
    # UART0, IO_BANK0, PADS_BANK0.
    LINE_BITS, PLL_SYS_BIT, TIMER_BIT = (26, 6, 9), 14, 23
    OWN_BLOCKS, VECTORS = (PADS_BANK0, TICKS), FLASH

    def __init__(self, uf2, typed=b""):
        super().__init__(UC_CPU_ARM_CORTEX_M33, typed, unpack_uf2(uf2, "RP2350", UF2_FAMILY, FLASH_BYTES), RAM_BYTES)
        self.map_flash()
        self.values.update({PADS_BANK0 + 4: PAD_AT_RESET, PADS_BANK0 + 8: PAD_AT_RESET})

    def run(self, seconds):
        """What the boot ROM does: looks for its block, and starts what the vectors at the flash's start say."""
        flags = image_type(self.flash)
        # Executable; secure; Arm; the chip.
        if flags != 0x1021:
            raise Fault(f"the block is not one of a secure program for the RP2350's Arm cores: {flags:04x}")
        stack, start = struct.unpack_from("<2I", self.flash)
        if not (RAM < stack <= RAM + RAM_BYTES and FLASH < start < FLASH + FLASH_BYTES and start & 1):
            raise Fault(f"no program's vectors: stack {stack:08x}, start {start:08x}")
        return self.start(stack, start, seconds)

    def check_line(self):
        super().check_line()
        sends, receives = self.values[PADS_BANK0 + 4], self.values[PADS_BANK0 + 8]
        # ISO holds a pad, OD turns its output off, IE lets it be read.
        if sends & 0x180 or receives & 0x100 or not receives & 0x40:
            raise Fault(f"the pads are held, or GP1 is not read: {sends:03x}, {receives:03x}")

    def ticks_are_right(self):
        return (self.values.get(TICKS + 0x1C, 0), self.values.get(TICKS + 0x18, 0)) == (12, 1)
