"""Every candidate for a beyond-use date is told, with what became of it, and the one that decides is the one that dates the plan."""

import json
from dataclasses import replace

import pytest

from compounding.db.document import encode
from compounding.domain.beyond_use import shelf_days
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Stability, Storage
from compounding.domain.library import formulas
from compounding.domain.shelf_life import DECIDES, LENGTHENED, NO_LONGER, NO_SOONER, Does, claims, effect
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


def effects(formula: Formula) -> list[tuple[str, str]]:
    return [(told.does.value, told.why) for told in (effect(study, formula) for study in formula.stability)]


def study_of(code: str, days: int, *, tested: bool = True, indicating: bool | None = True, storage: Storage = Storage.REFRIGERATOR) -> Formula:
    """The formula with one study of so many days."""
    made = replace(studied(code, (days, tested)), storages=BOOK[code].storages)
    return replace(made, stability=(replace(made.stability[0], stability_indicating=indicating, storage=storage),))


@pytest.mark.parametrize(
    ("formula", "does", "why"),
    [
        (study_of("L1", 30), Does.SHORTENS, "To 30 days from the 35 of Table 4: evidence may always shorten."),
        (study_of("L1", 34, tested=False, indicating=None), Does.SHORTENS, "To 34 days from the 35 of Table 4"),
        (study_of("L1", 35), Does.NOTHING, "It is as long as the 35 days of Table 4."),
        (study_of("L1", 60), Does.EXTENDS, "To 60 days from the 35 of Table 4 (USP <795> 10.5)."),
        (study_of("L1", 180), Does.EXTENDS, "To 180 days from the 35 of Table 4 (USP <795> 10.5)."),
        (study_of("L1", 181), Does.EXTENDS, "To 180 days from the 35 of Table 4 (USP <795> 10.5); its 181 days are cut at the ceiling of 180."),
        (study_of("L1", 60, tested=False), Does.NOTHING, "Longer than the 35 days of Table 4, but USP <51> was not passed"),
        (study_of("L1", 60, indicating=False), Does.NOTHING, "but its method is not stability-indicating:"),
        (study_of("L1", 60, indicating=None), Does.NOTHING, "but its method is not known to be stability-indicating:"),
        (study_of("L5", 60), Does.NOTHING, "Nothing preserves the preparation: the 14 days of Table 4 stay"),
        (study_of("L5", 60, storage=Storage.ROOM), Does.NOTHING, "The preparation is not kept at room temperature."),
        (study_of("C4.5", 200, storage=Storage.REFRIGERATOR), Does.NOTHING, "The preparation is not kept at refrigerator."),
        (study_of("C4.5", 200, storage=Storage.ROOM), Does.NOTHING, "180 days are the ceiling of every extension"),
        (study_of("C4.5", 90, storage=Storage.ROOM, tested=False), Does.SHORTENS, "To 90 days from the 180 of Table 4"),
    ],
)
def test_what_a_study_does_is_said_with_its_reason(formula: Formula, does: Does, why: str) -> None:
    ((did, told),) = effects(formula)
    assert did == does.value
    assert why in told


def test_of_several_studies_the_shortest_decides_and_of_those_that_extend_the_longest() -> None:
    assert effects(studied("L1", (30, True), (20, True), (60, True))) == [
        ("changes nothing", "Shorter than Table 4, but another study gives 20 days."),
        ("shortens", "To 20 days from the 35 of Table 4: evidence may always shorten."),
        ("changes nothing", "It could extend, but a shorter study gives 20 days."),
    ]
    assert effects(studied("L1", (60, True), (90, True))) == [
        ("changes nothing", "It could extend to 60 days, and another study gives 90."),
        ("extends", "To 90 days from the 35 of Table 4 (USP <795> 10.5)."),
    ]


def test_a_liquid_without_preservative_is_kept_in_the_refrigerator_alone_whatever_its_formula_allows() -> None:
    anywhere = replace(study_of("L5", 60, storage=Storage.ROOM), storages=(Storage.REFRIGERATOR, Storage.ROOM))
    assert effects(anywhere) == [("changes nothing", "The preparation is not kept at room temperature.")]
