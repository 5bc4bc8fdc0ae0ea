"use strict";
/* Limits beside what is typed, and a countdown. Both only show: the server decides and keeps the times. Numbers stay exact, in whole nanograms. */

const exact = (text, places) => {
  const found = /^([0-9]+)(?:\.([0-9]*))?$/.exec(text.trim());
  if (!found || (found[2] || "").length > places) return null;
  return BigInt(found[1] + (found[2] || "").padEnd(places, "0"));
};

const band = document.querySelector("output.band");
const reading = document.getElementById("reading");
if (band && reading) {
  const places = band.dataset.scale === "6" ? 6 : 0;
  const show = () => {
    const value = exact(reading.value, places);
    const kind = value === null ? "" : value < BigInt(band.dataset.low) ? "under" : value > BigInt(band.dataset.high) ? "over" : "in";
    band.className = kind ? `band band-${kind}` : "band";
    band.textContent = { "": "", under: "\u25bc under", over: "\u25b2 over", in: "\u2713 in" }[kind];
  };
  reading.addEventListener("input", show);
  show();
}

/* Each capsule's net weight against its limits: gross - together / shells, multiplied by the shells so that nothing is rounded. */
const gross = document.getElementById("capsules.gross");
const each = document.querySelector("ol.each");
if (gross && each) {
  const shells = document.getElementById("capsules.shells"), together = document.getElementById("capsules.together");
  const show = () => {
    const count = exact(shells.value, 0), tare = exact(together.value, 6);
    each.replaceChildren();
    if (!count || tare === null) return;
    gross.value.split("\n").filter((line) => line.trim()).forEach((line) => {
      const item = document.createElement("li"), value = exact(line, 6);
      const net = value === null ? null : value * count - tare;
      const kind = net === null ? "not a weight" : net < BigInt(each.dataset.low) * count ? "\u25bc under" : net > BigInt(each.dataset.high) * count ? "\u25b2 over" : "\u2713 in";
      item.textContent = `${line.trim()} mg: ${kind}`;
      if (kind !== "\u2713 in") item.className = "out";
      each.append(item);
    });
  };
  [gross, shells, together].forEach((field) => field.addEventListener("input", show));
  show();
}

document.querySelectorAll("[data-ends]").forEach((left) => {
  const ends = performance.now() + Number(left.dataset.ends) * 1000;
  const count = () => {
    const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    left.textContent = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "\u2713 time is up";
    if (seconds) setTimeout(count, 250);
  };
  count();
});
