"""The page: goals first, then what they were measured on."""

from students.cost import CORES, exchange_cost
from students.stories import BATCH, PRESET, STEPS, WINDOW
from students.thermostat import SETS, settings
from students.tools import Goal, clock, percent, processor, table, thread_count

#: instructions for a byte of text, the most
MOST_INSTRUCTIONS = {"Cortex-M4F": 37_000, "Cortex-M3": 40_000}
#: bits per byte of the stories, seconds of a demo, and what a vocabulary costs
MOST_BITS, MOST_DEMO_SECONDS, MOST_LEARNING_SECONDS, LEAST_ENCODING = 1.90, 240, 2, 100e6
MOST_RAM, MOST_CODE, MOST_WRONG_REFUSALS = 64, 600, 0.01

grouped = "{:,.0f}".format


class Talk:
    """The mean held-out exchange: its bytes, its steps and how much of it is request."""

    def __init__(self, texts, token_count):
        requests = [text.split("\n", 1)[0] + "\n" for text in texts]
        self.byte_count = sum(len(text.encode()) for text in texts) / len(texts)
        # The token that ends a document is chosen and not read.
        self.steps = round(token_count / len(texts)) - 1
        self.request_share = sum(len(text.encode()) for text in requests) / len(texts) / self.byte_count

    def cost(self, count):
        return exchange_cost(count, self.steps, self.byte_count, self.request_share)


def goals(found):
    """Every goal, in the order in which they were set. `found` is what main measured."""
    exact = lambda share: percent(share, 2)
    thermostat, stories, cost = found["thermostat"], found["stories"], found["counters"]
    rows = [
        Goal(f"thermostat, {title}", thermostat.median(name), exact, least=goal)
        for name, title, goal in SETS if goal
    ]
    rows.append(Goal("thermostat, wrong refusals", thermostat.wrong_refusals, exact, most=MOST_WRONG_REFUSALS))
    rows.append(Goal("the whole demo after its build", thermostat.demo_seconds, clock, most=MOST_DEMO_SECONDS))
    rows.append(Goal("stories, bits per byte of text", stories and stories.median, "{:.3f}".format, most=MOST_BITS))
    for core, _ in CORES:
        rows.append(Goal(
            f"instructions a byte, {core}, a whole thermostat exchange",
            found["talk"].cost(cost["thermostat"].counts[core]), grouped, most=MOST_INSTRUCTIONS[core]))
    for core, way, verb in [(core, *way) for way in (("decode", "written"), ("encode", "read")) for core, _ in CORES]:
        figure = cost["stories"].at_63(core, way) if "stories" in cost else None
        rows.append(Goal(
            f"instructions a byte, {core}, stories {verb} at 63 tokens of context", figure, grouped,
            most=MOST_INSTRUCTIONS[core]))
    bench = found["vocabulary"]
    seconds, rate = bench["learningSeconds"]["median"], bench["encodingBytesPerSecond"]["median"]
    rows += [
        Goal("learning a vocabulary from 10 MB", seconds, "{:.2f} s".format, most=MOST_LEARNING_SECONDS),
        Goal("encoding", rate, lambda value: f"{value / 1e6:.0f} MB/s", least=LEAST_ENCODING),
        Goal("extra RAM on the device", sum(found["ram"].values()), "{} bytes".format, most=MOST_RAM),
        Goal("extra code on the device", found["code"], "{} bytes".format, most=MOST_CODE),
    ]
    return rows


def goal_table(found):
    return table(["", "goal", "figure", ""], [goal.row() for goal in goals(found)])


# MARK: the parts

def thermostat_part(found):
    thermostat = found["thermostat"]
    return f"""## The thermostat

Each student is made of the recipe as it is, but for `training.seed`, and answers what `alambic evaluate thermostat` asks.
Shares are of answers that are wholly right ([score](../formats/score.md)); wrong refusals are a share of all requests that
should be answered. Baselines are medians over the same seeds.

{thermostat.table()}

Where they err: the same questions, divided into those that can be met and those that name a room, a value or a matter that
is not there and must be refused. Medians, too.

{thermostat.domain_table()}

`training:` {settings(thermostat.first.recipe)}

With seed {thermostat.first.seed}, from nothing, `alambic make thermostat --until evaluate` took {clock(thermostat.first.seconds)}, which
includes training the plain GPT, and the demo's two last steps {clock(thermostat.finish_seconds)}. A time is of this machine and of
what else it did.
"""


def stories_part(found):
    stories = found["stories"]
    if not stories:
        return "## TinyStories\n\nNot measured: no text was given (`make students STORIES=sample.txt`).\n"
    return f"""## TinyStories

Bits per byte of held-out text of `{stories.text.rsplit("/", 1)[-1]}`: `alambic train --preset {PRESET} --steps {STEPS} --batch {BATCH}
--window {WINDOW}`, once with `--vocabulary learned` and once in bytes.

{stories.table()}
"""


def cost_part(found):
    counters = found["counters"]
    rows = []
    for counter in counters.values():
        for core, _ in CORES:
            count = counter.counts[core]
            rows.append(
                [f"{counter.name}, {core}"] + [grouped(count[name]) for name in ("n16", "n32", "n63")]
                + [f"{counter.bytes_per_token:.2f}", grouped(count.get("encode", 0)), grouped(count.get("decode", 0))]
                + [grouped(counter.at_63(core, way)) for way in ("encode", "decode")])
    talk, integer = found["talk"], ""
    if "stories" in counters:
        bits = counters["stories"].bits_per_byte
        integer = f"\nThe stories' integer image reaches {bits:.4f} bits per byte of held-out text.\n"
    return f"""## Instructions for a byte of text

Integer images of the first seed's students with a vocabulary, at -O2, counted in
QEMU as [the integer engine's](integer-cost.md) are; the greedy choice is part of a step. A step takes a token, which stands
for so many bytes of held-out text; beside it a byte goes through the encoder where it is read, and comes from a token
where it is written. `encode` and `decode` are means over the text of all tokens, each once.

{table(["student", "a step at n = 16", "n = 32", "n = 63", "bytes a token", "encode a byte", "decode a byte",
        "a byte read, n = 63", "written"], rows)}

A whole thermostat exchange, of {talk.byte_count:.1f} bytes in {talk.steps} steps from an empty state on average, of which {percent(talk.request_share)}
are request, takes {" and ".join(f"{grouped(talk.cost(counters['thermostat'].counts[core]))} ({core})" for core, _ in CORES)} instructions a byte, the
vocabulary's included: lines through the three counts stand for the steps between them.
{integer}"""


def vocabulary_part(found):
    bench, ram = found["vocabulary"], found["ram"]
    learning, encoding = bench["learningSeconds"], bench["encodingBytesPerSecond"]
    parts = ", ".join(f"{name} {size}" for name, size in sorted(ram.items()))
    return f"""## A vocabulary

`alambic bench --vocabulary` repeats the text to {grouped(bench["byteCount"])} bytes, so that there are no more different words than in the
text itself. Learning took {learning["best"]:.3f} s at best and {learning["median"]:.3f} s in the median of {learning["count"]} rounds; encoding
ran at {encoding["best"] / 1e6:.0f} and {encoding["median"] / 1e6:.0f} MB/s, on one thread.

A talking program keeps on a Cortex-M3, in bytes: {parts} (`texts`: two tokens' texts, on the stack). Its code is
`atome_vocabulary.o` at -Os, constants included: checking a section, encoding, decoding and healing.
"""


def healing_part(found):
    bench = found["healing"]
    rows = []
    for name, count, key in [
        ("all", bench["cutCount"], "rightCount"), ("with bytes held back", bench["heldCutCount"], "heldRightCount"),
    ]:
        shares = [percent(bench[way][key] / count if count else 0) for way in ("healed", "plain")]
        rows.append([name, grouped(count)] + shares)
    return f"""## A prompt that ends inside a word

`alambic bench --healing`: {bench["exchangeCount"]} held-out requests whose reply the first student gives letter by letter ({grouped(bench["givenCount"])} of
{grouped(bench["askedCount"])}), with the beginning of that reply, cut behind each byte of its first line. A continuation is right that completes
the reply. Healing holds back what may become part of a longer token, and lets the student choose among tokens that go on
with it, as every talk does; beside it, the same prompts with their end read as it stands.

{table(["cuts", "", "healed", "read as they stand"], rows)}
"""


def text(found, command):
    goals_text = goal_table(found)
    return f"""# What students reach

Written by the command below; do not edit. Medians are over the seeds {", ".join(map(str, found["seeds"]))} of training. Times are of
{thread_count()} threads of an {processor()}; everything else is the same on every run of one kind of machine. A goal that is
missed says so. Of the thermostat's answers the share that is wholly right is meant.

```
{command}
```

{goals_text}

What was tried against what is missed stands in [the log](../../notebooks/LOG.md).

""" + "\n".join(part(found) for part in [thermostat_part, stories_part, cost_part, vocabulary_part, healing_part])

