#!/usr/bin/env python3
"""Checks a bundle without Alambic, in plain Python 3 and nothing else: python3 verify.py [FOLDER]

1. Every file has the SHA-256 and the size that manifest.json lists, and no file is there that it does not list.
2. model.atome gives the logits and the choices of transcript.json, bit for bit.
Written from Alambic's documents, not from its code: docs/formats/atome-compact.md and docs/compact.md for ATOMEQ02,
docs/formats/atome.md and docs/numerics.md for ATOME01. Exit status: 0 proven, 1 refused, 2 an unknown form.
"""
import hashlib, json, os, struct, sys
from array import array
from functools import reduce
from itertools import repeat
from math import inf, isqrt, ldexp, sqrt
from operator import add, mul

class Refused(Exception): """The first thing that is wrong, beginning with the file's name."""
class Unknown(Exception): """A form that this program does not compute."""

# Hashes
def read(folder, path):
    try:
        with open(os.path.join(folder, path), "rb") as file:
            return file.read()
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from None

def sha256(data):
    return hashlib.sha256(data).hexdigest()

def check_hashes(folder):
    """The manifest's hash stands in the folder's name and in SHA256SUMS; it fixes the hashes of all other files."""
    manifest, sums = read(folder, "manifest.json"), read(folder, "SHA256SUMS")
    own = sha256(manifest)
    is_named = os.path.basename(os.path.realpath(folder)).endswith("-" + own[:12])
    if not is_named and f"{own}  manifest.json\n".encode() not in sums:
        raise Refused("manifest.json: SHA256SUMS and the folder's name say another SHA-256")
    entries = json.loads(manifest)["files"]
    lines = [f"{entry['id'].removeprefix('sha256:')}  {entry['path']}\n" for entry in entries]
    if sums != "".join(lines + [f"{own}  manifest.json\n"]).encode():
        raise Refused("SHA256SUMS: does not say what manifest.json says")
    for entry in entries:
        data = read(folder, entry["path"])
        if len(data) != entry["byteCount"] or "sha256:" + sha256(data) != entry["id"]:
            raise Refused(f"{entry['path']}: not the file that manifest.json lists")
    known = {entry["path"] for entry in entries} | {"manifest.json", "SHA256SUMS"}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.relpath(os.path.join(parent, name), folder).replace(os.sep, "/")
            if path not in known:
                raise Refused(f"{path}: manifest.json does not list it")
    return len(known)

class Reader:
    """Little-endian fields, one after the other."""
    def __init__(self, data, offset):
        self.data, self.offset = data, offset

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.offset)
        self.offset += struct.calcsize("<" + form)
        return values

# ATOMEQ02: integers alone
def clamp(value, bits):
    return max(-1 << bits - 1, min((1 << bits - 1) - 1, value))
def rounded(value, shift):
    return (value + ((1 << shift) >> 1)) >> shift

def root_and_exponent(value):
    shift = (value.bit_length() - 31) & ~1
    return isqrt(value >> shift if shift >= 0 else value << -shift), shift // 2

def inverse_deviation(width, squares):
    (root_d, e_d), (root_s, e_s) = root_and_exponent(width), root_and_exponent(squares)
    quotient, exponent = (root_d << 15) // root_s, 10 + e_d - e_s
    return quotient << exponent if exponent >= 0 else quotient >> -exponent

def exp2_down(u):
    octave, f = u >> 11, u & 2047
    t = 55967 - ((7245 * f) >> 11)
    t = 251182 - ((t * f) >> 11)
    t = 726746 - ((t * f) >> 11)
    return 0 if octave >= 16 else ((1 << 20) - ((t * f) >> 11) + (1 << 4 + octave)) >> (5 + octave)

def gate(u):
    part = (1 << 30) // ((1 << 15) + exp2_down(abs(u)))
    return part if u >= 0 else (1 << 15) - part
def dot(a, b):
    return sum(map(mul, a, b))

def product(n, part):
    rows, multipliers, (q, shift, _) = part
    pre = next(p for p in range(64) if (228480 * len(n)) >> p < 1 << 15)
    return [rounded(((dot(row, n) * multiplier) >> pre) * q, shift) for row, multiplier in zip(rows, multipliers)]

def matrix(reader, rows, columns):
    result = []
    for first in range(0, rows, 8):
        words = reader.take(f"{columns}I")
        result += [[(word >> 4 * k & 15) - 8 for word in words] for k in range(min(8, rows - first))]
    return result

class Compact:
    def __init__(self, image, _):
        self.d, blocks, self.m, self.g, self.f, rows = struct.unpack_from("<6H", image, 16)
        self.embedding_shift, self.logit_shift, further = struct.unpack_from("<BBH", image, 76)
        reader, self.row = Reader(image, 80), range(256)
        if image[10] & 4:
            own, numbers = reader.take("32B"), iter(range(rows))
            self.row = [next(numbers) if own[t // 8] >> t % 8 & 1 else rows - 1 for t in range(256)]
        self.multipliers = reader.take(f"{rows}B{-rows % 4}x")
        self.table = matrix(reader, rows, self.d)
        self.blocks = [self.block(reader) for _ in range(blocks)]
        self.final = reader.take("IBBH"), reader.take(f"{self.d}b")
        self.states = [[[0] * self.m for _ in range(blocks)] for _ in range(further + 1)]

    def block(self, reader):
        d, m, g, f = self.d, self.m, self.g, self.f
        heads = [reader.take("IBBH") for _ in range(2)]
        scalings = [reader.take("HBB") for _ in range(6)]
        bias_shift, read_shift, _ = reader.take("BBH")
        gains = [reader.take(f"{d}b") for _ in range(2)]
        bias = [b << bias_shift for b in reader.take(f"{g}b")]
        multipliers = [reader.take(f"{count}B") for count in (g, m, m, d, f, d)]
        reader.offset += -reader.offset % 4
        joint = matrix(reader, g + 2 * m, d)
        matrices = [joint[:g], joint[g:g + m], joint[g + m:], *(matrix(reader, *s) for s in ((d, m), (f, d), (d, f)))]
        return list(zip(heads, gains)), list(zip(matrices, multipliers, scalings)), bias, read_shift

    def norm(self, x, head, gain):
        epsilon, input_shift, output_shift, _ = head
        a = [clamp(v >> input_shift, 16) for v in x]
        inverse = inverse_deviation(self.d, dot(a, a) + epsilon)
        return [clamp(rounded(((v * inverse) >> 13) * w, output_shift), 8) for v, w in zip(a, gain)]

    def through(self, x, block, s):
        norms, parts, bias, read_shift = block
        n = self.norm(x, *norms[0])
        z = [gate(u + b) for u, b in zip(product(n, parts[0]), bias)]
        r = [gate(u) for u in product(n, parts[2])]
        for i, v in enumerate(product(n, parts[1])):
            s[i] += ((clamp(v, 15) - s[i]) * z[i // (self.m // self.g)] + (1 << 14)) >> 15
        y = [clamp(rounded(v * w, read_shift), 8) for v, w in zip(s, r)]
        x = [clamp(v + w, 24) for v, w in zip(x, product(y, parts[3]))]
        y = [(max(0, min(255, a)) ** 2 + 256) >> 9 for a in product(self.norm(x, *norms[1]), parts[4])]
        return [clamp(v + w, 24) for v, w in zip(x, product(y, parts[5]))]

    def step(self, token):
        row = self.row[token]
        x = [(code * self.multipliers[row]) << self.embedding_shift for code in self.table[row]]
        for states in self.states:
            for block, state in zip(self.blocks, states):
                x = self.through(x, block, state)
        n = self.norm(x, *self.final)
        logits = [(dot(codes, n) * w) >> self.logit_shift for codes, w in zip(self.table, self.multipliers)]
        return array("i", [logits[row] for row in self.row])

# ATOME01: doubles compute, and an array of floats rounds to binary32 after each operation
def floats(values):
    return array("f", values)
def f32(value):
    return array("f", (value,))[0]
def plus(a, b):
    return floats(map(add, a, b))
def times(a, b):
    return floats(map(mul, a, b))
def chain(values):
    return reduce(lambda total, value: f32(total + value), values, 0.0)

def lanes(pairs, width):
    """The sum of products of vectors: a chain of its own for each lane."""
    total = floats(repeat(0.0, width))
    for a, b in pairs:
        total = plus(total, times(a, b))
    return total

def polynomial(coefficients, x):
    return reduce(lambda sum, coefficient: f32(f32(coefficient) + f32(x * sum)), coefficients[::-1], 0.0)

def exp(x):
    if x > f32(88.72284) or x < f32(-103.97208):
        return inf if x > 0 else 0.0
    k = f32(f32(f32(x * f32(1.442695)) + 12582912) - 12582912)
    r = f32(f32(x - f32(k * f32(0.69314575))) - f32(k * f32(1.4286068e-6)))
    tail = polynomial((0.49999994, 0.1666652, 0.041668393, 8.368781e-3, 1.3814467e-3), r)
    return f32(ldexp(f32(1 + f32(r + f32(f32(r * r) * tail))), int(k)))

def tanh(x):
    a = abs(x)
    if a < 0.625:
        z = f32(a * a)
        q = polynomial((-0.3333333, 0.13333206, -0.053946763, 0.021700703, -8.177398e-3, 2.1429618e-3), z)
        y = f32(a + f32(f32(a * z) * q))
    else:
        y = 1.0 if a > f32(9.02) else f32(1 - f32(2 / f32(exp(f32(2 * a)) + 1)))
    return -y if x < 0 else y

def softmax(values):
    e = [exp(f32(v - max(values))) for v in values]
    total = f32(chain(e) + f32(1e-10))
    return [f32(v / total) for v in e]

def norm(x, gamma, beta):
    mean = f32(chain(x) / len(x))
    x = [f32(v - mean) for v in x]
    variance = f32(chain(f32(v * v) for v in x) / len(x))
    return plus(times(times(x, repeat(f32(1 / f32(sqrt(f32(variance + f32(1e-5))))))), gamma), beta)

def ternary(tensor, x, rows):
    scale, columns = tensor
    return times(lanes(((column, repeat(v)) for column, v in zip(columns, x)), rows), repeat(scale))

class Float:
    def __init__(self, image, context):
        if image[-104:-96] != b"ATOMETRL":
            raise Unknown("the shape of model.atome, which has no trailer")
        self.d, layers, self.h, self.k, self.taps, _ = struct.unpack_from("<6H", image, len(image) - 88)
        self.context, reader, d = context, Reader(image, 7), self.d
        self.embedding = self.tensor(reader, 256, d)
        self.layers = [self.layer(reader) for _ in range(layers)]
        self.final = reader.take(f"{d}f"), reader.take(f"{d}f")
        self.unembedding = self.tensor(reader, 256, d)
        self.memory = [([], [], [], floats(repeat(0.0, d))) for _ in range(layers)]

    def tensor(self, reader, rows, columns):
        """A scale, and the columns of trits."""
        scale, *packed = reader.take(f"f{-(-rows * columns // 4)}B")
        trits = [(0, 1, inf, -1)[byte >> shift & 3] for byte in packed for shift in (0, 2, 4, 6)]
        return scale, [floats(trits[column:rows * columns:columns]) for column in range(columns)]

    def layer(self, reader):
        d, h = self.d, self.h
        gamma_beta, taps = [reader.take(f"{d}f") for _ in range(2)], self.tensor(reader, d, self.taps)
        decay, gain, out = (reader.take(f"{d}f") for _ in range(3))
        return gamma_beta, taps, (floats(map(tanh, decay)), gain, out), [
            self.tensor(reader, rows, d) for rows in (h, h, d, 3)]

    def mixed(self, x, layer, memory):
        gamma_beta, (scale, taps), (decay, gain, out), (query, key, value, router) = layer
        (past, keys, values, state), d, n = memory, self.d, norm(x, *gamma_beta)
        for kept, vector, most in ((past, n, self.taps), (keys, ternary(key, n, self.h), self.context),
                                   (values, ternary(value, n, d), self.context)):
            kept.append(vector)
            del kept[:-most]
        local = times(lanes(zip(taps, reversed(past)), d), repeat(scale))
        state[:] = plus(times(decay, state), times(gain, n))
        q, root = ternary(query, n, self.h), f32(1 / f32(sqrt(self.h)))
        scores = times(lanes(((k, repeat(v)) for k, v in zip(zip(*keys), q)), len(keys)), repeat(root))
        chosen = sorted(range(len(scores)), key=lambda j: (-scores[j], j))[:self.k]
        sparse = lanes(((values[j], repeat(w)) for j, w in zip(chosen, softmax([scores[j] for j in chosen]))), d)
        r = softmax(ternary(router, n, 3))
        parts = [times(pathway, repeat(weight)) for pathway, weight in zip((local, times(out, state), sparse), r)]
        return plus(x, plus(plus(parts[0], parts[1]), parts[2]))

    def step(self, token):
        scale, columns = self.embedding
        x = floats(scale * column[token] if column[token] else 0.0 for column in columns)
        for layer, memory in zip(self.layers, self.memory):
            x = self.mixed(x, layer, memory)
        return ternary(self.unembedding, norm(x, *self.final), 256)

ENGINES = {b"ATOMEQ02": Compact, b"ATOME01": Float}

def answer(model, prompt, count):
    """The hash of all logits, and the tokens chosen: the largest logit, of equal ones the smaller token."""
    digest, chosen = hashlib.sha256(), []
    for position in range(len(prompt) + count - 1):
        logits = model.step(prompt[position] if position < len(prompt) else chosen[position - len(prompt)])
        digest.update(struct.pack(f"<256{logits.typecode}", *logits))
        if position >= len(prompt) - 1:
            chosen.append(max(range(256), key=lambda token: (logits[token], -token)))
    return "sha256:" + digest.hexdigest(), bytes(chosen)

def check_transcript(folder):
    image, transcript = read(folder, "model.atome"), json.loads(read(folder, "transcript.json"))
    engine = next((engine for magic, engine in ENGINES.items() if image.startswith(magic)), None)
    if engine is None or transcript["schema"] != "alambic.transcript/1":
        raise Unknown(f"the form {image[:8]!r} of model.atome, or {transcript['schema']} of transcript.json")
    if transcript["image"] != "sha256:" + sha256(image) or not transcript["answers"]:
        raise Refused("transcript.json: it is another image's, or it has no answers")
    for number, expected in enumerate(transcript["answers"]):
        prompt, chosen = bytes.fromhex(expected["prompt"]), bytes.fromhex(expected["chosen"])
        found = answer(engine(image, transcript["contextLength"]), prompt, len(chosen))
        for what, one, other in zip(("logits", "chosen tokens"), found, (expected["logits"], chosen)):
            if one != other:
                raise Refused(f"transcript.json: answer {number}: model.atome gives other {what}")
    return len(transcript["answers"])

if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    try:
        print(f"{check_hashes(folder)} files: every SHA-256 is as listed", flush=True)
        print(f"{check_transcript(folder)} answers of transcript.json computed from model.atome: 0 bits differ")
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
    except Unknown as form:
        print(f"not proven: this program does not know {form}", file=sys.stderr)
        sys.exit(2)
    except (ArithmeticError, ValueError, KeyError, TypeError, IndexError, struct.error) as error:
        sys.exit(f"refused: model.atome, manifest.json or transcript.json is malformed: {error!r}")
