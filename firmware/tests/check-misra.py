#!/usr/bin/env python3
"""Compares what cppcheck says of the engine against MISRA C:2012 with the deviations that docs/misra.md argues for.

usage: check-misra.py FIRMWARE [--counts]

Mandatory and required rules count; advisory ones are left out. Ends with status 1 where a file departs from a rule more
often than the table allows, where a rule is not in it, or where the table allows more than is there. --counts prints
what the table's second column should say.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Where the sources stand that are for products.
FOLDERS = ("engine", "anomaly", "ngrams", "wakeword")
# The advisory rules of MISRA C:2012 that cppcheck's addon knows; every other one is required or mandatory.
ADVISORY = set("""
    2.3 2.4 2.5 2.6 2.7 5.9 8.7 8.9 8.11 8.13 10.5 11.4 11.5 12.1 12.3 12.4 13.3 13.4 15.1 15.4 15.5 17.5 17.8 18.4 18.5
    19.2 20.1 20.5 20.10 21.12
""".split())


def departures(firmware):
    """How often each file departs from each rule, a place counted once."""
    found = set()
    with tempfile.TemporaryDirectory() as build:
        command = [
            "cppcheck", "--addon=misra", "--std=c99", "--quiet", "--enable=style", "--platform=unix32",
            f"--cppcheck-build-dir={build}", f"-j{os.cpu_count()}", "-Iengine/include", "-Iengine",
            "-Ianomaly/include", "-Ingrams/include", "-Iwakeword/include",
            "--template={file}:{line}: {id}", "--template-location=",
            *sorted(str(path.relative_to(firmware)) for folder in FOLDERS for path in (firmware / folder).glob("*.c"))]
        ended = subprocess.run(command, cwd=firmware, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"error: cppcheck ended with {ended.returncode}: {ended.stderr}")
    for line in (ended.stdout + ended.stderr).splitlines():
        match = re.fullmatch(r"(.*):(\d+): misra-c2012-([0-9.]+)", line)
        if match and match[3] not in ADVISORY:
            found.add((match[3], pathlib.Path(match[1]).name, match[2]))
    return collections.Counter((rule, file) for rule, file, _ in found)


def allowed(page):
    """The table's deviations: rule and file, with how many."""
    counts = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) != 3 or not re.fullmatch(r"\d+\.\d+", cells[0]):
            continue
        if not cells[2]:
            raise SystemExit(f"error: {page}: the deviation from {cells[0]} has no reason")
        for place in cells[1].split(", "):
            file, count = place.rsplit(" ", 1)
            counts[cells[0], file] = int(count)
    return counts


def main():
    firmware = pathlib.Path(sys.argv[1]).resolve()
    found = departures(firmware)
    if not found:
        raise SystemExit("error: cppcheck says nothing at all: is its addon there?")
    if "--counts" in sys.argv:
        for rule in sorted({rule for rule, _ in found}, key=lambda rule: list(map(int, rule.split(".")))):
            print(rule, ", ".join(f"{file} {count}" for (of, file), count in sorted(found.items()) if of == rule))
        return 0
    table = allowed(firmware.parent / "docs" / "misra.md")
    status = 0
    for rule, file in sorted(set(found) | set(table)):
        there, may = found[rule, file], table.get((rule, file), 0)
        if there != may:
            print(f"error: {file} departs from rule {rule} {there} times; docs/misra.md says {may}", file=sys.stderr)
            status = 1
    if status == 0:
        print(f"{sum(found.values())} deviations from {len({rule for rule, _ in found})} required rules, each argued for; "
              "none from a mandatory one")
    return status


if __name__ == "__main__":
    sys.exit(main())
