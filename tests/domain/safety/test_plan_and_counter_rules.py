"""Every rule on the plan and at the counter, on each side of its edge."""

from dataclasses import replace
from datetime import timedelta

import pytest

from compounding.domain.prescription import Answer, OpioidAnswer, Order, Pregnancy
from compounding.domain.quantity import Concentration
from compounding.domain.safety import ActiveOrder, FillUse, History
from tests.domain.safety.orders import (
    GOOD,
    NO_OPIOID,
    TODAY,
    actions,
    continuing,
    days_ago,
    handed,
    last_fill,
    mg,
    only,
    order,
    patient,
    planned,
    took,
)

_LACTOSE = patient(allergies=("lactose",), severe_allergies=())
_ANAPHYLAXIS = patient(allergies=("Lactose",), severe_allergies=("Lactose",))


@pytest.mark.parametrize(
    ("rule", "given", "facts", "wanted"),
    [
        ("R4", order(patient=_LACTOSE), {"excipients": ("lactose monohydrate", "titanium dioxide")}, ["warn"]),
        ("R4", order(patient=_ANAPHYLAXIS), {"excipients": ("lactose anhydrous",)}, ["stop"]),
        ("R4", order(patient=_LACTOSE), {"excipients": ("microcrystalline cellulose",)}, []),
        ("R4", order(patient=patient(allergies=("milk",))), {"excipients": ("lactose monohydrate",)}, ["warn"]),
        ("R4", order(patient=patient(allergies=("yellow dye",))), {"excipients": ("iron oxide yellow",)}, ["warn"]),
        ("R4", order(patient=patient(allergies=("parabens",))), {"excipients": ("methylparaben",)}, ["warn"]),
        ("R4", order(patient=patient(allergies=("penicillin",))), {"excipients": ("sodium starch glycolate",)}, []),
        ("R17", GOOD, {"fillers": ("microcrystalline cellulose",)}, []),
        ("R17", GOOD, {"fillers": ("Calcium Carbonate USP",)}, ["block"]),
        ("R17", GOOD, {"fillers": ("Methocel E4M",)}, ["block"]),
        ("R17", GOOD, {"fillers": ("hypromellose K100",)}, ["block"]),
        ("R17", GOOD, {"excipients": ("hypromellose",)}, []),
        ("R21", order("4.5", therapy=continuing("4.5")), {"last_fill": last_fill("1.5")}, ["block"]),
        ("R21", order("4.5", therapy=continuing("4.5")), {"last_fill": last_fill("3")}, []),
        ("R22", GOOD, {"strength": Concentration.of(1), "last_fill": last_fill(strength="1")}, []),
        ("R22", GOOD, {"strength": Concentration.of(5), "last_fill": last_fill(strength="1")}, ["block"]),
        ("R22", GOOD, {"capsule_strength": mg("4.5"), "last_fill": last_fill(capsule="1.5")}, ["block"]),
        ("R22", GOOD, {"capsule_strength": mg("4.5"), "last_fill": last_fill(capsule="4.5")}, []),
        ("R22", GOOD, {"capsule_strength": mg("4.5"), "last_fill": last_fill(strength="1")}, []),
        ("R22", GOOD, {"strength": Concentration.of(5)}, []),
        ("R23", GOOD, {"fills": (FillUse(1, TODAY, TODAY),)}, []),
        ("R23", GOOD, {"fills": (FillUse(1, TODAY, TODAY), FillUse(2, TODAY + timedelta(1), TODAY))}, ["block"]),
    ],
)
def test_a_plan_rule_fires_on_one_side_of_its_edge_only(rule: str, given: Order, facts: dict[str, object], wanted: list[str]) -> None:
    assert actions(planned(given, **facts), rule) == wanted


def test_a_new_strength_says_both() -> None:
    found = only(planned(strength=Concentration.of(5), last_fill=last_fill(strength="1")), "R22")
    assert found.sentence.startswith("NEW STRENGTH: this is 5 mg/mL, the patient's last was 1 mg/mL")


@pytest.mark.parametrize(
    ("rule", "opioid", "wanted"),
    [
        ("R1", NO_OPIOID, []),
        ("R1", took("Percocet", 9), ["stop"]),
        ("R1", took("Percocet", 10), ["prompt"]),
        ("R1", replace(NO_OPIOID, recent=Answer.UNKNOWN), ["hold"]),
        ("R1", replace(NO_OPIOID, depot=Answer.YES), ["stop"]),
        ("R15", replace(NO_OPIOID, surgery=Answer.YES, surgery_date=TODAY + timedelta(30)), ["warn"]),
        ("R15", replace(NO_OPIOID, surgery=Answer.YES, surgery_date=TODAY + timedelta(31)), []),
        ("R19", took("tramadol", 3), ["stop"]),
    ],
)
def test_the_opioid_question_is_asked_again_at_the_counter(rule: str, opioid: OpioidAnswer, wanted: list[str]) -> None:
    assert actions(handed(order(), opioid=opioid), rule) == wanted
    assert actions(handed(order(opioid=opioid)), rule) == []  # the answer that came with the order no longer counts


_DIABETIC = patient(conditions=("E11.9",))
_FOUR_WEEKS = order("0.25", "0.5", "1", patient=_DIABETIC)


@pytest.mark.parametrize(
    ("rule", "given", "history", "days", "wanted"),
    [
        ("R2", order(patient=patient(medicines=("oxycodone",))), History(), (1, 14), ["stop"]),
        ("R5", order(patient=patient(pregnancy=Pregnancy.PREGNANT)), History(), (1, 14), ["block"]),
        ("R13", order(patient=patient(conditions=("Hashimoto",))), History(), (1, 14), ["prompt"]),
        ("R14", _FOUR_WEEKS, History(), (1, 28), ["prompt"]),
        ("R14", _FOUR_WEEKS, History(), (15, 29), ["prompt", "prompt"]),
        ("R14", _FOUR_WEEKS, History(), (29, 42), ["prompt", "prompt"]),
        ("R14", _FOUR_WEEKS, History(), (30, 42), ["prompt"]),
        ("R16", GOOD, History(), (83, 90), []),
        ("R16", GOOD, History(), (84, 90), ["prompt"]),
        ("R16", GOOD, History(), (104, 110), ["prompt"]),
        ("R16", GOOD, History(), (105, 110), ["block"]),
        ("R16", GOOD, History(review_on=days_ago(5)), (105, 110), []),
        ("R16", GOOD, History(therapy_start=days_ago(104)), (1, 14), ["block"]),
        ("R18", order(patient=patient(conditions=("F32.1",))), History(), (1, 14), ["prompt"]),
        ("R24", order(patient=patient(medicines=("Vivitrol",))), History(), (1, 14), ["stop"]),
        ("R24", GOOD, History(active_orders=(ActiveOrder("100001", days_ago(1), mg("4.5"), 30),)), (1, 14), ["stop"]),
        ("R29", GOOD, History(last_fill=last_fill(left=7)), (15, 28), []),
        ("R29", GOOD, History(last_fill=last_fill(left=8)), (15, 28), ["warn"]),
        ("R29", GOOD, History(last_fill=last_fill(left=-14)), (15, 28), []),
        ("R29", GOOD, History(last_fill=last_fill(left=-15)), (15, 28), ["block"]),
        ("R29", GOOD, History(last_fill=last_fill(left=-15)), (1, 14), []),
        ("R29", order("4.5", therapy=continuing("4.5", days_ago(15))), History(), (1, 14), ["block"]),
    ],
)
def test_a_rule_at_the_counter_fires_on_one_side_of_its_edge_only(rule: str, given: Order, history: History, days: tuple[int, int], wanted: list[str]) -> None:
    assert actions(handed(given, history, days=days), rule) == wanted
