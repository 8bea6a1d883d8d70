"""What the compact engine takes of cores: the rows `compact` of costs.json, as measure.py makes the others.

A linear model of the shape is fitted to counts of random images; `terms` below and
Sources/Firmware/Fit/CompactCosts.swift state the same sums. A step takes the same at any position, but where the
magnitudes that a product reads add up to more than 4,095: it then takes its columns in parts, and twice as long.
"""
import images
from regression import fit

# d, N, m, g, f: every dimension varies against the others, most of them multiples of eight as presets are.
SHAPES = (
    (16, 8, 16, 4, 24), (24, 3, 64, 64, 16), (32, 3, 24, 6, 48), (32, 6, 8, 2, 96), (40, 1, 128, 32, 40),
    (48, 3, 32, 8, 64), (48, 2, 8, 8, 8), (52, 4, 20, 5, 108), (56, 4, 56, 14, 56), (64, 1, 24, 8, 160),
    (64, 6, 48, 12, 128), (80, 3, 16, 16, 48), (96, 2, 48, 12, 72), (72, 3, 48, 12, 128), (20, 1, 20, 4, 48),
)
FILLED = (16, 32, 63)


def words(rows, columns):
    """A block of eight rows has one for each column."""
    return -(-rows // 8) * columns


def terms(shape):
    """How often each part of a step runs, by the part's name."""
    d, layers, m, g, f = shape
    block = words(g + 2 * m, d) + words(d, m) + words(f, d) + words(d, f)
    return {
        "step": 1, "layer": layers,
        "channel": layers * d,  # two norms, and rows of two products
        "end_channel": d,       # embedding and final norm
        "write_gate": layers * g, "state": layers * m, "hidden": layers * f,  # and the ends of their rows
        "word": layers * block + words(images.VOCABULARY, d),
    }


def write_images(out):
    for shape in SHAPES:
        image_path(out, shape).write_bytes(images.compact_image(shape))


def image_path(out, shape):
    return out / ("compact-" + "-".join(map(str, shape)) + ".atomeq")


def measure(core, level, out, count):
    """A row; `count` hands over the numbers and sizes of one image."""
    results = [count(image_path(out, shape)) for shape in SHAPES]
    samples = [(terms(shape), counted) for shape, result in zip(SHAPES, results) for counted in result["counts"]]
    coefficients, error = fit(samples)
    row = {"core": core, "level": level}
    row |= {key: max(result[key] for result in results) for key in ("code_bytes", "stack_bytes", "variable_bytes")}
    return row | {"instructions": coefficients, "largest_error": round(error, 4)}
