"""Plain GPTs in integers of any shape, as bytes: docs/formats/gpt-integer.md.

Nothing in them is learned; activations are as large as in a trained model, since what an engine does depends on them.
"""
import math
import random
import struct
import sys
import zlib

VOCABULARY = 256
# Root mean squares: of normalised and mixed numbers, of 8 bits, and of queries, of 12.
USUAL, USUAL_QUERY = 32, 500


def fill(data, multiple=4):
    return data + bytes(-len(data) % multiple)


def gpt_image(shape, bits, tied=False):
    d, layers, heads, f, context = shape
    draw = random.Random(1)
    levels = 7 if bits == 4 else 127
    code_size = levels / math.sqrt(3)

    def multipliers(factors):
        return fill(struct.pack(f"<{len(factors)}H", *factors))

    def codes(rows, columns):
        if bits == 8:
            return b"".join(fill(struct.pack(f"<{columns}b", *(draw.randint(-levels, levels) for _ in range(columns))))
                            for _ in range(rows))
        words = ((rows + 7) // 8) * columns
        return struct.pack(f"<{words}I", *(sum(draw.randint(1, 15) << 4 * k for k in range(8)) for _ in range(words)))

    def matrix(rows, columns, factors):
        return multipliers(factors) + codes(rows, columns)

    def scaling(columns, wanted):
        """The multiplier and the scaling by which usual sums of so many columns become as large as is wanted."""
        pre = 0
        while (columns << (10 if bits == 4 else 14)) >> pre >= 1 << 15:
            pre += 1
        factor = wanted / (USUAL * code_size * math.sqrt(columns)) * 2**pre
        shift = max(0, min(29, int(math.log2(32767 / factor))))
        return max(1, round(factor * 2**shift)), (pre, shift)

    def norm_head():
        return struct.pack("<4BI", 4, 13, 3, 0, 1000)

    def norm_numbers():
        return fill(bytes([64] * d)) + fill(bytes(draw.randint(0, 64) for _ in range(d)))

    def layer():
        wanted = [(d, USUAL_QUERY), (d, USUAL), (d, USUAL), (d, 1 << 14), (d, USUAL), (f, 1 << 14)]
        numbers = [scaling(columns, size) for columns, size in wanted]
        head = norm_head() + norm_head() + bytes(part for _, pair in numbers for part in pair)
        score = USUAL_QUERY * USUAL * math.sqrt(d // heads)
        rate = 200 / score
        shift = 21
        while rate * 2**shift > 65535:
            shift -= 1
        head += struct.pack("<IHBBHH", round(1024 / rate), round(rate * 2**shift), shift, 21, 1 << 13, 0)
        query, key, value, output, first, second = (factor for factor, _ in numbers)
        return (head + norm_numbers() + norm_numbers() + matrix(3 * d, d, [query] * d + [key] * d + [value] * d)
                + matrix(d, d, [output] * d) + matrix(f, d, [first] * f) + matrix(d, f, [second] * d))

    def gelu(x):
        return round(x * (1 + math.erf(x / 40 / math.sqrt(2))) / 2)

    table = struct.pack("<256b", *(gelu(x) for x in range(-128, 128)))
    logit, (pre, shift) = scaling(d, 1 << 16)
    body = table + matrix(VOCABULARY, d, [logit if tied else 8000] * VOCABULARY) + matrix(context, d, [8000] * context)
    body += b"".join(layer() for _ in range(layers)) + norm_numbers()
    if not tied:
        body += matrix(VOCABULARY, d, [logit] * VOCABULARY)
    header = b"GPTINT01" + struct.pack("<2HI6H2H", 1, int(bits == 4) + 4 * int(tied), 80 + len(body) + 4, d, layers,
                                       heads, f, context, VOCABULARY, 0, 2 * int(tied))
    header += bytes(32) + struct.pack("<f", 0.001) + norm_head() + struct.pack("<2BH", pre, shift, 0)
    file = header + body
    return file + struct.pack("<I", zlib.crc32(file))


# d, N, H, f, T: remainders in blocks of eight and words of four, and windows that begin anew.
ODD_SHAPES = (
    (1, 1, 1, 1, 2), (13, 1, 1, 9, 20), (22, 1, 2, 70, 3), (15, 3, 5, 7, 33), (40, 3, 4, 80, 63), (130, 1, 2, 301, 17),
)

if __name__ == "__main__":
    # Writes images of the odd shapes, or of one that is told, with its bits, and 1 where it is tied.
    folder, told = sys.argv[1], [tuple(map(int, text.split(","))) for text in sys.argv[2:]]
    for *shape, bits, tied in told or [(*shape, bits, tied) for shape in ODD_SHAPES for bits in (4, 8) for tied in (0, 1)]:
        name = f"{','.join(map(str, shape))}-{bits}{'-tied' if tied else ''}.gpt"
        with open(f"{folder}/{name}", "wb") as file:
            file.write(gpt_image(tuple(shape), bits, bool(tied)))
