#!/usr/bin/env python3
"""Proves the engines on every emulated core: prints docs/reference/proof.md.

usage: prove-engines.py ALAMBIC OUT [--only PART]... [--jobs N] [IMAGE[:PRESET]...]

Models of odd shapes (trained for one step, so that their numbers are no pattern), the compact presets (a few steps,
with a vocabulary of their own) and the given images are verified with `alambic verify --core all --json`: ternary ones
as float (ATOME01) and integer (ATOMEQ01; the shapes with int16 and int8 in turn), compact ones as ATOMEQ02. Ends with
status 1 where a bit or a token differs. IMAGE may have a vocabulary. PART is `given`, `ternary` or `compact`; all are
run unless some are named. N verifications run at a time, one unless said; the page does not depend on it.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys

# d from 8 to 256, 1 to 8 layers; d_head, k and K varied; as d_model,n_layers,d_head,top_k,kernel.
SHAPES = [
    (8, 1, 1, 1, 1), (9, 8, 3, 2, 2), (11, 3, 7, 64, 5), (13, 2, 13, 3, 32), (16, 4, 16, 4, 5),
    (23, 5, 8, 1, 7), (31, 2, 31, 5, 3), (33, 6, 4, 8, 4), (40, 7, 12, 4, 5), (47, 1, 64, 2, 9),
    (52, 3, 20, 7, 6), (64, 2, 17, 4, 5), (65, 4, 16, 3, 2), (72, 1, 5, 6, 11), (89, 2, 33, 4, 3),
    (100, 3, 25, 2, 5), (127, 1, 127, 9, 1), (128, 2, 32, 4, 8), (191, 1, 48, 4, 5), (256, 1, 64, 4, 5),
]
NAMES = ("d_model", "n_layers", "d_head", "top_k", "kernel")
# Primes, and widths that fill no block of eight rows and no word of four bytes; a gate for all of a state and for each
# number of it; a hidden width of 1, and one over 256; some go through their blocks several times. As
# d_model,n_layers,d_state,n_gates,d_ff,n_passes.
COMPACT_SHAPES = [
    (1, 1, 1, 1, 1, 16), (2, 8, 3, 3, 1, 1), (3, 1, 2, 1, 5, 3), (5, 2, 6, 3, 7, 2), (7, 3, 7, 1, 11, 1),
    (11, 1, 13, 13, 3, 4), (13, 4, 9, 3, 17, 1), (17, 2, 16, 1, 31, 3), (19, 8, 5, 5, 23, 2), (23, 1, 64, 64, 1, 2),
    (29, 5, 21, 7, 30, 1), (31, 2, 37, 1, 61, 1), (37, 3, 24, 12, 97, 1), (43, 1, 101, 101, 13, 1),
    (47, 7, 11, 1, 53, 1), (61, 4, 45, 15, 89, 1), (97, 2, 55, 11, 1, 2), (127, 1, 96, 2, 257, 1),
    (151, 3, 22, 1, 40, 1), (211, 1, 1, 1, 301, 5), (300, 1, 40, 8, 260, 1),
]
COMPACT_NAMES = ("d_model", "n_layers", "d_state", "n_gates", "d_ff", "n_passes")
COMPACT_PRESETS = ["atome-6kb", "atome-21kb", "atome-64kb", "atome-280kb"]
TEXT = "".join(chr(32 + (i * i * 7 + i // 3) % 95) for i in range(6000))
# Words that come again, so that there are strings to learn.
WORDS = "the a kettle lamp café is was cold warm red and then it sang, slept. Who? 12 340 never tomorrow".split(" ")
PROSE = "".join(WORDS[(i * i * 5 + i // 7) % len(WORDS)] + (" " if i % 11 else "\n") for i in range(4000))
PARTS = ("given", "ternary", "compact")


def run(*arguments):
    """Runs a command; returns what it printed."""
    ended = subprocess.run(arguments, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"error: {' '.join(arguments)}\n{ended.stderr}")
    return ended.stdout


class Prover:
    """Makes models in a folder, and verifies them: a row of the page each, with how much in it differs."""

    def __init__(self, alambic, out):
        self.alambic, self.out = alambic, out
        os.makedirs(out, exist_ok=True)
        self.text, self.prose = self.written("text.txt", TEXT), self.written("prose.txt", PROSE)

    def written(self, name, text):
        with open(f"{self.out}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        return f"{self.out}/{name}"

    def verify(self, image, *arguments):
        """One verification's report, equal or not."""
        ended = subprocess.run(
            [self.alambic, "verify", image, "--core", "all", "--json", "--quiet", *arguments], capture_output=True,
            text=True)
        if not ended.stdout:
            raise SystemExit(f"error: {image}: {ended.stderr}")
        return json.loads(ended.stdout)

    def train(self, name, text, *arguments):
        """A checkpoint, and its dimensions in the page's order."""
        checkpoint = f"{self.out}/{name}.checkpoint"
        shape = json.loads(run(
            self.alambic, "train", "--data", text, *arguments, "--batch", "2", "--window", "32", "--out", checkpoint,
            "--quiet", "--json"))["shape"]
        return checkpoint, dimensions(shape)

    def export(self, source, name, *arguments):
        image = f"{self.out}/{name}.atome"
        run(self.alambic, "export", source, *arguments, "--out", image, "--quiet")
        return image

    def integer(self, source, name, *arguments):
        return self.export(source, name, "--format", "integer", "--calibrate", self.text, *arguments)

    def given(self, index, entry, form):
        path, _, preset = entry.partition(":")
        shape = ["--preset", preset] if preset else []
        sizes = ["--prompts", "2", "--bytes", "4"]
        name = os.path.basename(path)
        if form == "float":
            return self.row([name, form], path, *shape, *sizes)
        image = self.integer(path, f"given-{index}-{form}", "--cache", form, *shape)
        return self.row([name, f"integer, {form}"], image, *sizes)

    def compact_given(self, path):
        facts = json.loads(run(self.alambic, "inspect", path, "--json", "--quiet"))["facts"]
        values = dict(pair.split("=") for pair in facts["shape"].split(","))
        cells = [os.path.basename(path), *dimensions(values)]
        return self.row(cells, path, "--prompts", "2", "--bytes", "4")

    def ternary(self, index, shape, form):
        name = f"ternary-{index}-{form}"
        checkpoint, shape = self.train(name, self.text, *of_shape(NAMES, shape), "--seed", str(index))
        image = self.export(checkpoint, name)
        shown = [", ".join(map(str, shape)), form if form == "float" else f"integer, {form}"]
        if form != "float":
            image = self.integer(image, f"{name}-packed", "--cache", form)
        return self.row(shown, image, "--prompts", "3", "--bytes", "8")

    def compact(self, index, shape):
        name = f"compact-{index}"
        checkpoint, shape = self.train(name, self.text, *of_shape(COMPACT_NAMES, shape), "--seed", str(index))
        return self.row(["–", *shape], self.integer(checkpoint, name), "--prompts", "3", "--bytes", "8")

    def preset(self, preset):
        checkpoint, shape = self.train(
            preset, self.prose, "--preset", preset, "--steps", "12", "--vocabulary", "learned", "--seed", "1")
        image = self.export(checkpoint, preset, "--format", "integer", "--calibrate", self.prose)
        return self.row([preset, *shape], image, "--prompts", "2", "--bytes", "4")

    def row(self, cells, image, *arguments):
        """Verifies an image: a line of the page, and how many logits, tokens and bytes differ."""
        report = self.verify(image, *arguments)
        contenders = report["contenders"]
        cores = len({c["name"].split(",")[1] for c in contenders if c.get("firmware")})
        shortest = min((c["contextLength"] for c in contenders if c.get("contextLength")), default=64)
        counts = [
            len(contenders), cores, shortest, sum(c["comparedLogitCount"] for c in contenders),
            sum(c["differingLogitCount"] for c in contenders), *tokens(contenders, report)]
        return line(cells, counts), counts[4] + (counts[7] or 0)


def line(cells, counts):
    return "| " + " | ".join(map(str, [*cells, *("–" if count is None else f"{count:,}" for count in counts)])) + " |"


def dimensions(shape):
    """In the page's order; one pass goes without saying."""
    return [shape.get(key, 1) for key in (COMPACT_NAMES if "d_state" in shape else NAMES)]


def is_compact(path):
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(8) == b"ATOMEQ02"


def of_shape(names, shape):
    return ["--shape", ",".join(f"{name}={value}" for name, value in zip(names, shape)), "--steps", "1"]


def tokens(contenders, report):
    """Bytes of text, tokens compared, and how many of them, or of the bytes that they are decoded to, differ."""
    texts = [c["texts"] for c in contenders if "texts" in c]
    if not texts:
        return [None] * 3
    compared = sum(t["comparedTokenCount"] for t in texts)
    differing = sum(t["differingTokenCount"] + t["differingByteCount"] for t in texts)
    return [len(texts) * report["vectors"]["textByteCount"], compared, differing]


def prove(jobs, workers, show):
    """Shows each job's row, in their order; how much in them differs."""
    differing = 0
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for line, count in pool.map(lambda job: job[0](*job[1:]), jobs):
            show(line)
            differing += count
    return differing


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("alambic")
    parser.add_argument("out")
    parser.add_argument("images", nargs="*", metavar="IMAGE[:PRESET]")
    parser.add_argument("--only", action="append", choices=PARTS, help="a part to prove; repeatable")
    parser.add_argument("--jobs", type=int, default=1, help="verifications at a time")
    return parser.parse_intermixed_args()


def main():
    options = arguments()
    prover, parts = Prover(options.alambic, options.out), options.only or PARTS
    ternary, compact = [], []
    if "given" in parts:
        for index, entry in enumerate(options.images):
            if is_compact(entry):
                compact.append((prover.compact_given, entry))
            else:
                ternary += [(prover.given, index, entry, form) for form in ("float", "int16", "int8")]
    if "ternary" in parts:
        for index, shape in enumerate(SHAPES):
            ternary += [(prover.ternary, index, shape, form) for form in ("float", ("int16", "int8")[index % 2])]
    if "compact" in parts:
        compact += [(prover.preset, preset) for preset in COMPACT_PRESETS]
        compact += [(prover.compact, index, shape) for index, shape in enumerate(COMPACT_SHAPES)]
    print(HEAD, flush=True)
    differing = 0
    for head, jobs in ((TERNARY_HEAD, ternary), (COMPACT_HEAD, compact)):
        if jobs:
            print(head, flush=True)
            differing += prove(jobs, options.jobs, lambda line: print(line, flush=True))
    sys.exit(1 if differing else 0)


HEAD = """# Every engine on every core

Generated by `make -s prove PROVEN="…" > docs/reference/proof.md`: each model is verified with `alambic verify --core all --json`. The Swift
reference, the C engine in this process, its builds by gcc and clang at three levels, WebAssembly in node and Chromium, and
firmware at -O2 and -Os on Cortex-M0, M3, M4, M7, M33 and M55 (the last four with and without their floating-point unit) and
on RISC-V's RV32IMC, RV32IMAC and RV64GC answer the same prompts; every bit of every logit is compared. These are 35
contenders on 13 cores. Where a board has less RAM the context is shorter; the tables say the shortest. A model with a
vocabulary also has texts encoded and decoded everywhere: every byte value and string alone, the prompts, random bytes, and
strings cut at random. Every token is compared, with the byte that decides it and the bytes that it stands for. The others
read bytes as they are."""
COLUMNS = ("contenders | cores | shortest context | logits compared | of them different | bytes of text "
           "| tokens compared | of them different |")
RULE = "--:|" * 8
TERNARY_HEAD = f"""
## Ternary students

A shape is d, N, h, k, K; odd ones are trained for one step.

| model | form | {COLUMNS}
|---|---|{RULE}"""
COMPACT_HEAD = f"""
## Compact students

ATOMEQ02 images ([arithmetic](../compact.md)). Odd shapes are trained for one step, the presets for a few, with a vocabulary
learned from their text. Nothing depends on the context.

| model | d | N | m | g | f | P | {COLUMNS}
|---|--:|--:|--:|--:|--:|--:|{RULE}"""

if __name__ == "__main__":
    main()
