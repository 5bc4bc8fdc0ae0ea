"""Draws the pictures of `docs/labels.md` anew, as a printer of 203 dots an inch or an office printer would print them.

Run: python -m tests.labels.pictures [folder]

All names are fictional. A picture of a label is its raster at 203 dots an inch; one of a sheet or a test sheet is at 96.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

from labels.label import BatchLabel, DispensingLabel, IntermediateLabel
from labels.media import MEDIA
from labels.render import Renderer
from tests.benchmarks.labels import demonstration_label
from tests.labels.reading import rasters

FOLDER = Path(__file__).parents[2] / "docs/pictures"

LIQUID = replace(
    demonstration_label(23),
    patient="Maria Gonzalez-Ramirez",
    warnings=(
        "Do not take with opioid medicines.",
        "Shake well before each use.",
        "Use only the oral syringe provided.",
        "Protect from light.",
        "Keep out of reach of children.",
    ),
)
TITRATION = replace(
    LIQUID,
    directions=(
        "Mar 1 to Mar 14, 2026: Take 1.5 mL by mouth at bedtime.",
        "Mar 15 to Mar 28, 2026: Take 3 mL by mouth at bedtime.",
        "From Mar 29, 2026: Take 4.5 mL by mouth at bedtime.",
    ),
    strength_notice="NEW STRENGTH: volume has changed",
)
CAPSULES = replace(
    LIQUID,
    drug_and_strength="naltrexone 4.5 mg capsules",
    directions=("Take 1 capsule by mouth at bedtime.",),
    salt_line="as naltrexone hydrochloride.",
    quantity="30 capsules",
    storage="Store at room temperature.",
    warnings=("Do not take with opioid medicines.", "Keep out of reach of children."),
    container="",
)
DROPS = replace(
    LIQUID,
    drug_and_strength="naltrexone 5 mg/mL oral drops",
    directions=tuple(f"Week {week}: Take {week} {'drop' if week == 1 else 'drops'} by mouth at bedtime." for week in range(1, 19)),
)
LONG_NAME = replace(LIQUID, patient="Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, NGUYỄN Thị Ánh Tuyết")
PATIENTS = {"liquid": LIQUID, "titration": TITRATION, "capsules": CAPSULES, "drops-18-weeks": DROPS, "long-name": LONG_NAME}
SHOWN = {
    "liquid": ("thermal-4x2", "thermal-4x3", "l7165"),
    "titration": ("thermal-4x2", "thermal-4x3", "thermal-4x6", "5164"),
    "capsules": ("thermal-4x3",),
    "drops-18-weeks": ("thermal-4x3",),
    "long-name": ("thermal-4x2",),
}
BATCH = BatchLabel(
    internal_id="7F3A-22",
    name_and_strength="naltrexone 1 mg/mL oral liquid",
    batch="B-2026-0012",
    made_on="2026-03-01",
    beyond_use="2026-04-04",
    storage="Refrigerate, 2 to 8 °C. Protect from light.",
    quantity="100 mL",
    status="QUARANTINE",
    barcode="B-2026-0012",
)
INTERMEDIATE = IntermediateLabel(
    notice="INTERMEDIATE - NOT FOR DISPENSING",
    name_and_strength="naltrexone 10 mcg/mL",
    reference="B-2026-0012 dilution 1",
    volume="100 mL",
    made="Made: 2026-03-02 by LT",
    beyond_use="2026-03-15",
    storage="Keep in the refrigerator.",
)
STAFF = ("thermal-3x2", "thermal-2.25x1.25", "roll-89x36", "roll-70x35", "l7160", "l7163", "5160")


def pictures(renderer: Renderer) -> Iterator[tuple[str, Image.Image]]:
    """Every picture with its name."""

    def label(name: str, value: DispensingLabel, medium: str) -> Iterator[tuple[str, Image.Image]]:
        pages = rasters(renderer.dispensing(value, MEDIA[medium]).pdf)
        for number, picture in enumerate(pages, start=1):
            yield f"label-{name}-{medium.removeprefix('thermal-')}" + (f"-{number}" if len(pages) > 1 else ""), picture

    for name, value in PATIENTS.items():
        for medium in SHOWN[name]:
            yield from label(name, value, medium)
    for medium in STAFF:
        yield f"label-batch-{medium}", rasters(renderer.batch(BATCH, MEDIA[medium]).pdf)[0]
    yield "label-intermediate-roll-70x35", rasters(renderer.intermediate(INTERMEDIATE, MEDIA["roll-70x35"]).pdf)[0]
    for medium in ("thermal-4x2", "thermal-2.25x1.25"):
        yield f"label-test-{medium}", rasters(renderer.ruler(MEDIA[medium]).pdf)[0]
    yield "sheet-test-5160", rasters(renderer.ruler(MEDIA["5160"]).pdf, 96)[0]
    batches = [renderer.batch(replace(BATCH, batch=f"B-2026-{number:04}", barcode=f"B-2026-{number:04}"), MEDIA["l7160"]).pdf for number in range(12, 24)]
    yield "sheet-batches-l7160", rasters(renderer.sheets(batches, MEDIA["l7160"], first=4).pdf, 96)[0]
    patients = [renderer.dispensing(value, MEDIA["5163"]).pdf for value in (TITRATION, CAPSULES, LIQUID)]
    yield "sheet-day-5163", rasters(renderer.sheets(patients, MEDIA["5163"], first=3).pdf, 96)[0]


def main(folder: Path) -> None:
    """Write them, in sixteen shades of grey."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures(Renderer()):
        framed = Image.new("L", (picture.width + 2, picture.height + 2), 160)
        framed.paste(picture, (1, 1))
        framed.quantize(16).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
