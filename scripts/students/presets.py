"""What each compact preset reaches, seed by seed: on a plain text, on the thermostat, and on cores. Every part is kept
under a hash of all that it depends on, so that an interrupted run goes on where it was."""

import concurrent.futures
import hashlib
import json
import os
import re

from students import cost
from students.stories import BATCH, WINDOW
from students.thermostat import CORPUS, Student, shares, wrong_refusals
from students.tools import note, percent, run_json

PRESETS = ["atome-6kb", "atome-21kb", "atome-64kb", "atome-280kb"]
#: whose code is the largest of the three; its flash holds any image
FIT_BOARD = "rpi-pico"


def steps_by_preset(text, presets, default):
    """Of words such as `5000` for all presets, or `atome-280kb=10000` for one; a later word counts more."""
    steps = dict.fromkeys(presets, default)
    for word in text.split():
        name, _, count = word.rpartition("=")
        if not count.isdigit() or int(count) < 1 or name not in ["", *PRESETS]:
            raise ValueError(f"{word} is neither a count nor PRESET=COUNT")
        steps |= {preset: int(count) for preset in presets if name in ("", preset)}
    return steps


def recipe_steps(recipe):
    """`training.steps` of a recipe."""
    return int(re.search(r"(?m)^training:\n(?:[ \t].*\n|\n)*?[ \t]+steps:[ \t]*(\d+)", recipe).group(1))


def content_hash(*paths):
    """Of files, and of all files in folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in [path] if os.path.isfile(path) else files_in(path):
            with open(file, "rb") as content:
                digest.update(f"{os.path.relpath(file, path)}\0".encode())
                digest.update(hashlib.sha256(content.read()).digest())
    return digest.hexdigest()


def files_in(folder):
    return sorted(f"{place}/{name}" for place, _, names in os.walk(folder) for name in names)


class Kept:
    """Answers in folders that are named for all that they depend on."""

    def __init__(self, folder):
        self.folder = folder

    def answer(self, name, ingredients, make):
        """What `make(folder)` once returned for these ingredients. What it leaves in the folder it finds there again
        where it was interrupted."""
        key = hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:16]
        folder = f"{self.folder}/{name}-{key}"
        path = f"{folder}/found.json"
        if not os.path.isfile(path):
            os.makedirs(folder, exist_ok=True)
            found = make(folder)
            with open(f"{path}.new", "w", encoding="utf-8") as file:
                json.dump(found, file, indent=1)
            os.replace(f"{path}.new", path)
        with open(path, encoding="utf-8") as file:
            return json.load(file)


class Measurement:
    """`options` are measure-presets' own."""

    def __init__(self, alambic, root, folder, options):
        self.alambic, self.root, self.options = alambic, root, options
        self.kept = Kept(folder)
        self.threads = ["--threads", 1] if options.jobs > 1 else []
        self.binary = content_hash(alambic)
        self.firmware = content_hash(f"{root}/firmware/engine", f"{root}/firmware/app", f"{root}/firmware/boards")
        self.corpus = content_hash(f"{root}/Corpora/{CORPUS}", f"{root}/teachers")
        self.held_out = options.held_out or self.tail(folder)
        self.texts = content_hash(options.stories, self.held_out)

    def tail(self, folder):
        """The last tenth of the text, which `train` holds out."""
        os.makedirs(folder, exist_ok=True)
        with open(self.options.stories, "rb") as file:
            content = file.read()
        path = f"{folder}/held-out.txt"
        with open(path, "wb") as file:
            file.write(content[len(content) * 9 // 10:])
        return path

    def found(self):
        """By preset, a result a seed."""
        cells = [(preset, seed) for preset in self.options.presets for seed in self.options.seeds]
        base = self.base()
        # The longest come first, so that no thread is left with one of them at the end.
        parts = [(part, *cell) for cell in reversed(cells) for part in ("thermostat", "stories")]
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            try:
                ran = {
                    part: pool.submit(
                        *((self.thermostat, base) if part[0] == "thermostat" else (self.stories,)), *part[1:])
                    for part in parts}
                results = {part: future.result() for part, future in ran.items()}
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

        def of(preset, seed):
            return {part: results[part, preset, seed] for part in ("stories", "thermostat")}

        return {preset: [of(preset, seed) for seed in self.options.seeds] for preset in self.options.presets}

    # MARK: a plain text

    def stories(self, preset, seed):
        name, steps = f"stories-{preset}-{seed}", self.options.story_steps[preset]
        trained = self.kept.answer(
            name, ["stories", self.binary, self.texts, preset, steps, BATCH, WINDOW, seed],
            lambda folder: self.train(folder, preset, seed, steps))
        counted = self.kept.answer(
            f"cost-{preset}-{seed}", ["cost", self.binary, self.firmware, self.texts, trained["id"]],
            lambda folder: self.count(folder, name, trained["checkpoint"]))
        return counted | {"shape": trained["shape"], "steps": steps, "trainedBitsPerByte": trained["bitsPerByte"]}

    def train(self, folder, preset, seed, steps):
        held_out = ["--held-out", self.options.held_out] if self.options.held_out else ["--split", "windows"]
        checkpoint = f"{folder}/student.checkpoint"
        answer = run_json(
            self.alambic, "train", "--data", self.options.stories, *held_out, "--preset", preset, "--steps", steps,
            "--batch", BATCH, "--window", WINDOW, "--vocabulary", "learned", "--seed", seed, "--out", checkpoint,
            *self.threads)
        note(f"stories, {preset}, seed {seed}: {answer['bitsPerByte']:.4f} bits per byte")
        return {
            "bitsPerByte": answer["bitsPerByte"], "shape": answer["shape"], "checkpoint": checkpoint,
            "id": answer["checkpoint"]}

    def count(self, folder, name, checkpoint):
        counter = cost.Counter(self.alambic, self.root, folder, name, checkpoint, self.held_out, cost.EVERY_CORE)
        fit = run_json(
            self.alambic, "fit", counter.image, "--board", FIT_BOARD, ALAMBIC_PROJECT=self.root)["rows"][0]
        return {
            "imageBytes": os.path.getsize(counter.image), "bitsPerByte": counter.bits_per_byte,
            "bytesPerToken": counter.bytes_per_token, "counts": counter.counts,
            "codeBytes": fit["codeByteCount"], "ramBytes": fit["ramByteCount"], "build": fit["buildFlags"],
            "instructions": {
                way: {core: counter.at_63(core, way) for core in counter.counts} for way in ("encode", "decode")}}

    # MARK: the thermostat

    def base(self):
        """A workspace with everything up to the shards, which no preset changes."""
        def make(folder):
            student = Student(self.alambic, self.root, folder, 0, resumes=True)
            student.command("make", CORPUS, "--until", "shard")
            return {"folder": folder}

        folder = self.kept.answer("thermostat", ["base", self.binary, self.corpus], make)["folder"]
        return Student(self.alambic, self.root, folder, 0, resumes=True)

    def thermostat(self, base, preset, seed):
        steps = self.options.thermostat_steps[preset]
        return self.kept.answer(
            f"thermostat-{preset}-{seed}", ["thermostat", self.binary, self.corpus, preset, steps, seed],
            lambda folder: self.ask(folder, base, preset, seed, steps))

    def ask(self, folder, base, preset, seed, steps):
        student = Student(self.alambic, self.root, folder, seed, resumes=True, preset=preset, steps=steps)
        student.take_answers(base)
        student.command("make", CORPUS, "--until", "export", *self.threads)
        score = student.command("evaluate", CORPUS, "--model", student.image, *self.threads)
        found = shares(score)
        note(f"thermostat, {preset}, seed {seed}, {steps} steps: held-out {percent(found['held-out'])}")
        return {
            "steps": steps, "shares": found, "wrongRefusals": wrong_refusals(score),
            "imageBytes": os.path.getsize(student.image)}
