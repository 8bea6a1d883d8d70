// How often the student is right, and its wrong answers beside what training said of the like.

import { call, corpus, element, emptyState, find, percent } from "/page.js";

const panel = find("#evaluation");

export async function show() {
  try {
    const { rows, wrong } = await call("evaluation", { corpus: corpus() });
    panel.replaceChildren(table(rows), element("h2", { textContent: "Wrong answers" }),
      wrong.length
        ? element("ol", { className: "cards" }, ...wrong.map(card))
        : element("p", { textContent: "None was kept: every answer is right." }));
  } catch (problem) {
    if (!problem.isEmpty) throw problem;
    panel.replaceChildren(emptyState(problem));
  }
}

/** A row a set of questions, a column for each who answered them. */
function table(rows) {
  const names = [...new Set(rows.map(({ name }) => name))];
  const sets = [...new Set(rows.map(({ set }) => set))];
  const right = (name, set) => rows.find((row) => row.name === name && row.set === set)?.right;
  const share = (name, set, index) => {
    const of = right(name, set);
    const interval = index === 0 && of ? ` (${(100 * of.lower).toFixed(1)} – ${(100 * of.upper).toFixed(1)})` : "";
    return element("td", { textContent: of ? percent(of.share) + interval : "–" });
  };
  return element("div", { className: "wide" }, element("table", {},
    element("caption", { textContent: "Wholly right; of the student with the 95 % interval" }),
    element("thead", {}, element("tr", {}, ...["questions", "asked", ...names].map((text) =>
      element("th", { scope: "col", textContent: text })))),
    element("tbody", {}, ...sets.map((set) => element("tr", {},
      element("th", { scope: "row", textContent: set }),
      element("td", { textContent: String(right(names[0], set)?.count ?? 0) }),
      ...names.map((name, index) => share(name, set, index)))))));
}

function card({ answer, nearest }) {
  const part = (title, text) => [element("h3", { textContent: title }), element("pre", { textContent: text })];
  return element("li", { className: "reject" },
    element("p", { className: "meta" }, element("span", { className: "word bad", textContent: answer.reason }),
      element("span", { textContent: answer.set })),
    ...part("Asked", answer.request), ...part("Said", answer.reply || "(nothing)"),
    ...(answer.expected ? part("The corpus says", answer.expected) : []),
    ...nearest.flatMap(({ text, share, id }) => part(`Training, ${percent(share)} alike (${id.slice(7, 19)})`, text)));
}
