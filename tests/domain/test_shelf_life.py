"""Every candidate for a beyond-use date is told, with what became of it, and the one that decides is the one that dates the plan."""

import json
from dataclasses import replace

import pytest

from compounding.db.document import encode
from compounding.domain.beyond_use import shelf_days
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Stability, Storage
from compounding.domain.library import formulas
from compounding.domain.shelf_life import DECIDES, LENGTHENED, NO_LONGER, NO_SOONER, claims
from compounding.second.dates import good_days
from compounding.second.reading import Paper

BOOK = {formula.code: formula for formula in formulas()}


def studied(code: str, *studies: tuple[int, bool]) -> Formula:
    found = tuple(
        Stability(Storage.REFRIGERATOR, days, antimicrobial_test=tested, source=f"study {days}", stability_indicating=True) for days, tested in studies
    )
    return replace(BOOK[code], storages=(Storage.REFRIGERATOR,), stability=found)


def verdicts(formula: Formula) -> list[tuple[int, str]]:
    return [(claim.days, claim.verdict) for claim in claims(formula, Storage.REFRIGERATOR)]


@pytest.mark.parametrize(
    ("studies", "found"),
    [
        ((), [(35, DECIDES)]),
        (((60, False),), [(35, DECIDES), (60, NO_LONGER)]),
        (((60, True),), [(60, DECIDES), (35, LENGTHENED)]),
        (((30, False), (60, True)), [(30, DECIDES), (35, NO_SOONER), (60, NO_SOONER)]),
        (((35, False),), [(35, DECIDES), (35, NO_SOONER)]),
    ],
)
def test_a_study_shortens_always_and_lengthens_only_where_microbes_were_tested(studies: tuple[tuple[int, bool], ...], found: list[tuple[int, str]]) -> None:
    assert verdicts(studied("L1", *studies)) == found


def test_a_preparation_without_preservative_is_lengthened_by_no_study() -> None:
    assert verdicts(studied("L5", (60, True))) == [(14, DECIDES), (60, NO_LONGER)]


@pytest.mark.parametrize("formula", BOOK.values(), ids=BOOK)
def test_one_claim_decides_and_it_is_the_one_that_dates_the_plan(formula: Formula) -> None:
    for storage in formula.storages:
        found = claims(formula, storage)
        assert [(claim.days, claim.source) for claim in found if claim.verdict == DECIDES] == [shelf_days(formula, storage)]
        assert all(claim.days >= found[0].days for claim in found if claim.verdict == NO_SOONER)


def test_what_may_not_be_kept_there_has_no_claims() -> None:
    with pytest.raises(Unsafe):
        claims(BOOK["L5"], Storage.ROOM)


@pytest.mark.parametrize("indicating", [False, None])
def test_a_method_that_does_not_indicate_stability_extends_nothing_and_still_shortens(indicating: bool | None) -> None:
    """USP <795> 10.5: potency over time alone is not stability; what nobody has read counts as not so. The second pharmacist agrees."""
    told = [replace(study, stability_indicating=indicating) for study in studied("L1", (60, True), (20, True)).stability]
    longer, shorter = (replace(studied("L1"), stability=(study,)) for study in told)
    assert verdicts(longer) == [(35, DECIDES), (60, NO_LONGER)]
    assert shelf_days(shorter, Storage.REFRIGERATOR)[0] == 20
    papers = [Paper(json.loads(encode(formula)), 1) for formula in (longer, shorter)]
    assert [good_days(paper, Storage.REFRIGERATOR) for paper in papers] == [35, 20]
