"""A Raspberry Pi Pico: the RP2040's memory map, its boot ROM's first steps, and the registers that a start touches."""

import struct

from unicorn import UC_HOOK_MEM_FETCH_UNMAPPED, UC_HOOK_MEM_READ_UNMAPPED
from unicorn.arm_const import UC_CPU_ARM_CORTEX_M0

from machine import Fault
from raspberry import FLASH, Raspberry, unpack_uf2

FLASH_BYTES, RAM_BYTES = 2 << 20, 264 << 10
BOOT2_BYTES, BOOT2_PLACE = 252, 0x2004_1F00
WATCHDOG, SSI = 0x4005_8000, 0x1800_0000
UF2_FAMILY = 0xE48B_FF56


def crc32_mpeg2(data):
    remainder = 0xFFFF_FFFF
    for byte in data:
        remainder ^= byte << 24
        for _ in range(8):
            remainder = (remainder << 1 ^ (0x04C1_1DB7 if remainder >> 31 else 0)) & 0xFFFF_FFFF
    return remainder


class Pico(Raspberry):
    CLOCKS, RESETS, IO_BANK0, XOSC, PLL_SYS = 0x4000_8000, 0x4000_C000, 0x4001_4000, 0x4002_4000, 0x4002_8000
    UART0, TIMER, PERIPHERALS_END = 0x4003_4000, 0x4005_4000, 0x4006_0000
    ALL_RESETS, MOST_HERTZ = 0x01FF_FFFF, 133e6
    # UART0, IO_BANK0.
    LINE_BITS, PLL_SYS_BIT, TIMER_BIT = (22, 5), 12, 21
    OWN_BLOCKS, VECTORS = (WATCHDOG,), FLASH + 0x100

    def __init__(self, uf2, typed=b""):
        super().__init__(UC_CPU_ARM_CORTEX_M0, typed, unpack_uf2(uf2, "RP2040", UF2_FAMILY, FLASH_BYTES), RAM_BYTES)
        self.map_registers(SSI, 0x1000)
        self.emulator.hook_add(UC_HOOK_MEM_READ_UNMAPPED | UC_HOOK_MEM_FETCH_UNMAPPED, self._open_flash)

    def run(self, seconds):
        """What the boot ROM does: copies boot2 to RAM, checks it, and runs it there; the flash is not readable yet."""
        boot2 = self.flash[:BOOT2_BYTES]
        (wanted,) = struct.unpack_from("<I", self.flash, BOOT2_BYTES)
        if crc32_mpeg2(boot2) != wanted:
            raise Fault(f"boot2's checksum is {crc32_mpeg2(boot2):08x}, and the flash says {wanted:08x}")
        self.emulator.mem_write(BOOT2_PLACE, self.flash[:256])
        return self.start(BOOT2_PLACE, BOOT2_PLACE, seconds)

    def _open_flash(self, _emulator, _access, address, _size, _value, _data):
        """Flash can be read once the SSI sends what a serial flash understands as a read: 03h and 24 bits of address."""
        if not FLASH <= address < FLASH + FLASH_BYTES:
            return False
        frames, command = self.values.get(SSI, 0), self.values.get(SSI + 0xF4, 0)
        is_read = command >> 24 == 0x03 and command & 0x3FF == 2 << 8 | 6 << 2 and frames == 31 << 16 | 3 << 8
        divider = self.values.get(SSI + 0x14, 0)
        if not is_read or self.values.get(SSI + 0x08) != 1 or divider < 4 or divider % 2:
            return False
        self.map_flash()
        return True

    def ticks_are_right(self):
        return self.values.get(WATCHDOG + 0x2C, 0) == 12 | 1 << 9
