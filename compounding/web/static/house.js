"use strict";
/* What a page does beyond plain HTML: "/" finds, Enter moves on, an error summary takes the focus. Every page works without it. */

const typing = (element) => element.closest("input, textarea, select") !== null;

document.addEventListener("keydown", (event) => {
  const search = document.getElementById("search");
  if (event.key === "/" && search && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

/* Scanners end with Enter: in a form it goes to the next field and never sends anything; from a box marked `send` it goes to a step that only reads. */
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form[data-enter=next]");
  if (event.key !== "Enter" || !form || !event.target.matches("input, select") || event.target.dataset.enter === "send") return;
  event.preventDefault();
  const fields = [...form.elements].filter(
    (element) => element.matches("input:not([type=hidden]), select, textarea, button") && !element.disabled && element.offsetParent !== null);
  const group = event.target.type === "radio" ? event.target.name : null;
  const rest = fields.slice(fields.indexOf(event.target) + 1);
  const next = rest.find((element) => !(group && element.name === group));
  if (next) next.focus();
});

/* A double click signs, takes and prints once. A form that opens another page stays, so it can be sent again a little later. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  if (form.target) setTimeout(() => delete form.dataset.sent, 2000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

/* A reason that lies over a table goes away when one goes on with something else, or with Escape. */
const close = (keep) => document.querySelectorAll("td > details.why[open]").forEach((why) => { if (why !== keep) why.open = false; });
document.addEventListener("click", (event) => close(event.target.closest("details.why")));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(null); });

document.querySelector("[data-focus]")?.focus();
