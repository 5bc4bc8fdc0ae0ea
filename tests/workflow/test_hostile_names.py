"""Names that want to break a label: it is whole, on one sheet or several, or refused by the name of its field."""

from dataclasses import replace

import pytest

from compounding.domain.errors import Invalid
from compounding.domain.fill import FillStatus
from compounding.schemas.prescriptions import ORDER, read_order
from labels.label import DispensingLabel
from tests.labels.reading import barcodes, glyphs, page_sizes, page_texts, rasters, unseen
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, IN_L5, capsules, gp

SIXTY = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaf"  # letters, without a space
CHINESE = "王小明"
SIZES = {"thermal-4x2": (288, 144), "thermal-4x6": (288, 432)}  # points: 4 x 2 and 4 x 6 inch

pytestmark = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def is_whole(pdf: bytes, value: DispensingLabel, size: tuple[int, int]) -> None:
    """Every sheet is the stock exactly, every letter lies on it and is seen, everything is said, and the barcode reads back."""
    assert page_sizes(pdf) == [pytest.approx(size, abs=0.1)] * len(page_texts(pdf))
    assert unseen(pdf) == []
    assert all(0 <= glyph.left < glyph.right <= size[0] and 0 <= glyph.top < glyph.bottom <= size[1] for glyph in glyphs(pdf))
    said = "".join("".join(page_texts(pdf)).split())
    for text in (value.patient, value.drug_and_strength, *value.directions, value.quantity, value.beyond_use, value.warnings[0], value.prescriber):
        assert "".join(text.split()) in said, text
    assert value.barcode in {text for picture in rasters(pdf) for text in barcodes(picture)}


@pytest.mark.parametrize(("medium", "sheets"), [("thermal-4x2", 2), ("thermal-4x6", 1)])
def test_a_name_of_sixty_letters_without_a_space_is_printed_whole(bench: Bench, medium: str, sheets: int) -> None:
    assert len(SIXTY) == 60
    (fill,) = bench.planned(capsules(SIXTY), IN_CAPSULES)
    bench.made(fill)
    composed = bench.compose(fill)
    printed = bench.lay_out(composed, medium)

    assert printed.pages == sheets
    is_whole(printed.pdf, composed.value, SIZES[medium])
    bench.issue(composed, printed)
    bench.check(fill)
    bench.hand_over(fill)


def test_a_name_in_chinese_is_refused_by_its_field_and_nothing_is_issued(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(CHINESE), IN_CAPSULES)
    bench.made(fill)
    composed = bench.compose(fill)
    for medium in SIZES:
        with pytest.raises(Invalid) as refusal:
            bench.lay_out(composed, medium)
        assert refusal.value.facts["field"] == "patient"
        assert "U+738B" in refusal.value.sentence
        assert list(refusal.value.fields) == ["medium"]
    assert bench.fill(fill).status is FillStatus.MADE


def test_a_name_that_turns_the_writing_round_never_comes_in(bench: Bench) -> None:
    sent = ORDER.dump(capsules("Ann \N{RIGHT-TO-LEFT OVERRIDE}51 gm"))
    with pytest.raises(Invalid) as refusal:
        read_order(sent)
    assert list(refusal.value.fields) == ["patient.name"]
    assert "U+202E" in refusal.value.fields["patient.name"][0]
    assert bench.month("2026-03").fill_count == 0


@pytest.mark.parametrize("medium", SIZES)
def test_an_ordinary_label_is_whole(bench: Bench, medium: str) -> None:
    fill, *_ = bench.planned(replace(gp(), patient=replace(gp().patient, name="Nguyễn Thị Ếch")), IN_L5)
    bench.made(fill)
    composed = bench.compose(fill)
    is_whole(bench.lay_out(composed, medium).pdf, composed.value, SIZES[medium])
