"""What the plain GPT's engine takes of cores: the rows `baselines` of costs.json, as measure.py makes the others.

A linear model of the shape is fitted to counts of random images; `terms` below and
Sources/Firmware/Fit/GPTCosts.swift state the same sums.
"""
import gpt_images
from regression import fit

# d, N, H, f, T: every dimension varies against the others.
SHAPES = (
    (16, 4, 2, 32, 63), (24, 2, 4, 24, 63), (24, 6, 3, 48, 63), (32, 3, 4, 64, 63), (32, 1, 1, 160, 63),
    (40, 2, 5, 40, 63), (44, 3, 4, 44, 63), (48, 5, 6, 96, 63), (56, 1, 7, 224, 63), (64, 2, 4, 64, 63),
    (72, 1, 9, 72, 63), (96, 2, 8, 192, 63),
)
FILLED = (16, 32, 63)
BITS = (4, 8)


def eights(count):
    return -(-count // 8) * 8


def fours(count):
    return -(-count // 4) * 4


def terms(shape, filled, bits):
    """How often each part of a step runs, by the part's name. A row's part is its channel's, or a hidden number's."""
    d, layers, heads, f, _ = shape
    vocabulary = gpt_images.VOCABULARY
    matrices = [(3 * d, d), (d, d), (f, d), (d, f)] * layers + [(vocabulary, d)]
    if bits == 4:
        matrices = [(eights(rows), columns) for rows, columns in matrices]
    else:
        matrices = [(rows, fours(columns)) for rows, columns in matrices]
    return {
        "step": 1, "layer": layers, "head": layers * heads, "channel": layers * d, "end_channel": d,
        "hidden": layers * f, "position": layers * heads * filled,
        "score": layers * heads * filled * fours(d // heads), "value": layers * d * fours(filled),
        "weight": sum(rows * columns for rows, columns in matrices),
    }


def write_images(out):
    for bits in BITS:
        for shape in SHAPES:
            image_path(out, shape, bits).write_bytes(gpt_images.gpt_image(shape, bits))


def image_path(out, shape, bits):
    return out / f"{'-'.join(map(str, shape))}-{bits}.gptq"


def measure(core, level, bits, out, count):
    """A row; `count` hands over the numbers and sizes of one image."""
    samples, results = [], []
    for shape in SHAPES:
        result = count(image_path(out, shape, bits))
        results.append(result)
        samples += [(terms(shape, filled, bits), instructions)
                    for filled, instructions in zip(FILLED, result["counts"])]
    coefficients, error = fit(samples)
    row = {"core": core, "level": level, "weight_bits": bits}
    row |= {key: max(result[key] for result in results) for key in ("code_bytes", "stack_bytes")}
    return row | {"instructions": coefficients, "largest_error": round(error, 4)}
