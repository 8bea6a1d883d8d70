"""What the notebooks share: asking `alambic`, and how charts look."""
import contextlib
import json
import os
import subprocess
import urllib.request

import matplotlib.pyplot as plt

PROGRAM = os.environ.get("ALAMBIC", "alambic")
WORKSPACE = os.environ.get("ALAMBIC_WORKSPACE", os.path.join("..", ".alambic"))
PROJECT = os.environ.get("ALAMBIC_PROJECT", "..")

INK, ACCENT, QUIET, SECOND = "#1f2933", "#a3480f", "#8a9aa9", "#3b6ea5"
plt.rcParams.update({
    "figure.figsize": (7.2, 3.2), "figure.dpi": 110, "figure.constrained_layout.use": True, "font.size": 9.5,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": QUIET, "axes.labelcolor": INK,
    "axes.titlelocation": "left", "axes.titlesize": 10.5, "xtick.color": INK, "ytick.color": INK,
})


def run(*arguments):
    """What a command prints; its own words are raised where it fails."""
    done = subprocess.run([PROGRAM, *arguments, "--quiet", "--workspace", WORKSPACE], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"alambic {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def alambic(*arguments):
    """The object that a command prints with --json."""
    return json.loads(run(*arguments, "--json"))


def output(stage, kind, corpus="thermostat"):
    """Where the newest run of a stage left a file of a kind."""
    # The ledger lists receipts oldest first.
    receipt = [each for each in alambic("ledger", "export")["receipts"]
               if each.get("corpus") == corpus and each["stage"] == stage][-1]
    return os.path.join(WORKSPACE, next(item["path"] for item in receipt["outputs"] if item["kind"] == kind))


def bars(labels, values, texts, title, xlabel, colors=QUIET, axes=None):
    """Horizontal bars from top to bottom, each with its value."""
    if axes is None:
        _, axes = plt.subplots(figsize=(7.2, 0.9 + 0.28 * len(labels)))
    drawn = axes.barh(range(len(labels)), values, color=colors, height=0.62)
    axes.set_yticks(range(len(labels)), labels)
    axes.bar_label(drawn, labels=texts, padding=4, color=INK)
    axes.invert_yaxis()
    axes.margins(x=0.16)
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    axes.set_xlabel(xlabel)
    return axes


@contextlib.contextmanager
def served(model):
    """A function that asks a model by OpenAI's API: `ask(request)` gives the answer's object."""
    process = subprocess.Popen([PROGRAM, "serve", model, "--port", "0", "--quiet"], stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()

        def ask(text):
            body = {"model": os.path.splitext(os.path.basename(model))[0], "temperature": 0, "logprobs": True,
                    "messages": [{"role": "user", "content": text}]}
            request = urllib.request.Request(address + "/chat/completions", json.dumps(body).encode(),
                                             {"Content-Type": "application/json"})
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["choices"][0]

        yield ask
    finally:
        process.terminate()
        process.wait()
