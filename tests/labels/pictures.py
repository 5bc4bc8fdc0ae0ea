"""Draws the pictures of `docs/labels.md` anew, as a printer of 203 dots an inch or an office printer would print them.

Run: python -m tests.labels.pictures [folder]

All names are fictional. A picture of a label is its raster at 203 dots an inch; one of a sheet or a test sheet is at 96.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

from labels.label import DispensingLabel
from labels.media import MEDIA
from labels.render import Renderer
from tests.labels.examples import BATCH, CAPSULES, DROPS, INTERMEDIATE, LIQUID, TITRATION
from tests.labels.reading import rasters

FOLDER = Path(__file__).parents[2] / "docs/pictures"

LONG_NAME = replace(LIQUID, patient="Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, NGUYỄN Thị Ánh Tuyết")
PATIENTS = {"liquid": LIQUID, "titration": TITRATION, "capsules": CAPSULES, "drops-18-weeks": DROPS, "long-name": LONG_NAME}
SHOWN = {
    "liquid": ("thermal-4x2", "thermal-4x3", "l7165"),
    "titration": ("thermal-4x2", "thermal-4x3", "thermal-4x6", "5164"),
    "capsules": ("thermal-4x3",),
    "drops-18-weeks": ("thermal-4x3",),
    "long-name": ("thermal-4x2",),
}
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
