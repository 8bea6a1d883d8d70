#!/usr/bin/env python3
"""Writes shards of documents, reads them in a shuffled order, and says how fast both were.

usage: shard_speed.py ALAMBIC [--megabytes "20 200"] [--text TEXT] [--runs 3] [--folder FOLDER]

Documents as in curate_speed.py, without copies. Writing is from JSON lines on the disk to a folder with an index;
reading is one shuffled epoch of 256-byte chunks into /dev/null, each shard's SHA-256 and each frame's checksum
checked. Both are whole processes.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from curate_speed import DOCUMENT_BYTES, words_of


def write_documents(path, byte_count, words, generator):
    written, start = 0, 0
    with open(path, "w", encoding="utf-8") as file:
        while written < byte_count:
            text = " ".join(words[start:start + 100])[:DOCUMENT_BYTES]
            start += 100
            if start + 100 > len(words):
                generator.shuffle(words)
                start = 0
            written += file.write(json.dumps({"text": text, "split": "train", "repeats": 1}) + "\n")


def timed(command):
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[1]} ended with status {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def measure(alambic, megabytes, options):
    generator = random.Random(megabytes)
    folder = tempfile.mkdtemp(dir=options.folder)
    try:
        documents, shards = f"{folder}/documents.jsonl", f"{folder}/shards"
        write_documents(documents, megabytes * 1_000_000, words_of(options.text, generator), generator)
        write = min(
            timed([alambic, "shard", "--input", documents, "--output", shards, "--quiet"]) for _ in range(options.runs))
        read = min(timed([alambic, "corpus", "chunks", shards, "--shuffle", "0"]) for _ in range(options.runs))
        with open(f"{shards}/index.json", encoding="utf-8") as file:
            train = json.load(file)["train"]
        packed = sum(shard["byteCount"] for shard in train["shards"])
        return (
            f"| {megabytes} | {train['contentByteCount'] / packed:.2f} | {train['contentByteCount'] / 1e6 / write[0]:.0f} | "
            f"{write[1]:.0f} | {train['chunkCount'] / 1e6 / read[0]:.2f} | {read[1]:.0f} |")
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("alambic")
    parser.add_argument("--megabytes", default="20 200", type=lambda text: [int(word) for word in text.split()])
    parser.add_argument("--text", help="a text whose words are used, instead of made-up ones")
    parser.add_argument("--runs", default=3, type=int, help="the fastest of so many counts")
    parser.add_argument("--folder", help="for the documents and the shards")
    options = parser.parse_args()
    print("| input, MB | ratio | writing, MB/s | memory, MB | shuffled chunks, million a second | memory, MB |")
    print("|--:|--:|--:|--:|--:|--:|")
    for size in options.megabytes:
        print(measure(os.path.abspath(options.alambic), size, options), flush=True)


if __name__ == "__main__":
    main()
