#!/usr/bin/env python3
"""Milliseconds from the load of a page that talks to its first token, in a headless Chromium.

usage: Benchmarks/first_token.py PAGE [--runs COUNT] [--say TEXT] [--json]

PAGE is what `alambic export --playground` writes. Each run opens it anew, as a link with a prompt does, in a fresh tab of
one browser; the first run, which finds the browser cold, is shown apart. Three moments, by the page's own clock, which
starts when the browser begins to fetch the page:

  parsed        the page's HTML is there (DOMContentLoaded began), and its scripts run next
  first token   the first token stands in the page's document
  shown         the browser has drawn a frame after that

Needs Debian's chromium and Python's standard library.
"""

import argparse
import importlib.machinery
import importlib.util
import json
import pathlib
import shutil
import statistics
import sys
import tempfile
import urllib.parse

GOAL = 50  # milliseconds
SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "scripts"

# Runs before the page's own script: notes when the first token's bar is put into the document, and the frame after it.
WATCH = """
window.firstToken = {};
new MutationObserver((changes, observer) => {
  if (document.querySelector("#bars .token") === null) return;
  observer.disconnect();
  firstToken.token = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => { firstToken.shown = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
document.addEventListener("DOMContentLoaded", () => { firstToken.parsed = performance.now(); });
"""


def browser_of_the_studio():
    """The Browser of scripts/drive-studio, which speaks the DevTools protocol over a pipe."""
    loader = importlib.machinery.SourceFileLoader("drive_studio", str(SCRIPTS / "drive-studio"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("drive_studio", loader))
    loader.exec_module(module)
    return module


def measure(browser, page, text):
    browser.send("Page.navigate", url="about:blank")
    browser.wait("location.href === 'about:blank' && document.readyState === 'complete'", "an empty page")
    browser.send("Page.navigate", url=f"{page.as_uri()}#say={urllib.parse.quote(text)}")
    browser.wait("typeof firstToken === 'object' && firstToken.shown > 0", "the first token")
    return browser.value("firstToken")


def main():
    parser = argparse.ArgumentParser(description="Milliseconds from a page's load to its first token.")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--say", default="is it warm", metavar="TEXT")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.runs < 2:
        parser.error("--runs must be at least 2: the first is shown apart")
    page = options.page.resolve()
    if not page.is_file():
        parser.error(f"{page} is not there: make it with `alambic export NAME --playground {options.page}`")
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if program is None:
        print("error: no chromium here; install Debian's package chromium", file=sys.stderr)
        return 69
    studio = browser_of_the_studio()
    with tempfile.TemporaryDirectory() as profile:
        browser = studio.Browser(program, profile)
        try:
            browser.send("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
            runs = [measure(browser, page, options.say) for _ in range(options.runs)]
            version = browser.value("navigator.userAgent.match(/Chrome\\/[0-9.]+/)[0]")
        except studio.Failure as failure:
            print(f"error: {failure}", file=sys.stderr)
            return 1
        finally:
            browser.close()
    moments = ["parsed", "token", "shown"]
    if any(not run.get(name, 0) > 0 for run in runs for name in moments):
        print(f"error: a moment was not seen: {runs}", file=sys.stderr)
        return 1
    warm = {name: sorted(run[name] for run in runs[1:]) for name in moments}
    figures = {
        "schema": "alambic.first-token/1", "browser": version, "pageByteCount": page.stat().st_size,
        "runCount": len(runs) - 1, "goalMilliseconds": GOAL, "cold": runs[0],
        "median": {name: statistics.median(warm[name]) for name in moments},
        "largest": {name: warm[name][-1] for name in moments},
    }
    if options.json:
        print(json.dumps(figures, indent=2, sort_keys=True))
    else:
        print(f"{page.name}, {figures['pageByteCount']:,} bytes, {version}, {len(runs) - 1} loads after a cold one")
        print(f"{'milliseconds after the load began':36}{'median':>8}{'largest':>9}{'cold':>8}")
        for name, title in zip(moments, ["page parsed", f"first token (goal {GOAL})", "frame drawn after it"]):
            print(f"{title:36}{figures['median'][name]:8.1f}{figures['largest'][name]:9.1f}{runs[0][name]:8.1f}")
        own = statistics.median(run["token"] - run["parsed"] for run in runs[1:])
        print(f"first token after the page was parsed: {own:.1f} ms" if own >= 0 else
              f"first token {-own:.1f} ms before the page was parsed to its end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
