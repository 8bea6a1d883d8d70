"""What the measurements share: running commands, medians, numbers and tables of Markdown."""

import json
import os
import subprocess
import sys
import time


def note(text):
    """Progress, for a person."""
    print(text, file=sys.stderr, flush=True)


def run(*arguments, **environment):
    """Runs a command; returns what it printed. A command that fails ends the program with its messages."""
    words = [str(a) for a in arguments]
    outcome = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **environment})
    if outcome.returncode != 0:
        sys.exit(f"error: {' '.join(words)}\n{outcome.stdout[-2000:]}{outcome.stderr[-4000:]}")
    return outcome.stdout


def run_json(*arguments, **environment):
    return json.loads(run(*arguments, "--json", "--quiet", **environment))


def timed(function):
    """What a function returns, and its seconds."""
    start = time.monotonic()
    result = function()
    return result, time.monotonic() - start


def counted(text):
    """`name number` a line, as the firmware's counts are printed; other lines are passed over."""
    pairs = (line.split() for line in text.splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def median(values):
    """The middle one; of an even number the mean of both."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percent(share, places=1):
    """`95.8 %`."""
    return f"{100 * share:.{places}f} %"


def clock(seconds):
    """`1 min 55 s`, `4 min`."""
    minutes, rest = divmod(round(seconds), 60)
    parts = [f"{minutes} min"] * (minutes > 0) + [f"{rest} s"] * (rest > 0 or minutes == 0)
    return " ".join(parts)


def table(header, rows):
    """Markdown; the first column is text, the others stand on the right."""
    lines = ["| " + " | ".join(str(cell) for cell in line) + " |" for line in [header] + rows]
    return "\n".join(lines[:1] + ["|---|" + "--:|" * (len(header) - 1)] + lines[1:])


class Goal:
    """A figure beside what it should be: `least` or `most`. Without a figure it was not measured."""

    def __init__(self, name, figure, show, least=None, most=None):
        self.name, self.figure, self.show, self.least, self.most = name, figure, show, least, most

    @property
    def is_met(self):
        return self.figure >= self.least if self.most is None else self.figure <= self.most

    def row(self):
        goal = f"≤ {self.show(self.most)}" if self.least is None else f"≥ {self.show(self.least)}"
        if self.figure is None:
            return [self.name, goal, "–", "not measured"]
        return [self.name, goal, self.show(self.figure), "met" if self.is_met else "**missed**"]


def processor():
    """The machine's name, as the system calls it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else "unknown processor"


def thread_count():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
