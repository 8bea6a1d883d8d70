// Texts as cards: accept, reject, edit, undo.

import { call, corpus, element, emptyState, find, say, tell } from "/page.js";

const words = { accept: "accepted", reject: "rejected", edit: "edited" };

const filter = find("#filter");
const list = find("#cards");
const more = find("#more");
let texts = [];
let count = 0;
let current = 0;

filter.addEventListener("submit", (event) => {
  event.preventDefault();
  show().catch(tell);
});
more.addEventListener("click", () => load(texts.length).catch(tell));

/** What a text can be refused for. */
export function offerReasons(reasons) {
  filter.elements.reason.append(...reasons.map((word) => element("option", { value: word, textContent: word })));
}

export async function show(takesFocus = true) {
  [texts, count, current] = [[], 0, 0];
  list.replaceChildren();
  await load(0);
  if (texts.length && takesFocus) focusCard(0);
}

async function load(offset) {
  const asked = Object.fromEntries([...new FormData(filter)].filter(([, value]) => value !== ""));
  try {
    const page = await call("texts", { ...asked, corpus: corpus(), seed: Number(asked.seed ?? 0), offset, limit: 30 });
    count = page.count;
    texts.push(...page.texts);
    list.append(...page.texts.map((text, index) => card(text, offset + index)));
    showStanding(page.standing);
    if (!count) list.replaceChildren(element("li", {}, "No text is as you asked."));
  } catch (problem) {
    if (!problem.isEmpty) throw problem;
    count = 0;
    find("#standing").replaceChildren();
    list.replaceChildren(element("li", {}, emptyState(problem)));
  }
  find("#count").textContent = count ? `${texts.length} of ${count} texts` : "";
  more.hidden = texts.length >= count;
}

function showStanding({ count, isWaiting }) {
  find("#standing").replaceChildren(count ? `${count} decided. ` : "",
    isWaiting ? element("span", {}, "The documents follow with ",
      element("code", { textContent: `alambic make ${corpus()} --until curate` })) : "");
}

// MARK: Cards

function card(text, index) {
  const item = element("li", { tabIndex: -1, id: `card-${index}` });
  item.addEventListener("focusin", () => { current = index; });
  draw(item, text, index);
  return item;
}

function draw(item, text, index) {
  item.className = text.decision?.ruling ?? "";
  const tool = (word, key, act) => {
    const button = element("button", { type: "button" }, word, " ", element("kbd", { textContent: key }));
    button.addEventListener("click", () => act(index));
    return button;
  };
  item.replaceChildren(...[
    meta(text), ...body(text), decided(text.decision),
    element("div", { className: "tools" },
      tool("Accept", "a", accept), tool("Reject", "r", askReason), tool("Edit", "e", askText)),
  ].filter(Boolean));
}

function meta({ id, split, repeats, refusal }) {
  const parts = refusal
    ? [element("span", { className: "word bad", textContent: refusal.reason }), refusal.detail]
    : [split === "train" ? "train" : "held out"];
  if (repeats > 1) parts.push(`said ${repeats} times`);
  parts.push(id.slice(7, 19));
  return element("p", { className: "meta" }, ...parts.map((part) => element("span", {}, part)));
}

/** The text; of a near copy, what makes it another text than the document that was kept. */
function body({ text, twin }) {
  if (!twin || twin.difference.every(({ side }) => side === "both")) return [element("pre", { textContent: text })];
  const marks = { both: "span", first: "del", second: "ins" };
  return [
    element("h3", { textContent: `The kept document ${twin.id.slice(7, 19)}, and what this text changes in it` }),
    element("pre", {}, ...twin.difference.map(({ side, text }) => element(marks[side], { textContent: text }))),
  ];
}

function decided(decision) {
  if (!decision) return null;
  const kind = { accept: "good", reject: "bad", edit: "" }[decision.ruling];
  const line = element("p", { className: "meta" },
    element("span", { className: `word ${kind}`, textContent: words[decision.ruling] }),
    decision.newText ? "it becomes" : decision.reason);
  return decision.newText ? element("div", {}, line, element("pre", { textContent: decision.newText })) : line;
}

function focusCard(index) {
  current = Math.max(0, Math.min(index, texts.length - 1));
  find(`#card-${current}`)?.focus();
  if (current >= texts.length - 3 && texts.length < count && more.hidden === false) load(texts.length).catch(tell);
}

// MARK: Deciding

async function decide(index, ruling, more = {}) {
  try {
    const answer = await call("decide", { corpus: corpus(), id: texts[index].id, ruling, ...more });
    note(answer.decision.textID, answer.decision);
    showStanding(answer.standing);
    say(`${words[ruling]}: u undoes it`);
    focusCard(index + 1);
  } catch (problem) {
    tell(problem);
  }
}

/** Every card of the same text shows what was decided. */
function note(id, decision) {
  for (const [index, text] of texts.entries()) {
    if (text.id !== id) continue;
    text.decision = decision;
    draw(find(`#card-${index}`), text, index);
  }
}

const accept = (index) => decide(index, "accept");

async function undo() {
  try {
    const { decision, standing } = await call("undo", { corpus: corpus() });
    showStanding(standing);
    if (!decision) return say("There is nothing to undo.");
    say(`no longer ${words[decision.ruling]}`);
    note(decision.textID, undefined);
    const index = texts.findIndex(({ id }) => id === decision.textID);
    if (index >= 0) focusCard(index);
  } catch (problem) {
    tell(problem);
  }
}

function ask(index, field, label, isKeptOpen, save) {
  const item = find(`#card-${index}`);
  find("form", item)?.remove();
  const form = element("form", {}, element("label", {}, label, field),
    element("button", { type: "submit", textContent: "Save" }));
  const close = () => {
    form.remove();
    item.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    save(field.value);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
  item.append(form);
  field.focus();
  if (!isKeptOpen) field.select();
}

function askReason(index) {
  const field = element("input", { name: "reason", maxLength: 300, autocomplete: "off" });
  ask(index, field, "Why not? Enter saves, Esc leaves.", true, (reason) => decide(index, "reject", { reason }));
}

function askText(index) {
  const text = texts[index].decision?.newText ?? texts[index].text;
  const field = element("textarea", { name: "text", rows: Math.min(12, text.split("\n").length + 1), value: text });
  ask(index, field, "Better so: Ctrl+Enter saves, Esc leaves.", true, (newText) => decide(index, "edit", { newText }));
}

const keys = {
  j: () => focusCard(current + 1),
  k: () => focusCard(current - 1),
  a: () => accept(current),
  r: () => askReason(current),
  e: () => askText(current),
};

export function press(event) {
  if (!find("#shortcuts").checked) return;
  const act = event.key === "u" ? undo : texts.length ? keys[event.key] : undefined;
  if (!act) return;
  event.preventDefault();
  act();
}
