"""Students of a plain text, in tokens and in bytes."""

import os

from students.tools import median, note, run_json, table

PRESET, STEPS, BATCH, WINDOW = "atome-21kb", 3000, 16, 64


class Stories:
    """A student a seed and alphabet; the last tenth of the text is held out, by windows."""

    def __init__(self, alambic, text, folder, seeds, held_out=None):
        os.makedirs(folder, exist_ok=True)
        self.text, self.seeds, self.folder, self.alambic = text, seeds, folder, alambic
        self.options = ["--held-out", held_out] if held_out else ["--split", "windows"]
        self.learned = [self.train("learned", seed) for seed in seeds]
        self.bytes = [self.train("bytes", seed) for seed in seeds]

    def train(self, vocabulary, seed):
        answer = run_json(
            self.alambic, "train", "--data", self.text, *self.options, "--preset", PRESET, "--steps", STEPS,
            "--batch", BATCH, "--window", WINDOW, "--vocabulary", vocabulary, "--seed", seed, "--out",
            self.checkpoint(vocabulary, seed))
        note(f"stories, {vocabulary}, seed {seed}: {answer['bitsPerByte']:.4f} bits per byte")
        return answer["bitsPerByte"]

    def checkpoint(self, vocabulary, seed):
        return f"{self.folder}/{vocabulary}-{seed}.checkpoint"

    @property
    def first(self):
        """The checkpoint of the first seed's student with a vocabulary."""
        return self.checkpoint("learned", self.seeds[0])

    @property
    def median(self):
        return median(self.learned)

    def table(self):
        rows = [
            [name] + [f"{value:.4f}" for value in values] + [f"{median(values):.4f}"]
            for name, values in [("a learned vocabulary", self.learned), ("bytes", self.bytes)]
        ]
        return table(["tokens"] + [f"seed {seed}" for seed in self.seeds] + ["median"], rows)
