// The tabs, and the choice of a corpus.

import { call, corpus, element, emptyState, find, say, tell } from "/page.js";
import * as review from "/review.js";
import * as diversity from "/diversity.js";
import * as evaluation from "/evaluation.js";
import * as runs from "/runs.js";
import * as talk from "/talk.js";

const views = { review, diversity, evaluation, runs, talk };
const tabs = [...document.querySelectorAll("[role=tab]")];
let shown = "review";

/** @param takesFocus whether the view may move the focus into itself: not while a keyboard goes through the tabs */
async function show(name, takesFocus = true) {
  shown = name;
  for (const tab of tabs) {
    const isShown = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    find(`#${tab.getAttribute("aria-controls")}`).hidden = !isShown;
  }
  say("");
  try {
    await views[name].show(takesFocus);
  } catch (problem) {
    tell(problem);
  }
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab.id.slice(4)));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.focus();
    show(next.id.slice(4), false);
  });
}

// Following the link would replace the token in the address.
find("#skip").addEventListener("click", (event) => {
  event.preventDefault();
  find("#main").focus();
});

document.addEventListener("keydown", (event) => {
  const isTyped = event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea");
  if (shown === "review" && !isTyped && corpus()) review.press(event);
});

async function start() {
  try {
    const { corpora, reasons } = await call("corpora");
    review.offerReasons(reasons);
    const remembered = sessionStorage.getItem("corpus");
    find("#corpus").append(...corpora.map(({ name, description }) =>
      element("option", { value: name, textContent: name, title: description, selected: name === remembered })));
  } catch (problem) {
    find("#main").replaceChildren(emptyState(problem));
    return tell(problem);
  }
  find("#corpus").addEventListener("change", () => {
    sessionStorage.setItem("corpus", corpus());
    review.offerChoices().catch(tell).then(() => show(shown));
  });
  await review.offerChoices().catch(tell);
  await show("review");
  document.body.dataset.state = "ready";
}

start();
