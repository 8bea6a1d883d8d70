"""Asks servers of ours with the openai and llm clients. usage: check.py ALAMBIC"""

import math
import os
import pathlib
import subprocess
import sys
import tempfile

import openai

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from served import served  # noqa: E402

passed = failed = 0


def check(what, holds, seen=None):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"failed: {what}: {seen}", file=sys.stderr)


def refused(what, kind, ask):
    try:
        ask()
        check(what, False, "it was answered")
    except kind as error:
        check(what, bool(error.body and error.body.get("message")), error)


def check_both(client, model):
    """What every model of ours does."""
    check("models", [m.id for m in client.models.list()] == [model])
    check("one model", client.models.retrieve(model).id == model)
    refused("another model", openai.NotFoundError, lambda: client.models.retrieve("gpt-9"))
    ask = dict(model=model, messages=[{"role": "user", "content": "is it cold in the kitchen"}], seed=3)
    whole = client.chat.completions.create(**ask)
    text = whole.choices[0].message.content
    check("chat", len(text) > 0 and whole.choices[0].finish_reason in ("stop", "length"), whole)
    check("usage", whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens)
    chunks = list(client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True}))
    said = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    check("a stream says the same", said == text, (said, text))
    check("usage of a stream", chunks[-1].usage == whole.usage, chunks[-1])
    check("a role first", chunks[0].choices[0].delta.role == "assistant", chunks[0])
    parts = [{"role": "user", "content": [{"type": "text", "text": "is it cold in the kitchen"}]}]
    check("parts", client.chat.completions.create(**{**ask, "messages": parts}).choices[0].message.content == text)
    two = client.chat.completions.create(**ask, n=2, max_completion_tokens=4)
    check("n", [c.index for c in two.choices] == [0, 1] and two.usage.completion_tokens <= 8, two)
    prompts = dict(model=model, prompt=["the fan", "the light"], seed=1, max_tokens=6)
    texts = client.completions.create(**prompts)
    check("prompts", len(texts.choices) == 2 and texts.choices[1].index == 1, texts)
    pieces = ["", ""]
    for chunk in client.completions.create(**prompts, stream=True):
        for choice in chunk.choices:
            pieces[choice.index] += choice.text
    check("a stream of prompts", pieces == [c.text for c in texts.choices], (pieces, texts))
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    refused("tools", openai.BadRequestError, lambda: client.chat.completions.create(**ask, tools=[tool]))
    refused("schema", openai.BadRequestError, lambda: client.chat.completions.create(
        **ask, response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}))
    refused("top_p", openai.BadRequestError, lambda: client.chat.completions.create(**ask, top_p=2))


def check_logprobs(client, model):
    chat = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "hi"}], temperature=0, logprobs=True, top_logprobs=3,
        max_tokens=8)
    tokens = chat.choices[0].logprobs.content
    check("tokens of a chat", bytes(b for t in tokens for b in t.bytes).decode(errors="replace")
          == chat.choices[0].message.content, chat)
    check("greedy takes the likeliest", all(t.top_logprobs[0].logprob == t.logprob for t in tokens), tokens)
    check("alternatives", all(len(t.top_logprobs) == 3 and t.logprob <= 0 for t in tokens), tokens)
    text = "> is it"
    scored = client.completions.create(model=model, prompt=text, echo=True, max_tokens=0, logprobs=2)
    logprobs = scored.choices[0].logprobs
    check("an echo alone", scored.choices[0].text == text, scored)
    check("tokens of an echo", "".join(logprobs.tokens) == text, logprobs)
    check("an echo's probabilities", all(p is None or (p <= 0 and math.isfinite(p)) for p in logprobs.token_logprobs))
    check("offsets", logprobs.text_offset[-1] == len(text) - len(logprobs.tokens[-1]), logprobs.text_offset)
    # What was generated has the same probability when it is scored.
    said = client.completions.create(model=model, prompt=text, echo=True, max_tokens=5, logprobs=0, temperature=0)
    again = client.completions.create(
        model=model, prompt=said.choices[0].text, echo=True, max_tokens=0, logprobs=0)
    same = zip(said.choices[0].logprobs.token_logprobs, again.choices[0].logprobs.token_logprobs)
    check("scoring what was said", all(a is None or abs(a - b) < 1e-9 for a, b in same), (said, again))


def check_llm(address, model, folder, key):
    """llm with its defaults, which stream, and without."""
    settings = pathlib.Path(folder, "llm")
    settings.mkdir()
    (settings / "extra-openai-models.yaml").write_text(
        f"- model_id: ours\n  model_name: {model}\n  api_base: {address}\n  api_key_name: ours\n"
        f"- model_id: ours-text\n  model_name: {model}\n  api_base: {address}\n  api_key_name: ours\n"
        "  completion: true\n")
    environment = {**os.environ, "LLM_USER_PATH": str(settings)}
    llm = pathlib.Path(sys.executable).with_name("llm")
    key = ["--key", key]
    for options in (["-m", "ours"], ["-m", "ours", "--no-stream"],
                    ["-m", "ours", "-o", "seed", "3", "-o", "max_tokens", "5"],
                    ["-m", "ours-text", "-o", "max_tokens", "20"]):
        done = subprocess.run(
            [llm, *options, *key, "is it cold"], env=environment, capture_output=True, text=True, timeout=60)
        check(f"llm {options}", done.returncode == 0 and done.stdout.strip(), done)


def train(alambic, folder):
    """A student of a few steps: what it says is of no interest."""
    data = pathlib.Path(folder, "data.txt")
    data.write_text("> is it cold\n< No, it is 20 C.\n\n" * 200)
    subprocess.run(
        [alambic, "train", "--data", data, "--shape", "d_model=16,n_layers=1,d_head=8,top_k=4,kernel=3",
         "--window", "32", "--batch", "8", "--steps", "200", "--out", pathlib.Path(folder, "student"), "--quiet"],
        check=True, stdout=subprocess.DEVNULL)
    return pathlib.Path(folder, "student")


def main(alambic):
    with tempfile.TemporaryDirectory() as folder:
        with served([alambic, "teacher", "serve", "thermostat"]) as (address, _):
            client = openai.OpenAI(base_url=address, api_key="none", max_retries=0)
            check_both(client, "thermostat-grammar")
            refused("logprobs of a grammar", openai.BadRequestError, lambda: client.completions.create(
                model="thermostat-grammar", prompt="x", logprobs=2))
        student = train(alambic, folder)
        command = [alambic, "serve", student, "--model", "student", "--api-key-environment", "STUDENT_KEY"]
        with served(command, {"STUDENT_KEY": "sk-test"}) as (address, _):
            client = openai.OpenAI(base_url=address, api_key="sk-test", max_retries=0)
            check_both(client, "student")
            check_logprobs(client, "student")
            check_llm(address, "student", folder, "sk-test")
            stranger = openai.OpenAI(base_url=address, api_key="sk-other", max_retries=0)
            refused("another key", openai.AuthenticationError, lambda: stranger.models.list())
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
