"""Prints how many labels a second this package makes beside naive WeasyPrint, in one interleaved run of one process.

Run: python -m tests.benchmarks.labels [rounds]

Naive is what one writes first: nested flex boxes, inline CSS, a font configuration for each label and nothing reused,
but the same words, page and fonts. Ratios travel between machines; the seconds beside them do not.
"""

import os
import sys
import time
from collections.abc import Callable
from statistics import median

from labels.label import DispensingLabel
from labels.media import MEDIA
from labels.render import Renderer

NAIVE = """<html lang="en"><head><title>Label</title><style>@page {{ size: 101.6mm 76.2mm; margin: 2mm }}
body {{ margin: 0; font-family: Inter }}</style></head>
<body><div style="display:flex; flex-direction:column; height:72mm; justify-content:space-between">
<div style="display:flex; flex-direction:column; font-size:12pt; line-height:1.25"><b>{patient}</b><b>{drug}</b><span>{sig}</span><span>{purpose}</span></div>
<div style="display:flex; border-top:0.7pt solid #000; font-size:7pt; line-height:1.25">
<div style="flex:1"><div style="display:flex; flex-direction:column">{facts}</div></div>
<div style="flex:1"><div style="display:flex; flex-direction:column">{cautions}</div></div></div>
<div style="font-size:7pt">{foot}</div></div></body></html>"""


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


def naive(label: DispensingLabel) -> bytes:
    """Print one label the naive way."""
    from weasyprint import HTML

    def column(*lines: str) -> str:
        return "".join(f"<span>{line}</span>" for line in lines)

    facts = column(label.beyond_use, label.rx_number, label.quantity, label.date_filled, label.batch, label.prescriber, label.pharmacist)
    markup = NAIVE.format(
        patient=label.patient,
        drug=label.drug_and_strength,
        sig=label.directions[0],
        purpose=label.purpose,
        facts=facts,
        cautions=column(*label.warnings, label.storage, label.salt_line),
        foot=column(label.compounded, label.pharmacy_name, label.pharmacy_address, label.pharmacy_phone),
    )
    return HTML(string=markup).write_pdf(pdf_variant="pdf/ua-1")


def seconds(task: Callable[[DispensingLabel], object], label: DispensingLabel) -> float:
    """Time one call."""
    start = time.process_time()
    task(label)
    return time.process_time() - start


def main(rounds: int) -> None:
    """Interleave both ways, so that a slow moment of the machine slows both, and print medians and their ratio."""
    renderer = Renderer()
    media = MEDIA["thermal-4x3"]
    os.environ["FONTCONFIG_FILE"] = str(renderer._fonts._configuration)  # the naive way gets the same fonts
    ways: dict[str, Callable[[DispensingLabel], object]] = {"naive": naive, "ours": lambda label: renderer.dispensing(label, media)}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-2, rounds):
        for name, way in ways.items():
            taken = seconds(way, demonstration_label(number % 10_000))
            if number >= 0:  # the first two rounds warm up
                times[name].append(taken)
    for name, taken in times.items():
        sys.stdout.write(f"{name:6} {median(taken) * 1000:7.1f} ms a label, {1 / median(taken):6.1f} labels a second\n")
    sys.stdout.write(f"ours takes 1/{median(times['naive']) / median(times['ours']):.1f} of the time of naive WeasyPrint\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
