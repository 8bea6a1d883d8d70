"""What the RP2040 and the RP2350 share: the UF2 file that their boot ROM's USB drive takes, clocks, UART0 and the timer."""

import struct

from machine import Fault, Machine

FLASH, RAM = 0x1000_0000, 0x2000_0000
PRIVATE = 0xE000_E000
CRYSTAL = 12_000_000


def unpack_uf2(data, chip, wanted, flash_bytes):
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


class Raspberry(Machine):
    """A chip says where its blocks begin, which bits hold them in reset, and how fast its core may run."""

    CLOCKS = RESETS = XOSC = PLL_SYS = IO_BANK0 = UART0 = TIMER = PERIPHERALS_END = 0
    ALL_RESETS = 0
    # Bits of RESETS: what the line needs, and these two.
    LINE_BITS, PLL_SYS_BIT, TIMER_BIT = (), 0, 0
    MOST_HERTZ = 0
    # Blocks that no other chip has, and where the program's vector table stands.
    OWN_BLOCKS, VECTORS = (), 0

    def __init_subclass__(cls):
        cls.on_read = {
            cls.RESETS + 8: lambda self: ~self.values[cls.RESETS] & cls.ALL_RESETS,
            cls.XOSC + 4: lambda self: self.crystal_runs() << 31,
            cls.CLOCKS + 0x38: cls.reference_selected,
            cls.CLOCKS + 0x44: cls.system_selected,
            cls.PLL_SYS: lambda self: self.values.get(cls.PLL_SYS, 1) & 0x3F | bool(self.pll_hertz()) << 31,
            cls.UART0: Machine.receive,
            cls.UART0 + 0x18: lambda self: 0 if self.poll() else 1 << 4,
            cls.TIMER + 0x28: cls.timer_low,
        }
        cls.on_write = {cls.UART0: Machine.send, cls.UART0 + 0x2C: cls.set_rate}

    def __init__(self, cpu, typed, flash, ram_bytes):
        super().__init__(cpu, typed)
        self.flash = flash
        self.emulator.mem_map(RAM, ram_bytes)
        blocks = (self.CLOCKS, self.RESETS, self.XOSC, self.PLL_SYS, self.IO_BANK0, self.UART0, self.TIMER)
        for base in blocks + self.OWN_BLOCKS:
            self.map_registers(base, 0x4000)
        self.map_registers(PRIVATE, 0x1000)
        self.values.update({self.RESETS: self.ALL_RESETS, self.PLL_SYS + 4: 0x2D})

    def map_flash(self):
        self.emulator.mem_map(FLASH, len(self.flash))
        self.emulator.mem_write(FLASH, self.flash)

    def start(self, stack, address, seconds):
        heard = super().start(stack, address, seconds)
        if self.values.get(PRIVATE + 0xD08) != self.VECTORS:
            raise Fault("the vector table was not set")
        return heard

    # Every peripheral's registers appear four times: plain, exclusive-or, set, clear.

    def write(self, address, value):
        if not 0x4000_0000 <= address < self.PERIPHERALS_END:
            return super().write(address, value)
        plain, kind = address & ~0x3000, address >> 12 & 3
        old = self.values.get(plain, 0)
        return super().write(plain, (value, old ^ value, old | value, old & ~value)[kind])

    # Clocks, and what is out of reset.

    def runs(self, bit):
        return not self.values[self.RESETS] >> bit & 1

    def crystal_runs(self):
        return self.values.get(self.XOSC, 0) == 0xFAB_AA0

    def pll_hertz(self):
        """The PLL's frequency; 0 while it is off or has no crystal."""
        if not (self.runs(self.PLL_SYS_BIT) and self.values.get(self.CLOCKS + 0x30) == 2 and self.crystal_runs()):
            return 0
        if self.values[self.PLL_SYS + 4] & 0x21:
            return 0
        divider = max(1, self.values.get(self.PLL_SYS, 1) & 0x3F)
        oscillator = CRYSTAL // divider * self.values.get(self.PLL_SYS + 8, 0)
        return oscillator if 750e6 <= oscillator <= 1600e6 else 0

    def core_hertz(self):
        if not self.values.get(self.CLOCKS + 0x3C, 0) & 1:
            return CRYSTAL
        dividers = self.values.get(self.PLL_SYS + 0xC, 0x77000)
        if self.values[self.PLL_SYS + 4] & 8:
            return 0
        return self.pll_hertz() / (dividers >> 16 & 7) / (dividers >> 12 & 7)

    def reference_selected(self):
        source = self.values.get(self.CLOCKS + 0x30, 0) & 3
        return 0 if source == 2 and not self.crystal_runs() else 1 << source

    def system_selected(self):
        source = self.values.get(self.CLOCKS + 0x3C, 0) & 1
        if source and self.core_hertz() > self.MOST_HERTZ:
            raise Fault(f"the core would run at {self.core_hertz():.0f} Hz, and may at {self.MOST_HERTZ / 1e6:.0f} MHz")
        return 0 if source and not self.core_hertz() else 1 << source

    # The serial line and the timer.

    def set_rate(self, _value):
        divisor = self.values.get(self.UART0 + 0x24, 0) + self.values.get(self.UART0 + 0x28, 0) / 64
        is_clocked = self.values.get(self.CLOCKS + 0x48, 0) == 1 << 11
        self.line.check_rate(self.core_hertz() / 16 / divisor if divisor and is_clocked else 0)

    def check_line(self):
        if not all(map(self.runs, self.LINE_BITS)):
            raise Fault("UART0 or the pins are still in reset")
        if self.values.get(self.UART0 + 0x2C) != 0x70 or self.values.get(self.UART0 + 0x30) != 0x301:
            raise Fault("UART0 is not set to 8 bits, or not enabled")
        if self.values.get(self.IO_BANK0 + 4) != 2 or self.values.get(self.IO_BANK0 + 0xC) != 2:
            raise Fault("GP0 and GP1 are not UART0's")

    def ticks_are_right(self):
        """Whether the timer's tick is a microsecond of the crystal: a chip says."""
        return False

    def timer_low(self):
        """TIMERAWL, in microseconds; TIMERAWH stays 0 here."""
        if not self.runs(self.TIMER_BIT) or not self.ticks_are_right():
            raise Fault("the timer is in reset, or its tick is not 1 us of the crystal")
        return self.microseconds()
