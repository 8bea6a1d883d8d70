// A box to talk to the student: each token with a bar for how undecided the student was.

import { call, corpus, element, emptyState, find, percent, say, tell } from "/page.js";

const form = find("#ask");
const prompt = form.elements.prompt;
const answers = find("#answers");

export async function show(takesFocus) {
  if (takesFocus) prompt.focus();
}

prompt.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!prompt.value) return say("Type what the student shall continue.");
  say("The student is at it …");
  const { temperature, seed } = form.elements;
  try {
    const talk = await call("talk", {
      corpus: corpus(), prompt: prompt.value, temperature: Number(temperature.value), seed: Number(seed.value),
    });
    answers.prepend(answer(prompt.value, talk));
    say(talk.isComplete ? "It came to an end by itself." : "It was stopped at the limit.");
  } catch (problem) {
    if (!problem.isEmpty) return tell(problem);
    say("");
    answers.replaceChildren(element("li", {}, emptyState(problem)));
  }
});

const decoder = new TextDecoder();
const read = (bytes) => decoder.decode(Uint8Array.from(bytes));

/** A token as it is drawn: spaces and line ends are seen, and what is no text is its bytes. */
function shown(bytes) {
  const text = read(bytes);
  if (text.includes("\uFFFD")) return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return text.replace(/\n/g, "⏎").replace(/[\u0000-\u001F\u007F]/g, "·");
}

function answer(asked, { tokens }) {
  const said = read(tokens.flatMap(({ bytes }) => bytes));
  const largest = Math.max(2, ...tokens.map(({ entropy }) => entropy));
  return element("li", {},
    element("pre", {}, element("span", { className: "said", textContent: asked }), said),
    element("div", { className: "tokens", ariaHidden: "true" }, ...tokens.map((token) => bar(token, largest))),
    element("details", {}, element("summary", { textContent: "Figures" }), figures(tokens)));
}

function bar({ bytes, entropy, share, alternatives }, largest) {
  const height = element("i", { className: entropy < 0.5 ? "sure" : entropy > 2 ? "torn" : "" });
  height.style.height = `${(100 * entropy) / largest}%`;
  const others = alternatives.map(({ bytes, share }) => `${shown(bytes)} ${percent(share)}`).join(", ");
  return element("span", {
    className: "token", title: `${entropy.toFixed(2)} bits undecided; took it at ${percent(share)}; likeliest: ${others}`,
  }, height, element("b", { textContent: shown(bytes) }));
}

function figures(tokens) {
  const numbers = ["bits undecided", "share"];
  return element("div", { className: "wide" }, element("table", {},
    element("thead", {}, element("tr", {}, ...["token", ...numbers, "likeliest"].map((text) =>
      element("th", { scope: "col", textContent: text })))),
    element("tbody", {}, ...tokens.map(({ bytes, entropy, share, alternatives }) => element("tr", {},
      ...[shown(bytes), entropy.toFixed(2), percent(share),
        alternatives.map(({ bytes, share }) => `${shown(bytes)} ${percent(share)}`).join(", ")]
        .map((text) => element("td", { textContent: text })))))));
}
