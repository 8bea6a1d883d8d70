// Training runs with their curves.

import { call, element, emptyState, find } from "/page.js";

const panel = find("#runs");

export async function show() {
  try {
    const { runs } = await call("runs");
    const again = element("button", { type: "button", textContent: "Look again" });
    again.addEventListener("click", () => show());
    panel.replaceChildren(table(runs), again, ...runs.filter(({ curve }) => curve).map(figure));
  } catch (problem) {
    if (!problem.isEmpty) throw problem;
    panel.replaceChildren(emptyState(problem));
  }
}

function table(runs) {
  return element("div", { className: "wide" }, element("table", {},
    element("caption", { textContent: "Training runs" }),
    element("thead", {}, element("tr", {}, ...["run", "model", "steps", "bits per byte", "state"].map((text) =>
      element("th", { scope: "col", textContent: text })))),
    element("tbody", {}, ...runs.map(({ name, model, step, stepCount, bitsPerByte, state }) => element("tr", {},
      ...[name, model ?? "–", `${step} of ${stepCount ?? "?"}`, bitsPerByte?.toFixed(4) ?? "–", state].map((text) =>
        element("td", { textContent: text })))))));
}

function figure({ name, curve, bitsPerByte }) {
  const heldOut = bitsPerByte ? `, now ${bitsPerByte.toFixed(4)} on the held-out text` : "";
  return element("figure", {}, element("img", {
    src: `data:image/svg+xml,${encodeURIComponent(curve)}`,
    alt: `Bits per byte of ${name} over its steps${heldOut}`,
  }));
}
