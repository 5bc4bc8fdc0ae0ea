"use strict";
/* The order form without a reload: rows change and the course follows as you type. The server draws both; without script its buttons do the same. */

const form = document.getElementById("order");
document.querySelector(".without-script")?.setAttribute("hidden", "");

async function part(address, data) {
  const answer = await fetch(address, { method: "POST", body: data, headers: { "X-Part": "1" }, credentials: "same-origin" });
  return answer.ok && !answer.redirected ? answer.text() : null;
}

form.addEventListener("click", async (event) => {
  const button = event.target.closest("button[name=rows]");
  if (!button) return;
  event.preventDefault();
  const data = new FormData(form);
  data.set(button.name, button.value);
  const html = await part(button.formAction.split("#")[0], data);
  if (html === null) { form.noValidate = true; form.requestSubmit(button); return; }
  document.getElementById("steps-part").innerHTML = html;
  document.querySelector(".without-script")?.setAttribute("hidden", "");
  document.querySelector("#steps-part [autofocus]")?.focus();
});

function echo() {
  for (const cell of document.querySelectorAll("[data-echo]")) {
    const output = document.getElementById(`${cell.dataset.echo}-echo`);
    if (output) output.textContent = cell.classList.contains("soft") ? "" : cell.textContent;
  }
}

let waiting = 0;
form.addEventListener("input", (event) => {
  if (!event.target.name?.startsWith("steps.")) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const course = document.getElementById("course");
    const html = await part(course.dataset.from, new FormData(form));
    if (html === null) return;
    course.innerHTML = html;
    echo();
  }, 300);
});
