"""The measure against the tenfold slip: one wrong key in a dose, the other fields right, every warning clicked away.

A block is no warning. Whoever accepts an order may be asked to type its doses again, and then types those of the original.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from tests.domain.safety import slips
from tests.domain.safety.slips import LADDER, PATIENTS, TOLD, accepted, changed_doses, courses, orders, tally, typed

FAR = "8 times and more"


@pytest.mark.marathon
def test_of_all_slips_of_one_key_none_that_is_eight_times_off_is_accepted() -> None:
    tried, passed = tally(LADDER)
    assert {f"{told}: {FAR}" for told in TOLD} <= set(tried)
    assert sum(tried.values()) > 500_000
    assert {off: count for off, count in passed.items() if count and not off.endswith("below 2 times")} == {}


@pytest.mark.marathon
def test_of_all_slips_none_that_is_eight_times_off_is_accepted_whatever_a_known_patient_takes_now() -> None:
    assert list(changed_doses(LADDER, LADDER)) == []


def test_of_a_few_doses_no_slip_that_is_eight_times_off_is_accepted() -> None:
    tried, passed = tally([Fraction("0.25"), Fraction("0.5"), Fraction("1.5"), Fraction("4.5")])
    assert all(tried[f"{told}: {FAR}"] > 300 for told in TOLD)
    assert {off: count for off, count in passed.items() if count and not off.endswith("below 2 times")} == {}
    assert list(changed_doses([Fraction("0.4")], [Fraction("1.15"), Fraction("3.4")])) == []


def test_the_order_as_it_was_meant_is_accepted() -> None:
    for meant, patient, told in product((Fraction("0.5"), Fraction("1.5")), PATIENTS, TOLD):
        for course in courses(meant):
            assert accepted(*orders(course, course.doses[course.place], patient, told), course)


def test_without_the_second_typing_a_slip_does_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slips, "POLICY", replace(slips.POLICY, retype_doses=False))
    assert (Fraction("0.4"), Fraction("3.4"), Fraction("1.15")) in list(changed_doses([Fraction("0.4")], [Fraction("1.15")]))


def test_a_slip_is_a_key_left_out_put_in_swapped_or_mistaken() -> None:
    made = slips.slips("1.5")
    assert {".5", "15", "1.", "11.5", "1.50", "15.", ".15", "7.5", "1.4"} <= made
    assert not {"1.5", "5.1", "150", "2.6"} & made
    assert Fraction(15) in typed(Fraction("1.5"))
    assert Fraction("0.5") in typed(Fraction("0.05"))
