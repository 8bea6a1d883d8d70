"use strict";
// Asks the engine in this page, for text or for a label: firmware/app/wasm/wasm.c says what each of its functions does.
(() => {
const find = (id) => document.getElementById(id);
const facts = JSON.parse(find("facts-json").textContent);
const bytesOf = (id) => Uint8Array.from(atob(find(id).textContent.trim()), (letter) => letter.charCodeAt(0));
const engine = new WebAssembly.Instance(new WebAssembly.Module(bytesOf("engine"))).exports;
const memory = () => new Uint8Array(engine.memory.buffer);
const decoder = new TextDecoder();

// MARK: The engine

function place(bytes) {
  const start = engine.claim(bytes.length);
  if (start === 0) throw new Error("the page has no memory left");
  memory().set(bytes, start);
  return start;
}

function why() {
  const start = engine.why(), bytes = memory();
  let end = start;
  while (bytes[end] !== 0) end++;
  return decoder.decode(bytes.slice(start, end));
}

const longestPrompt = 65536;
const image = bytesOf("image");
if (!engine.open(place(image), image.length, facts.context)) throw new Error(why());
const promptPlace = engine.claim(longestPrompt);

/** Probabilities of the 256 tokens, by the scores that the last choice was made from. */
function probabilities() {
  const start = engine.scores(), octaves = engine.octaves();
  const scores = octaves > 0 ? new Int32Array(engine.memory.buffer, start, 256)
    : new Float32Array(engine.memory.buffer, start, 256);
  const largest = scores.reduce((most, score) => Math.max(most, score));
  const weights = Array.from(scores, (score) =>
    octaves > 0 ? 2 ** ((score - largest) * octaves) : Math.exp(score - largest));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

const entropyOf = (shares) => shares.reduce((bits, share) => share > 0 ? bits - share * Math.log2(share) : bits, 0);

const spelled = Array.from({ length: 256 }, (_, token) => {
  const count = engine.spell(token), start = engine.said();
  return memory().slice(start, start + count);
});

/** The next token with what is known of it; null where the text ends. */
function step() {
  const started = performance.now();
  const token = engine.choose();
  const milliseconds = performance.now() - started;
  const shares = probabilities();
  if (token < 0) return { end: true, shares, milliseconds };
  return { bytes: spelled[token], held: engine.held(), entropy: entropyOf(shares), shares, milliseconds };
}

// MARK: The page

/** A token as it is drawn: spaces and line ends are seen, and what is no text is its bytes. */
function shown(bytes) {
  const text = decoder.decode(bytes);
  if (bytes.length === 0) return "?";
  if (bytes.length === 1 && bytes[0] === 0) return "end";
  if (text.includes("\uFFFD")) return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return text.replace(/ /g, "␣").replace(/\n/g, "⏎").replace(/[\u0000-\u001F\u007F]/g, "·");
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function bar({ bytes, entropy, shares }) {
  const height = element("i", { className: entropy < 0.5 ? "sure" : entropy > 2 ? "torn" : "" });
  height.style.height = `${Math.min(100, 100 * entropy / 4)}%`;
  const text = `${shown(bytes)}: ${entropy.toFixed(2)} bits; ${likeliest(shares, 3).map(([token, share]) =>
    `${shown(spelled[token])} ${percent(share)}`).join(", ")}`;
  return element("span", { className: "token", title: text }, height, element("b", { textContent: shown(bytes) }));
}

const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
const likeliest = (shares, count) =>
  shares.map((share, token) => [token, share]).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, count);

function showShares(rows) {
  find("next").tBodies[0].replaceChildren(...rows.map(([name, share]) => {
    const length = element("i", {});
    length.style.width = `${Math.max(0.05, 12 * share)}rem`;
    return element("tr", {}, element("td", { textContent: name }),
      element("td", { textContent: percent(share) }), element("td", { ariaHidden: "true" }, length));
  }));
}

const showNext = (shares) => showShares(likeliest(shares, 8).map(([token, share]) => [shown(spelled[token]), share]));

let running = 0;

async function say(typed) {
  const run = ++running;
  const prompt = new TextEncoder().encode(facts.before + typed + facts.after);
  if (prompt.length > longestPrompt) return find("status").textContent = "That is more than 64 KiB.";
  memory().set(prompt, promptPlace);
  const temperature = Math.round(1000 * Number(find("temperature").value));
  const started = performance.now();
  const read = engine.begin(promptPlace, prompt.length, temperature, 256, 1000, Number(find("seed").value) >>> 0);
  if (read === 0) return find("status").textContent = why();
  const rest = begin(facts.before + typed + facts.after), bars = find("bars");
  find("stop").hidden = false;
  bars.replaceChildren();
  await answer(run, rest, bars, started, performance.now() - started);
  if (run === running) find("stop").hidden = true;
}

/** What was asked, and below it what is said, which may grow. */
function begin(asked) {
  find("status").textContent = "";
  find("answer").hidden = false;
  const rest = document.createTextNode("");
  find("text").replaceChildren(element("span", { className: "asked", textContent: asked }), rest);
  return rest;
}

// MARK: Labels

const noLabel = "none of these";
const labels = Array.from({ length: engine.labels() }, (_, label) => {
  const start = engine.label_name(label);
  return { name: decoder.decode(memory().slice(start, start + engine.label_size())), token: engine.label_token(label) };
});
const isClassifier = labels.length > 0;
if (isClassifier && engine.label_token(labels.length) !== 0) {
  labels.push({ name: noLabel, token: engine.label_token(labels.length) });
}

/** Labels with their shares, by the scores that the last one was chosen from. */
function labelShares() {
  const scores = new Int32Array(engine.memory.buffer, engine.scores(), 256), octaves = engine.octaves();
  const largest = labels.reduce((most, { token }) => Math.max(most, scores[token]), -Infinity);
  const weights = labels.map(({ token }) => 2 ** ((scores[token] - largest) * octaves));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return labels.map(({ name }, label) => [name, weights[label] / sum]).sort((a, b) => b[1] - a[1]);
}

function classify(typed) {
  const prompt = new TextEncoder().encode(typed);
  if (prompt.length > longestPrompt) return find("status").textContent = "That is more than 64 KiB.";
  memory().set(prompt, promptPlace);
  const started = performance.now();
  const label = engine.judge(promptPlace, prompt.length);
  const milliseconds = performance.now() - started;
  begin(`${typed}\n`).data = label < 0 ? noLabel : labels[label].name;
  showShares(labelShares().slice(0, 8));
  const needed = engine.must_be_above(), other = labels.at(-1).name === noLabel ? noLabel : "the next";
  find("speed").textContent = `Read in ${milliseconds.toFixed(1)} ms. `
    + `The best label is ${engine.is_above().toFixed(1)} bits above ${other}`
    + (needed < -1e4 ? "." : `; from ${needed.toFixed(1)} bits on it is said, below that the text is refused.`);
  document.documentElement.dataset.isDone = "label";
}

if (isClassifier) {
  find("prompt-label").textContent = "Text to classify";
  find("submit").textContent = "Classify";
  find("answer-title").textContent = "Label";
  find("next-title").textContent = "How sure it is";
  find("next-column").textContent = "label";
  find("next-words").textContent = "The likeliest labels.";
  find("settings").hidden = find("undecided").hidden = true;
}
const respond = isClassifier ? classify : say;

/** Tokens come as they are chosen; the page is drawn in between. */
async function answer(run, rest, bars, askedAt, readingTime) {
  const limit = Number(find("limit").value), said = [];
  let milliseconds = readingTime, shares = [], isAtEnd = false, firstAt = 0;
  while (said.length < limit && !isAtEnd && run === running) {
    const sliceEnd = performance.now() + 12;
    while (said.length < limit && performance.now() < sliceEnd) {
      const next = step();
      milliseconds += next.milliseconds;
      shares = next.shares;
      isAtEnd = next.end || (facts.stop !== "" && decoder.decode(next.bytes).includes(facts.stop));
      if (isAtEnd) break;
      said.push(...next.bytes.slice(next.held));
      if (next.bytes.length === 0) said.push(0x3F);
      bars.append(bar(next));
    }
    rest.data = decoder.decode(Uint8Array.from(said));
    showNext(shares);
    if (firstAt === 0 && said.length > 0) firstAt = performance.now() - askedAt;
    find("speed").textContent = `First token after ${firstAt.toFixed(1)} ms. `
      + `${said.length} bytes in ${milliseconds.toFixed(1)} ms, the prompt included: `
      + `${Math.round(1000 * said.length / Math.max(0.001, milliseconds)).toLocaleString("en")} bytes a second`;
    if (!isAtEnd) await new Promise((resume) => setTimeout(resume));
  }
  document.documentElement.dataset.isDone = isAtEnd ? "end" : "limit";
}
find("facts").textContent = `${facts.description} Image ${facts.image}, ${image.length.toLocaleString("en")} bytes.`;
if (facts.before + facts.after !== "") find("prompt-label").textContent = "Ask";
for (const example of facts.examples) {
  const button = element("button", { type: "button", textContent: example });
  button.addEventListener("click", () => { find("prompt").value = example; respond(example); });
  find("examples").append(button);
}
find("ask").addEventListener("submit", (event) => { event.preventDefault(); respond(find("prompt").value); });
find("stop").addEventListener("click", () => { running++; find("stop").hidden = true; });
find("prompt").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find("ask").requestSubmit();
});
// A link may bring its prompt: playground.html#say=...
const asked = new URLSearchParams(location.hash.slice(1)).get("say");
if (asked !== null) {
  find("prompt").value = asked;
  respond(asked);
} else {
  find("prompt").focus();
}
})();
