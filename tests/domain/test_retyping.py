"""Which doses are typed a second time, and what becomes of a slip."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.errors import Invalid
from compounding.domain.policy import Policy
from compounding.domain.prescription import Form, Moment, Order, QuantityUnit, Step, Supply, Unit
from compounding.domain.quantity import Concentration, Mass, decimal_text
from compounding.domain.retyping import Retype, check_retyped, to_retype
from tests.domain.examples import order, step
from tests.domain.safety.slips import typed

POLICY = Policy()
ESTABLISHED = {"first_fill": False}


def told_twice(*steps: Step) -> Order:
    """An order whose total says the doses once more."""
    given = order(*steps)
    return replace(given, supply=Supply(total=given.total))


@pytest.mark.parametrize(
    ("dose", "moments", "asked"),
    [
        ("0.5", 1, False), ("4.5", 1, False), ("0.45", 1, True), ("4.55", 1, True), ("10", 1, True),
        ("2.5", 2, True), ("0.25", 2, False), ("0.2", 2, True), ("2.25", 2, False),
    ],
)  # fmt: skip
def test_an_unusual_dose_of_a_day_is_typed_again_also_for_a_patient_who_is_known(dose: str, moments: int, *, asked: bool) -> None:
    course = told_twice(step(dose, 30, *(Moment.MORNING, Moment.BEDTIME)[:moments]))
    assert bool(to_retype(course, POLICY, **ESTABLISHED)) is asked
    assert to_retype(course, POLICY, first_fill=True)


@pytest.mark.parametrize(
    ("supply", "form", "strength", "asked"),
    [
        (Supply(days=30), Form.ORAL_LIQUID, "1", True),
        (Supply(total=Mass.of_mg(45)), Form.ORAL_LIQUID, None, False),
        (Supply(quantity=Fraction(45), quantity_unit=QuantityUnit.ML), Form.ORAL_LIQUID, "1", False),
        (Supply(quantity=Fraction(45), quantity_unit=QuantityUnit.ML), Form.ORAL_LIQUID, None, True),
        (Supply(quantity=Fraction(900), quantity_unit=QuantityUnit.DROP), Form.ORAL_DROPS, "1", True),
        (Supply(quantity=Fraction(30), quantity_unit=QuantityUnit.CAPSULE), Form.CAPSULE, "1.5", False),
        (Supply(quantity=Fraction(30), quantity_unit=QuantityUnit.CAPSULE), Form.CAPSULE, None, True),
    ],
)
def test_a_dose_that_nothing_else_in_the_order_tells_is_typed_again(supply: Supply, form: Form, strength: str | None, *, asked: bool) -> None:
    course = replace(order(step("1.5", 30), form=form), supply=supply)
    if strength and form is Form.CAPSULE:
        course = replace(course, capsule_strength=Mass.of_mg(strength))
    elif strength:
        course = replace(course, strength=Concentration.of(strength))
    assert bool(to_retype(course, POLICY, **ESTABLISHED)) is asked


def test_one_unusual_step_has_every_different_dose_typed_again() -> None:
    course = told_twice(step("1.5", 7), step("3", 7), step("1.5", 7), step("6", 7))
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
    six = told_twice(step("6", 30))
    assert to_retype(six, replace(POLICY, retype_above=Mass.of_mg(6)), **ESTABLISHED) == ()
    assert to_retype(told_twice(step("0.25", 30)), replace(POLICY, retype_below=Mass.of_mg("0.25")), **ESTABLISHED) == ()
    assert to_retype(six, replace(POLICY, retype_doses=False), first_fill=True) == ()


def test_the_doses_of_the_original_pass_and_any_other_is_named() -> None:
    asked = to_retype(order(step("1.5", 7), step("3", 7)), POLICY, first_fill=True)
    check_retyped(asked, {0: Mass.of_mg("1.5"), 1: Mass.of_mg(3)})
    with pytest.raises(Invalid) as refused:
        check_retyped(asked, {1: Mass.of_mg(30)})
    assert set(refused.value.fields) == {"retyped.0", "retyped.1"}
    assert refused.value.fields["retyped.1"] == ("The order says otherwise. Look at the original again.",)


@given(st.integers(1, 200))
def test_no_slip_of_one_key_passes_the_second_typing_of_a_first_fill(twentieths: int) -> None:
    meant = Fraction(twentieths, 20)
    original = {0: Mass(meant)}
    for dose in typed(meant):
        asked = to_retype(order(step(decimal_text(dose), 30)), POLICY, first_fill=True)
        with pytest.raises(Invalid):
            check_retyped(asked, original)
