"""Papers: whole by geometry on as many pages as they take, or refused by the name of the part."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest

from labels.label import CannotPrint, ErrorProne, Incomplete, LabelDoesNotFit
from labels.media import POINTS_PER_MM
from labels.paper import (
    LONGEST_PARAGRAPH,
    Boxes,
    Column,
    Facts,
    Heading,
    Ink,
    NewPage,
    Paper,
    PaperSize,
    Paragraph,
    Picture,
    Rectangle,
    Stroke,
    Table,
    Words,
    WritingLines,
)
from labels.papersetter import ABOVE, MARGIN, PaperSetter
from labels.render import PAPER_VERSION, Renderer
from tests.labels.reading import Glyph, barcodes, glyphs, page_sizes, page_texts, rasters, unseen
from tests.labels.test_hostile_text import MARKUP, REFUSED

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-" * 3
COLUMNS = (
    Column("No.", 0.5, numeric=True),
    Column("Component", 2.4, bold=True),
    Column("Lot", 1.6),
    Column("Target", 1.4, numeric=True, clinical=True),
    Column("Right", 1.1),
    Column("By", 1.0),
)


def row(number: int) -> tuple[str | Boxes, ...]:
    lot = "X9" * 19 if number % 3 else "L-77"
    return (str(number), "naltrexone hydrochloride tablets 50 mg, crushed", lot, f"{number}.5 mg", Boxes(("yes", "no")), "")


PAPER = Paper(
    kind="Compounding record",
    title="Batch 1042: naltrexone 1 mg/mL oral liquid",
    subtitle=f"For NGUYỄN Thị Ánh Tuyết {LONG_NAME}, born 1980-01-02",
    barcode="B-1042",
    footer='Example Pharmacy \\ "12 Main Street" <b>Springfield</b> {{ 7*7 }}. Batch 1042',
    blocks=(
        Paragraph("QUARANTINED. Do not use.", bold=True, boxed=True),
        Heading("What it is"),
        Facts((("Formula", "L1, SHA-256 " + "ab12" * 16), ("Made by", ""), ("Prescriber", "Dr. Łukasz Ångström")), row_mm=8),
        Table("Weighings", COLUMNS, tuple(row(number) for number in range(1, 23)), row_mm=8, total=("", "Sum", "", "900 mg", "", "")),
        Heading("Checks", 2),
        Boxes(("Clear, colourless liquid without particles " * 4, "pH between 3 and 4")),
        WritingLines("Deviations and their reasons", 3),
        Picture(
            "Weights within their limits",
            200,
            60,
            (Rectangle(0, 0, 200, 60, Ink.LIGHT, Ink.DARK), Stroke(((0, 30), (200, 30))), Words("105 %", 195, 12, anchor="end")),
        ),
        NewPage(),
        Paragraph(" ".join(MARKUP)),
    ),
)


@pytest.fixture(scope="module")
def printed(renderer: Renderer) -> bytes:
    return renderer.paper(PAPER).pdf


def squeezed(texts: list[str]) -> str:
    return "".join("".join(texts).split()).replace("\ufffe", "-")


def test_every_glyph_is_seen_between_the_margins_and_none_lies_on_another(printed: bytes) -> None:
    size = PaperSize.LETTER
    assert page_sizes(printed) == [pytest.approx((612.0, 792.0), abs=0.01)] * len(page_sizes(printed))
    for glyph in glyphs(printed):
        assert glyph.left >= MARGIN - 0.3, glyph
        assert glyph.right <= size.width - MARGIN + 0.3, glyph
        assert glyph.top >= ABOVE - 1, glyph
        assert glyph.bottom <= size.height - 5 * POINTS_PER_MM, glyph
    assert unseen(printed) == []
    assert overlapping(printed) == []


def test_all_that_was_given_is_there_and_heads_stand_on_each_page_of_a_table(printed: bytes) -> None:
    texts = page_texts(printed)
    whole = squeezed(texts)
    for text in [LONG_NAME, "ab12" * 16, *(f"{number}.5mg" for number in range(1, 23)), "X9" * 19, "900mg", *("".join(part.split()) for part in MARKUP)]:
        assert text in whole, text
    of_the_table = [text for text in texts if "naltrexone hydrochloride tablets" in text]
    assert len(of_the_table) >= 2
    assert all("No. Component Lot Target" in text for text in of_the_table)
    assert [f"Page {number} of {len(texts)}" in text for number, text in enumerate(texts, 1)] == [True] * len(texts)
    assert sum("<b>Springfield</b> {{ 7*7 }}" in text for text in texts) == len(texts)


def test_a_number_stands_at_the_right_of_its_column_and_is_never_parted(renderer: Renderer) -> None:
    table = Table("Sums", (Column("Text", 3), Column("Number", 1, numeric=True)), (("a", "1,111.5 mg"), ("b", "900.25 mg"), ("c 1,234.5 mg " * 20, "8 mg")))
    found = list(glyphs(renderer.paper(replace(PAPER, barcode="", blocks=(table,))).pdf))
    ends = [glyph.right for glyph in found if glyph.text == "g" and glyph.right > 550 and glyph.top < 700]
    assert len(ends) == 3
    assert max(ends) - min(ends) < 0.1
    numbers = [glyph for glyph in found if glyph.text == "4" and glyph.left < 400]
    assert len(numbers) >= 20
    for four, point in pairwise(sorted((g for g in found if g.text in "4." and g.left < 400), key=lambda g: (g.top // 20, g.left))):
        if four.text == "4" and point.text == ".":
            assert 0 <= point.left - four.right < 3


def test_a_cell_longer_than_a_page_goes_on_and_is_not_cut(renderer: Renderer) -> None:
    words = " ".join(f"word{number}" for number in range(110))
    pdf = renderer.paper(replace(PAPER, blocks=(Table("Long", (Column("A", 1), Column("B", 7)), ((words, "beside"),)),))).pdf
    assert len(page_texts(pdf)) >= 3
    assert unseen(pdf) == []
    assert [f"word{number}" in squeezed(page_texts(pdf)) for number in range(110)] == [True] * 110


def test_bytes_are_the_same_each_time_and_the_file_names_nobody(renderer: Renderer, printed: bytes) -> None:
    again = renderer.paper(PAPER)
    assert again.pdf == printed
    assert (again.media, again.template_version) == ("letter", PAPER_VERSION)
    assert again.pages == len(page_texts(printed))
    with pikepdf.open(BytesIO(printed)) as pdf:
        told = f"{dict(pdf.docinfo)} {pdf.Root.Metadata.read_bytes().decode()}"
        assert "Tuyết" not in told
        assert "1042" not in told
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Compounding record"
            assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        embedded = {str(font.BaseFont).partition("+")[2] for page in pdf.pages for font in page.Resources.Font.values()}
        assert all(name.startswith(("Inter", "Noto-Sans")) for name in embedded)


def test_the_barcode_reads_back_and_a_sheet_of_a4_is_one(renderer: Renderer) -> None:
    paper = renderer.paper(replace(PAPER, size=PaperSize.A4, blocks=(Paragraph("Short."),)))
    assert paper.media == "a4"
    assert page_sizes(paper.pdf) == [pytest.approx((595.28, 841.89), abs=0.01)]
    assert barcodes(rasters(paper.pdf, 300)[0]) == ["B-1042"]


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_character_that_falsifies_is_refused_wherever_it_stands(renderer: Renderer, text: str) -> None:
    places = {
        "deviations": (Paragraph(text, field="deviations"),),
        "heading 1": (Heading(text),),
        "Lots: Lot, row 1": (Table("Lots", (Column("Lot"),), ((text,),)),),
        "Maker": (Facts((("Maker", text),)),),
        "boxes 1": (Boxes((text,)),),
        "lines 1": (WritingLines(text),),
        "picture": (Picture("A picture", 200, 50, (Words(text, 5, 20),)),),
    }
    for field, blocks in places.items():
        with pytest.raises(CannotPrint) as refusal:
            renderer.paper(replace(PAPER, blocks=blocks))
        assert refusal.value.field == field
    for field in ("title", "subtitle", "footer"):
        with pytest.raises(CannotPrint) as refusal:
            renderer.paper(replace(PAPER, **{field: text}))
        assert refusal.value.field == field


def test_what_cannot_stand_whole_is_refused_by_name(renderer: Renderer) -> None:
    narrow = (Column("Wide", 12), Column("mg", 1, numeric=True))
    cases: list[tuple[Paper, type[LabelDoesNotFit], str]] = [
        (replace(PAPER, title=" "), Incomplete, "title"),
        (replace(PAPER, kind="Record of 1042"), Incomplete, "kind"),
        (replace(PAPER, footer="far too long " * 30), LabelDoesNotFit, "footer"),
        (replace(PAPER, blocks=(Paragraph("a " * LONGEST_PARAGRAPH),)), LabelDoesNotFit, "paragraph 1"),
        (replace(PAPER, blocks=(Paragraph("Take 5.0 mg", clinical=True, field="advice"),)), ErrorProne, "advice"),
        (replace(PAPER, blocks=(Table("Sums", narrow, (("a", "1234567.5"),)),)), LabelDoesNotFit, "Sums: mg, row 1"),
        (replace(PAPER, blocks=(Table("Sums", (*narrow, Column("Text", 1)), (("a", "1", "1234.5 mg"),)),)), LabelDoesNotFit, "Sums: Text, row 1"),
        (replace(PAPER, blocks=(Picture("Wide", 700, 20, ()),)), LabelDoesNotFit, "picture"),
        (replace(PAPER, blocks=(Picture("Words outside", 50, 20, (Words("far outside of it", 5, 12),)),)), LabelDoesNotFit, "picture"),
    ]
    for paper, kind, field in cases:
        with pytest.raises(kind) as refusal:
            renderer.paper(paper)
        assert refusal.value.field == field


def test_a_paper_of_more_than_a_hundred_pages_is_refused_before_it_is_drawn(renderer: Renderer) -> None:
    table = Table("Sums", (Column("A"), Column("B")), (("a", "b"),) * 100, row_mm=250)
    assert PaperSetter(renderer._setter, replace(PAPER, blocks=(replace(table, rows=(("a", "b"),) * 90),))).set()
    with pytest.raises(LabelDoesNotFit, match="more than 100 pages") as refusal:
        PaperSetter(renderer._setter, replace(PAPER, blocks=(replace(table, rows=(("a", "b"),) * 110),))).set()
    assert refusal.value.field == "paper"


def overlapping(pdf: bytes) -> list[tuple[Glyph, Glyph]]:
    """Pairs of glyphs on one page that share more than a fifth of the smaller one; the letters of a line touch by less."""
    pairs = []
    for page in sorted({glyph.page for glyph in glyphs(pdf)}):
        here = sorted((glyph for glyph in glyphs(pdf) if glyph.page == page), key=lambda glyph: glyph.top)
        for index, first in enumerate(here):
            for second in here[index + 1 :]:
                if second.top >= first.bottom:
                    break
                across = min(first.right, second.right) - max(first.left, second.left)
                down = min(first.bottom, second.bottom) - second.top
                least = min((g.right - g.left) * (g.bottom - g.top) for g in (first, second))
                if across > 0 and across * down > least / 5:
                    pairs.append((first, second))
    return pairs


def test_a_total_never_stands_alone_at_the_head_of_a_page(renderer: Renderer) -> None:
    for count in (36, 37, 38):  # of 37 rows the total is the first that has no room
        table = Table(
            "Waste", (Column("Cause"), Column("Cost", numeric=True)), tuple((f"cause {row}", "1.00") for row in range(count)), total=("Total", "9.00")
        )
        *_, last = page_texts(renderer.paper(Paper(kind="Record", title="Costs", blocks=(table,))).pdf)
        assert last.index(f"cause {count - 1}") < last.index("Total")
