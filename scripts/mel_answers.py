#!/usr/bin/env python3
"""Known answers of the mel front end: the energy of its bands in floating point, by numpy's transform.

    python3 scripts/mel_answers.py > Tests/EngineTests/MelAnswers.swift

Written from docs/formats/mel.md and not from either program. Needs numpy.
"""

import numpy

EDGES = [3, 8, 14, 21, 29, 39, 51, 65, 82, 103, 127, 155, 190, 230]


def noise(seed, shift):
    state, result = seed, []
    for _ in range(1536):
        state = (state * 1664525 + 1013904223) % 2**32
        value = (state >> 16) - 32768
        result.append(value >> shift)
    return result


def square(period, height):
    return [height if n % period < period // 2 else -height for n in range(1536)]


SOUNDS = [("noise(seed: 1, shift: 0)", noise(1, 0)), ("noise(seed: 2, shift: 5)", noise(2, 5)),
          ("noise(seed: 3, shift: 10)", noise(3, 10)), ("square(period: 40, height: 12000)", square(40, 12000)),
          ("square(period: 9, height: 300)", square(9, 300))]


def energies(samples):
    """Of each of three steps log2 of each band's energy, in the front end's unit of 2^-36 or so: see below."""
    seen = numpy.concatenate([numpy.zeros(256), samples])
    hann = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(512) / 512)
    for step in range(3):
        power = sum(numpy.abs(numpy.fft.fft(seen[start:start + 512] * hann)) ** 2
                    for start in (512 * step, 512 * step + 256))
        yield [sum(power[k] * ((k - a) / (b - a) if k <= b else (c - k) / (c - b)) for k in range(a + 1, c))
               for a, b, c in zip(EDGES, EDGES[1:], EDGES[2:])]


def main():
    print("/// Log2 of each band's energy in three steps of sound, in the front end's unit; below it by 40 dB and more: nil.\n///")
    print("/// Written by scripts/mel_answers.py from numpy's transform; do not edit.")
    print("let melAnswers: [(sound: MelSound, energies: [[Double?]])] = [")
    for name, samples in SOUNDS:
        print(f"  (\n    .{name},\n    [")
        for bands in energies(numpy.array(samples, float)):
            # The transform is divided by 512, samples have 15 bits behind the point, weights 8, and both sides count.
            scale = 2.0 ** (30 + 8 + 1 - 18)
            cells = [f"{numpy.log2(band * scale):.4f}" if band > max(bands) * 1e-4 else "nil" for band in bands]
            print("      [\n        " + ", ".join(cells[:8]) + ",\n        " + ", ".join(cells[8:]) + ",\n      ],")
        print("    ]\n  ),")
    print("]")


if __name__ == "__main__":
    main()
