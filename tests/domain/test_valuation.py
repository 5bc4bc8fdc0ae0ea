"""The same tablets by the lots really used, first in first out, and on average: domain facts, section 7.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.money import Money
from compounding.domain.valuation import Moved, valuation

A = (Money.of(24), 30)  # 30 tablets at 0.80, expires later, received first
B = (Money.of(18), 30)  # 30 tablets at 0.60, expires sooner


def test_the_golden_example_is_22_by_lot_27_first_in_first_out_and_24_50_on_average() -> None:
    found = valuation([Moved(30, *A), Moved(30, *B), Moved(-30, *B), Moved(-5, *A)])
    assert (found.units, found.by_lot.display(), found.first_in.display(), found.average.display()) == (35, "22.00", "27.00", "24.50")


def test_what_was_used_before_leaves_the_oldest_layer_and_is_not_counted() -> None:
    found = valuation([Moved(30, *A), Moved(30, *B), Moved(-20, *B, counted=False), Moved(-10, *B), Moved(-5, *A)])
    assert (found.units, found.by_lot.display(), found.first_in.display(), found.average.display()) == (15, "10.00", "11.00", "10.50")


def test_a_delivery_after_the_use_changes_no_value_of_it() -> None:
    before, after = [Moved(30, *A), Moved(-30, *A)], Moved(30, *B)
    assert valuation([*before, after]) == valuation(before)


def test_more_cannot_go_out_than_came_in() -> None:
    with pytest.raises(ValueError, match="more went out"):
        valuation([Moved(30, *A), Moved(-31, *A)])


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 500_000_000)), min_size=1, max_size=6))
def test_when_everything_is_used_up_all_three_are_what_was_paid(deliveries: list[tuple[int, int]]) -> None:
    came = [Moved(amount, Money(paid), amount) for amount, paid in deliveries]
    gone = [Moved(-amount, Money(paid), amount) for amount, paid in reversed(deliveries)]
    found = valuation([*came, *gone])
    paid = Money(sum(paid for _, paid in deliveries))
    assert (found.by_lot, found.first_in, found.average) == (paid, paid, paid)
