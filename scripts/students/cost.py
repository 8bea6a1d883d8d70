"""What students cost a core: instructions for a byte of text, counted in QEMU; RAM and code of the vocabulary."""

import os

from students.tools import counted, note, run, run_json

#: the core's name, and the board that it is emulated as
CORES = [("Cortex-M4F", "mps2-an386"), ("Cortex-M3", "mps2-an385")]
#: code of a Cortex-M0, on a board that holds any image
EVERY_CORE = [("Cortex-M0", "mps2-an385-v6m")] + CORES[::-1]
CONTEXT = 64
STRUCTURES = """#include "atome_vocabulary.h"
char encoder[sizeof(atome_encoder)], vocabulary[sizeof(atome_vocabulary)], texts[2 * ATOME_TOKEN_BYTES];
"""


def step_cost(count, position):
    """Instructions of the step that makes so many tokens of context: straight lines through the counts at 16, 32 and
    63, and on beyond them."""
    low, high = (16, 32) if position <= 32 else (32, 63)
    slope = (count[f"n{high}"] - count[f"n{low}"]) / (high - low)
    return count[f"n{low}"] + slope * (position - low)


def exchange_cost(count, steps, byte_count, request_share):
    """Instructions a byte over a whole exchange: its steps from an empty state, the request's bytes through the
    encoder, and the reply's from tokens."""
    whole = sum(step_cost(count, position) for position in range(1, steps + 1))
    vocabulary = request_share * count.get("encode", 0) + (1 - request_share) * count.get("decode", 0)
    return whole / byte_count + vocabulary


class Counter:
    """A student's integer image on every core."""

    def __init__(self, alambic, root, folder, name, source, held_out, cores=CORES):
        self.name, self.root = name, root
        self.folder = f"{folder}/{name}"
        os.makedirs(self.folder, exist_ok=True)
        image = source if is_integer(source) else f"{self.folder}/integer.atome"
        if image != source:
            run(alambic, "export", source, "--format", "integer", "--calibrate", held_out, "--out", image, "--quiet")
        answer = run_json(alambic, "evaluate", image, "--data", held_out)
        self.bits_per_byte, self.token_count = answer["bitsPerByte"], answer["tokenCount"]
        self.bytes_per_token = os.path.getsize(held_out) / self.token_count
        self.image = image
        self.counts = {core: self.count(board, image) for core, board in cores}
        note(f"{name}: {self.bytes_per_token:.2f} bytes a token, {self.counts[cores[-1][0]]}")

    def count(self, board, image):
        return counted(run(
            "make", "--no-print-directory", "-s", "-C", f"{self.root}/firmware", "count", f"BOARD={board}", "OPT=-O2",
            f"IMAGE={image}", f"OUT={self.folder}/{board}", f"CONTEXT={CONTEXT}"))

    def at_63(self, core, way):
        """A byte at 63 tokens of context; `way` is `encode` where it is read, `decode` where it is written."""
        return self.counts[core]["n63"] / self.bytes_per_token + self.counts[core].get(way, 0)


def is_integer(path):
    """Whether a file is an integer image already."""
    with open(path, "rb") as file:
        return file.read(7) == b"ATOMEQ0"


def encoder_ram(root, folder):
    """Bytes of what a talking program keeps for its vocabulary, on a Cortex-M3: by name."""
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/structures.c", "w", encoding="utf-8") as file:
        file.write(STRUCTURES)
    run("arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb", "-std=c99", f"-I{root}/firmware/engine/include", "-c",
        f"{folder}/structures.c", "-o", f"{folder}/structures.o")
    return symbol_sizes(run("arm-none-eabi-nm", "-S", f"{folder}/structures.o"))


def symbol_sizes(listing):
    """By name, of what `nm -S` prints."""
    fields = (line.split() for line in listing.splitlines())
    return {words[3]: int(words[1], 16) for words in fields if len(words) == 4}


def vocabulary_code(root, folder):
    """Bytes of the vocabulary's object file at -Os for a Cortex-M3."""
    return code_sizes(run(
        "make", "--no-print-directory", "-s", "-C", f"{root}/firmware", "code-size", "BOARD=mps2-an385", "OPT=-Os",
        f"OUT={folder}/code"))["atome_vocabulary.o"]


def code_sizes(listing):
    """Text and constants by object file, of what `size` prints."""
    fields = (line.split() for line in listing.splitlines())
    return {words[5]: int(words[0]) for words in fields if len(words) == 6 and words[0].isdigit()}
