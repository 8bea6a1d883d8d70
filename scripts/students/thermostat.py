"""The thermostat's students: one a seed of training, asked everything that the recipe asks."""

import json
import os
import re
import shutil
import subprocess

from students.tools import clock, median, note, percent, run, run_json, table, timed

CORPUS = "thermostat"
#: the set of questions, what it is, and the least share that should be right
SETS = [
    ("held-out", "held-out requests", 0.995), ("phrasings", "phrasings never seen", 0.85), ("typo", "one typo", 0.95),
    ("case", "other case", 0.95), ("punctuation", "other punctuation", None),
    ("off-topic", "off topic, refused", 0.95), ("out-of-range", "out of range, refused", 0.95),
]
#: sets whose right answer is a refusal
REFUSED = {"off-topic", "out-of-range"}


def with_training(recipe, **settings):
    """The text of a recipe with other words in its section `training`."""
    for key, value in settings.items():
        recipe, count = re.subn(
            rf"(?m)^(training:\n(?:[ \t].*?\n|\n)*?[ \t]+{key}:[ \t]*)[^\s,{{}}]+", rf"\g<1>{value}", recipe)
        if count != 1:
            raise SystemExit(f"error: the recipe has no line `{key}:` in its section `training:`")
    return recipe


def shares(score):
    """By set: of a score's student, or of a baseline's."""
    return {result["set"]: result["right"]["share"] for result in score["sets"]}


#: labels of requests that are to be refused, since they name what is not there
UNMET = {"no-room", "out-of-range", "off-topic"}


def by_domain(score, name):
    """Of a set, the shares of requests that can be met, and of those that are to be refused; None where it has none."""
    groups = [group for result in score["sets"] if result["set"] == name for group in result["labels"]]

    def share(is_unmet):
        rights = [group["right"] for group in groups if (group["name"] in UNMET) == is_unmet]
        count = sum(right["count"] for right in rights)
        return sum(right["rightCount"] for right in rights) / count if count else None

    return share(False), share(True)


def wrong_refusals(score):
    """Of the requests that should be answered, the share that is refused."""
    asked = [result for result in score["sets"] if result["set"] not in REFUSED]
    count = sum(result["right"]["count"] for result in asked)
    return sum(result["wrongRefusalCount"] for result in asked) / count if count else 0


def settings(recipe):
    """The section `training` in a line."""
    section = re.search(r"(?m)^training:\n((?:[ \t].*\n?)+)", recipe)
    return ", ".join(line.strip() for line in section.group(1).splitlines()) if section else ""


class Student:
    """A seed's project, workspace, image and score, of this corpus or of another. `settings` are of the recipe's
    training; what an earlier run left in the workspace is taken up where it `resumes`."""

    def __init__(self, alambic, root, folder, seed, resumes=False, corpus=CORPUS, **settings):
        self.alambic, self.seed, self.folder, self.corpus = alambic, seed, f"{folder}/seed-{seed}", corpus
        self.workspace, self.project = f"{self.folder}/workspace", f"{self.folder}/project"
        shutil.rmtree(self.project if resumes else self.folder, ignore_errors=True)
        shutil.copytree(f"{root}/Corpora", f"{self.project}/Corpora")
        shutil.copytree(f"{root}/teachers", f"{self.project}/teachers")
        os.symlink(f"{root}/firmware", f"{self.project}/firmware")
        path = f"{self.project}/Corpora/{self.corpus}/recipe.yaml"
        with open(path, encoding="utf-8") as file:
            self.recipe = with_training(file.read(), seed=seed, **settings)
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.recipe)

    def command(self, *arguments):
        return run_json(
            self.alambic, *arguments, "--workspace", self.workspace, ALAMBIC_PROJECT=self.project)

    def take_answers(self, other):
        """Everything up to the shards is the same for every seed of training, and for every student."""
        whole, copied = self.workspace, f"{self.workspace}.new"
        if os.path.isdir(whole):
            return
        shutil.rmtree(copied, ignore_errors=True)
        os.makedirs(copied)
        for name in os.listdir(other.workspace):
            source, target = f"{other.workspace}/{name}", f"{copied}/{name}"
            if name.startswith("ledger.sqlite"):
                shutil.copy2(source, target)
            elif name in ("documents", "shards"):
                shutil.copytree(source, target)
        os.rename(copied, whole)

    def make(self):
        _, self.seconds = timed(lambda: self.command("make", self.corpus, "--until", "evaluate"))
        self.score = self.command("evaluate", self.corpus)
        self.shares = shares(self.score)
        self.wrong_refusals = wrong_refusals(self.score)
        note(f"{self.corpus}, seed {self.seed}: held-out {percent(self.shares['held-out'])}, {clock(self.seconds)}")

    def finish(self):
        """The demo's last steps, verify and ship; their seconds."""
        return timed(lambda: self.command("make", self.corpus))[1]

    @property
    def image(self):
        return f"{self.workspace}/images/{self.corpus}.atome"

    @property
    def documents_path(self):
        return f"{self.workspace}/documents/{self.corpus}/documents.jsonl.zst"

    def documents(self, split):
        lines = subprocess.run(["zstd", "-dcq", self.documents_path], check=True, capture_output=True).stdout
        documents = (json.loads(line) for line in lines.decode().splitlines())
        return [document["text"] for document in documents if document["split"] == split]


class Thermostat:
    def __init__(self, alambic, root, folder, seeds):
        self.students = []
        for seed in seeds:
            student = Student(alambic, root, folder, seed)
            if self.students:
                student.take_answers(self.students[0])
            student.make()
            self.students.append(student)
            if len(self.students) == 1:
                self.finish_seconds = student.finish()
                note(f"thermostat, seed {seed}: verify and ship {clock(self.finish_seconds)}")

    @property
    def first(self):
        return self.students[0]

    @property
    def demo_seconds(self):
        return self.first.seconds + self.finish_seconds

    def median(self, name):
        values = [student.shares[name] for student in self.students if name in student.shares]
        return median(values) if values else None

    @property
    def wrong_refusals(self):
        return median([student.wrong_refusals for student in self.students])

    def baseline(self, index, name):
        """Medians over the seeds: a plain GPT is trained with each."""
        return median([shares(student.score["baselines"][index])[name] for student in self.students])

    def table(self):
        """A row a set: the seeds, their median, the goal, and the baselines' medians."""
        names = [baseline["name"] for baseline in self.first.score["baselines"]]
        rows = []
        for name, title, goal in SETS:
            if name not in self.first.shares:
                continue
            cells = [percent(student.shares[name]) for student in self.students]
            cells += [percent(self.median(name)), f"≥ {percent(goal)}" if goal else "–"]
            rows.append([title] + cells + [percent(self.baseline(index, name)) for index in range(len(names))])
        refusals = [percent(student.wrong_refusals) for student in self.students]
        rows.append(["wrong refusals"] + refusals + [percent(self.wrong_refusals), "≤ 1.0 %"] + [""] * len(names))
        return table(["questions"] + [f"seed {s.seed}" for s in self.students] + ["median", "goal"] + names, rows)

    def domain_table(self):
        """Where students err: medians over the seeds of requests that can be met, and of those that cannot."""
        rows = []
        for name, title, _ in SETS:
            pairs = [by_domain(student.score, name) for student in self.students if name in student.shares]
            if name in REFUSED or not pairs or None in [share for pair in pairs for share in pair]:
                continue
            rows.append([title] + [percent(median([pair[index] for pair in pairs])) for index in (0, 1)])
        return table(["questions", "within the domain", "to be refused"], rows)
