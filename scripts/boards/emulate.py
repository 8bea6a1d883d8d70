"""Runs a board's firmware in Unicorn and compares what it says with what the host said that it would.

    emulate.py BOARD FOLDER [LINE...]

FOLDER holds what `alambic firmware` left: firmware.uf2 for rpi-pico and rpi-pico2, firmware.bin for nucleo-f411re, and expected.txt.
Each LINE is typed on the serial line once the firmware listens; the answers follow what expected.txt says.
Prints what was heard. Exits with 1 where it differs.
"""

import pathlib
import re
import sys

from unicorn import UcError

from machine import Fault
from rp2040 import Pico
from rp2350 import Pico2
from stm32f411 import Nucleo

BOARDS = {
    "nucleo-f411re": (Nucleo, "firmware.bin"), "rpi-pico": (Pico, "firmware.uf2"), "rpi-pico2": (Pico2, "firmware.uf2")}
TIME_LIMIT = 120


def without_times(said):
    """The host has no timer, and says only how many steps there were."""
    return re.sub(rb"(?m)^(# \d+ steps) in .*$", rb"\1", said)


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in BOARDS:
        print(f"usage: emulate.py {'|'.join(BOARDS)} FOLDER [LINE...]", file=sys.stderr)
        return 64
    make, name = BOARDS[arguments[0]]
    folder = pathlib.Path(arguments[1])
    typed = "".join(line + "\r" for line in arguments[2:]).encode()
    try:
        heard = make((folder / name).read_bytes(), typed).run(TIME_LIMIT)
    except (Fault, UcError, OSError) as failure:
        print(f"error: {arguments[0]}: {failure}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(heard)
    sys.stdout.flush()
    expected = (folder / "expected.txt").read_bytes()
    said = without_times(heard)
    if said[: len(expected)] != expected or (len(said) > len(expected) and not typed):
        print(f"error: {arguments[0]}: not what {folder / 'expected.txt'} says", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
