"""Which doses are typed a second time, and what becomes of a slip."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.errors import Invalid
from compounding.domain.policy import Policy
from compounding.domain.prescription import Moment, Unit
from compounding.domain.quantity import Mass, decimal_text, parse_numeral
from compounding.domain.retyping import Retype, check_retyped, to_retype
from tests.domain.examples import order, step

POLICY = Policy()
ESTABLISHED = {"first_fill": False}


@pytest.mark.parametrize(
    ("dose", "moments", "asked"),
    [
        ("0.5", 1, False), ("4.5", 1, False), ("0.45", 1, True), ("4.55", 1, True), ("10", 1, True),
        ("2.5", 2, True), ("0.25", 2, False), ("0.2", 2, True), ("2.25", 2, False),
    ],
)  # fmt: skip
def test_an_unusual_dose_of_a_day_is_typed_again_also_for_a_patient_who_is_known(dose: str, moments: int, *, asked: bool) -> None:
    course = order(step(dose, 30, *(Moment.MORNING, Moment.BEDTIME)[:moments]))
    assert bool(to_retype(course, POLICY, **ESTABLISHED)) is asked
    assert to_retype(course, POLICY, first_fill=True)


def test_one_unusual_step_has_every_different_dose_typed_again() -> None:
    course = order(step("1.5", 7), step("3", 7), step("1.5", 7), step("6", 7))
    assert to_retype(course, POLICY, **ESTABLISHED) == (
        Retype((1, 3), Mass.of_mg("1.5"), Unit.MG),
        Retype((2,), Mass.of_mg(3), Unit.MG),
        Retype((4,), Mass.of_mg(6), Unit.MG),
    )


def test_micrograms_are_typed_again_as_micrograms() -> None:
    small = replace(step("0.05", 7), unit=Unit.MCG)
    (asked,) = to_retype(order(small), POLICY, **ESTABLISHED)
    with pytest.raises(Invalid) as refused:
        check_retyped((asked,), {})
    assert refused.value.fields == {"retyped.0": ("Type the dose again, from the original, in mcg.",)}


def test_a_pharmacist_in_charge_may_move_the_bounds_or_switch_it_off() -> None:
    six = order(step("6", 30))
    assert to_retype(six, replace(POLICY, retype_above=Mass.of_mg(6)), **ESTABLISHED) == ()
    assert to_retype(order(step("0.25", 30)), replace(POLICY, retype_below=Mass.of_mg("0.25")), **ESTABLISHED) == ()
    assert to_retype(six, replace(POLICY, retype_doses=False), first_fill=True) == ()


def test_the_doses_of_the_original_pass_and_any_other_is_named() -> None:
    asked = to_retype(order(step("1.5", 7), step("3", 7)), POLICY, first_fill=True)
    check_retyped(asked, {0: Mass.of_mg("1.5"), 1: Mass.of_mg(3)})
    with pytest.raises(Invalid) as refused:
        check_retyped(asked, {1: Mass.of_mg(30)})
    assert set(refused.value.fields) == {"retyped.0", "retyped.1"}
    assert refused.value.fields["retyped.1"] == ("The order says otherwise. Look at the original again.",)


def slips(text: str) -> set[str]:
    """Everything that one wrong key makes of a dose: a key left out, put in, exchanged with the next, or taken for another."""
    keys = "0123456789."
    left_out = {text[:at] + text[at + 1 :] for at in range(len(text))}
    put_in = {text[:at] + key + text[at:] for at in range(len(text) + 1) for key in keys}
    swapped = {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)}
    other = {text[:at] + key + text[at + 1 :] for at in range(len(text)) for key in keys}
    return (left_out | put_in | swapped | other) - {text}


@given(st.integers(1, 200))
def test_no_slip_of_one_key_passes_the_second_typing_of_a_first_fill(twentieths: int) -> None:
    meant = Fraction(twentieths, 20)
    original = {0: Mass(meant)}
    for text in slips(decimal_text(meant)):
        try:
            dose = parse_numeral(text)
        except Invalid:
            continue  # refused as it is typed
        if dose in {0, meant}:
            continue
        asked = to_retype(order(step(text, 30)), POLICY, first_fill=True)
        with pytest.raises(Invalid):
            check_retyped(asked, original)
