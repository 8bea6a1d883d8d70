#!/usr/bin/env python3
"""What llama2.c's 260 K model answers, in binary64: the fixture Tests/ModelTests/LlamaAnswers.swift.

    python3 scripts/llama2c_answers.py ../shared/data/llama2c > Tests/ModelTests/LlamaAnswers.swift

Written from run.c's description of the format, apart from the Swift code that it checks; needs numpy.
"""
import struct
import sys

import numpy as np


def read_model(path):
    data = open(path, "rb").read()
    dim, hidden, layers, heads, kv_heads, vocabulary, context = struct.unpack_from("<7i", data)
    assert vocabulary > 0, "this script reads models whose output is their embedding"
    head = dim // heads
    at = 28

    def take(*shape):
        nonlocal at
        count = int(np.prod(shape))
        values = np.frombuffer(data, "<f4", count, at).astype(np.float64).reshape(shape)
        at += 4 * count
        return values

    model = dict(heads=heads, kv_heads=kv_heads, head=head, vocabulary=vocabulary, layers=layers)
    model["embedding"] = take(vocabulary, dim)
    model["attention_norm"] = take(layers, dim)
    model["query"] = take(layers, heads * head, dim)
    model["key"] = take(layers, kv_heads * head, dim)
    model["value"] = take(layers, kv_heads * head, dim)
    model["output"] = take(layers, dim, heads * head)
    model["feed_norm"] = take(layers, dim)
    model["gate"] = take(layers, hidden, dim)
    model["down"] = take(layers, dim, hidden)
    model["up"] = take(layers, hidden, dim)
    model["final_norm"] = take(dim)
    take(2, context, head // 2)
    assert at == len(data)
    return model


def read_tokens(path, count):
    data = open(path, "rb").read()
    at, tokens, scores = 4, [], []
    for _ in range(count):
        score, length = struct.unpack_from("<fi", data, at)
        at += 8
        tokens.append(data[at : at + length])
        scores.append(score)
        at += length
    return tokens, scores


def encode(text, tokens, scores):
    ids = {}
    for index, token in enumerate(tokens):
        ids.setdefault(token, index)
    out = [ids[b" "]] if text else []
    for character in text:
        raw = character.encode()
        out += [ids[raw]] if raw in ids else [byte + 3 for byte in raw]
    while True:
        best = None
        for i in range(len(out) - 1):
            merged = ids.get(tokens[out[i]] + tokens[out[i + 1]])
            if merged is not None and (best is None or scores[merged] > best[0]):
                best = (scores[merged], merged, i)
        if best is None:
            return out
        out[best[2] : best[2] + 2] = [best[1]]


def norm(x, weight):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * weight


def rotate(x, head):
    """(positions, heads, head): pairs (2 i, 2 i + 1) turn by position / 10000^(2 i / head)."""
    angles = np.arange(x.shape[0])[:, None] * 10000.0 ** (-np.arange(0, head, 2) / head)
    turn = np.exp(1j * angles)[:, None, :]
    turned = (x[..., 0::2] + 1j * x[..., 1::2]) * turn
    out = np.empty_like(x)
    out[..., 0::2], out[..., 1::2] = turned.real, turned.imag
    return out


def logits(model, ids):
    length, head = len(ids), model["head"]
    group = model["heads"] // model["kv_heads"]
    mask = np.triu(np.full((length, length), -np.inf), 1)
    x = model["embedding"][ids]
    for layer in range(model["layers"]):
        h = norm(x, model["attention_norm"][layer])
        q = rotate((h @ model["query"][layer].T).reshape(length, -1, head), head)
        k = rotate((h @ model["key"][layer].T).reshape(length, -1, head), head).repeat(group, 1)
        v = (h @ model["value"][layer].T).reshape(length, -1, head).repeat(group, 1)
        scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(head) + mask
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        x = x + np.einsum("hqk,khd->qhd", weights, v).reshape(length, -1) @ model["output"][layer].T
        h = norm(x, model["feed_norm"][layer])
        gate = h @ model["gate"][layer].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ model["up"][layer].T)) @ model["down"][layer].T
    return norm(x, model["final_norm"]) @ model["embedding"].T


def nats(model, ids):
    rows = logits(model, [1] + ids[:-1])
    largest = rows.max(-1)
    return float((np.log(np.exp(rows - largest[:, None]).sum(-1)) + largest - rows[np.arange(len(ids)), ids]).sum())


def main():
    folder = sys.argv[1]
    model = read_model(f"{folder}/stories260K.bin")
    tokens, scores = read_tokens(f"{folder}/tok512.bin", model["vocabulary"])
    texts = ["Once upon a time, there was a little girl named Lily.", "Zoë saw 3 <s> signs & a\tsnowman ☃!\n", "x"]
    ids = [1]
    while len(ids) < 61:
        ids.append(int(logits(model, ids)[-1].argmax()))
    greedy = b"".join(tokens[i] for i in ids[1:]).decode().lstrip(" ")
    last = logits(model, [1] + encode(texts[0], tokens, scores))[-1]
    print("// Written by scripts/llama2c_answers.py; do not edit.")
    print("enum LlamaAnswers {")
    print("  static let texts: [(text: String, tokens: [Int], nats: Double)] = [")
    for text in texts:
        found = encode(text, tokens, scores)
        quoted = '"' + text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace('"', '\\"') + '"'
        print(f"    (\n      {quoted},\n      [")
        for start in range(0, len(found), 16):
            print("        " + ", ".join(map(str, found[start : start + 16])) + ",")
        print(f"      ], {nats(model, found):.9f}\n    ),")
    print("  ]")
    print("  /// Logits of the first tokens after the first text.")
    print("  static let logits: [Double] = [\n    " + ",\n    ".join(f"{x:.9f}" for x in last[:8]) + ",\n  ]")
    print("  /// The most probable token, 60 times from the start.")
    print('  static let greedy = """')
    for start in range(0, len(greedy), 80):
        print(f"    {greedy[start : start + 80]}" + ("\\" if start + 80 < len(greedy) else ""))
    print('    """')
    print("}")


main()
