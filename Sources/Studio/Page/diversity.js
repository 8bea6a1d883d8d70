// How varied the documents are, as charts.

import { call, corpus, element, emptyState, find } from "/page.js";

const panel = find("#diversity");

export async function show() {
  panel.replaceChildren(element("p", { className: "quiet", textContent: "Counting …" }));
  try {
    const { summary, alarms, charts } = await call("diversity", { corpus: corpus() });
    panel.replaceChildren(element("p", { textContent: summary }),
      alarms.length
        ? element("ul", { className: "alarms" }, ...alarms.map((text) => element("li", { textContent: text })))
        : element("p", { className: "quiet", textContent: "Nothing is more common than it should be." }),
      element("div", { className: "charts" }, ...charts.map(figure)));
  } catch (problem) {
    if (!problem.isEmpty) throw problem;
    panel.replaceChildren(emptyState(problem));
  }
}

function figure({ title, svg, words }) {
  return element("figure", {}, element("img", {
    src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: `${title}. ${words}`,
  }));
}
