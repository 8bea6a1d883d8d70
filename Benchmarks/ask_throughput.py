"""How fast, and in how much memory, `alambic ask` gets answers from a server that answers at once, as a Markdown table.

    python3 Benchmarks/ask_throughput.py --prompts 10000 --in-flight 64

Compiles Benchmarks/instant_server.c, makes a corpus that asks it in a temporary folder, and asks it with a ledger on
that folder's disk; then the same command again, which finds all answers in the ledger. Only the standard library is
used.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))

RECIPE = """schema: alambic.recipe/1
name: instant
description: What a server says that answers at once.
seed: 1
teacher: instant
prompting:
  templates: ["Write about {{first}} and {{second}}, number {{third}}."]
  lists:
    first: words/first.txt
    second: words/second.txt
    third: words/third.txt
  count: {count}
curation: {{documentSeparator: whole-answer, characters: keep, minimumByteCount: 1, maximumByteCount: 65536}}
sharding: {{chunkByteCount: 256}}
shipping: {{license: CC0-1.0}}
"""

TEACHER = """schema: alambic.teacher/1
name: instant
dialect: openai-chat
endpoint: http://127.0.0.1:{port}/v1
model: instant
pricePerMillionTokens: {{prompt: 1, completion: 2}}
pace: {{maxInFlight: {in_flight}}}
outputsLicense: none
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alambic", default=".build/release/alambic")
    parser.add_argument("--prompts", type=int, nargs="+", default=[10000])
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--folder", help="whose disk holds the ledger (default: the temporary folder's)")
    return parser.parse_args()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def project(folder, port, options, count):
    write(f"{folder}/Package.swift", "// what marks a project's root\n")
    write(f"{folder}/teachers/instant.yaml", TEACHER.format(port=port, in_flight=options.in_flight))
    corpus = f"{folder}/Corpora/instant"
    write(f"{corpus}/recipe.yaml", RECIPE.format(count=count))
    for name in ("first", "second", "third"):
        write(f"{corpus}/words/{name}.txt", "".join(f"{name} {number}\n" for number in range(200)))
    write(f"{corpus}/DATASHEET.md", "# Datasheet\n")
    write(f"{corpus}/LICENSE.md", "CC0-1.0\n")


def measured(command, folder):
    """Seconds of wall and of processor, and the peak of memory in MB."""
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status:
        sys.exit(f"error: {' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}:\n{said}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    options = arguments()
    options.alambic = os.path.abspath(options.alambic)
    print("| prompts | run | seconds | of processor | requests a second | peak of memory, MB |")
    print("|--:|---|--:|--:|--:|--:|")
    for count in options.prompts:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            binary = f"{folder}/instant_server"
            subprocess.run(["cc", "-O2", "-o", binary, f"{HERE}/instant_server.c"], check=True)
            server = subprocess.Popen([binary], stdout=subprocess.PIPE, text=True)
            try:
                project(folder, int(server.stdout.readline()), options, count)
                for run in ("asked", "again"):
                    wall, processor, memory = measured([options.alambic, "ask", "instant", "--quiet"], folder)
                    print(
                        f"| {count:,} | {run} | {wall:.1f} | {processor:.1f} | {count / wall:,.0f} | {memory:.0f} |",
                        flush=True)
            finally:
                server.terminate()
                requests = int(server.stdout.read() or 0)
        if requests != count:
            sys.exit(f"error: the server saw {requests} requests for {count} prompts")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    main()
