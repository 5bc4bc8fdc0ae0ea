"""What holds of every order."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compounding.domain.errors import Unsafe
from compounding.domain.policy import Policy
from compounding.domain.prescription import (
    Answer,
    Form,
    Indication,
    Moment,
    OpioidAnswer,
    Order,
    Patient,
    Pregnancy,
    QuantityUnit,
    Route,
    Step,
    Supply,
    Therapy,
    Unit,
)
from compounding.domain.quantity import Concentration, Mass
from compounding.domain.safety import Action, ActiveOrder, FillUse, History, LastFill, Override, PlanFacts, StoppedOrder, clear, screen_plan
from compounding.domain.safety.finding import WORST_FIRST
from tests.domain.safety.orders import GOOD, TODAY, handed, mg, ordered

_DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
_DOSES = st.integers(1, 999_999).map(lambda thousandths: Mass(Fraction(thousandths, 1000)))
_NAMES = st.sampled_from(["oxycodone 5 mg", "Suboxone", "Imodium", "metformin", "LDN", "Vivitrol", "zorbaxin", "Sublocade", "levothyroxine"]) | st.text(
    max_size=12
)
_STATES = st.sampled_from(["F11.20", "F11.21", "K74.60", "ascites", "E11.9", "Z33.1", "depression"]) | st.text(max_size=12)
_AMOUNTS = st.integers(1, 9999).map(lambda tenths: Fraction(tenths, 10))

STEPS = st.builds(
    Step, _DOSES, st.sampled_from(Unit), st.sets(st.sampled_from(list(Moment)), min_size=1).map(tuple), st.integers(1, 366)
)  # fmt: skip
ANSWERS = st.builds(
    OpioidAnswer,
    st.sampled_from(Answer),
    st.sampled_from(Answer),
    st.sampled_from(Answer),
    st.just("a"),
    st.just("b"),
    _NAMES,
    st.none() | _DAYS,
    st.none() | _DAYS,
)
PATIENTS = st.builds(
    Patient, st.just("Ada Example"), _DAYS | st.just(date(1970, 1, 1)), st.just("x"), st.just("y"), st.just("en"), st.sampled_from(Pregnancy),
    allergies=st.lists(_NAMES, max_size=2).map(tuple), conditions=st.lists(_STATES, max_size=3).map(tuple),
    medicines=st.lists(_NAMES, max_size=3).map(tuple), weight_kg=st.none() | _AMOUNTS,
)  # fmt: skip
ORDERS = st.builds(
    Order, PATIENTS, st.just(GOOD.prescriber), st.sampled_from(Form), st.sampled_from(Route), st.lists(STEPS, min_size=1, max_size=4).map(tuple),
    st.builds(Therapy, st.booleans(), st.none() | _DOSES, st.none() | _DAYS),
    st.builds(Supply, st.none() | _AMOUNTS, st.none() | st.sampled_from(QuantityUnit), st.none() | st.integers(1, 366), st.none() | _DOSES),
    st.integers(0, 11), st.builds(Indication, st.sampled_from(["M79.7", "F11.20", "E06.3"]), st.just("words"), st.booleans()),
    ANSWERS, _DAYS, st.just(GOOD.origin),
    st.just(False), st.none() | _DOSES.map(lambda mass: Concentration(mass.mg)), st.none() | _DOSES,
)  # fmt: skip
FILLS = st.builds(LastFill, _DOSES, _DAYS, _DAYS, st.none() | st.just(Concentration.of(1)), st.none() | st.just(mg(3)), st.booleans())
HISTORIES = st.builds(
    History, st.lists(st.builds(ActiveOrder, st.just("1"), _DAYS, _DOSES, st.integers(1, 366)), max_size=2).map(tuple), st.none() | FILLS,
    st.lists(st.builds(StoppedOrder, st.just("2"), st.just("R1"), _DAYS, ANSWERS, st.lists(_DOSES, max_size=3).map(tuple), _DAYS), max_size=2).map(tuple),
    st.none() | _DAYS, st.none() | _DAYS,
)  # fmt: skip


@given(ORDERS, HISTORIES)
@settings(max_examples=60, deadline=None)
def test_every_order_can_be_screened_with_the_worst_first_and_the_same_twice(order: Order, history: History) -> None:
    found = ordered(order, history)
    assert found == ordered(order, history)
    places = [WORST_FIRST.index(finding.action) for finding in found]
    assert places == sorted(places)
    assert all(finding.sentence.endswith((".", "?")) and finding.source for finding in found)
    assert handed(order, history) == handed(order, history)


@given(ORDERS, st.none() | FILLS, st.lists(st.text(max_size=15), max_size=3), st.lists(st.builds(FillUse, st.integers(1, 9), _DAYS, _DAYS), max_size=3))
@settings(max_examples=30, deadline=None)
def test_every_plan_can_be_screened(order: Order, fill: LastFill | None, names: list[str], fills: list[FillUse]) -> None:
    facts = PlanFacts(order, TODAY, Policy(), Concentration.of(1), None, fill, tuple(names), tuple(names), tuple(fills))
    assert screen_plan(facts) == screen_plan(facts)


@given(ORDERS, _NAMES)
@settings(max_examples=60, deadline=None)
def test_a_medicine_more_never_takes_a_finding_away(order: Order, medicine: str) -> None:
    patient = replace(order.patient, medicines=(*order.patient.medicines, medicine))
    before = {(finding.rule, finding.action) for finding in ordered(order)}
    after = {(finding.rule, finding.action) for finding in ordered(replace(order, patient=patient))}
    assert before <= after


@given(ORDERS)
@settings(max_examples=60, deadline=None)
def test_25_mg_a_day_and_more_is_always_stopped_and_never_cleared(order: Order) -> None:
    found = ordered(order)
    final = [finding for finding in found if finding.action in {Action.STOP, Action.HOLD}]
    if any(step.daily >= Mass.of_mg(25) for step in order.steps):
        assert any(finding.rule == "R11" and finding.action is Action.STOP for finding in final)
    overrides = [Override(finding.rule, finding.facts_sha256, "reason", "contact") for finding in found]
    if final:
        with pytest.raises(Unsafe):
            clear(order, found, overrides)
    else:
        assert clear(order, found, overrides).order is order
