"""Rules that look at what the pharmacy knows of the patient: other orders, the last fill, the review, and orders that were stopped."""

from dataclasses import replace
from datetime import date

import pytest

from compounding.domain.prescription import Order
from compounding.domain.safety import ActiveOrder, History, StoppedOrder
from tests.domain.safety.orders import GOOD, NO_OPIOID, actions, continuing, days_ago, last_fill, mg, only, order, ordered, patient, took


def _beside(left: int, started: int = 10) -> History:
    """Another order that serves `left` more days, today included."""
    return History(active_orders=(ActiveOrder("100001", days_ago(started), mg("4.5"), started + left),))


@pytest.mark.parametrize(
    ("rule", "given", "history", "wanted"),
    [
        ("R16", GOOD, History(therapy_start=days_ago(82)), []),
        ("R16", GOOD, History(therapy_start=days_ago(83)), ["prompt"]),
        ("R16", GOOD, History(therapy_start=days_ago(200), review_on=days_ago(100)), []),
        ("R21", order("4.5", therapy=continuing("4.5")), History(last_fill=last_fill("1.5")), ["block"]),
        ("R21", order("4.5", therapy=continuing("4.5")), History(last_fill=last_fill("1.501")), []),
        ("R21", GOOD, History(last_fill=replace(last_fill("4.5"), of_this_order=True)), []),
        ("R24", order(), _beside(1), ["stop"]),
        ("R24", order(), _beside(0), []),
        ("R24", order("4.5", therapy=continuing("4.5")), _beside(31), ["stop"]),
        ("R24", order("4.5", therapy=continuing("4.5")), _beside(30), []),
        ("R24", order("4.5", therapy=continuing("4.5")), _beside(9, started=-1), ["stop"]),
        ("R29", order("4.5", therapy=continuing("4.5")), _beside(30), ["warn"]),
        ("R29", order("4.5", therapy=continuing("4.5")), _beside(8), ["warn"]),
        ("R29", order("4.5", therapy=continuing("4.5")), _beside(7), []),
        ("R29", order("4.5", therapy=continuing("4.5", None)), History(last_fill=last_fill(left=-14)), []),
        ("R29", order("4.5", therapy=continuing("4.5", None)), History(last_fill=last_fill(left=-15)), ["block"]),
        ("R29", order("1.5"), History(last_fill=last_fill(left=-400)), []),
        ("R9", order("6", therapy=continuing("6", None)), History(last_fill=last_fill("6", left=-15)), ["block"]),
    ],
)
def test_what_the_pharmacy_knows_of_the_patient_counts(rule: str, given: Order, history: History, wanted: list[str]) -> None:
    assert actions(ordered(given, history), rule) == wanted


def _stopped(days: int) -> StoppedOrder:
    return StoppedOrder("100001", "R11", days_ago(days), NO_OPIOID, (mg(45),), GOOD.patient.birth_date)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (order("45"), []),
        (order("4.5"), ["block"]),
        (order("45", opioid=took("oxycodone", 20)), ["block"]),
        (order("45", patient=patient(birth_date=date(1971, 5, 1))), ["block"]),
        (order("45", opioid=replace(NO_OPIOID, answered_by="a sister")), []),
    ],
)
def test_an_order_that_was_stopped_and_comes_again_with_other_facts_is_blocked(given: Order, wanted: list[str]) -> None:
    assert actions(ordered(given, History(stopped_orders=(_stopped(90),))), "R30") == wanted
    assert actions(ordered(given, History(stopped_orders=(_stopped(91),))), "R30") == []


def test_the_same_order_under_another_name_is_shown_with_both_names() -> None:
    stopped = replace(_stopped(3), other_name="Ada Exemple", doses=(mg("4.5"),))
    sentence = only(ordered(order("4.5"), History(stopped_orders=(stopped,))), "R30").sentence
    assert "(name: then Ada Exemple, now Ada Example)" in sentence


def test_both_tries_of_an_order_are_shown() -> None:
    sentence = only(ordered(order("4.5"), History(stopped_orders=(_stopped(3),))), "R30").sentence
    assert "Order 100001 of 7 March 2026" in sentence
    assert "then 45 mg, now 4.5 mg" in sentence
