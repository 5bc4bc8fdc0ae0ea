"""The cost of a fill: parts that are facts and sum to the whole, and waste by its cause."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.cost import (
    AtTheBench,
    CostKind,
    CostPart,
    Used,
    WasteCause,
    batch_cost,
    cost_of,
    fill_cost,
    labour_part,
    lost_batch,
    lost_lot,
    made_cost,
    monthly,
)
from compounding.domain.errors import Conflict
from compounding.domain.formula import Part
from compounding.domain.money import Money, total
from compounding.domain.month import counts_to, refuse_closing
from compounding.domain.preparation import capsule_amounts
from compounding.domain.quantity import Mass
from tests.domain.examples import FORMULAS, POLICY, SYRINGE_5, TITRATION, VIAL, bottle, choices, planned, tablets

_CAPSULES = capsule_amounts(FORMULAS["C4.5"], 30, overage=2, container=VIAL)  # 32 of 4.5 mg: 144 of 150 mg
_COUNTED = (Used(tablets(), Part.ACTIVE, 3),)


def sums(parts: tuple[CostPart, ...]) -> dict[tuple[CostKind, WasteCause | None], Money]:
    return {(part.kind, part.cause): part.amount for part in parts}


@pytest.mark.parametrize("left", [Fraction("5.5"), Fraction(100, 7), Fraction(0)])
def test_tablets_taken_and_wasted_are_together_what_the_tablets_cost(left: Fraction) -> None:
    amounts = replace(planned(TITRATION, choices("L1", bottle(120), SYRINGE_5)).fills[0].amounts, left=Mass(left))
    parts = {part.kind: part.amount for part in cost_of(FORMULAS["L1"], amounts, (Used(tablets(), Part.ACTIVE, 2),), POLICY)}
    both = (parts[CostKind.TABLETS], parts[CostKind.WASTE])
    assert total(both) == Money.of("0.6")
    assert abs(both[1].micros - Fraction("0.6") * 1_000_000 * left / 100) <= 1


def test_a_fill_of_35_days_is_compared_with_the_month_of_the_article() -> None:
    assert monthly(Money.of(35), 35) == Money.of(30)


@pytest.mark.parametrize("shares", [(1,) * 3, (1,) * 7, (1,) * 13, (94_500_000, 103_500_000, 1), (30, 60, 90)])
def test_what_a_batch_cost_is_dealt_out_to_its_fills_or_containers_to_the_last_millionth(shares: tuple[int, ...]) -> None:
    amounts = planned(TITRATION, choices("L1", bottle(120), SYRINGE_5)).fills[0].amounts
    used = (Used(replace(tablets(), invoice=Money.of(100), invoice_quantity=7), Part.ACTIVE, 3),)
    whole = made_cost(FORMULAS["L1"], amounts, used, POLICY)
    own = POLICY.label_each + POLICY.overhead_a_fill
    dealt = [total([part.amount for part in cost_of(FORMULAS["L1"], amounts, used, POLICY, shares=shares, place=place)]) - own for place in range(len(shares))]

    assert total(dealt) == whole
    assert whole == Money.of(Fraction(300, 7)) + POLICY.labour_an_hour * Fraction(20, 60)


def test_capsules_kept_for_checks_and_broken_ones_are_waste_of_their_own_causes() -> None:
    """Of 150 mg at 0.30 a tablet, 135 are taken, 4.5 kept, 4.5 broken; 6 of the rest never became a capsule."""
    parts = batch_cost(FORMULAS["C4.5"], _CAPSULES, _COUNTED, POLICY, bench=AtTheBench(kept=Fraction(1), lost=Fraction(1)))
    found = sums(parts)
    assert found[CostKind.TABLETS, None] == Money.of("0.81")
    assert found[CostKind.TABLETS, WasteCause.QC] == Money.of("0.027")
    assert found[CostKind.TABLETS, WasteCause.SPILL] == Money.of("0.027")
    assert found[CostKind.WASTE, WasteCause.REMAINDER] == Money.of("0.036")
    assert sum((part.active.mg for part in parts if part.active), Fraction(0)) == 150


def test_what_was_weighed_beyond_the_worksheet_is_spilled_and_the_whole_is_what_left_the_lot() -> None:
    filler = replace(tablets(), product="filler", invoice=Money.of(10), invoice_quantity=1000)
    found = sums(batch_cost(FORMULAS["C4.5"], _CAPSULES, (*_COUNTED, Used(filler, Part.FILLER, 110, beyond=10)), POLICY))
    assert found[CostKind.INGREDIENTS, None] == Money.of(1)
    assert found[CostKind.INGREDIENTS, WasteCause.SPILL] == Money.of("0.1")


@pytest.mark.parametrize(
    ("timed", "minutes", "said"),
    [(31, 31, "31 timed minutes"), (None, 25, "25 standard minutes"), (0, 25, "25 standard minutes"), (241, 25, "25 standard minutes")],
)
def test_labour_is_timed_where_the_record_has_it_and_says_so(timed: int | None, minutes: int, said: str) -> None:
    part = labour_part(replace(FORMULAS["C4.5"], minutes=25), POLICY, timed)
    assert part.amount == POLICY.labour_an_hour * Fraction(minutes, 60)
    assert part.reason.startswith(said)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=13), st.integers(0, 2), st.integers(0, 3))
def test_the_shares_of_a_batch_sum_to_the_batch_in_every_part(shares: list[int], kept: int, lost: int) -> None:
    whole = batch_cost(FORMULAS["C4.5"], _CAPSULES, _COUNTED, POLICY, bench=AtTheBench(Fraction(kept), Fraction(lost), 31))
    fills = [fill_cost(whole, POLICY, shares=shares, place=place) for place in range(len(shares))]
    own = (POLICY.label_each + POLICY.overhead_a_fill) * len(shares)
    assert total([part.amount for fill in fills for part in fill]) == total([part.amount for part in whole]) + own
    for kind, cause in {(part.kind, part.cause) for part in whole}:
        dealt = [part for fill in fills for part in fill if (part.kind, part.cause) == (kind, cause)]
        of_batch = [part for part in whole if (part.kind, part.cause) == (kind, cause)]
        extra = POLICY.label_each * len(shares) if kind is CostKind.CONTAINER else Money(0)
        assert total([part.amount for part in dealt]) == total([part.amount for part in of_batch]) + extra


def test_a_rejected_batch_is_waste_whole_with_all_its_drug_in_one_part() -> None:
    whole = batch_cost(FORMULAS["C4.5"], _CAPSULES, _COUNTED, POLICY)
    lost = lost_batch(whole, WasteCause.REJECTED, "Batch 7 was rejected")
    assert {part.cause for part in lost} == {WasteCause.REJECTED}
    assert total([part.amount for part in lost]) == total([part.amount for part in whole])
    assert [(part.kind, part.active) for part in lost if part.active] == [(CostKind.TABLETS, Mass.of_mg(150))]


def test_a_lot_that_expired_is_what_was_paid_for_what_lies_there() -> None:
    part = lost_lot(tablets(), 7, WasteCause.EXPIRED, "Expired on 1 May 2026", is_drug=True)
    assert (part.amount, part.active, part.kind) == (Money.of("2.1"), Mass.of_mg(350), CostKind.TABLETS)


def test_an_entry_counts_to_its_own_month_until_that_is_closed() -> None:
    assert counts_to(date(2026, 2, 27), {"2026-01"}, today=date(2026, 3, 2)) == "2026-02"
    assert counts_to(date(2026, 2, 27), {"2026-01", "2026-02"}, today=date(2026, 3, 2)) == "2026-03"


@pytest.mark.parametrize(
    ("month", "closed", "code"),
    [("2026-03", set(), "month-open"), ("2026-04", set(), "month-open"), ("2026-02", {"2026-02"}, "month-closed"), ("2026-02", set(), "earlier-month")],
)
def test_only_the_oldest_open_month_that_is_over_is_closed(month: str, closed: set[str], code: str) -> None:
    with pytest.raises(Conflict) as refused:
        refuse_closing(month, today=date(2026, 3, 2), closed=closed, with_entries={"2026-01", "2026-02", "2026-03"})
    assert refused.value.code == code


def test_the_oldest_open_month_may_be_closed() -> None:
    refuse_closing("2026-02", today=date(2026, 3, 2), closed={"2026-01"}, with_entries={"2026-01", "2026-02"})
