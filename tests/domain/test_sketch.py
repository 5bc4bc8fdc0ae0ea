"""A course that is reckoned without a prescription: the sums of a plan, and neither its lots nor its standing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from compounding import second
from compounding.domain import library
from compounding.domain.chooser import choose, options, why_lost
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.plan import Choices, Plan
from compounding.domain.planner import sketch_plan
from compounding.domain.prescription import Form, Order, Regimen
from tests.domain.examples import (
    GP,
    MONTH_OF_CAPSULES,
    POLICY,
    SYRINGE_5,
    TITRATION,
    TODAY,
    at_hand,
    bottle,
    capsule_choices,
    choices,
    dropper,
    order,
    plain,
    planned,
    step,
)

COURSES = {
    "capsules": (MONTH_OF_CAPSULES, capsule_choices(overage=2)),
    "titration": (TITRATION, choices("L1", bottle(120), SYRINGE_5, overfill="1")),
    "drops": (GP, choices("L5", bottle(10), dropper("L5"))),
    "later": (TITRATION, choices("L1", bottle(60), SYRINGE_5, lead_days=1, starts_on=TODAY + timedelta(days=3))),
}
HOUSE = at_hand()


def sketched(of: Order, chosen: Choices) -> Plan:
    return sketch_plan(of.regimen, chosen, today=TODAY, policy=POLICY).course


def differences(plan: Plan, regimen: Regimen, chosen: Choices) -> tuple[str, ...]:
    papers = {"plan": plain(plan), "order": plain(regimen), "choices": plain(chosen), "policy": plain(POLICY)}
    return second.check(**papers, lots=[], balances=[], today=TODAY.isoformat(), sketched=True)


@pytest.mark.parametrize("name", COURSES)
def test_a_sketch_has_the_steps_amounts_and_days_of_the_plan_and_no_batch(name: str) -> None:
    of, chosen = COURSES[name]
    plan, sketch = planned(of, chosen), sketched(of, chosen)
    assert (sketch.steps, sketch.taken, sketch.prescribed, sketch.days) == (plan.steps, plan.taken, plan.prescribed, plan.days)
    assert [(fill.opens, fill.closes, fill.amounts) for fill in sketch.fills] == [(fill.opens, fill.closes, fill.amounts) for fill in plan.fills]
    assert {fill.preparation for fill in sketch.fills} == {None}
    assert differences(sketch, of.regimen, chosen) == ()


def test_the_second_pharmacist_wants_no_batch_in_a_sketch_and_one_in_a_plan() -> None:
    of, chosen = COURSES["titration"]
    assert any("a batch is drawn up" in sentence for sentence in differences(planned(of, chosen), of.regimen, chosen))
    papers = {"plan": plain(sketched(of, chosen)), "order": plain(of), "choices": plain(chosen), "policy": plain(POLICY)}
    assert any("is missing" in sentence for sentence in second.check(**papers, lots=[], balances=[], today=TODAY.isoformat()))


def test_only_a_use_case_that_writes_nothing_sketches() -> None:
    house = Path(library.__file__).parents[1]
    sketching = {path.name: path.read_text(encoding="utf-8") for path in house.rglob("*.py") if "sketch_plan(" in path.read_text(encoding="utf-8")}
    assert set(sketching) == {"planner.py", "sketches.py"}
    assert ".add" not in sketching["sketches.py"]
    assert "Act" not in sketching["sketches.py"]


def test_a_dose_that_rule_eleven_stops_is_not_sketched() -> None:
    of = order(step("1.5", 14), step("25", 14))
    with pytest.raises(Unsafe, match="Step 2 is 25 mg a day"):
        sketched(of, choices("L2", bottle(120), SYRINGE_5))


def test_a_container_that_would_be_made_before_today_is_refused() -> None:
    with pytest.raises(Invalid, match="by 28 February 2026, before today"):
        sketched(TITRATION, choices("L1", bottle(120), SYRINGE_5, lead_days=2))


def test_without_a_name_what_cannot_be_used_is_not_chosen() -> None:
    found = options(GP.regimen, replace(HOUSE, formulas=[formula for formula in library.formulas() if formula.code == "L1"]))
    refused = [option for option in found if option.refused]
    assert refused
    assert choose(found, formula="", device="").refused == ""
    with pytest.raises(Unsafe, match="Nothing here can measure"):
        choose(refused, formula="L1", device="")
    assert choose(refused, formula="L1", device="syringe-10-by-0.2") in refused


def test_each_way_says_why_it_lost_against_what_was_chosen() -> None:
    found = options(replace(TITRATION.regimen, form=Form.ORAL_LIQUID), HOUSE)
    best, last = found[0], choose(found, formula="L1", device="syringe-5-by-0.2")
    assert why_lost(best, last) == "it comes before the one that was asked for"
    assert why_lost(last, best) == "a dose is rounded by up to 6.67 % instead of 0 %"
    assert {why_lost(option, best) for option in found if option.refused} == {"a dose reads up to 33.33 % off"}
