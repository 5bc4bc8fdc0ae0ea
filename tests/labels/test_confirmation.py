"""The finished file is read back by another program, and is not handed out when it is not what was composed."""

from dataclasses import replace

import pytest

from labels import dispensing
from labels.confirmation import confirm, confirm_paper, read
from labels.label import CannotPrint, DispensingLabel, LabelDoesNotFit, RenderingDefect
from labels.media import MEDIA
from labels.paper import Paper, Paragraph
from labels.papersetter import PaperSetter
from labels.render import Renderer
from labels.sheet import Sheet, Text

MEDIUM = MEDIA["thermal-4x3"]
LINE = Text("patient", "A name that is cut", "Inter", bold=False, inverse=False, size=12, left=10, top=10, width=105, height=15)


@pytest.fixture(scope="module")
def sheets(renderer: Renderer, titration: DispensingLabel) -> tuple[Sheet, ...]:
    return dispensing.compose(renderer._setter, MEDIUM, titration)


@pytest.fixture(scope="module")
def pdf(renderer: Renderer, titration: DispensingLabel) -> bytes:
    return renderer.dispensing(titration, MEDIUM).pdf


def with_line(sheet: Sheet, number: int, **changes: object) -> Sheet:
    texts = list(sheet.texts)
    texts[number] = replace(texts[number], **changes)
    return replace(sheet, texts=tuple(texts))


def test_what_was_composed_is_confirmed_line_by_line(pdf: bytes, sheets: tuple[Sheet, ...]) -> None:
    confirm(pdf, sheets)
    assert [len(page) for page in read(pdf)] == [len(sheet.texts) for sheet in sheets]


@pytest.mark.parametrize("change", [{"left": 20.0}, {"top": 200.0}, {"width": 30.0}, {"height": 5.0}], ids=str)
def test_ink_outside_of_the_box_of_its_line_is_found_and_named(pdf: bytes, sheets: tuple[Sheet, ...], change: dict[str, float]) -> None:
    with pytest.raises(LabelDoesNotFit, match="would not stand whole") as refusal:
        confirm(pdf, (with_line(sheets[0], 1, **change), *sheets[1:]))
    assert refusal.value.field == "drug_and_strength"
    assert "mm across" in refusal.value.available


def test_another_word_a_missing_line_and_a_missing_page_are_found(pdf: bytes, sheets: tuple[Sheet, ...]) -> None:
    with pytest.raises(CannotPrint) as refusal:
        confirm(pdf, (with_line(sheets[0], 2, text="Take 15 mL by mouth at bedtime."), *sheets[1:]))
    assert refusal.value.field.startswith("directions")
    with pytest.raises(RenderingDefect, match="more than was composed"):
        confirm(pdf, (replace(sheets[0], texts=sheets[0].texts[:-1]), *sheets[1:]))
    with pytest.raises(RenderingDefect, match="pages"):
        confirm(pdf, sheets[:1])
    with pytest.raises(RenderingDefect, match="no PDF"):
        confirm(b"%PDF-1.7", sheets)


@pytest.mark.parametrize("rule", ["", "overflow: hidden"])
def test_a_line_that_is_clipped_is_found_although_its_glyphs_stand_in_their_box(renderer: Renderer, rule: str) -> None:
    markup = f"""<html lang="en"><title>t</title><style>@page {{ size: 200pt 50pt; margin: 0 }} body {{ margin: 10pt; font: 12pt/15pt Inter }}
        p {{ width: 40pt; height: 15pt; margin: 0; {rule}; white-space: pre }}</style><p>{LINE.text}</p></html>"""
    pdf = renderer._engine.pdf(markup, pages=1)
    sheet = Sheet(200, 50, (LINE,), (), ())
    if rule:
        with pytest.raises(LabelDoesNotFit) as refusal:
            confirm(pdf, [sheet])
        assert "clipped" in refusal.value.needed
    else:
        confirm(pdf, [sheet])


def test_a_paper_whose_words_are_lost_or_run_off_it_is_found(renderer: Renderer) -> None:
    paper = Paper(kind="Letter", title="A letter", blocks=(Paragraph("First words."), Paragraph("Last words.", field="closing")))
    whole, shorter = (PaperSetter(renderer._setter, paper).set() for paper in (paper, replace(paper, blocks=paper.blocks[:1])))
    pdf = renderer.paper(paper).pdf
    confirm_paper(pdf, [(paper, whole)])
    with pytest.raises(CannotPrint) as refusal:
        confirm_paper(renderer.paper(replace(paper, blocks=paper.blocks[:1])).pdf, [(paper, whole)])
    assert refusal.value.field == "closing"
    with pytest.raises(LabelDoesNotFit, match="would not stand whole"):
        confirm_paper(
            renderer._engine.pdf(
                '<html lang="en"><title>t</title><style>@page { margin: 0 }</style><p style="font: 12pt Inter">Far too near to the edge', pages=1
            ),
            [(paper, shorter)],
        )


def test_marks_that_would_not_read_the_same_are_refused_by_their_field(renderer: Renderer, label: DispensingLabel) -> None:
    with pytest.raises(CannotPrint, match="Write it more simply") as refusal:
        renderer.dispensing(replace(label, prescriber="Dr. E\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"), MEDIUM)
    assert refusal.value.field == "prescriber"


@pytest.mark.parametrize("markup", ["<p>\N{CUNEIFORM SIGN A}", "<p style='font: 12px Inter; colour: red'>x"], ids=["no glyph", "unknown rule"])
def test_whatever_weasyprint_complains_of_gives_no_pdf(renderer: Renderer, markup: str) -> None:
    with pytest.raises(RenderingDefect, match="complained"):
        renderer._engine.pdf(f'<html lang="en"><title>t</title>{markup}', pages=1)
