"""A Nucleo-F411RE: the STM32F411's memory map, and the registers that a start touches."""

import struct

from unicorn.arm_const import UC_CPU_ARM_CORTEX_M4

from machine import Fault, Machine

FLASH, FLASH_BYTES = 0x0800_0000, 512 << 10
RAM, RAM_BYTES = 0x2000_0000, 128 << 10
HSI = 16_000_000

GPIOA, RCC, FLASH_REGISTERS, USART2 = 0x4002_0000, 0x4002_3800, 0x4002_3C00, 0x4000_4400
PRIVATE = 0xE000_E000
RCC_CFGR, RCC_AHB1ENR, RCC_APB1ENR = RCC + 0x08, RCC + 0x30, RCC + 0x40


class Nucleo(Machine):
    def __init__(self, flash, typed=b""):
        super().__init__(UC_CPU_ARM_CORTEX_M4, typed)
        self.flash = flash
        for base in (0, FLASH):  # BOOT0 low: flash is at 0 as well
            self.emulator.mem_map(base, FLASH_BYTES)
            self.emulator.mem_write(base, flash)
        self.emulator.mem_map(RAM, RAM_BYTES)
        for base in (GPIOA, RCC & ~0xFFF, 0x4000_4000, PRIVATE):
            self.map_registers(base, 0x1000)
        self.values.update({RCC: 0x83, RCC + 4: 0x2400_3010, GPIOA: 0xA800_0000})

    def run(self, seconds):
        """What the core does at reset: its stack and its start are the first two words at 0."""
        stack, start = struct.unpack_from("<II", self.flash)
        return self.start(stack, start, seconds)

    # Clocks.

    def pll_hertz(self):
        """The PLL's frequency; 0 while it is off."""
        settings = self.values[RCC + 4]
        input_hertz = HSI / (settings & 0x3F)
        oscillator = input_hertz * (settings >> 6 & 0x1FF)
        if not self.values[RCC] >> 24 & 1:
            return 0
        if settings >> 22 & 1 or not 1e6 <= input_hertz <= 2e6 or not 100e6 <= oscillator <= 432e6:
            raise Fault(f"the PLL's input or oscillator is outside its range: RCC_PLLCFGR {settings:08x}")
        return oscillator / (2, 4, 6, 8)[settings >> 16 & 3]

    def core_hertz(self):
        return self.pll_hertz() if self.values.get(RCC_CFGR, 0) & 3 == 2 else HSI

    def serial_hertz(self):
        divider = self.values.get(RCC_CFGR, 0) >> 10 & 7
        return self.core_hertz() / (1 << divider - 3 if divider >= 4 else 1)

    def check_clock(self, _value):
        """The limits at 3.3 V: 84 MHz at the regulator's scale 2, a wait state each 30 MHz, 50 MHz for APB1."""
        wait_states = self.values.get(FLASH_REGISTERS, 0) & 0xF
        if self.core_hertz() > 84e6 or self.core_hertz() > 30e6 * (wait_states + 1) or self.serial_hertz() > 50e6:
            raise Fault(f"{self.core_hertz():.0f} Hz with {wait_states} wait states, APB1 {self.serial_hertz():.0f} Hz")

    # The serial line and the timer.

    def check_line(self):
        if not (self.values.get(RCC_AHB1ENR, 0) & 1 and self.values.get(RCC_APB1ENR, 0) >> 17 & 1):
            raise Fault("GPIOA or USART2 has no clock")
        if self.values.get(GPIOA + 0x20, 0) >> 8 & 0xFF != 0x77 or self.values[GPIOA] >> 4 & 0xF != 0xA:
            raise Fault("PA2 and PA3 are not USART2's")
        if self.values[GPIOA] >> 26 != 0xA800_0000 >> 26:
            raise Fault("the debugger's pins were changed")
        if self.values.get(USART2 + 0xC) != 1 << 13 | 1 << 3 | 1 << 2:
            raise Fault("USART2 is not set to 8N1, or not enabled")
        self.line.check_rate(self.serial_hertz() / max(1, self.values.get(USART2 + 8, 0)))

    def ticks_left(self):
        """SysTick's current value. Its interrupt never comes: wraps are hundreds of thousands of looks apart."""
        if self.values.get(PRIVATE + 0x10) != 7 or self.values.get(PRIVATE + 0x14) != 0xFF_FFFF:
            raise Fault("SysTick does not run from the core's clock, with its interrupt and its longest period")
        return 0xFF_FFFF - self.microseconds() * int(self.core_hertz()) // 1_000_000

    on_read = {
        RCC: lambda self: self.values[RCC] | bool(self.pll_hertz()) << 25,
        RCC_CFGR: lambda self: self.values.get(RCC_CFGR, 0) & ~0xC | (self.values.get(RCC_CFGR, 0) & 3) << 2,
        USART2: lambda self: 1 << 7 | self.poll() << 5,
        USART2 + 4: Machine.receive,
        PRIVATE + 0x18: ticks_left,
    }
    on_write = {USART2 + 4: Machine.send, RCC_CFGR: check_clock}
