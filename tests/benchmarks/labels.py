"""Prints what a label takes beside naive WeasyPrint, reportlab and fpdf2, in one interleaved run, and what a worker needs.

Run: python -m tests.benchmarks.labels [rounds] [renders]

All times are processor time, and the ratios travel between machines; the milliseconds beside them do not.
Naive and the others draw the same words on the same page in the same fonts: see `tests/benchmarks/rivals.py`.
`renders` labels (1,000) are printed one after the other in a worker that was forked, to see its memory.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from labels.label import DispensingLabel
from labels.media import MEDIA
from labels.paper import Column, Heading, Paper, Paragraph, Table
from labels.render import Renderer
from tests.benchmarks.rivals import Way, naive, others

SHARE = 24  # labels of a batch
SETTLED = 300  # renders until the allocator has its arenas


def demonstration_label(number: int) -> DispensingLabel:
    """Make a fictional label; the number keeps any cache of whole labels from helping."""
    return DispensingLabel(
        patient=f"Maria Gonzalez-Ramirez {chr(65 + number % 26)}.",
        drug_and_strength="naltrexone 1 mg/mL oral liquid",
        directions=("Take 4.5 mL by mouth at bedtime.",),
        purpose="For fibromyalgia pain",
        strength_notice="",
        salt_line="as naltrexone hydrochloride. Each 1 mL contains 1 mg.",
        quantity="94.5 mL",
        date_filled="Mar 1, 2026",
        batch=f"B-2026-{number:04}",
        beyond_use="Discard after Apr 4, 2026",
        storage="Keep in the refrigerator.",
        refills="2",
        prescriber="Dr. Jane Example",
        pharmacy_name="Example Compounding Pharmacy",
        pharmacy_address="12 Main Street, Springfield, CA 90000",
        pharmacy_phone="(555) 010-0199",
        rx_number=f"{100000 + number}",
        container="Bottle 1 of 2",
        pharmacist="AB",
        licence="PHY 12345",
        compounded="This medicine was compounded for you by Example Compounding Pharmacy.",
        warnings=("Do not take with opioid medicines.", "Shake well before each use.", "Protect from light.", "Keep out of reach of children."),
        barcode=f"RX{100000 + number}-B2026{number:04}",
    )


def seconds(task: Callable[[DispensingLabel], object], label: DispensingLabel) -> float:
    """Time one call."""
    start = time.process_time()
    task(label)
    return time.process_time() - start


def interleaved(ways: dict[str, Way], rounds: int) -> dict[str, list[float]]:
    """Let every way print the same label in turn, so that a slow moment of the machine slows all; the first two rounds warm up."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-2, rounds):
        for name, way in ways.items():
            taken = seconds(way, demonstration_label(number % 10_000))
            if number >= 0:
                times[name].append(taken)
    return times


def in_worker(task: Callable[[], str]) -> str:
    """Run a task in a forked worker, as the server's are forked, and give what it says."""
    reading, writing = os.pipe()
    if (worker := os.fork()) == 0:
        os.write(writing, task().encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(worker, 0)
    return said


def resident() -> float:
    """The memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(rounds: int, renders: int = 0) -> None:
    """Print the table, and the figures of a worker."""
    renderer, media = Renderer(), MEDIA["thermal-4x3"]
    os.environ["FONTCONFIG_FILE"] = str(renderer._fonts._configuration)  # the naive way gets the same fonts
    renderer.warm()

    def ours(label: DispensingLabel) -> object:
        return renderer.dispensing(label, media)

    def share(first: int) -> str:
        start = time.process_time()
        for number in range(first, first + SHARE // 2):
            ours(demonstration_label(number))
        return str((time.process_time() - start) / SHARE)

    rivals = others(renderer, media)
    times = interleaved({"naive": naive, "ours": ours, **rivals}, rounds)
    base = median(times["naive"])
    lines = {name: median(taken) for name, taken in times.items()}
    lines["two forked workers"] = max(float(in_worker(lambda first=first: share(first))) for first in (5_000, 6_000))
    for name, taken in lines.items():
        sys.stdout.write(f"{name:20} {taken * 1000:8.1f} ms a label   1/{base / taken:.1f} of naive WeasyPrint\n")
    for name in {"reportlab", "fpdf"} - set(rivals):
        sys.stdout.write(f"{name} is not installed, and was not measured: see tests/benchmarks/rivals.py\n")
    sys.stdout.write(leaflets(renderer))
    first = float(in_worker(lambda: str(seconds(ours, demonstration_label(9_000)))))
    sys.stdout.write(f"a new worker's first label: {first * 1000:.0f} ms, {first / lines['ours']:.1f} times a usual one\n")
    if renders:
        sys.stdout.write(in_worker(lambda: memory(ours, renders)))


def leaflet(number: int) -> Paper:
    """A leaflet of two pages, as a patient gets it: a calendar, sections, facts."""
    words = "Call us before you take anything new, before an operation, and whenever something is not as you know it. " * 3
    steps = tuple((f"Mar {day} to Mar {day + 6}, 2026", "Take 1.5 mL by mouth at bedtime.", "1.5 mg") for day in range(1, 24, 2))
    sections = tuple(
        block for title in ("Opioids", "The first two weeks", "Surgery", "Thyroid", "How to keep it") for block in (Heading(title), Paragraph(words))
    )
    calendar = Table("Your calendar", (Column("Days"), Column("Take", 2), Column("That is", numeric=True)), steps)
    subtitle = f"For Maria Gonzalez {chr(65 + number % 26)}., born Jan 2, 1980. Rx {100_000 + number}"
    return Paper("Leaflet", "Your medicine", (calendar, *sections), subtitle=subtitle, footer=f"Example Pharmacy. Rx {100_000 + number}", body_pt=13.0)


def naive_leaflet(paper: Paper) -> bytes:
    """The same words as one first writes them: flex columns for the calendar, nothing reused."""
    from weasyprint import HTML

    rows = "".join(
        "<div style='display:flex'>" + "".join(f"<span style='flex:1'>{cell}</span>" for cell in row) + "</div>"
        for block in paper.blocks
        if isinstance(block, Table)
        for row in block.rows
    )
    texts = "".join(f"<p>{block.text}</p>" for block in paper.blocks if isinstance(block, Heading | Paragraph))
    markup = (
        f"<html lang='en'><title>Leaflet</title><style>@page {{ size: Letter; margin: 15mm }} body {{ font: 13pt/1.25 Inter }}</style><h1>{paper.title}</h1>"
    )
    return HTML(string=f"{markup}<p>{paper.subtitle}</p>{rows}{texts}").write_pdf(pdf_variant="pdf/ua-1")


def leaflets(renderer: Renderer) -> str:
    """Say what a leaflet takes that is stamped on a kept rendering, beside one that is laid out and a naive one, interleaved."""
    ways = {"naive": naive_leaflet, "laid out": renderer.paper, "stamped": renderer.stamped}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-1, 5):
        for place, (name, way) in enumerate(ways.items()):
            paper = leaflet(len(ways) * number + place)  # each another patient's: no way finds its lines measured by the one before it
            start = time.process_time()
            way(paper)
            if number >= 0:
                times[name].append(time.process_time() - start)
    base = median(times["naive"])
    return "".join(f"leaflet, {name:11} {median(taken) * 1000:8.1f} ms   1/{base / median(taken):.1f} of a naive one\n" for name, taken in times.items())


def memory(task: Way, renders: int) -> str:
    """Print labels, each another, and say how the memory grew."""
    for number in range(SETTLED):
        task(demonstration_label(number))
    settled = resident()
    for number in range(SETTLED, SETTLED + renders):
        task(demonstration_label(number % 10_000))
    return f"memory: {settled:.1f} MB after {SETTLED} labels, {resident() - settled:+.2f} MB in {renders} more; {resident():.0f} MB in all\n"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40, int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
