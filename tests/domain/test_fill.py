"""The split of a course into containers."""

from fractions import Fraction

import pytest

from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.fill import FillStatus, Span, advance, split

ONE = Fraction(1)


def test_a_course_that_fits_is_one_fill() -> None:
    assert split([ONE] * 30, None, lambda opens: opens + 34) == (Span(1, 30),)


def test_a_container_is_left_when_its_date_is_reached() -> None:
    assert split([ONE] * 30, None, lambda opens: opens + 13) == (Span(1, 14), Span(15, 28), Span(29, 30))


def test_a_days_doses_come_wholly_from_one_container() -> None:
    assert split([Fraction(3)] * 5, Fraction(10), lambda opens: opens + 34) == (Span(1, 3), Span(4, 5))
    assert split([Fraction(5)] * 4, Fraction(10), lambda opens: opens + 34) == (Span(1, 2), Span(3, 4))


def test_a_container_that_cannot_give_one_day_is_refused() -> None:
    with pytest.raises(Unsafe):
        split([Fraction(11)], Fraction(10), lambda opens: opens + 34)
    with pytest.raises(Unsafe):
        split([ONE], None, lambda opens: opens - 1)


def test_a_fill_moves_only_along_its_table() -> None:
    assert advance(FillStatus.DUE, FillStatus.PLANNED) is FillStatus.PLANNED
    with pytest.raises(Conflict):
        advance(FillStatus.PLANNED, FillStatus.HANDED_OVER)
    with pytest.raises(Conflict):
        advance(FillStatus.HANDED_OVER, FillStatus.CANCELLED)
