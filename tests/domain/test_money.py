"""Money: exact millionths, cents only at the end, parts that add up."""

from fractions import Fraction

import pytest

from compounding.domain.money import Money, display_parts, split, total


def test_a_price_finer_than_a_cent_is_kept() -> None:
    assert (Money.of("0.0712") * 30).micros == 2_136_000
    assert (Money.of("0.0712") * 30).display() == "2.14"


@pytest.mark.parametrize(
    ("amount", "said"), [("0.005", "0.01"), ("0.004999", "0.00"), ("29.545", "29.55"), ("-0.005", "0.00"), ("-0.006", "-0.01"), ("1234.5", "1234.50")]
)
def test_cents_are_rounded_half_up_once(amount: str, said: str) -> None:
    assert Money.of(amount).display() == said


def test_thirds_of_a_price_add_up_to_it() -> None:
    parts = split(Money.of(10), (1, 1, 1))
    assert [part.micros for part in parts] == [3_333_334, 3_333_333, 3_333_333]
    assert total(parts) == Money.of(10)


def test_a_share_of_nothing_is_nothing() -> None:
    assert split(Money.of(10), (0, 5)) == (Money.of(0), Money.of(10))


def test_printed_parts_add_up_to_the_printed_total() -> None:
    parts = [Money.of(Fraction(1, 3))] * 3
    assert display_parts(parts) == ("0.34", "0.33", "0.33")
    assert total(parts).display() == "1.00"


@pytest.mark.parametrize("patients", [3, 7, 13])
def test_a_hundred_over_some_patients_is_a_hundred_in_cents_too(patients: int) -> None:
    parts = split(Money.of(100), (1,) * patients)
    assert total(parts) == Money.of(100)
    assert max(part.micros for part in parts) - min(part.micros for part in parts) <= 1
    assert sum(Fraction(text) for text in display_parts(parts)) == 100
