"""A paper from a kept rendering with the patient's line drawn on top: it looks as if it were laid out whole, and what is kept names nobody."""

from dataclasses import replace

import pytest

from labels.label import CannotPrint
from labels.paper import Paper
from labels.render import Renderer
from tests.labels.accessible import defects
from tests.labels.reading import glyphs, page_texts, unseen
from tests.labels.test_papers import PAPER

LEAFLET = replace(PAPER, barcode="", subtitle="For NGUYỄN Thị Ánh Tuyết, born Jan 2, 1980", footer="Example Pharmacy, (555) 010-0199. Rx 100023")


@pytest.mark.parametrize("paper", [LEAFLET, replace(LEAFLET, subtitle="For Łukasz O’Brien, " * 12, body_pt=13.0, foot_pt=10.0)], ids=["one line", "several"])
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
    monkeypatch.setattr(renderer, "_kept", lambda markup: seen.append(markup) or renderer._written(markup))
    renderer.stamped(LEAFLET)
    (markup,) = seen
    assert "Tuyết" not in markup
    assert "100023" not in markup


def test_a_line_that_cannot_be_printed_is_refused_as_on_any_paper(renderer: Renderer) -> None:
    with pytest.raises(CannotPrint) as refusal:
        renderer.stamped(replace(LEAFLET, subtitle="For \N{RIGHT-TO-LEFT OVERRIDE}51"))
    assert refusal.value.field == "subtitle"
