"""What both emulated boards share: a core in Unicorn, registers as Python functions, and a serial line."""

from unicorn import UC_ARCH_ARM, UC_MODE_MCLASS, UC_MODE_THUMB, Uc
from unicorn.arm_const import UC_ARM_REG_MSP, UC_ARM_REG_PC, UC_ARM_REG_SP, UC_ARM_REG_XPSR

BAUD = 115_200


class Fault(Exception):
    """The firmware did what a real board would not have forgiven."""


class SerialLine:
    """The far end of the wire: 115200 baud, 8N1, with bytes to send and bytes that were heard."""

    def __init__(self, typed):
        self.typed = bytearray(typed)
        self.heard = bytearray()

    def check_rate(self, hertz):
        """Refuses a rate that is off by more than 1 %: a byte's ten bits allow 5 % between both ends, and oscillators
        want their part."""
        if abs(hertz / BAUD - 1) > 0.01:
            raise Fault(f"the serial line runs at {hertz:.0f} baud, not {BAUD}")


class Machine:
    """A core with flash, RAM and registers. A board adds its own; see raspberry.py and stm32f411.py."""

    def __init__(self, cpu, typed):
        self.emulator = Uc(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS)
        self.emulator.ctl_set_cpu_model(cpu)
        self.line = SerialLine(typed)
        self.values = {}
        self.is_done = False
        self.idle_polls = 0
        self.failure = None
        self.looks_at_timer = 0

    # Registers: `on_read` and `on_write` map an address to what happens there; others keep what was written.

    on_read = {}
    on_write = {}

    def map_registers(self, base, size):
        self.emulator.mmio_map(base, size, self._read, base, self._write, base)

    def _read(self, _emulator, offset, _size, base):
        return self._guard(self.read, base + offset) or 0

    def _write(self, _emulator, offset, _size, value, base):
        self._guard(self.write, base + offset, value)

    def _guard(self, action, *arguments):
        """An exception may not pass through the emulator: it is kept, and raised when that has stopped."""
        try:
            return action(*arguments)
        except Fault as failure:
            self.failure = failure
            self.emulator.emu_stop()
            return 0

    def read(self, address):
        handler = self.on_read.get(address)
        return handler(self) if handler else self.values.get(address, 0)

    def write(self, address, value):
        self.values[address] = value
        handler = self.on_write.get(address)
        if handler:
            handler(self, value)

    # The serial line, as a board's registers use it.

    def poll(self):
        """A look at the line's status; whether a byte waits. A firmware that only looks, when all was typed and
        answered, waits for input: it has nothing more to say."""
        self.idle_polls += 1
        if self.idle_polls > 2 and not self.line.typed:
            self.is_done = True
            self.emulator.emu_stop()
        return bool(self.line.typed)

    def send(self, value):
        self.idle_polls = 0
        self.check_line()
        self.line.heard.append(value & 0xFF)

    def receive(self):
        self.idle_polls = 0
        self.check_line()
        return self.line.typed.pop(0) if self.line.typed else 0

    def check_line(self):
        """Raises Fault where a real line would carry nothing: a board says when."""

    def microseconds(self):
        """The board's timer. An emulator's time says nothing about a board's, so it goes on by one at every look: the
        same run says the same."""
        self.looks_at_timer += 1
        return self.looks_at_timer

    # Running.

    def start(self, stack, address, seconds):
        """Runs from an address until the firmware waits for input that will not come.

        Raises Fault for what the registers refused, and when the time is over; UcError for a fault of the core.
        """
        self.emulator.reg_write(UC_ARM_REG_MSP, stack)
        self.emulator.reg_write(UC_ARM_REG_SP, stack)
        self.emulator.emu_start(address | 1, 0xFFFF_FFFE, timeout=int(seconds * 1e6))
        if self.failure:
            raise self.failure
        if not self.is_done:
            place = self.emulator.reg_read(UC_ARM_REG_PC)
            raise Fault(f"the firmware still ran at {place:08x} after {seconds} s; it said {bytes(self.line.heard)!r}")
        return bytes(self.line.heard)
