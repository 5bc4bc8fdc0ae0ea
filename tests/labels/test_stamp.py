"""A paper from a kept rendering with the patient's line drawn on top: it looks as if it were laid out whole, and what is kept names nobody."""

from dataclasses import replace

import pytest

from labels.confirmation import confirm
from labels.label import CannotPrint, RenderingDefect
from labels.paper import NewPage, Paper, Paragraph
from labels.papersetter import PaperSetter
from labels.render import Renderer
from labels.stamp import blank, only_stamp, stamps
from tests.labels.accessible import defects
from tests.labels.reading import glyphs, page_texts, unseen
from tests.labels.test_papers import PAPER

LEAFLET = replace(PAPER, barcode="", subtitle="For NGUYỄN Thị Ánh Tuyết, born Jan 2, 1980", footer="Example Pharmacy, (555) 010-0199. Rx 100023")


SHORT = replace(LEAFLET, blocks=(Paragraph("Take 1.5 mL by mouth at bedtime."), NewPage(), Paragraph("Keep it in the refrigerator.")))
PAPERS = {
    "one line": LEAFLET,
    "several": replace(LEAFLET, subtitle="For Łukasz O’Brien, " * 12, body_pt=13.0, foot_pt=10.0),
    "another font": replace(SHORT, subtitle="For Щербаков Ꞧ, AVATAR To", foot_pt=11.0),
    "no line": replace(SHORT, subtitle="", footer=""),
}


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_every_glyph_stands_where_it_would_if_it_were_laid_out_whole(renderer: Renderer, paper: Paper) -> None:
    whole, done = renderer.paper(paper), renderer.stamped(paper)
    assert done.pages == whole.pages
    expected = sorted((g.page, g.text, round(g.top), round(g.left)) for g in glyphs(whole.pdf))
    found = sorted((g.page, g.text, round(g.top), round(g.left)) for g in glyphs(done.pdf))
    assert [place[:2] for place in found] == [place[:2] for place in expected]
    assert sum(abs(a[2] - b[2]) + abs(a[3] - b[3]) for a, b in zip(found, expected, strict=True)) < len(found) / 20, "a rounded place may fall on either side"
    assert unseen(done.pdf) == []
    assert defects(done.pdf) == []


def test_another_patient_gets_another_line_from_the_same_rendering_and_equal_papers_equal_bytes(renderer: Renderer) -> None:
    renderer.stamped(replace(LEAFLET, subtitle="For Maria Gonzalez, born Jan 2, 1980"))
    before = renderer._kept.cache_info()
    other = replace(LEAFLET, subtitle="For Ann Lee, born Feb 3, 1990", footer="Example Pharmacy, (555) 010-0199. Rx 100024")
    first, second = renderer.stamped(other), renderer.stamped(other)
    after = renderer._kept.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 2)
    assert first == second
    text = " ".join(page_texts(first.pdf))
    assert "Ann Lee" in text
    assert "Maria" not in text
    assert text.count("Rx 100024") == first.pages


def test_what_is_kept_names_nobody(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(renderer, "_kept", lambda *parts: seen.append(repr(parts)) or renderer._unnamed(*parts))
    renderer.stamped(LEAFLET)
    (parts,) = seen
    assert "Compounding record" in parts
    assert "Tuyết" not in parts
    assert "100023" not in parts


def test_a_line_that_cannot_be_printed_is_refused_as_on_any_paper(renderer: Renderer) -> None:
    with pytest.raises(CannotPrint) as refusal:
        renderer.stamped(replace(LEAFLET, subtitle="For \N{RIGHT-TO-LEFT OVERRIDE}51"))
    assert refusal.value.field == "subtitle"


def test_letters_that_share_a_glyph_read_as_what_they_are(renderer: Renderer) -> None:
    alike = "For O’Brien Oʼahu \N{GREEK SMALL LETTER IOTA}\N{LATIN SMALL LETTER IOTA}, Rx 100023"
    assert alike in page_texts(renderer.stamped(replace(SHORT, subtitle=alike)).pdf)[0]


def test_marks_that_no_letter_brings_along_stand_above_it(renderer: Renderer) -> None:
    done = renderer.stamped(replace(SHORT, subtitle="For Q\u0303ue x\u0323\u0301 B\u030c\u0301")).pdf
    assert "Q\u0303uex\u0323\u0301B\u030c\u0301" in page_texts(done)[0].replace(" ", ""), "a reader may see a gap beside a mark"
    letter, mark = (next(glyph for glyph in glyphs(done) if glyph.text == text) for text in "Q\u0303")
    assert mark.bottom < letter.top
    assert letter.left < mark.left < mark.right < letter.right
    assert unseen(done) == []
    assert defects(done) == []


def test_what_was_kept_lies_untouched_at_the_head_of_the_file(renderer: Renderer) -> None:
    paper = replace(SHORT, subtitle="For Ann Lee")
    setter = PaperSetter(renderer._setter, paper)
    kept = renderer._kept(replace(paper, subtitle="", footer=""), blank(setter.subtitle()), blank(setter.footer()))
    done = renderer.stamped(paper).pdf
    assert done.startswith(kept.pdf)
    assert [text.replace(" ", "") for text in page_texts(only_stamp(kept, done))] == [
        "ForAnnLeeExamplePharmacy,(555)010-0199.Rx100023",
        "ExamplePharmacy,(555)010-0199.Rx100023",
    ]
    others = stamps(paper, PaperSetter(renderer._setter, replace(paper, subtitle="For Ann Leo")).subtitle(), setter.footer(), kept)
    with pytest.raises(CannotPrint) as refusal:
        confirm(only_stamp(kept, done), others)
    assert refusal.value.field == "subtitle"


def test_a_stamp_on_another_page_is_not_handed_out(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = renderer._kept
    monkeypatch.setattr(renderer, "_kept", lambda *parts: replace(usual(*parts), forms=usual(*parts).forms[::-1]))
    with pytest.raises((CannotPrint, RenderingDefect)):
        renderer.stamped(SHORT)


def test_a_rendering_that_says_something_else_is_not_kept(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = renderer._written
    monkeypatch.setattr(renderer, "_written", lambda markup: usual(markup.replace("1.5 mL", "15 mL")))
    with pytest.raises(CannotPrint):
        renderer.stamped(replace(SHORT, title="Never kept before"))
