"""The page of the presets: a row each, then what the row is made of."""

import os

from students.cost import EVERY_CORE
from students.stories import BATCH, WINDOW
from students.thermostat import SETS
from students.tools import median, percent, table

DIMENSIONS = ("d_model", "n_layers", "d_state", "n_gates", "d_ff")
CORE_NAMES = [core for core, _ in EVERY_CORE]

grouped = "{:,.0f}".format
bits = "{:.3f}".format


def spread(values, show):
    """The median, with the least and the largest where they are not shown alike."""
    least, middle, most = (show(value) for value in (min(values), median(values), max(values)))
    return middle if least == most else f"{middle} ({least} to {most})"


def of(results, part, *keys):
    """A figure of each seed."""
    values = [result[part] for result in results]
    for key in keys:
        values = [value[key] for value in values]
    return values


def shape(results):
    """`d, N, m, g, f`, and what a shape has beside them."""
    dimensions = dict(of(results, "stories", "shape")[0])
    return ", ".join(
        [str(dimensions.pop(name)) for name in DIMENSIONS] + [f"{name} {value}" for name, value in dimensions.items()])


def main_row(preset, results):
    images, code = of(results, "stories", "imageBytes"), of(results, "stories", "codeBytes")
    flash = [image + engine for image, engine in zip(images, code)]
    return [
        preset, spread(images, grouped), spread(of(results, "stories", "bitsPerByte"), bits),
        spread(of(results, "thermostat", "shares", "held-out"), percent),
        grouped(of(results, "thermostat", "steps")[0]), spread(flash, grouped),
        spread(of(results, "stories", "ramBytes"), grouped),
    ] + [spread(of(results, "stories", "instructions", "decode", core), grouped) for core in CORE_NAMES]


def cost_rows(preset, results):
    for core in CORE_NAMES:
        tokens = spread(of(results, "stories", "counts", core, "n63"), grouped)
        yield [f"{preset}, {core}", tokens, spread(of(results, "stories", "bytesPerToken"), "{:.2f}".format)] + [
            spread(of(results, "stories", "counts", core, way), grouped) for way in ("encode", "decode")
        ] + [spread(of(results, "stories", "instructions", way, core), grouped) for way in ("encode", "decode")]


def score_row(preset, results):
    return [preset, grouped(of(results, "thermostat", "steps")[0])] + [
        spread(of(results, "thermostat", "shares", name), percent) for name, _, _ in SETS
    ] + [spread(of(results, "thermostat", "wrongRefusals"), percent),
         spread(of(results, "thermostat", "imageBytes"), grouped)]


def seed_rows(found, seeds):
    for preset, results in found.items():
        for name, part, keys, show in (
                ("bits per byte, integers", "stories", ["bitsPerByte"], "{:.4f}".format),
                ("bits per byte, floats", "stories", ["trainedBitsPerByte"], "{:.4f}".format),
                ("held-out requests right", "thermostat", ["shares", "held-out"], percent)):
            yield [f"{preset}, {name}"] + [show(value) for value in of(results, part, *keys)]


def steps_of(found):
    """What the text's students were trained for, in words."""
    steps = {preset: of(results, "stories", "steps")[0] for preset, results in found.items()}
    counts = sorted(set(steps.values()))
    if len(counts) == 1:
        return f"{grouped(counts[0])} steps"
    return ", ".join(f"{grouped(count)} steps ({preset})" for preset, count in steps.items())


def text(found, options, command):
    seeds = options.seeds
    held_out = os.path.basename(options.held_out) if options.held_out else "the text's last tenth, held out"
    shapes = table(["preset", "d, N, m, g, f"], [[preset, shape(results)] for preset, results in found.items()])
    return f"""# What the compact presets reach

Written by the command below; do not edit. Medians over the seeds {", ".join(map(str, seeds))} of training, with the least and
the largest of them.

```
{command}
```

{table(["preset", "image, bytes", "bits per byte", "requests right", "after steps", "flash, bytes", "RAM, bytes"]
       + [f"instructions, {core.removeprefix('Cortex-')}" for core in CORE_NAMES],
       [main_row(*row) for row in found.items()])}

- **image**: the whole integer image of the text's student, vocabulary included.
- **bits per byte**: of that image on {held_out}. It was trained on `{os.path.basename(options.stories)}` for {steps_of(found)}
  of {BATCH} windows of {WINDOW} tokens, with a learned vocabulary.
- **requests right**: the thermostat's held-out requests that are answered wholly right, by a student of the recipe as it is
  but for preset, steps and seed. **after steps** are that student's: where they are fewer than the recipe's, longer training
  was not tried here, and might do better.
- **flash**: the image, and the code of the engine with its start and a small program; **RAM**: work memory, stack and
  variables. Both as `alambic fit` knows them of a Cortex-M0+, whose code is the largest of these cores'.
- **instructions**: of a byte of text that is written, on a Cortex-M0, M3 and M4F, at -O2, counted in QEMU: a token's step and
  greedy choice over the bytes that it stands for in held-out text, and its decoding. A Cortex-M0's code is counted on a
  Cortex-M3.

{shapes}

## Instructions

A step takes a token; `encode` and `decode` are means a byte over the text of all tokens, each once.

{table(["student", "a step", "bytes a token", "encode a byte", "decode a byte", "a byte read", "a byte written"],
       [row for item in found.items() for row in cost_rows(*item)])}

## The thermostat

Shares of answers that are wholly right ([score](../formats/score.md)); wrong refusals are a share of all requests that should
be answered. The image is that of the thermostat's student.

{table(["preset", "steps"] + [title for _, title, _ in SETS] + ["wrong refusals", "image, bytes"],
       [score_row(*row) for row in found.items()])}

## Every seed

{table(["student"] + [f"seed {seed}" for seed in seeds], list(seed_rows(found, seeds)))}
"""
