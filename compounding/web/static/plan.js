"use strict";
/* The planning page without a reload: what is chosen is planned again as it changes. The server draws the page; without script its button does the same. */

const main = document.getElementById("main");
const told = document.createElement("p");
told.className = "hidden-words";
told.setAttribute("role", "status");
document.body.append(told);

const live = () => main.querySelector("form[data-live]");
const chosen = () => new URLSearchParams(new FormData(live())).toString();

/* Until the new plan is there, nobody can keep the old one below the new choices. */
function rest(resting) {
  const plan = document.getElementById("drawn")?.closest("section");
  if (!plan) return;
  plan.inert = resting;
  plan.setAttribute("aria-busy", String(resting));
}

function replace(page) {
  const open = [...main.querySelectorAll("details")].map((part) => part.open);
  const { id, selectionStart, selectionEnd } = document.activeElement;
  document.title = page.title;
  main.replaceChildren(...page.getElementById("main").childNodes);
  main.querySelectorAll("details").forEach((part, place) => { part.open ||= open[place] ?? false; });
  const field = id ? live().querySelector(`[id="${CSS.escape(id)}"]`) : null;
  field?.focus();
  if (field?.matches("input") && field.type === "text") field.setSelectionRange(selectionStart, selectionEnd);
}

let asked = new AbortController();
async function plan() {
  const wanted = chosen();
  const address = `${live().getAttribute("action")}?${wanted}`;
  asked = new AbortController();
  try {
    const answer = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked.signal.aborted || chosen() !== wanted) return;
    replace(page);
    history.replaceState(null, "", address);
    told.textContent = document.getElementById("drawn") ? "The plan is drawn again." : "There is no such plan: see what to check.";
  } catch (error) {
    if (error.name !== "AbortError") told.textContent = "The plan could not be drawn again. Press Show this plan.";
  }
}

let waiting = 0;
main.addEventListener("input", (event) => {
  if (!event.target.closest("form[data-live]")) return;
  clearTimeout(waiting);
  asked.abort();
  rest(true);
  waiting = setTimeout(plan, 300);
});
