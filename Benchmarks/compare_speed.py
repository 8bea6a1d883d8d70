"""Alambic's training step against PyTorch's, in turns on the same machine: a Markdown table, and JSON beside it.

    compare_speed.py ALAMBIC OUT.md [--rounds 3]

Each round runs PyTorch (for atome with both ways to compute its scan) and then `alambic bench --training`, each in a
process of its own. A ratio is PyTorch's best step over Alambic's best step, the best over all rounds of each.
"""

import argparse
import json
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
#: preset, batch, window, PyTorch's steps in a round, the goal for the ratio
CONFIGURATIONS = [
    ("atome-60k", 16, 64, 60, 18),
    ("atome-944k", 16, 256, 4, 15),
    ("gpt-60k", 16, 64, 100, 8),
    ("gpt-950k", 16, 256, 12, 3.5),
]
THREADS = 2


def run(command):
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout.strip().splitlines()[-1] if command[0] == sys.executable else answer.stdout)


def pytorch(preset, batch, window, steps, scan):
    return run([sys.executable, str(HERE / "step_times.py"), preset, "--batch", str(batch), "--window", str(window),
                "--steps", str(steps), "--threads", str(THREADS), "--scan", scan])


def alambic(program, preset, batch, window):
    return run([program, "bench", "--training", preset, "--batch", str(batch), "--window", str(window),
                "--threads", str(THREADS), "--recipe", "published", "--json"])["bench"]


def measure(program, preset, batch, window, steps, rounds):
    scans = ["loop", "convolution"] if preset.startswith("atome") else ["loop"]
    theirs, ours = [], []
    for _ in range(rounds):
        theirs += [pytorch(preset, batch, window, steps, scan) for scan in scans]
        ours.append(alambic(program, preset, batch, window))
    best = min(theirs, key=lambda run: run["best"])
    return {
        "preset": preset, "batch": batch, "window": window,
        "pytorch_best": best["best"], "pytorch_scan": best["scan"], "torch": best["torch"],
        "pytorch_median": min(run["median"] for run in theirs if run["scan"] == best["scan"]),
        "alambic_best": 1000 * min(run["secondsPerStep"]["best"] for run in ours),
        "alambic_median": 1000 * min(run["secondsPerStep"]["median"] for run in ours),
        "share_of_peak": max(run["shareOfPeak"] for run in ours),
        "instruction_set": ours[0]["instructionSet"],
    }


def row(result, goal):
    ratio = result["pytorch_best"] / result["alambic_best"]
    verdict = "reached" if ratio >= goal else "**missed**"
    scan = f", scan by {result['pytorch_scan']}" if result["preset"].startswith("atome") else ""
    return (f"| {result['preset']} | {result['batch']} × {result['window']} "
            f"| {result['pytorch_best']:.1f} / {result['pytorch_median']:.1f}{scan} "
            f"| {result['alambic_best']:.2f} / {result['alambic_median']:.2f} | {ratio:.1f} "
            f"| {goal}, {verdict} | {100 * result['share_of_peak']:.0f} % |")


def processor():
    name = platform.processor() or platform.machine()
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return name


def machine():
    return f"{processor()}, {THREADS} threads"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("alambic")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    results = []
    for preset, batch, window, steps, _ in CONFIGURATIONS:
        results.append(measure(options.alambic, preset, batch, window, steps, options.rounds))
        print(results[-1], file=sys.stderr)
    rows = [row(result, configuration[-1]) for result, configuration in zip(results, CONFIGURATIONS)]
    options.out.write_text("\n".join([
        "# Training speed", "",
        "Written by `make benchmark-training`; do not edit. Milliseconds a step, best / median of the rounds, the",
        f"published recipe on both sides. Machine: {machine()}; PyTorch {results[0]['torch']}, eager; Alambic with",
        f"{results[0]['instruction_set']}. The ratio is PyTorch's best step over Alambic's best step.", "",
        "| preset | batch × window | PyTorch | Alambic | ratio | goal | share of the float32 peak |",
        "|---|---|---|---|---|---|---|", *rows, ""]))
    options.out.with_suffix(".json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
