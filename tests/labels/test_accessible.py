"""Every kind of print passes what of PDF/UA-1 a machine can check here, and the check sees each fault."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from labels.label import BatchLabel, DispensingLabel
from labels.media import MEDIA
from labels.offset import shifted
from labels.render import Renderer
from tests.labels.accessible import defects
from tests.labels.examples import INTERMEDIATE
from tests.labels.test_papers import PAPER

SMALL, MIDDLE, SHEET = MEDIA["thermal-4x2"], MEDIA["thermal-4x3"], MEDIA["5163"]


@pytest.fixture(scope="module")
def pdf(renderer: Renderer, titration: DispensingLabel) -> bytes:
    return renderer.dispensing(titration, SMALL).pdf


def test_labels_of_every_kind_pass(renderer: Renderer, pdf: bytes, label: DispensingLabel, batch_label: BatchLabel) -> None:
    foreign = replace(label, patient="NGUYỄN Ꞧ", prescriber="Dr. Щербаков")
    assert defects(pdf) == []
    assert defects(renderer.dispensing(foreign, MIDDLE).pdf) == []
    assert defects(renderer.batch(batch_label, MEDIA["roll-70x35"]).pdf) == []
    assert defects(renderer.intermediate(INTERMEDIATE, MEDIA["roll-70x35"]).pdf) == []
    assert defects(renderer.ruler(SMALL).pdf) == []


def test_papers_pass(renderer: Renderer) -> None:
    assert defects(renderer.paper(PAPER).pdf) == []


def test_sheets_and_moved_prints_pass(renderer: Renderer, pdf: bytes, titration: DispensingLabel) -> None:
    assert defects(shifted(pdf, SMALL, right_mm=1, down_mm=-1)) == []
    assert defects(renderer.sheets([renderer.dispensing(titration, SHEET).pdf] * 4, SHEET, first=3).pdf) == []


def without(key: str) -> Callable[[pikepdf.Pdf], None]:
    return lambda document: document.Root.__delitem__(key)


def _unmark(document: pikepdf.Pdf) -> None:
    content = document.pages[0].Contents
    content.write(re.sub(rb"/Artifact\s+BMC(.*?)EMC", rb"\1", content.read_bytes(), count=1, flags=re.DOTALL))


def _silence(document: pikepdf.Pdf) -> None:
    for element in document.objects:
        if isinstance(element, Dictionary) and element.get("/S") == Name.Figure:
            del element.Alt


def _orphan(document: pikepdf.Pdf) -> None:
    document.Root.StructTreeRoot.ParentTree.Nums[1][2].K = pikepdf.Array()


def _mute(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].Resources.Font.values():
        del font.ToUnicode


def _untell(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].Resources.Font.values():
        font.ToUnicode.write(re.sub(rb"<[0-9A-Fa-f]{4}> <", b"<ffff> <", font.ToUnicode.read_bytes()))


def _disembed(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].Resources.Font.values():
        del font.DescendantFonts[0].FontDescriptor.FontFile2


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (without("/Lang"), "no language"),
        (without("/MarkInfo"), "not marked as tagged"),
        (without("/ViewerPreferences"), "the title is not shown"),
        (without("/StructTreeRoot"), "no structure"),
        (_unmark, "neither marked nor an artifact"),
        (_silence, "a figure without words"),
        (_orphan, "does not hold it"),
        (_mute, "does not say its texts"),
        (_untell, "glyphs that are no text"),
        (_disembed, "is not embedded"),
        (lambda document: document.pages[0].obj.__delitem__("/Tabs"), "the tab order"),
        (lambda document: document.docinfo.__setitem__("/Title", "Maria"), "no title, or two"),
    ],
)
def test_each_fault_is_seen(pdf: bytes, break_it: Callable[[pikepdf.Pdf], None], fault: str) -> None:
    written = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        break_it(document)
        document.save(written)
    try:
        found = defects(written.getvalue())
    except AttributeError:
        assert fault == "no structure"
    else:
        assert any(fault in defect for defect in found), found
