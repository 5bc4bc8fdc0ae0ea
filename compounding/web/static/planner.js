"use strict";
/* The planner without a reload: the course is computed again as it is typed. The server draws all; without script its buttons do the same. */

const form = document.getElementById("planner");
const plan = document.getElementById("plan");
const line = document.getElementById("line");
const fields = () => document.getElementById("fields");
const typed = () => new URLSearchParams(new FormData(form));

/* Numbers that no longer belong to what is typed are not to be read. */
function wait() {
  plan.setAttribute("aria-busy", "true");
  plan.inert = true;
}

/* The messages and the echo of each field follow; what is typed in it stays, and who is typing is not interrupted. */
const keyed = (field) => field.id || field.querySelector("input[id], select[id]")?.id;
let drawn = null;
function follow() {
  if (!drawn) return;
  for (const field of fields().querySelectorAll(".field")) {
    const fresh = drawn.getElementById(keyed(field))?.closest(".field");
    if (!fresh) continue;
    const echo = field.querySelector(".echo");
    if (echo) echo.textContent = fresh.querySelector(".echo").textContent;
    const wrong = fresh.classList.contains("wrong");
    if (wrong && !field.classList.contains("wrong") && field.contains(document.activeElement)) continue;
    field.querySelectorAll("[id$=-error]").forEach((messages) => messages.remove());
    field.classList.toggle("wrong", wrong);
    const place = field.querySelector(".boxed, .options, .parts, select");
    fresh.querySelectorAll("[id$=-error]").forEach((messages) => place.before(messages.cloneNode(true)));
    const described = (part) => part.matches("fieldset") ? part : part.querySelector("input, select");
    for (const name of ["aria-describedby", "aria-invalid"]) {
      const value = described(fresh).getAttribute(name);
      if (value === null) described(field).removeAttribute(name);
      else described(field).setAttribute(name, value);
    }
  }
}

function show(page, rows) {
  const open = [...plan.querySelectorAll("details")].map((part) => part.open);
  plan.replaceChildren(...page.getElementById("plan").childNodes);
  const parts = [...plan.querySelectorAll("details")];
  if (parts.length === open.length) parts.forEach((part, place) => { part.open = open[place]; });
  line.replaceChildren(...page.getElementById("line").childNodes);
  document.getElementById("summary")?.remove();
  document.title = page.title;
  history.replaceState(null, "", document.getElementById("address")?.getAttribute("href") ?? "/planner");
  drawn = page;
  if (rows) redraw(page);
  else follow();
  plan.removeAttribute("aria-busy");
  plan.inert = false;
}

function redraw(page) {
  const { name, value } = document.activeElement;
  fields().replaceWith(page.getElementById("fields"));
  drawn = null;
  const next = fields().querySelector("[autofocus]") ?? fields().querySelector(`[name="${CSS.escape(name ?? "")}"][value="${CSS.escape(value ?? "")}"]`);
  next?.focus();
}

let asked = new AbortController();
async function compute(button = null, rows = false) {
  asked.abort();
  const mine = asked = new AbortController();
  const body = typed();
  if (button) body.set(button.name, button.value);
  wait();
  try {
    const answer = await fetch("/planner", { method: "POST", body, headers: { "X-Live": "1" }, signal: mine.signal, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"), rows);
  } catch (error) {
    if (error.name !== "AbortError") line.textContent = "This could not be computed again. Press Compute.";
  }
}

let waiting = 0;
form.addEventListener("input", (event) => {
  clearTimeout(waiting);
  asked.abort();
  wait();
  const whole = event.target.name === "form";
  waiting = setTimeout(() => compute(null, whole), whole ? 0 : 300);
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=rows]");
  if (!button) return;
  event.preventDefault();
  clearTimeout(waiting);
  compute(button, true);
});
form.addEventListener("focusout", () => setTimeout(follow));

/* A browser that goes back fills in what was typed, below a plan of something else. */
const kept = (field) => field.matches("[type=radio], [type=checkbox]") ? field.checked === field.defaultChecked
  : field.matches("select") ? field.selectedIndex === Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
  : field.value === field.defaultValue;
window.addEventListener("pageshow", () => {
  if (![...form.elements].filter((field) => field.matches("input, select")).every(kept)) compute();
});
