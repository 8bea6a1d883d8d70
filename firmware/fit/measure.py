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
import measure_compact
import measure_gpt
from regression import fit

HERE = pathlib.Path(__file__).parent
BOARDS = {
    "cortex-m0": "mps2-an385-v6m",
    "cortex-m3": "mps2-an385",
    "cortex-m4": "mps2-an386",
    "cortex-m7": "mps2-an500",
    "cortex-m33": "mps2-an505",
    "rv32imc": "virt-rv32imc",
    "rv32imac": "virt-rv32imac",
}


def cross(core):
    """What the names of the compiler's programs begin with."""
    return "riscv64-unknown-elf-" if core.startswith("rv") else "arm-none-eabi-"


LEVELS = ("-O2", "-Os")
# d, N, h, k, K: every dimension varies against the others. Deep and narrow beside shallow with a wide head, so that
# tables are told from the rows that read them; d spans one to three passes over the tables.
SHAPES = (
    (16, 8, 8, 4, 5), (24, 3, 16, 2, 3), (32, 6, 8, 4, 5), (40, 1, 128, 6, 5), (48, 2, 8, 8, 7), (56, 4, 8, 4, 5),
    (64, 1, 64, 4, 5), (72, 1, 24, 4, 9), (80, 3, 40, 2, 5), (96, 2, 16, 4, 5), (112, 1, 128, 4, 5), (128, 3, 32, 4, 5),
    (160, 1, 32, 4, 5),
)
# An engine may have a path of its own for so many taps.
USUAL_TAPS = 5
FILLED = (16, 32, 63)
# Tables of the integer engine that stand in RAM at once: all shapes are counted with the engine's own number, and the
# last few also with less.
TABLE_GROUPS = 52
FEWER_TABLE_GROUPS = 4
SHAPES_WITH_FEWER = SHAPES[-4:]
CACHES = {"float": (None,), "integer": (16, 8)}
# What an interrupt pushes, floating-point registers included: whether one came at the deepest place is chance.
INTERRUPT_FRAME = 104


def terms(shape, filled, engine, table_groups=TABLE_GROUPS):
    """How often each part of a step runs, by the part's name."""
    d, layers, h, best, taps = shape
    rows = layers * (2 * h + d + 3) + images.VOCABULARY
    is_usual = taps == USUAL_TAPS
    common = {
        "step": 1, "layer": layers, "channel": layers * d, "end_channel": d,
        "usual_taps": layers * d if is_usual else 0, "tap": 0 if is_usual else layers * d * taps,
        "match": layers * d * best, "position": layers * filled, "score": layers * filled * h,
    }
    if engine == "float":
        return common | {"row": rows, "trit": rows * d}
    groups, whole = -(-d // 5), layers * (-(-(2 * h + d + 3) // 8) * 8) + images.VOCABULARY
    passes = -(-groups // table_groups)
    return common | {"table": (layers + 1) * groups, "row": passes * whole, "code": groups * whole}


def run(*command):
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"error: {' '.join(command[:6])} … failed: {(ended.stdout + ended.stderr).strip()}")
    return ended.stdout


def make(target, **variables):
    return run("make", "--no-print-directory", "-s", "-C", str(HERE.parent), target,
               *(f"{name}={value}" for name, value in variables.items()))


def symbols(core, program):
    lines = (line.split() for line in run(cross(core) + "nm", program).splitlines())
    return {words[2]: int(words[0], 16) for words in lines if len(words) == 3}


def count(core, level, image, shape, objects, out):
    """The instructions at each filled window, and the program's sizes."""
    told = {} if image.suffix == ".atomeq" else {"SHAPE": ",".join(map(str, shape))}
    lines = make("count", BOARD=BOARDS[core], OPT=level, IMAGE=image, OUT=out, COUNTED=objects, **told)
    numbers = {words[0]: int(words[1]) for words in map(str.split, lines.splitlines()) if len(words) == 2}
    found = symbols(core, f"{out}/count.elf")
    return {
        "counts": [numbers[f"n{filled}"] for filled in FILLED],
        "code_bytes": found["flash_used"] - image.stat().st_size,
        "stack_bytes": numbers["stack"] + INTERRUPT_FRAME,
        "variable_bytes": found["ram_used"] - found["stack_size"],
    }


def compile_objects(core, level, engine, out):
    image = image_path(out.parent, engine, CACHES[engine][0], SHAPES[0])
    make("count-objects", BOARD=BOARDS[core], OPT=level, IMAGE=image, OUT=out)
    return " ".join(map(str, sorted(out.glob("*.o"))))


def measure(core, level, engine, out):
    """The rows of one engine on one core at one level: one for each width of its cache."""
    place = out / f"{core}{level}-{engine}"
    builds = [(TABLE_GROUPS, SHAPES, compile_objects(core, level, engine, place))]
    if engine == "integer":
        flags = f"{level} -DATOME_TABLE_GROUPS={FEWER_TABLE_GROUPS}u"
        fewer = compile_objects(core, flags, engine, out / f"{place.name}-fewer")
        builds.append((FEWER_TABLE_GROUPS, SHAPES_WITH_FEWER, fewer))
    return [measure_cache(core, level, engine, cache, builds, place) for cache in CACHES[engine]]


def measure_cache(core, level, engine, cache, builds, place):
    samples, results = [], []
    for table_groups, shapes, objects in builds:
        for shape in shapes:
            result = count(core, level, image_path(place.parent, engine, cache, shape), shape, objects, place)
            results.append(result)
            samples += [(terms(shape, filled, engine, table_groups), instructions)
                        for filled, instructions in zip(FILLED, result["counts"])]
    coefficients, error = fit(samples)
    row = {"core": core, "level": level, "engine": engine}
    row |= {} if cache is None else {"cache_bits": cache}
    row |= {key: max(result[key] for result in results) for key in ("code_bytes", "stack_bytes", "variable_bytes")}
    return row | {"instructions": coefficients, "largest_error": round(error, 4)}


def measure_baseline(core, level, bits, out):
    """A row of the plain GPT's engine."""
    place = out / f"{core}{level}-gpt-{bits}"
    first = measure_gpt.image_path(out, measure_gpt.SHAPES[0], bits)
    make("count-gpt-objects", BOARD=BOARDS[core], OPT=level, IMAGE=first, OUT=place)
    objects = " ".join(map(str, sorted(place.glob("*.o"))))

    def counted(image):
        lines = make("count-gpt", BOARD=BOARDS[core], OPT=level, IMAGE=image, OUT=place, COUNTED_GPT=objects)
        numbers = {words[0]: int(words[1]) for words in map(str.split, lines.splitlines()) if len(words) == 2}
        return {
            "counts": [numbers[f"n{filled}"] for filled in measure_gpt.FILLED],
            "code_bytes": symbols(core, f"{place}/count-gpt.elf")["flash_used"] - image.stat().st_size,
            "stack_bytes": numbers["stack"] + INTERRUPT_FRAME,
        }

    return measure_gpt.measure(core, level, bits, out, counted)


def measure_compact_row(core, level, out):
    """A row of the compact engine."""
    place = out / f"{core}{level}-compact"
    shapes = measure_compact.SHAPES
    make("count-objects", BOARD=BOARDS[core], OPT=level, IMAGE=measure_compact.image_path(out, shapes[0]), OUT=place)
    objects = " ".join(map(str, sorted(place.glob("*.o"))))
    return measure_compact.measure(
        core, level, out, lambda image: count(core, level, image, None, objects, place))


def image_path(out, engine, cache, shape):
    name = "-".join(map(str, shape))
    return out / (f"{name}.atome" if engine == "float" else f"{name}-{cache}.atomeq")


def write_images(out):
    for shape in SHAPES:
        image_path(out, "float", None, shape).write_bytes(images.float_image(shape))
        for cache in CACHES["integer"]:
            image_path(out, "integer", cache, shape).write_bytes(images.integer_image(shape, cache))


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    write_images(out)
    measure_compact.write_images(out)
    measure_gpt.write_images(out)
    jobs = [(core, level, engine, out) for core in BOARDS for level in LEVELS for engine in CACHES]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = [row for rows in pool.map(lambda job: measure(*job), jobs) for row in rows]
        jobs = [(core, level, bits, out) for core in BOARDS for level in LEVELS for bits in measure_gpt.BITS]
        baselines = list(pool.map(lambda job: measure_baseline(*job), jobs))
        jobs = [(core, level, out) for core in BOARDS for level in LEVELS]
        compact = list(pool.map(lambda job: measure_compact_row(*job), jobs))
    compilers = sorted({run(cross(core) + "gcc", "--version").splitlines()[0] for core in BOARDS})
    print(json.dumps({"compiler": ", ".join(compilers), "engines": rows, "compact": compact, "baselines": baselines}, indent=1))


if __name__ == "__main__":
    main()
