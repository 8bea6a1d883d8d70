#!/usr/bin/env python3
"""Plants duplicates in a corpus, has it curated, and says how fast that was and how many were found.

usage: curate_speed.py ALAMBIC [--megabytes "20 200"] [--near 0.7] [--text TEXT] [--runs 3] [--folder FOLDER]
                              [--shared-part 200]

Documents of about 500 bytes: paragraphs of random words, or of a text's own. Half of a corpus is new; 30 % are exact
copies of earlier documents and 20 % are near copies, in each of which 5 % of the words are replaced. Everything comes
from a seed. A run is timed from JSON Lines on the disk to JSON Lines on the disk.
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

DOCUMENT_BYTES = 500
EXACT, NEAR, EDITED_WORDS = 0.3, 0.2, 0.05


def words_of(path, generator):
    """A vocabulary: a text's words with their frequencies, or 20,000 made-up ones after Zipf's law."""
    if path:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().split()
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    made = ["".join(generator.choices(letters, k=generator.randint(2, 9))) for _ in range(20_000)]
    return generator.choices(made, weights=[1 / (rank + 10) for rank in range(len(made))], k=1_000_000)


def near_copy(text, words, generator):
    parts = text.split(" ")
    for position in generator.sample(range(len(parts)), max(1, round(EDITED_WORDS * len(parts)))):
        parts[position] = generator.choice(words)
    return " ".join(parts)


def write_corpus(path, byte_count, words, generator):
    """Returns what was planted: for each near copy's line the line of its original; the exact copies' count."""
    near, exact, originals, written, line, start = {}, 0, [], 0, 0, 0
    with open(path, "w", encoding="utf-8") as file:
        while written < byte_count:
            line += 1
            kind = generator.random() if len(originals) > 100 else 1
            if kind < EXACT:
                text = generator.choice(originals)[1]
                exact += 1
            elif kind < EXACT + NEAR:
                # Each original has one near copy at most, so that no chain joins what is not alike.
                position = generator.randrange(len(originals))
                originals[position], originals[-1] = originals[-1], originals[position]
                origin, original = originals.pop()
                text = near_copy(original, words, generator)
                near[line] = origin
            else:
                text = " ".join(words[start:start + 100])[:DOCUMENT_BYTES]
                start += 100
                if start + 100 > len(words):
                    generator.shuffle(words)
                    start = 0
                originals.append((line, text))
            row = json.dumps({"id": line, "text": text}) + "\n"
            file.write(row)
            written += len(row)
    return near, exact


def run(alambic, corpus, output, near, *more):
    started = time.perf_counter()
    process = subprocess.Popen(
        [alambic, "curate", "--input", corpus, "--output", output, "--near", near, "--json", "--quiet", *more],
        stdout=subprocess.PIPE)
    report = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        sys.exit(f"curate ended with status {status}")
    return report, seconds, usage.ru_maxrss / 1024


def found(output, near):
    """Of the planted near copies, those that were joined with their original, and joins that were not planted."""
    planted = {(min(pair), max(pair)) for pair in near.items()}
    joined = set()
    with open(f"{output}/rejections.jsonl", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["reason"] == "near-duplicate":
                pair = [int(row[key].rsplit(":", 1)[1]) for key in ("origin", "of")]
                joined.add((min(pair), max(pair)))
    return len(planted & joined), len(joined - planted)


def measure(alambic, megabytes, options):
    generator = random.Random(megabytes)
    folder = tempfile.mkdtemp(dir=options.folder)
    try:
        corpus = f"{folder}/corpus.jsonl"
        near, exact = write_corpus(corpus, megabytes * 1_000_000, words_of(options.text, generator), generator)
        size = os.path.getsize(corpus) / 1e6
        rows = {}
        for kind in ("off", options.near):
            best = None
            for _ in range(options.runs):
                report, seconds, memory = run(alambic, corpus, f"{folder}/out", kind)
                best = min(best or (seconds, memory), (seconds, memory))
            rows[kind] = (report, size / best[0], best[1])
        hits, wrong = found(f"{folder}/out", near)
        report = rows[options.near][0]
        ratios = {}
        for name, more in extras(options, folder, corpus).items():
            seconds = min(run(alambic, corpus, f"{folder}/more", options.near, *more)[1] for _ in range(options.runs))
            ratios[name] = seconds * rows[options.near][1] / size
        assert report["rejected"].get("duplicate", 0) >= exact, "exact copies were missed"
        return {
            "megabytes": megabytes, "records": report["recordCount"], "exact": rows["off"][1], "near": rows[options.near][1],
            "exactMemory": rows["off"][2], "nearMemory": rows[options.near][2], "recall": hits / max(1, len(near)),
            "false": wrong, "planted": len(near), "ratios": ratios}
    finally:
        shutil.rmtree(folder)


def extras(options, folder, corpus):
    """What else may be asked for: its time is said as a multiple of the time without it."""
    if not options.shared_part:
        return {}
    questions = f"{folder}/questions.jsonl"
    with open(corpus, encoding="utf-8") as source, open(questions, "w", encoding="utf-8") as target:
        target.writelines(line for _, line in zip(range(1000), source))
    return {"--shared-part": ["--shared-part", options.shared_part], "--proof": ["--proof"],
            "--against, 1000 texts": ["--against", questions]}


def table(rows):
    lines = ["| input, MB | records | exact only, MB/s | near duplicates, MB/s | memory, MB | near copies found | joined wrongly |",
             "|--:|--:|--:|--:|--:|--:|--:|"]
    for row in rows:
        lines.append(
            f"| {row['megabytes']} | {row['records']:,} | {row['exact']:.0f} | {row['near']:.0f} | {row['nearMemory']:.0f} | "
            f"{100 * row['recall']:.2f} % of {row['planted']:,} | {row['false']} |")
    for row in rows:
        for name, ratio in row["ratios"].items():
            lines.append(f"\n{row['megabytes']} MB with {name}: {ratio:.2f} times as long as without")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("alambic")
    parser.add_argument("--megabytes", default="20 200", type=lambda text: [int(word) for word in text.split()])
    parser.add_argument("--near", default="0.7")
    parser.add_argument("--text", help="a text whose words are used, instead of made-up ones")
    parser.add_argument("--runs", default=3, type=int, help="the fastest of so many counts")
    parser.add_argument("--folder", help="for the corpus and what is left of it")
    parser.add_argument("--shared-part", help="also time the search for parts of so many bytes, proofs and contamination")
    options = parser.parse_args()
    print(table([measure(options.alambic, size, options) for size in options.megabytes]), end="")


if __name__ == "__main__":
    main()
