"""Known answers of exp and tanh from mpmath at 60 digits, rounded once to binary32.

    python3 scripts/elementary_answers.py > Tests/ModelTests/ElementaryAnswers.swift
"""

import struct

from mpmath import exp, mp, mpf, tanh

mp.dps = 60

INPUTS = [
    "1e-45", "1e-38", "1e-7", "0.001", "0.1", "0.3465735", "0.34657362", "0.5", "0.6249999", "0.625", "1", "1.5", "2",
    "3.1415927", "8.5", "9.01", "9.02", "20", "87.33655", "88.72283",
]
BELOW_RANGE = ["-100", "-103.27893", "-103.97207"]

HEADER = """\
/// Known answers: the bits of x, of e^x and of tanh x, each the Float nearest to the exact value.
///
/// Written by scripts/elementary_answers.py from mpmath at 60 digits; do not edit.
let elementaryAnswers: [(x: UInt32, exponential: UInt32, tangent: UInt32)] = ["""


def nearest(value):
    """The nearest binary32 and its bits. Going through binary64 is harmless: no value here is that close to a tie."""
    packed = struct.pack("<f", float(value))
    return struct.unpack("<f", packed)[0], struct.unpack("<I", packed)[0]


def row(text):
    x, bits = nearest(mpf(text))
    fields = bits, nearest(exp(mpf(x)))[1], nearest(tanh(mpf(x)))[1]
    return "  (0x%04X_%04X, 0x%04X_%04X, 0x%04X_%04X),  // " % tuple(
        half for field in fields for half in (field >> 16, field & 0xFFFF)
    ) + text


if __name__ == "__main__":
    print(HEADER)
    for text in INPUTS + ["-" + text for text in INPUTS] + BELOW_RANGE:
        print(row(text))
    print("]")
