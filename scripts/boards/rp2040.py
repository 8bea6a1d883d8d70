"""A Raspberry Pi Pico: the RP2040's memory map, its boot ROM's first steps, and the registers that a start touches."""

import struct

from unicorn import UC_HOOK_MEM_FETCH_UNMAPPED, UC_HOOK_MEM_READ_UNMAPPED
from unicorn.arm_const import UC_CPU_ARM_CORTEX_M0

from machine import Fault, Machine

FLASH, FLASH_BYTES = 0x1000_0000, 2 << 20
RAM, RAM_BYTES = 0x2000_0000, 264 << 10
BOOT2_BYTES, BOOT2_PLACE = 252, 0x2004_1F00
CRYSTAL = 12_000_000

RESETS, CLOCKS, XOSC, PLL_SYS = 0x4000_C000, 0x4000_8000, 0x4002_4000, 0x4002_8000
IO_BANK0, UART0, TIMER, WATCHDOG, SSI = 0x4001_4000, 0x4003_4000, 0x4005_4000, 0x4005_8000, 0x1800_0000
PRIVATE = 0xE000_E000
IO_BANK0_BIT, PLL_SYS_BIT, TIMER_BIT, UART0_BIT = 5, 12, 21, 22

UF2_FAMILY = 0xE48B_FF56


def crc32_mpeg2(data):
    remainder = 0xFFFF_FFFF
    for byte in data:
        remainder ^= byte << 24
        for _ in range(8):
            remainder = (remainder << 1 ^ (0x04C1_1DB7 if remainder >> 31 else 0)) & 0xFFFF_FFFF
    return remainder


def unpack_uf2(data, chip="RP2040", wanted=UF2_FAMILY, flash_bytes=FLASH_BYTES):
    """The flash that the boot ROM's USB drive would write: bytes from FLASH on, 0xFF where no block says otherwise."""
    flash = bytearray(b"\xff" * flash_bytes)
    if not data or len(data) % 512:
        raise Fault(f"a UF2 file is blocks of 512 bytes; this one has {len(data)} bytes")
    count = len(data) // 512
    for index in range(count):
        block = data[512 * index : 512 * (index + 1)]
        magic0, magic1, flags, address, size, number, total, family = struct.unpack_from("<8I", block)
        if (magic0, magic1, block[508:]) != (0x0A32_4655, 0x9E5D_5157, b"\x30\x6f\xb1\x0a"):
            raise Fault(f"block {index} does not have UF2's magic numbers")
        if flags != 0x2000 or family != wanted:
            raise Fault(f"block {index} is not for the {chip}'s flash: flags {flags:x}, family {family:08x}")
        if (number, total) != (index, count):
            raise Fault(f"block {index} says that it is {number} of {total}")
        if size != 256 or address % 256 or not FLASH <= address <= FLASH + flash_bytes - size:
            raise Fault(f"block {index} is not a page of flash: {size} bytes at {address:08x}")
        flash[address - FLASH : address - FLASH + size] = block[32 : 32 + size]
    return bytes(flash)


class Pico(Machine):
    def __init__(self, uf2, typed=b""):
        super().__init__(UC_CPU_ARM_CORTEX_M0, typed)
        self.flash = unpack_uf2(uf2)
        self.emulator.mem_map(RAM, RAM_BYTES)
        for base in (RESETS, CLOCKS, XOSC, PLL_SYS, IO_BANK0, UART0, TIMER, WATCHDOG):
            self.map_registers(base, 0x4000)
        self.map_registers(SSI, 0x1000)
        self.map_registers(PRIVATE, 0x1000)
        self.emulator.hook_add(UC_HOOK_MEM_READ_UNMAPPED | UC_HOOK_MEM_FETCH_UNMAPPED, self._open_flash)
        self.values.update({RESETS: 0x01FF_FFFF, PLL_SYS + 4: 0x2D})

    def run(self, seconds):
        """What the boot ROM does: copies boot2 to RAM, checks it, and runs it there; the flash is not readable yet."""
        boot2 = self.flash[:BOOT2_BYTES]
        (wanted,) = struct.unpack_from("<I", self.flash, BOOT2_BYTES)
        if crc32_mpeg2(boot2) != wanted:
            raise Fault(f"boot2's checksum is {crc32_mpeg2(boot2):08x}, and the flash says {wanted:08x}")
        self.emulator.mem_write(BOOT2_PLACE, self.flash[:256])
        heard = self.start(BOOT2_PLACE, BOOT2_PLACE, seconds)
        if self.values.get(PRIVATE + 0xD08) != FLASH + 0x100:
            raise Fault("the vector table was not set")
        return heard

    def _open_flash(self, _emulator, _access, address, _size, _value, _data):
        """Flash can be read once the SSI sends what a serial flash understands as a read: 03h and 24 bits of address."""
        if not FLASH <= address < FLASH + FLASH_BYTES:
            return False
        frames, command = self.values.get(SSI, 0), self.values.get(SSI + 0xF4, 0)
        is_read = command >> 24 == 0x03 and command & 0x3FF == 2 << 8 | 6 << 2 and frames == 31 << 16 | 3 << 8
        divider = self.values.get(SSI + 0x14, 0)
        if not is_read or self.values.get(SSI + 0x08) != 1 or divider < 4 or divider % 2:
            return False
        self.emulator.mem_map(FLASH, FLASH_BYTES)
        self.emulator.mem_write(FLASH, self.flash)
        return True

    # Every peripheral's registers appear four times: plain, exclusive-or, set, clear.

    def write(self, address, value):
        if not 0x4000_0000 <= address < 0x4006_0000:
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
        if source and self.core_hertz() > 133e6:
            raise Fault(f"the core would run at {self.core_hertz():.0f} Hz, and may at 133 MHz")
        return 0 if source and not self.core_hertz() else 1 << source

    # The serial line and the timer.

    def set_rate(self, _value):
        divisor = self.values.get(UART0 + 0x24, 0) + self.values.get(UART0 + 0x28, 0) / 64
        is_clocked = self.values.get(CLOCKS + 0x48, 0) == 1 << 11
        self.line.check_rate(self.core_hertz() / 16 / divisor if divisor and is_clocked else 0)

    def check_line(self):
        if not (self.runs(UART0_BIT) and self.runs(IO_BANK0_BIT)):
            raise Fault("UART0 or the pins are still in reset")
        if self.values.get(UART0 + 0x2C) != 0x70 or self.values.get(UART0 + 0x30) != 0x301:
            raise Fault("UART0 is not set to 8 bits, or not enabled")
        if self.values.get(IO_BANK0 + 4) != 2 or self.values.get(IO_BANK0 + 0xC) != 2:
            raise Fault("GP0 and GP1 are not UART0's")

    def timer_low(self):
        """TIMERAWL, in microseconds; TIMERAWH stays 0 here."""
        if not self.runs(TIMER_BIT) or self.values.get(WATCHDOG + 0x2C, 0) != 12 | 1 << 9:
            raise Fault("the timer is in reset, or its tick is not 1 us of the crystal")
        return self.microseconds()

    on_read = {
        RESETS + 8: lambda self: ~self.values[RESETS] & 0x01FF_FFFF,
        XOSC + 4: lambda self: self.crystal_runs() << 31,
        CLOCKS + 0x38: reference_selected,
        CLOCKS + 0x44: system_selected,
        PLL_SYS: lambda self: self.values.get(PLL_SYS, 1) & 0x3F | bool(self.pll_hertz()) << 31,
        UART0: Machine.receive,
        UART0 + 0x18: lambda self: 0 if self.poll() else 1 << 4,
        TIMER + 0x28: timer_low,
    }
    on_write = {UART0: Machine.send, UART0 + 0x2C: set_rate}
