"""A sample of the grid in the ordinary run, and that the proof notices what it is there to notice."""

from dataclasses import replace
from decimal import Decimal, FloatOperation, Inexact
from fractions import Fraction

import pytest

from compounding.domain import planner, preparation, worksheet
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Method
from compounding.domain.prescription import Form
from compounding.domain.quantity import Volume
from tests.deep.__main__ import Tally, prove
from tests.deep.grid import LADDER, Setting, courses, drawn, settings
from tests.domain.examples import POLICY, SYRINGE_10_HALVES

ALL = settings()
PLAIN = next(setting for setting in ALL if setting.stock and setting.choices.formula.liquid)
POWDER = next(setting for setting in ALL if setting.stock and setting.choices.method is Method.POWDER)

COARSE = next(setting for setting in ALL if setting.choices.device == SYRINGE_10_HALVES)


def tallied(*some: Setting, every: int = 97) -> Tally:
    tally = Tally()
    prove(some, tally, every=every)
    return tally


def test_in_a_sample_of_the_grid_every_plan_and_every_refusal_is_agreed() -> None:
    tally = tallied(*ALL[::13], every=211)
    assert tally.mismatches == 0
    assert tally.outcomes["planned"] > 500
    assert set(tally.outcomes) == {"planned", "storage", "rounding", "below-first-mark", "capsule-dose"}


def test_in_a_sample_of_what_is_drawn_from_stock_every_plan_and_every_refusal_is_agreed() -> None:
    tally = tallied(*drawn()[::5], every=101)
    assert tally.mismatches == 0
    assert tally.outcomes["planned"] > 100
    assert set(tally.outcomes) <= {"planned", "rounding", "below-first-mark", "container"}


def test_a_drop_too_much_of_a_stock_solution_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    right = worksheet.draws
    monkeypatch.setattr(worksheet, "draws", lambda *given, **of: tuple(replace(one, exact=one.exact + Volume.of_ml("0.001")) for one in right(*given, **of)))
    assert tallied(drawn()[0]).mismatches > 0


def test_the_grid_is_every_combination_once() -> None:
    assert len(ALL) == 3200 == len({repr((setting.choices, setting.policy, bool(setting.stock))) for setting in ALL})
    assert (LADDER[0], LADDER[-1], len(LADDER)) == ("0.05", "10", 200)
    for form in (Form.ORAL_LIQUID, Form.CAPSULE):
        assert len(courses(form)) == 898 == len({order.steps for order in courses(form)})


def test_a_tablet_too_many_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    right = preparation.tablets_for
    monkeypatch.setattr(preparation, "tablets_for", lambda active: right(active) + 1)
    assert tallied(POWDER).mismatches > 0


def test_a_volume_that_is_not_what_the_lines_pour_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    right = preparation.whole_tablet_batch
    monkeypatch.setattr(preparation, "whole_tablet_batch", lambda *given: (right(*given)[0], right(*given)[1] + Volume.of_ml(1)))
    assert tallied(PLAIN).mismatches > 0


def test_a_refusal_that_the_second_pharmacist_would_not_make_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Unsafe("rounding", "No.")

    monkeypatch.setattr(planner, "_refuse_unmeasurable", refuse)
    tally = tallied(PLAIN)
    assert tally.mismatches > 0
    assert tally.outcomes["planned"] == 0


def test_a_dose_that_should_be_refused_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    right = planner._refuse_unmeasurable
    lax = replace(POLICY, rounding_refuse=Fraction(3, 10))
    monkeypatch.setattr(planner, "_refuse_unmeasurable", lambda step, choices, _: right(step, choices, lax))
    assert tallied(COARSE, every=7).mismatches > 0


@pytest.mark.parametrize(
    ("inexact", "trap"),
    [(lambda: Decimal(1) / Decimal(3), Inexact), (lambda: Decimal(1) < 0.5, FloatOperation)],
)
def test_an_inexact_operation_stops_the_proof(inexact: object, trap: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(inexact)
    monkeypatch.setattr(planner, "measured_steps", lambda *_: inexact())
    with pytest.raises(trap):
        tallied(PLAIN)


def test_a_float_in_a_plan_stops_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    right = preparation.tablets_for
    monkeypatch.setattr(preparation, "tablets_for", lambda active: float(right(active)))
    with pytest.raises((AttributeError, TypeError, ValueError)):
        tallied(POWDER)
