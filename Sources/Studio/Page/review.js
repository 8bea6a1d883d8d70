// Texts as cards: accept, reject, edit, undo.

import { call, corpus, element, emptyState, find, percent, say, tell } from "/page.js";

const words = { accept: "accepted", reject: "rejected", edit: "edited" };

const filter = find("#filter");
const list = find("#cards");
const more = find("#more");
let texts = [];
let count = 0;
let current = 0;
/** Which showing this is: an answer to an earlier one comes too late. */
let showing = 0;

filter.addEventListener("submit", (event) => {
  event.preventDefault();
  show().catch(tell);
});
more.addEventListener("click", () => load(texts.length).catch(tell));

/** What a text can be refused for. */
export function offerReasons(reasons) {
  filter.elements.reason.append(...reasons.map((word) => element("option", { value: word, textContent: word })));
}

/** What this corpus's texts can be chosen by: the words that their prompts had, and a judge's scores. */
export async function offerChoices() {
  const { label, order } = filter.elements;
  const { labels, hasScores } = await call("choices", { corpus: corpus() });
  label.replaceChildren(element("option", { value: "", textContent: "any" }), ...labels.map(({ name, words }) =>
    element("optgroup", { label: name }, ...words.map((word) =>
      element("option", { value: `${name}=${word}`, textContent: word.length > 60 ? `${word.slice(0, 59)}…` : word })))));
  for (const option of order.options) option.hidden = option.value.endsWith("score") && !hasScores;
  if (order.selectedOptions[0]?.hidden) order.value = "random";
}

export async function show(takesFocus = true) {
  const mine = ++showing;
  [texts, count, current] = [[], 0, 0];
  list.replaceChildren();
  await load(0);
  if (mine === showing && texts.length && takesFocus) focusCard(0);
}

async function load(offset) {
  const mine = showing;
  const asked = Object.fromEntries([...new FormData(filter)].filter(([, value]) => value !== ""));
  try {
    const page = await call("texts", { ...asked, corpus: corpus(), seed: Number(asked.seed ?? 0), offset, limit: 30 });
    if (mine !== showing || offset !== texts.length) return;
    count = page.count;
    texts.push(...page.texts);
    list.append(...page.texts.map((text, index) => card(text, offset + index)));
    showStanding(page.standing);
    if (!count) list.replaceChildren(element("li", {}, "No text is as you asked."));
  } catch (problem) {
    if (mine !== showing) return;
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
    meta(text), ...body(text), decided(text),
    element("div", { className: "tools" },
      tool("Accept", "a", accept), tool("Reject", "r", askReason), tool("Edit", "e", askText)),
  ].filter(Boolean));
}

function meta({ id, split, repeats, refusal, judgement }) {
  const parts = refusal
    ? [element("span", { className: "word bad", textContent: refusal.reason }),
      refusal.similarity ? `${percent(refusal.similarity)} alike` : refusal.detail]
    : [split === "train" ? "train" : "held out"];
  if (judgement) parts.push(`score ${judgement}`);
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

function decided({ text, decision }) {
  if (!decision) return null;
  const kind = { accept: "good", reject: "bad", edit: "" }[decision.ruling];
  const isMade = decision.newText === text;
  const line = element("p", { className: "meta" },
    element("span", { className: `word ${kind}`, textContent: words[decision.ruling] }),
    decision.ruling !== "edit" ? decision.reason : isMade ? "it was another text" : "it becomes");
  if (decision.ruling !== "edit" || isMade) return line;
  return element("div", {}, line, element("pre", { textContent: decision.newText }));
}

function focusCard(index) {
  current = Math.max(0, Math.min(index, texts.length - 1));
  find(`#card-${current}`)?.focus();
  if (current >= texts.length - 3 && texts.length < count && more.hidden === false) load(texts.length).catch(tell);
}

// MARK: Deciding

/** Calls go one after another, in the order of the keys: hands are faster than answers. */
let calls = Promise.resolve();
const inTurn = (act) => { calls = calls.then(act).catch(tell); };

function decide(index, ruling, more = {}) {
  const { id } = texts[index];
  const name = corpus();
  focusCard(index + 1);
  inTurn(async () => {
    const answer = await call("decide", { corpus: name, id, ruling, ...more });
    note(answer.decision, answer.decision);
    showStanding(answer.standing);
    say(`${words[ruling]}: u undoes it`);
  });
}

/** Whether a card is about what was decided: its text, or the text that an edit made. */
const isOf = ({ textID, newText }) => ({ id, text }) => id === textID || text === newText;

/** Every card of that text shows what stands about it now. */
function note(decision, standing) {
  for (const [index, text] of texts.entries()) {
    if (!isOf(decision)(text)) continue;
    text.decision = standing;
    draw(find(`#card-${index}`), text, index);
  }
}

function accept(index) {
  if (texts[index].decision?.ruling === "accept") return say("This text is accepted already.");
  decide(index, "accept");
}

function undo() {
  const name = corpus();
  inTurn(async () => {
    const { decision, before, standing } = await call("undo", { corpus: name });
    showStanding(standing);
    if (!decision) return say("There is nothing to undo.");
    note(decision, before);
    const index = texts.findIndex(isOf(decision));
    if (index >= 0) focusCard(index);
    say(`no longer ${words[decision.ruling]}`);
  });
}

/** A form below a card for what belongs to a decision. */
function ask(index, field, label, save) {
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
}

function askReason(index) {
  const field = element("input", { name: "reason", maxLength: 300, autocomplete: "off" });
  ask(index, field, "Why not? Enter saves, Esc leaves.", (reason) => decide(index, "reject", { reason }));
}

function askText(index) {
  const text = texts[index].decision?.newText ?? texts[index].text;
  const field = element("textarea", { name: "text", rows: Math.min(12, text.split("\n").length + 1), value: text });
  ask(index, field, "Better so: Ctrl+Enter saves, Esc leaves.", (newText) => decide(index, "edit", { newText }));
}

const everywhere = {
  j: () => focusCard(current + 1),
  k: () => focusCard(current - 1),
  u: undo,
};
/** Only on a card: nobody decides from elsewhere what they do not look at. */
const onCards = {
  a: () => accept(current),
  r: () => askReason(current),
  e: () => askText(current),
};

export function press(event) {
  if (!find("#shortcuts").checked) return;
  const act = everywhere[event.key] ?? (list.contains(event.target) && texts.length ? onCards[event.key] : undefined);
  if (!act) return;
  event.preventDefault();
  act();
}
