// What every view needs: calls, elements, words for a person.

const token = location.hash.slice(1) || sessionStorage.getItem("token") || "";
sessionStorage.setItem("token", token);

/** A call that was refused; `hint` may say what to do, and `isEmpty` that there is nothing yet. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.message);
    this.hint = problem.hint;
    this.isEmpty = status === 404 && Boolean(problem.hint);
  }
}

export async function call(name, body = {}) {
  let response;
  try {
    response = await fetch(`/call/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Alambic-Token": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, { message: "The studio does not answer.", hint: "start it again: alambic studio" });
  }
  const answer = await response.json().catch(() => ({ error: { message: `HTTP ${response.status}` } }));
  if (!response.ok) throw new Refusal(response.status, answer.error);
  return answer;
}

/** An element with properties and children; texts become text and nothing else. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

export const find = (selector, within = document) => within.querySelector(selector);

const status = find("#status");
let clearing;

/** Says something to the person, also to one who hears the page; problems stay until something else is said. */
export function say(text, isProblem = false) {
  clearTimeout(clearing);
  status.textContent = text;
  if (!isProblem) clearing = setTimeout(() => { status.textContent = ""; }, 8000);
  status.classList.toggle("problem", isProblem);
}

export function tell(problem) {
  say(problem.hint ? `${problem.message} (${problem.hint})` : problem.message, true);
}

/** What stands where nothing is yet, with the command that makes it. */
export function emptyState(problem) {
  return element("p", { className: "empty" }, problem.message, " ",
    problem.hint ? element("span", {}, "This makes it: ", element("code", { textContent: problem.hint })) : null);
}

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

const corpusChoice = find("#corpus");
export const corpus = () => corpusChoice.value;
