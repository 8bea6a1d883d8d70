"""Known answers of what measures the presets. Prints nothing where all hold."""

import tempfile

from students import presets, presets_page, thermostat
from students.selftest import RECIPE, check


def refused(name, function):
    """A ValueError of a function's, and nothing else."""
    try:
        found = function()
    except ValueError:
        return
    raise SystemExit(f"error: {name}: {found!r}, where it should be refused")


def steps():
    names = ["atome-6kb", "atome-280kb"]
    check("no steps said", presets.steps_by_preset("", names, 7), {"atome-6kb": 7, "atome-280kb": 7})
    check("for all", presets.steps_by_preset("20", names, 7), {"atome-6kb": 20, "atome-280kb": 20})
    check("for one", presets.steps_by_preset("20 atome-280kb=9", names, 7), {"atome-6kb": 20, "atome-280kb": 9})
    check("for one that is not measured", presets.steps_by_preset("atome-64kb=9", names, 7), dict.fromkeys(names, 7))
    for words in ("0", "-3", "atome-6kb", "atome-7kb=3", "atome-6kb=x"):
        refused(f"steps {words}", lambda: presets.steps_by_preset(words, names, 7))
    swapped = thermostat.with_training(RECIPE, seed=17, preset="atome-6kb")
    check("a swapped preset", swapped, RECIPE.replace("seed: 3", "seed: 17").replace("atome-60k", "atome-6kb"))
    check("a recipe's steps", presets.recipe_steps("steps: 1\ntraining:\n  seed: 3\n\n  steps: 50\nx: 2\n"), 50)


def kept():
    """An answer is made once for its ingredients, and anew where its making was interrupted."""
    made = []

    def make(folder):
        made.append(folder)
        if len(made) == 1:
            raise InterruptedError
        return {"a": len(made)}

    with tempfile.TemporaryDirectory() as folder:
        answers = presets.Kept(folder)
        try:
            answers.answer("x", ["one"], make)
        except InterruptedError:
            pass
        found = [answers.answer("x", ingredients, make)["a"] for ingredients in (["one"], ["one"], ["two"], ["one"])]
    check("kept answers", found, [2, 2, 3, 2])
    check("folders", (made[0] == made[1], made[1] == made[2]), (True, False))


def hashes():
    """A hash depends on names and contents, and on nothing else."""
    def of(files):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                    file.write(content)
            return presets.content_hash(folder)

    found = [of(files) for files in ({"a": "1", "b": "2"}, {"b": "2", "a": "1"}, {"a": "2", "b": "1"}, {"a": "12"})]
    check("equal folders", found[0] == found[1], True)
    check("different folders", len(set(found)), 3)


def result(bits, right):
    cores = presets_page.CORE_NAMES
    return {
        "stories": {
            "imageBytes": 5000, "bitsPerByte": bits, "trainedBitsPerByte": bits, "bytesPerToken": 2.0, "steps": 3000,
            "codeBytes": 1000, "ramBytes": 3264,
            "counts": {core: {"n63": 10, "encode": 1, "decode": 2} for core in cores},
            "instructions": {way: dict.fromkeys(cores, 1234.4) for way in ("encode", "decode")},
            "shape": {"d_ff": 5, "d_model": 1, "d_state": 3, "n_gates": 4, "n_layers": 2, "n_more": 6}},
        "thermostat": {
            "steps": 40000, "wrongRefusals": 0.01, "imageBytes": 4900,
            "shares": {name: right for name, _, _ in thermostat.SETS}},
    }


def page():
    check("one value", presets_page.spread([1.0, 1.0004, 1.0], presets_page.bits), "1.000")
    check("three", presets_page.spread([3, 1, 2], presets_page.grouped), "2 (1 to 3)")
    results = [result(2.0, 0.5), result(1.0, 0.75), result(1.5, 1.0)]
    check("a row", presets_page.main_row("p", results), [
        "p", "5,000", "1.500 (1.000 to 2.000)", "75.0 % (50.0 % to 100.0 %)", "40,000", "6,000", "3,264",
        "1,234", "1,234", "1,234"])
    check("a shape", presets_page.shape(results), "1, 2, 3, 4, 5, n_more 6")
    check("costs", list(presets_page.cost_rows("p", results))[0],
          ["p, Cortex-M0", "10", "2.00", "1", "2", "1,234", "1,234"])
    check("seeds", list(presets_page.seed_rows({"p": results}, [0, 1, 2]))[2],
          ["p, held-out requests right", "50.0 %", "75.0 %", "100.0 %"])
    check("equal steps", presets_page.steps_of({"p": results, "q": results}), "3,000 steps")


def run():
    for part in (steps, kept, hashes, page):
        part()
