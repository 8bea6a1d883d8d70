"""Known answers of the measurements' own functions. Prints nothing where all hold."""

from students import cost, page, thermostat, tools

RECIPE = """seed: 1
prompting:
  seed: 5
training:
  preset: atome-60k
  vocabulary: {learned: {marks: ["> "]}}

  seed: 3
  noise: {seed: 2}
shipping: {license: CC0-1.0}
"""


def proportion(name, right, count, refused=0):
    return {"set": name, "right": {"rightCount": right, "count": count, "share": right / count},
            "wrongRefusalCount": refused}


def check(name, found, expected):
    if found != expected:
        raise SystemExit(f"error: {name}: {found!r}, not {expected!r}")


def numbers():
    check("median of three", tools.median([3, 1, 2]), 2)
    check("median of four", tools.median([4, 1, 2, 8]), 3)
    check("percent", tools.percent(0.9964), "99.6 %")
    check("percent of two places", tools.percent(0.9946, 2), "99.46 %")
    check("a short time", tools.clock(59.4), "59 s")
    check("a long time", tools.clock(119.6), "2 min")
    check("another", tools.clock(121), "2 min 1 s")
    check("counts", tools.counted("n16 12\nqemu: a warning\nstack 5\nmemory x\n"), {"n16": 12, "stack": 5})
    check("a table", tools.table(["a", "b"], [["x", 1]]), "| a | b |\n|---|--:|\n| x | 1 |")


def goals():
    show = "{:.1f}".format
    check("at the least", tools.Goal("a", 2.0, show, least=2).row(), ["a", "≥ 2.0", "2.0", "met"])
    check("below it", tools.Goal("a", 1.9, show, least=2).row(), ["a", "≥ 2.0", "1.9", "**missed**"])
    check("at the most", tools.Goal("a", 2.0, show, most=2).row(), ["a", "≤ 2.0", "2.0", "met"])
    check("above it", tools.Goal("a", 2.1, show, most=2).row(), ["a", "≤ 2.0", "2.1", "**missed**"])
    check("without a figure", tools.Goal("a", None, show, most=2).row(), ["a", "≤ 2.0", "–", "not measured"])


def scores():
    recipe = thermostat.with_training(RECIPE, seed=17)
    check("the seed of training alone", recipe, RECIPE.replace("  seed: 3", "  seed: 17"))
    section = "training:\n  steps: 5\n  seed: 3\nshipping: {}\n"
    check("a recipe's training", thermostat.settings(section), "steps: 5, seed: 3")
    sets = [proportion("held-out", 90, 100, 2), proportion("typo", 30, 60, 6), proportion("off-topic", 5, 10)]
    score = {"sets": sets}
    check("shares", thermostat.shares(score), {"held-out": 0.9, "typo": 0.5, "off-topic": 0.5})
    labels = [{"name": "set", "right": {"rightCount": 3, "count": 4}}, {"name": "fan", "right": {"rightCount": 4, "count": 4}},
              {"name": "no-room", "right": {"rightCount": 1, "count": 2}}]
    check("by domain", thermostat.by_domain({"sets": [{"set": "typo", "labels": labels}]}, "typo"), (7 / 8, 0.5))
    check("of no set", thermostat.by_domain({"sets": []}, "typo"), (None, None))
    check("wrong refusals", thermostat.wrong_refusals(score), 8 / 160)


def costs():
    count = {"n16": 100, "n32": 132, "n63": 163, "encode": 10, "decode": 2}
    check("steps", [cost.step_cost(count, n) for n in (1, 16, 24, 32, 63, 64)], [70, 100, 116, 132, 163, 164])
    # Steps of 70, 72 and 74; a quarter of the 12 bytes is read.
    check("an exchange", cost.exchange_cost(count, 3, 12, 0.25), 216 / 12 + 4)
    talk = page.Talk(["> a\n< bb", "> b\n< cc"], 12)
    check("the mean exchange", (talk.byte_count, talk.steps, talk.request_share), (8, 5, 0.5))
    listing = "00000000 B texts\n00000000 00000018 B encoder\n00000018 00000004 B vocabulary\n"
    check("sizes of structures", cost.symbol_sizes(listing), {"encoder": 24, "vocabulary": 4})
    listing = "   text\t   data\t    bss\t    dec\t    hex\tfilename\n    735\t      0\t      0\t    735\t    2df\ta.o\n"
    check("sizes of code", cost.code_sizes(listing), {"a.o": 735})


def run():
    for part in (numbers, goals, scores, costs):
        part()
