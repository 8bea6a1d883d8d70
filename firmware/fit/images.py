"""Models of any shape from a seed, as bytes of a format: docs/formats/atome.md, atome-integer.md, atome-compact.md.

Nothing in them is learned. A third of the trits are 0, as in a trained model.
"""
import random
import struct
import zlib

VOCABULARY = 256
PLACES = (1, 3, 9, 28, 84)


def float_image(shape):
    """ATOME01 without a trailer: who reads it must be told the shape."""
    d, layers, h, _, taps = shape
    draw = random.Random(1)

    def tensor(count):
        codes = [draw.choice((0, 1, 3)) for _ in range(count)] + [0] * (-count % 4)
        packed = bytes(sum(codes[at + i] << 2 * i for i in range(4)) for at in range(0, len(codes), 4))
        return struct.pack("<f", 0.05 + draw.random()) + packed

    def floats(center):
        return struct.pack(f"<{d}f", *(center + draw.random() - 0.5 for _ in range(d)))

    parts = [b"ATOME01", tensor(VOCABULARY * d)]
    for _ in range(layers):
        parts += [floats(1), floats(0), tensor(d * taps), floats(1), floats(1), floats(1)]
        parts += [tensor(h * d), tensor(h * d), tensor(d * d), tensor(3 * d)]
    return b"".join(parts + [floats(1), floats(0), tensor(VOCABULARY * d)])


def integer_image(shape, cache_bits):
    """ATOMEQ01, with numbers of the size that the quantiser gives."""
    d, layers, h, _, taps = shape
    draw = random.Random(1)
    groups = -(-d // 5)

    def row():
        trits = [draw.choice((0, 1, 2)) for _ in range(d)] + [1] * (groups * 5 - d)
        return [sum(t * p for t, p in zip(trits[at:at + 5], PLACES)) for at in range(0, groups * 5, 5)]

    def product(rows):
        taken = [row() for _ in range(rows)] + [[sum(PLACES)] * groups] * (-rows % 8)
        blocks = (taken[at:at + 8] for at in range(0, len(taken), 8))
        return b"".join(bytes(r[group] for r in block) for block in blocks for group in range(groups))

    def words(data):
        return data + bytes(-len(data) % 4)

    def halves(count, limit):
        return words(struct.pack(f"<{count}h", *(draw.randint(-limit, limit) for _ in range(count))))

    def norm_head():
        return struct.pack("<3I", 8, 1 + draw.randrange(1 << 20), 21)

    def norm():
        return halves(d, 8192) + struct.pack(f"<{d}i", *(draw.randint(-(1 << 23), 1 << 23) for _ in range(d)))

    def layer():
        multiplier = min(8160, (1 << 23) // d)
        narrow = cache_bits == 8
        head = norm_head()
        for shift in (8, 12 if narrow else 8, 11 if narrow else 4):
            head += struct.pack("<2I", multiplier, shift)
        for _ in range(2):
            head += struct.pack("<4I", 60_000, 0, 40_000, 16)
        head += struct.pack("<4I", 32_767, 32_767, 10 if narrow else 17, 8)
        kernel = words(bytes(draw.choice((0, 1, 255)) for _ in range(d * taps)))
        return head + norm() + halves(3 * d, 32_767) + kernel + product(2 * h + d + 3)

    body = b"".join(bytes(row()) for _ in range(VOCABULARY))
    body += b"".join(layer() for _ in range(layers)) + norm_head() + norm() + product(VOCABULARY)
    size = 128 + len(body) + 4
    header = b"ATOMEQ01" + struct.pack("<2HI6HI", 2, int(cache_bits == 8), size, *shape, VOCABULARY, 0)
    header += bytes(32) + struct.pack("<if2I", 1 << 20, 0.001, 48_409, 14)
    file = header + bytes(128 - len(header)) + body
    return file + struct.pack("<I", zlib.crc32(file))


def compact_image(shape):
    """ATOMEQ02, with numbers of the size that the quantiser gives."""
    d, layers, m, g, f = shape
    draw = random.Random(1)

    def words(data):
        return data + bytes(-len(data) % 4)

    def numbers(count, least, most):
        return bytes(draw.randint(least, most) & 255 for _ in range(count))

    def matrix(rows, columns):
        blocks = (min(8, rows - first) for first in range(0, rows, 8))
        return b"".join(
            struct.pack("<I", sum((draw.randint(1, 15) if k < count else 8) << 4 * k for k in range(8)))
            for count in blocks for _ in range(columns))

    def norm_head():
        return struct.pack("<I2BH", 1 + draw.randrange(1 << 16), 4, 13, 0)

    def block():
        head = norm_head() + norm_head()
        head += b"".join(struct.pack("<H2B", 20_000, shift, 0) for shift in (11, 9, 11, 6, 15, 6))
        head += struct.pack("<2BH", 5, 21, 0)
        small = numbers(2 * d, 32, 95) + numbers(g, -128, 127) + numbers(g + 2 * m + d + f + d, 128, 255)
        return head + words(small) + matrix(g + 2 * m, d) + matrix(d, m) + matrix(f, d) + matrix(d, f)

    body = numbers(VOCABULARY, 128, 255) + matrix(VOCABULARY, d)
    body += b"".join(block() for _ in range(layers)) + norm_head() + words(numbers(d, 32, 95))
    size = 80 + len(body) + 4
    header = b"ATOMEQ02" + struct.pack("<2HI8H", 1, 0, size, *shape, VOCABULARY, 0, 0) + bytes(32)
    file = header + struct.pack("<f2I2BH", 0.001, 48_409, 14, 9, 9, 0) + body
    return file + struct.pack("<I", zlib.crc32(file))
