"""The lowest bits per byte in five minutes: trains a student of at most 21 KB on one text, measures it on another, and
prints the curve against the seconds since the start as Markdown.

    python3 Benchmarks/five_minutes.py --train train.txt --held-out valid.txt

Only the standard library is used. The number of steps is chosen from two short runs, so that all fits into the time.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time

from compare_speed import processor

PROBES = (200, 1400)
POINTS = 30
# What is left for evaluations, for starting and for a slower moment of the machine.
SHARE_FOR_STEPS = 0.88


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alambic", default=".build/release/alambic")
    parser.add_argument("--train", required=True)
    parser.add_argument("--held-out", required=True)
    parser.add_argument("--preset", default="atome-21kb")
    parser.add_argument("--vocabulary", default="learned")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, help="instead of as many as fit")
    return parser.parse_args()


def command(options, out, steps, interval):
    return [
        options.alambic, "train", "--data", options.train, "--held-out", options.held_out, "--preset", options.preset,
        "--vocabulary", options.vocabulary, "--batch", str(options.batch), "--seed", str(options.seed), "--steps", str(steps), "--evaluate-every",
        str(interval), "--save-every", "1", "--out", out, "--json", "--quiet",
    ]


def fitting_steps(options, folder):
    """Steps for the time: the difference of two runs is of steps alone, since both evaluate once."""
    seconds = []
    for steps in PROBES:
        start = time.monotonic()
        run = command(options, os.path.join(folder, f"probe-{steps}"), steps, steps)
        subprocess.run(run, check=True, capture_output=True)
        seconds.append(time.monotonic() - start)
    return int(SHARE_FOR_STEPS * options.seconds * (PROBES[1] - PROBES[0]) / (seconds[1] - seconds[0]))


def watch(process, log, start):
    """Evaluations as they appear in the run's log: (step, seconds since the start, bits per byte)."""
    seen = {}
    while True:
        ended = process.poll() is not None
        if os.path.exists(log):
            with open(log, encoding="utf-8") as lines:
                for line in lines:
                    note(line, seen, time.monotonic() - start)
        if ended:
            return [(step, *point) for step, point in sorted(seen.items())]
        time.sleep(0.2)


def note(line, seen, seconds):
    try:
        point = json.loads(line)
    except json.JSONDecodeError:  # a line that is being written
        return
    if "heldOutBitsPerByte" in point and point["step"] not in seen:
        seen[point["step"]] = (seconds, point["heldOutBitsPerByte"])


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        steps = options.steps or fitting_steps(options, folder)
        out = os.path.join(folder, "student")
        start = time.monotonic()
        with open(os.path.join(folder, "answer"), "w+", encoding="utf-8") as answer:
            process = subprocess.Popen(command(options, out, steps, max(1, steps // POINTS)), stdout=answer)
            curve = watch(process, out + ".progress.jsonl", start)
            seconds = time.monotonic() - start
            if process.returncode != 0:
                raise SystemExit(f"alambic train failed with status {process.returncode}")
            answer.seek(0)
            result = json.load(answer)
    print_page(options, steps, seconds, result, curve)


def print_page(options, steps, seconds, result, curve):
    windows = [result["trainWindowCount"], result["heldOutWindowCount"]]
    print("# A student in five minutes\n")
    print("Written by `python3 Benchmarks/five_minutes.py --train train.txt --held-out valid.txt`; do not edit. "
          f"`{options.preset}` on\n{processor()}, {os.cpu_count()} threads; {steps} steps of {options.batch} windows of 64 "
          f"tokens ({options.vocabulary}), seed {options.seed}, recipe\n`{result['settings']['recipe']}`; {windows[0]} windows to train on, "
          f"{windows[1]} held out.\n")
    print(f"**{result['bitsPerByte']:.3f} bits per byte after {seconds:.0f} seconds**, evaluations included.\n")
    print("| seconds | step | bits per byte |\n|--:|--:|--:|")
    for step, at, bits in curve:
        print(f"| {at:.0f} | {step} | {bits:.3f} |")


if __name__ == "__main__":
    main()
