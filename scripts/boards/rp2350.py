"""A Raspberry Pi Pico 2: the RP2350's memory map, its boot ROM's first steps, and the registers that a start touches."""

import struct

from unicorn.arm_const import UC_CPU_ARM_CORTEX_M33

from machine import Fault, Machine
from rp2040 import CRYSTAL, FLASH, unpack_uf2

FLASH_BYTES = 4 << 20
RAM, RAM_BYTES = 0x2000_0000, 520 << 10
# The boot ROM looks for its block here, and for nothing beyond.
SEARCHED_BYTES = 4096

CLOCKS, RESETS, IO_BANK0, PADS_BANK0 = 0x4001_0000, 0x4002_0000, 0x4002_8000, 0x4003_8000
XOSC, PLL_SYS, UART0, TIMER0, TICKS = 0x4004_8000, 0x4005_0000, 0x4007_0000, 0x400B_0000, 0x4010_8000
PRIVATE = 0xE000_E000
IO_BANK0_BIT, PADS_BANK0_BIT, PLL_SYS_BIT, TIMER0_BIT, UART0_BIT = 6, 9, 14, 23, 26
ALL_RESETS = 0x1FFF_FFFF
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


class Pico2(Machine):
    def __init__(self, uf2, typed=b""):
        super().__init__(UC_CPU_ARM_CORTEX_M33, typed)
        self.flash = unpack_uf2(uf2, "RP2350", UF2_FAMILY, FLASH_BYTES)
        self.emulator.mem_map(FLASH, FLASH_BYTES)
        self.emulator.mem_write(FLASH, self.flash)
        self.emulator.mem_map(RAM, RAM_BYTES)
        for base in (CLOCKS, RESETS, IO_BANK0, PADS_BANK0, XOSC, PLL_SYS, UART0, TIMER0, TICKS):
            self.map_registers(base, 0x4000)
        self.map_registers(PRIVATE, 0x1000)
        self.values.update({
            RESETS: ALL_RESETS, PLL_SYS + 4: 0x2D, PADS_BANK0 + 4: PAD_AT_RESET, PADS_BANK0 + 8: PAD_AT_RESET})

    def run(self, seconds):
        """What the boot ROM does: looks for its block, and starts what the vectors at the flash's start say."""
        flags = image_type(self.flash)
        # Executable; secure; Arm; the chip.
        if flags != 0x1021:
            raise Fault(f"the block is not one of a secure program for the RP2350's Arm cores: {flags:04x}")
        stack, start = struct.unpack_from("<2I", self.flash)
        if not (RAM < stack <= RAM + RAM_BYTES and FLASH < start < FLASH + FLASH_BYTES and start & 1):
            raise Fault(f"no program's vectors: stack {stack:08x}, start {start:08x}")
        heard = self.start(stack, start, seconds)
        if self.values.get(PRIVATE + 0xD08) != FLASH:
            raise Fault("the vector table was not set")
        return heard

    # Every peripheral's registers appear four times: plain, exclusive-or, set, clear.

    def write(self, address, value):
        if not 0x4000_0000 <= address < 0x4016_0000:
            return super().write(address, value)
        plain, kind = address & ~0x3000, address >> 12 & 3
        old = self.values.get(plain, 0)
        return super().write(plain, (value, old ^ value, old | value, old & ~value)[kind])

    # Clocks, and what is out of reset.

    def runs(self, bit):
        return not self.values[RESETS] >> bit & 1

    def crystal_runs(self):
        return self.values.get(XOSC, 0) == 0xFAB_AA0

    def pll_hertz(self):
        """The PLL's frequency; 0 while it is off or has no crystal."""
        if not (self.runs(PLL_SYS_BIT) and self.values.get(CLOCKS + 0x30) == 2 and self.crystal_runs()):
            return 0
        if self.values[PLL_SYS + 4] & 0x21:
            return 0
        oscillator = CRYSTAL // max(1, self.values.get(PLL_SYS, 1) & 0x3F) * self.values.get(PLL_SYS + 8, 0)
        return oscillator if 750e6 <= oscillator <= 1600e6 else 0

    def core_hertz(self):
        if not self.values.get(CLOCKS + 0x3C, 0) & 1:
            return CRYSTAL
        dividers = self.values.get(PLL_SYS + 0xC, 0x77000)
        if self.values[PLL_SYS + 4] & 8:
            return 0
        return self.pll_hertz() / (dividers >> 16 & 7) / (dividers >> 12 & 7)

    def reference_selected(self):
        source = self.values.get(CLOCKS + 0x30, 0) & 3
        return 0 if source == 2 and not self.crystal_runs() else 1 << source

    def system_selected(self):
        source = self.values.get(CLOCKS + 0x3C, 0) & 1
        if source and self.core_hertz() > 150e6:
            raise Fault(f"the core would run at {self.core_hertz():.0f} Hz, and may at 150 MHz")
        return 0 if source and not self.core_hertz() else 1 << source

    # The serial line and the timer.

    def set_rate(self, _value):
        divisor = self.values.get(UART0 + 0x24, 0) + self.values.get(UART0 + 0x28, 0) / 64
        is_clocked = self.values.get(CLOCKS + 0x48, 0) == 1 << 11
        self.line.check_rate(self.core_hertz() / 16 / divisor if divisor and is_clocked else 0)

    def check_line(self):
        if not (self.runs(UART0_BIT) and self.runs(IO_BANK0_BIT) and self.runs(PADS_BANK0_BIT)):
            raise Fault("UART0 or the pins are still in reset")
        if self.values.get(UART0 + 0x2C) != 0x70 or self.values.get(UART0 + 0x30) != 0x301:
            raise Fault("UART0 is not set to 8 bits, or not enabled")
        if self.values.get(IO_BANK0 + 4) != 2 or self.values.get(IO_BANK0 + 0xC) != 2:
            raise Fault("GP0 and GP1 are not UART0's")
        sends, receives = self.values[PADS_BANK0 + 4], self.values[PADS_BANK0 + 8]
        # ISO holds a pad, OD turns its output off, IE lets it be read.
        if sends & 0x180 or receives & 0x100 or not receives & 0x40:
            raise Fault(f"the pads are held, or GP1 is not read: {sends:03x}, {receives:03x}")

    def timer_low(self):
        """TIMERAWL, in microseconds; TIMERAWH stays 0 here."""
        cycles, control = self.values.get(TICKS + 0x1C, 0), self.values.get(TICKS + 0x18, 0)
        if not self.runs(TIMER0_BIT) or (cycles, control) != (12, 1):
            raise Fault("the timer is in reset, or its tick is not 1 us of the crystal")
        return self.microseconds()

    on_read = {
        RESETS + 8: lambda self: ~self.values[RESETS] & ALL_RESETS,
        XOSC + 4: lambda self: self.crystal_runs() << 31,
        CLOCKS + 0x38: reference_selected,
        CLOCKS + 0x44: system_selected,
        PLL_SYS: lambda self: self.values.get(PLL_SYS, 1) & 0x3F | bool(self.pll_hertz()) << 31,
        UART0: Machine.receive,
        UART0 + 0x18: lambda self: 0 if self.poll() else 1 << 4,
        TIMER0 + 0x28: timer_low,
    }
    on_write = {UART0: Machine.send, UART0 + 0x2C: set_rate}
