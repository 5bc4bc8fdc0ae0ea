"""Ten thousand texts that want to falsify a label, fetch something, run off it or stop it: each is printed whole or refused by its field.

Run: python -m tests.hostile [texts] [seed]

Each text goes into a field of a patient's label, of a batch's, of an intermediate's or into a part of a paper, on a stock that serves for it.
It is printed in a forked worker that may open no file: an audit hook hears every open, socket and process, and the limit of open files is what the
worker already holds, so that not even a C library can open one. What comes out is read back: each glyph is seen in the raster at 203 dots an inch,
inside the page; the safe area is blank; no glyph is the box of a missing one. A worker that dies or takes more than two seconds of its processor is a failure.
"""

import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from labels.label import BatchLabel, DispensingLabel, IntermediateLabel, LabelDoesNotFit, Printed, RenderingDefect
from labels.media import MEDIA, Purpose
from labels.paper import Column, Facts, Paper, Paragraph, Table
from labels.render import Renderer
from tests.benchmarks.labels import demonstration_label
from tests.labels.reading import glyph_numbers, is_blank, rasters, unseen

LONGEST: Final = 2.0  # seconds of processor time for one print
WORKER_TAKES: Final = 250  # texts; then another one is forked, as a server recycles its workers

_WORDS: Final = ("Ann", "Take 1.5 mL", "naltrexone", "5.0 mg", "Łukasz", "Щербаков", "NGUYỄN", "O’Brien", "1/2", "µg", "W" * 30, "x-y")
_SCHEMES: Final = ("http", "https", "ftp", "file", "data", "javascript", "jar", "gopher", "smb", "ws", "mailto", "about", "blob", "chrome", "vbscript", "cid")
_MARKUP: Final = (
    "<img src={url}>", "<script src={url}></script>", "<link rel=stylesheet href={url}>", "<link rel=attachment href='{url}'>", "<iframe src={url}>",
    "<style>@import url({url})</style>", '"><svg><image href="{url}"/></svg>', "<object data={url}>", "<base href={url}>", "url({url})", "]]>{url}<!--",
    "<p style='background:url({url})'>", "<a href={url}>x</a>", "<meta http-equiv=refresh content='0;{url}'>", "{{{{ {url} }}}}", "{{% include '{url}' %}}",
    "<!DOCTYPE x [<!ENTITY e SYSTEM '{url}'>]>&e;", "<use xlink:href={url}>", "</section></body>{url}", "&#x3c;b&#x3e; {url}",
    "<style>p{{display:none}}</style>",
    "\\n\\0{url}", "<div style='position:fixed;top:-9cm'>{url}", "<br>" * 9, "<table>" * 30,
)  # fmt: skip
_BIDI: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS: Final = "".join(map(chr, (*range(32), *range(127, 160)))) + "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2028\u2029\ufffe\uffff\u115f\u3164\ufe0f"
_MARKS: Final = "".join(map(chr, (*range(0x300, 0x370), *range(0x1AB0, 0x1ACF), *range(0x20D0, 0x20F1))))
_PLACES: Final = ("127.0.0.1:1/x", "/etc/passwd", "//169.254.169.254/latest", "[::1]/", "text/css,*{color:red}", "image/png;base64,iVBOR", "alert(1)")


def _url(chance: random.Random) -> str:
    return f"{chance.choice(_SCHEMES)}:{chance.choice(('', '//', '///'))}{chance.choice(_PLACES)}"


def _mixed(chance: random.Random, letters: str) -> str:
    word = chance.choice(_WORDS)
    at = chance.randrange(len(word) + 1)
    return word[:at] + "".join(chance.choices(letters, k=chance.randint(1, 6))) + word[at:]


def _script(chance: random.Random) -> str:
    """Letters of one block of 128 code points anywhere in the first two planes, most of them of scripts that no label prints."""
    block = chance.randrange(0, 0x20000, 128)
    return "".join(chr(block + chance.randrange(128)) for _ in range(chance.randint(1, 12)))


def _latin(chance: random.Random) -> str:
    """Names of letters that can be printed, of any length that a field may have."""
    letters = "abcdeghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ÄÉÑøßŁőŠŽĐțỆữΑΣώЖщЁї'’-.  "
    return "".join(chance.choices(letters, k=chance.randint(1, 90))).strip() or "A"


def _marked(chance: random.Random) -> str:
    return "".join(letter + "".join(chance.choices(_MARKS, k=chance.choice((0, 1, 1, 2, 3, 40)))) for letter in chance.choice(_WORDS))


def _long(chance: random.Random) -> str:
    length = round(10 ** chance.uniform(0, 5))
    piece = chance.choice(("a ", "W", "<b>", "\u202e5", "é", "e\u0301", "1.5 mL ", "x-", "王", " "))
    return (piece * (length // len(piece) + 1))[:length]


KINDS: Final[dict[str, Callable[[random.Random], str]]] = {
    "markup": lambda chance: chance.choice(_MARKUP).format(url=_url(chance)),
    "address": _url,
    "bidi": lambda chance: _mixed(chance, _BIDI),
    "control": lambda chance: _mixed(chance, _CONTROLS),
    "marks": _marked,
    "script": _script,
    "letters": _latin,
    "length": _long,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One hostile text: its kind, where it stands, and how it is printed."""

    kind: str
    place: str
    medium: str
    text: str


_BATCH: Final = BatchLabel(
    "7F3A-22", "naltrexone 1 mg/mL oral liquid", "B-2026-0012", "2026-03-01", "2026-04-04", "Refrigerate.", "100 mL", "QUARANTINE", "B-1"
)
_INTERMEDIATE: Final = IntermediateLabel(
    "INTERMEDIATE", "naltrexone 10 mcg/mL", "B-1 dilution 1", "100 mL", "Made: 2026-03-02 by LT", "2026-03-15", "Refrigerate."
)
_VALUES: Final = {"dispensing": (demonstration_label(1), Purpose.DISPENSING), "batch": (_BATCH, Purpose.BATCH), "intermediate": (_INTERMEDIATE, Purpose.BATCH)}
_PARTS: Final = ("title", "subtitle", "footer", "paragraph", "cell", "head", "fact")


def attempts(count: int, seed: int) -> Iterator[Attempt]:
    """Texts of every kind in turn, each for a place and a stock that chance chooses."""
    chance = random.Random(seed)
    places = [f"{kind} {field.name}" for kind, (value, _) in _VALUES.items() for field in fields(value)] + [f"paper {part}" for part in _PARTS]
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        place = chance.choice(places)
        purpose = _VALUES[place.split()[0]][1] if not place.startswith("paper") else Purpose.PAPER
        yield Attempt(kind, place, chance.choice([item.id for item in MEDIA.values() if purpose in item.purposes]), KINDS[kind](chance))


def printed(renderer: Renderer, attempt: Attempt) -> Printed:
    """Print it, or raise the refusal."""
    kind, part = attempt.place.split()
    text = attempt.text
    if kind == "paper":
        table = Table("Table", (Column(text if part == "head" else "Head"), Column("Dose", numeric=True)), ((text if part == "cell" else "x", "1.5 mg"),))
        blocks = (Paragraph(text if part == "paragraph" else "Words."), table, Facts((("Fact", text if part == "fact" else "said"),)))
        heads = {part: text} if part in {"title", "subtitle", "footer"} else {}
        return renderer.paper(replace(Paper(kind="Letter", title="A letter", blocks=blocks), **heads))
    value: DispensingLabel | BatchLabel | IntermediateLabel = _VALUES[kind][0]
    many = {"directions": ("Take 1 mL by mouth.", text), "warnings": ("Do not take with opioid medicines.", text)}
    return getattr(renderer, kind)(replace(value, **{part: many.get(part, text)}), MEDIA[attempt.medium])


def fault_of(attempt: Attempt, done: Printed) -> str:
    """What is wrong with a print, by geometry and pixels; empty when nothing is."""
    if 0 in glyph_numbers(done.pdf):
        return "the box of a missing glyph"
    # The box of a mark alone may be empty for PDFium, which then names no place; a point is smaller than a dot at six points.
    lost = [glyph for glyph in unseen(done.pdf) if glyph.right - glyph.left > 0.2 and glyph.bottom - glyph.top > 0.2 and glyph.text.isalnum()]
    if lost:
        return f"not seen: {lost[0]}"
    edge = int((MEDIA[attempt.medium].safe_area_mm if done.media == attempt.medium else 4) / 25.4 * 203) - 1
    for picture in rasters(done.pdf):
        width, height = picture.size
        if not all(
            is_blank(picture, strip)
            for strip in ((0, 0, width, edge), (0, height - edge, width, height), (0, 0, edge, height), (width - edge, 0, width, height))
        ):
            return "ink outside of the safe area"
    return ""


def try_one(renderer: Renderer, attempt: Attempt, heard: list[str]) -> tuple[str, float]:
    """Print one text: "printed", the name of the refusal, or what is wrong; and the seconds that it took."""
    heard.clear()
    start = time.process_time()
    try:
        done = printed(renderer, attempt)
    except LabelDoesNotFit as refusal:
        took = time.process_time() - start
        said = type(refusal).__name__ if refusal.field and refusal.sentence else "FAULT a refusal without a field"
    except RenderingDefect as defect:
        took = time.process_time() - start
        said = f"FAULT {defect}"
    else:
        took = time.process_time() - start
        fault = fault_of(attempt, done)
        said = f"FAULT {fault}" if fault else "printed"
    if heard:
        said = f"FAULT it did {heard[0]}"
    if took > LONGEST:
        said = f"FAULT it took {took:.1f} s"
    return said, took


def listen() -> list[str]:
    """Hear from now on of every file, address and process that is opened, and let no more files be opened than are open now."""
    heard: list[str] = []
    held = max(int(entry.name) for entry in Path("/proc/self/fd").iterdir()) + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (held, held))
    with suppress(OSError):
        while True:
            os.dup(0)  # takes the numbers that are free below the limit
    watched = ("open", "socket.", "urllib.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.listdir", "ctypes.dlopen", "ftplib.", "http.")
    sys.addaudithook(lambda event, _: heard.append(event) if event.startswith(watched) else None)
    return heard


def _work(renderer: Renderer, jobs: list[Attempt], writing: int) -> None:
    for attempt in jobs[:8]:  # what a library reads at its first text is read before the ears are open
        try_one(renderer, attempt, [])
    heard = listen()
    for attempt in jobs:
        signal.setitimer(signal.ITIMER_PROF, 5 * LONGEST)  # whoever hangs is killed, and so counted as lost
        said, took = try_one(renderer, attempt, heard)
        os.write(writing, f"{took:.4f} {said}\n".encode())
    os._exit(0)


def main(count: int, seed: int) -> int:
    """Run them all, print the table, and give how many failed."""
    renderer = Renderer()
    renderer.warm()
    jobs = list(attempts(count, seed))
    outcomes: Counter[tuple[str, str]] = Counter()
    slowest = failed = 0.0
    for start in range(0, count, WORKER_TAKES):
        share = jobs[start : start + WORKER_TAKES]
        reading, writing = os.pipe()
        if (worker := os.fork()) == 0:
            _work(renderer, share, writing)
        os.close(writing)
        with os.fdopen(reading) as answers:
            lines = answers.read().splitlines()
        _, status = os.waitpid(worker, 0)
        if status or len(lines) != len(share):
            sys.stdout.write(f"a worker was lost at {share[len(lines)]!r}\n"[:400])
            failed += 1
        for attempt, line in zip(share, lines, strict=False):
            took, said = line.split(" ", 1)
            slowest = max(slowest, float(took))
            if said.startswith("FAULT"):
                failed += 1
                sys.stdout.write(f"{said}: {attempt!r}\n"[:600])
            outcomes[attempt.kind, said.split()[0]] += 1
        sys.stdout.flush()
    for kind in KINDS:
        told = ", ".join(f"{number} {said}" for (of, said), number in sorted(outcomes.items()) if of == kind)
        sys.stdout.write(f"{kind:8} {told}\n")
    sys.stdout.write(f"{outcomes.total()} texts, {failed:.0f} faults; the slowest took {slowest:.2f} s of processor time\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(min(1, main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
