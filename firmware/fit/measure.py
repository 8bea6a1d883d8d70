"""Prints firmware/costs.json: what each engine takes of each core, measured here and now.

usage: make -s -C firmware costs OUT=/abs/dir > firmware/costs.json

Images of random models are counted in QEMU (`make count`), and a linear model of the shape is fitted to the counts. Its
terms are what the engines loop over; `terms` below and Sources/Firmware/Fit/InstructionModel.swift state the same sums.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

import images
from regression import fit

HERE = pathlib.Path(__file__).parent
CROSS = os.environ.get("CROSS", "arm-none-eabi-")

BOARDS = {
    "cortex-m0": "mps2-an385-v6m",
    "cortex-m3": "mps2-an385",
    "cortex-m4": "mps2-an386",
    "cortex-m7": "mps2-an500",
}
LEVELS = ("-O2", "-Os")
# d, N, h, k, K: every dimension varies against the others, and d spans one to three passes over the tables.
SHAPES = (
    (16, 1, 8, 4, 5), (24, 3, 16, 2, 3), (32, 2, 32, 4, 5), (40, 1, 64, 6, 5), (48, 2, 8, 8, 8), (56, 4, 8, 4, 4),
    (72, 1, 24, 4, 9), (96, 2, 16, 3, 5), (112, 1, 64, 4, 2), (160, 1, 32, 4, 5),
)
FILLED = (16, 32, 63)
TABLE_GROUPS = 13
# What an interrupt pushes, floating-point registers included: whether one came at the deepest place is chance.
INTERRUPT_FRAME = 104


def terms(shape, filled, engine):
    """How often each part of a step runs, by the part's name."""
    d, layers, h, best, taps = shape
    rows = layers * (2 * h + d + 3) + images.VOCABULARY
    common = {
        "step": 1, "layer": layers, "channel": layers * d, "end_channel": d, "tap": layers * d * taps,
        "match": layers * d * best, "position": layers * filled, "score": layers * filled * h,
    }
    if engine == "float":
        return common | {"row": rows, "trit": rows * d}
    groups, whole = -(-d // 5), layers * (-(-(2 * h + d + 3) // 8) * 8) + images.VOCABULARY
    passes = -(-groups // TABLE_GROUPS)
    return common | {"table": (layers + 1) * groups, "row": passes * whole, "code": groups * whole}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make(target, **variables):
    return run("make", "--no-print-directory", "-s", "-C", str(HERE.parent), target,
               *(f"{name}={value}" for name, value in variables.items()))


def symbols(program):
    lines = (line.split() for line in run(CROSS + "nm", program).splitlines())
    return {words[2]: int(words[0], 16) for words in lines if len(words) == 3}


def count(core, level, image, shape, objects, out):
    """The instructions at each filled window, and the program's sizes."""
    told = {} if image.suffix == ".atomeq" else {"SHAPE": ",".join(map(str, shape))}
    lines = make("count", BOARD=BOARDS[core], OPT=level, IMAGE=image, OUT=out, COUNTED=objects, **told)
    numbers = {name: int(value) for name, value in (line.split() for line in lines.splitlines())}
    found = symbols(f"{out}/count.elf")
    return {
        "counts": [numbers[f"n{filled}"] for filled in FILLED],
        "code_bytes": found["flash_used"] - image.stat().st_size,
        "stack_bytes": numbers["stack"] + INTERRUPT_FRAME,
        "variable_bytes": found["ram_used"] - found["stack_size"],
    }


def measure(core, level, variant, out):
    """One row of the data: an engine, a core, a level."""
    engine, cache = variant
    place = out / f"{core}{level}-{engine}-{cache}"
    image = image_path(out, variant, SHAPES[0])
    make("count-objects", BOARD=BOARDS[core], OPT=level, IMAGE=image, OUT=place)
    objects = " ".join(map(str, sorted(place.glob("*.o"))))
    results = [count(core, level, image_path(out, variant, shape), shape, objects, place) for shape in SHAPES]
    samples = [(terms(shape, filled, engine), instructions) for shape, result in zip(SHAPES, results)
               for filled, instructions in zip(FILLED, result["counts"])]
    coefficients, error = fit(samples)
    row = {"core": core, "level": level, "engine": engine}
    row |= {} if cache is None else {"cache_bits": cache}
    row |= {key: max(result[key] for result in results) for key in ("code_bytes", "stack_bytes", "variable_bytes")}
    return row | {"instructions": coefficients, "largest_error": round(error, 4)}


def image_path(out, variant, shape):
    name = "-".join(map(str, shape))
    return out / (f"{name}.atome" if variant[0] == "float" else f"{name}-{variant[1]}.atomeq")


def write_images(out):
    for shape in SHAPES:
        image_path(out, ("float", None), shape).write_bytes(images.float_image(shape))
        for cache in (16, 8):
            image_path(out, ("integer", cache), shape).write_bytes(images.integer_image(shape, cache))


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    write_images(out)
    variants = (("float", None), ("integer", 16), ("integer", 8))
    jobs = [(core, level, variant, out) for core in BOARDS for level in LEVELS for variant in variants]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(lambda job: measure(*job), jobs))
    compiler = run(CROSS + "gcc", "--version").splitlines()[0]
    print(json.dumps({"compiler": compiler, "table_groups": TABLE_GROUPS, "engines": rows}, indent=1))


if __name__ == "__main__":
    main()
