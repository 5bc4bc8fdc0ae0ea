"use strict";
/* Scanners type the separator of a GS1 code as Ctrl and ], which leaves nothing in a box: here it leaves the sign for it. */

document.querySelector("[data-scan]")?.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.key !== "]") return;
  event.preventDefault();
  event.target.setRangeText("\u241d", event.target.selectionStart, event.target.selectionEnd, "end");
});
