"""Every rule on the order, on each side of its edge."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from compounding.domain.policy import Policy
from compounding.domain.prescription import Answer, Form, Indication, Order, Pregnancy, QuantityUnit, Route, Supply, Unit
from compounding.domain.quantity import Concentration
from tests.domain.safety.orders import (
    GOOD,
    NAIVE,
    NO_OPIOID,
    TODAY,
    actions,
    continuing,
    days_ago,
    mg,
    only,
    order,
    ordered,
    patient,
    step,
    took,
)


def _with(*conditions: str) -> Order:
    return order(patient=patient(conditions=conditions))


def _taking(*medicines: str, opioid: object = NO_OPIOID, therapy: object = NAIVE) -> Order:
    doses = ("1.5",) if therapy is NAIVE else ("4.5",)
    return order(*doses, patient=patient(medicines=medicines), opioid=opioid, therapy=therapy)


def _answer(**changes: object) -> Order:
    return order(opioid=replace(NO_OPIOID, **changes))


def _first(dose: str, **changes: object) -> Order:
    return order(dose, **changes)


CASES = [
    # R1
    ("R1", order(), []),
    ("R1", order(opioid=took("oxycodone 5 mg", 0)), ["stop"]),
    ("R1", order(opioid=took("oxycodone 5 mg", 9)), ["stop"]),
    ("R1", order(opioid=took("oxycodone 5 mg", 10)), ["prompt"]),
    ("R1", order(opioid=took("Suboxone film", 5)), ["stop"]),
    ("R1", order(opioid=took("Suboxone film", 13)), ["stop"]),
    ("R1", order(opioid=took("Suboxone film", 14)), ["prompt"]),
    ("R1", order(opioid=took("methadone", 13)), ["stop"]),
    ("R1", order(opioid=took("OxyContin", 13)), ["stop"]),
    ("R1", order(opioid=took("tramadol ER 100 mg", 13)), ["stop"]),
    ("R1", order(opioid=took("fentanyl patch", 13)), ["stop"]),
    ("R1", order(opioid=took("something blue", 13)), ["stop"]),
    ("R1", order(opioid=took("something blue", 14)), ["prompt"]),
    ("R1", order(opioid=took("Sublocade", 300)), ["stop"]),
    ("R1", order(opioid=took("Sublocade", 366)), ["prompt"]),
    ("R1", _answer(recent=Answer.YES), ["hold"]),
    ("R1", _answer(recent=Answer.UNKNOWN), ["hold"]),
    ("R1", _answer(depot=Answer.UNKNOWN), ["hold"]),
    ("R1", _answer(surgery=Answer.UNKNOWN), ["hold"]),
    ("R1", _answer(depot=Answer.YES), ["stop"]),
    # R2
    ("R2", _taking("oxycodone 5 mg prn"), ["stop"]),
    ("R2", _taking("Suboxone film"), ["stop"]),
    ("R2", _taking("oxycodone 5 mg prn", opioid=took("Oxycodone", 3)), []),
    ("R2", _taking("oxycodone 5 mg prn", opioid=took("Oxycodone", 12)), ["stop"]),
    ("R2", _taking("oxycodone 5 mg prn", opioid=took("tramadol", 3)), ["stop"]),
    ("R2", _taking("Sublocade", opioid=replace(NO_OPIOID, depot=Answer.YES)), []),
    ("R2", _taking("metformin 500 mg twice daily", "vitamin D"), []),
    ("R2", _taking("zorbaxin 5 mg daily"), ["prompt"]),
    ("R2", _taking("metformin, zorbaxin"), ["prompt"]),
    # R3
    ("R3", _with("F11.20"), ["stop"]),
    ("R3", _with("F1123 opioid withdrawal"), ["stop"]),
    ("R3", _with("opioid use disorder"), ["stop"]),
    ("R3", _with("on methadone maintenance"), ["stop"]),
    ("R3", _with("F11.21"), ["prompt"]),
    ("R3", _with("F11.21, on methadone"), ["stop"]),
    ("R3", _with("opioid dependence in remission"), ["prompt"]),
    ("R3", _with("opioid dependence, not in remission"), ["stop"]),
    ("R3", order(indication=Indication("F11.20", "opioid dependence", on_label=False)), ["stop"]),
    ("R3", _with("F10.20 alcohol dependence"), []),
    ("R3", order("0.05", opioid=took("oxycodone", 3)), ["stop"]),
    ("R3", order("0.1", opioid=took("oxycodone", 3)), []),
    # R4
    ("R4", order(patient=patient(allergies=("naltrexone",))), ["stop"]),
    ("R4", order(patient=patient(allergies=("Vivitrol rash",))), ["stop"]),
    ("R4", order(patient=patient(allergies=("Narcan",))), ["block"]),
    ("R4", order(patient=patient(allergies=("nalmefene",))), ["block"]),
    ("R4", order(patient=patient(allergies=("penicillin", "lactose"))), []),
    # R5
    *(("R5", order(patient=patient(pregnancy=answer)), ["block"]) for answer in (Pregnancy.PREGNANT, Pregnancy.BREASTFEEDING, Pregnancy.PLANNING)),
    ("R5", order(patient=patient(pregnancy=Pregnancy.NO)), []),
    ("R5", _with("Z33.1"), ["block"]),
    # R6
    ("R6", _with("B17.9"), ["stop"]),
    ("R6", _with("K72.90"), ["stop"]),
    ("R6", _with("acute liver failure"), ["stop"]),
    ("R6", _with("K74.60 decompensated"), ["block"]),
    ("R6", _with("K70.30", "ascites"), ["block"]),
    ("R6", _with("K70.31"), ["block"]),
    ("R6", _with("K74.60"), ["warn"]),
    ("R6", _with("fatty liver"), ["warn"]),
    ("R6", _with("N20.0 kidney stone"), []),
    # R7 to R11: the bands, per day
    ("R7", _first("0.099"), ["block"]),
    ("R7", _first("0.1"), []),
    ("R7", order(steps=(step("4.5", unit=Unit.MCG),)), ["stop"]),
    ("R7", order(steps=(step("99.9", unit=Unit.MCG),)), ["stop"]),
    ("R7", order(steps=(step("100", unit=Unit.MCG),)), []),
    ("R7", order(steps=(step("0.05", times=2),)), []),
    ("R9", _first("4.5"), []),
    ("R9", _first("4.501"), ["block"]),
    ("R9", _first("4.501", therapy=continuing("4.5")), ["warn"]),
    ("R9", order("1.5", "3", "4.5", "6"), ["warn"]),
    ("R9", _first("10", therapy=continuing("9")), ["warn"]),
    ("R9", _first("10.001", therapy=continuing("9")), []),
    ("R9", order(steps=(step("2.5", times=2),), therapy=continuing("4.5")), ["warn"]),
    ("R10", _first("10"), []),
    ("R10", _first("10.001"), ["block"]),
    ("R10", _first("24.999"), ["block"]),
    ("R10", _first("25"), []),
    ("R11", _first("24.999"), []),
    ("R11", _first("25"), ["stop"]),
    ("R11", _first("45"), ["stop"]),
    ("R11", order(steps=(step("12.5", times=2),)), ["stop"]),
    # R12
    ("R12", _first("1.5"), []),
    ("R12", _first("1.501"), ["warn"]),
    ("R12", _first("3", therapy=continuing("3")), []),
    ("R12", order("1.5", "3"), []),
    ("R12", order("1.5", "3.001"), ["warn"]),
    ("R12", order("4.5", "1.5", therapy=continuing("4.5")), []),
    ("R12", order(steps=(step("1", 7), step("1.5", 7))), []),
    ("R12", order(steps=(step("1", 6), step("1.5", 7))), ["warn"]),
    ("R12", order(steps=(step("1.5", 6), step("1", 7))), []),
    ("R12", _first("4", therapy=continuing("2")), ["warn"]),
    # R13, R14, R18, R26
    ("R13", _with("E06.3"), ["prompt"]),
    ("R13", _with("Graves' disease"), ["prompt"]),
    ("R13", _taking("Synthroid 50 mcg"), ["prompt"]),
    ("R13", _taking("carbimazole"), ["prompt"]),
    ("R13", order(), []),
    ("R14", _with("E11.9"), ["prompt", "prompt"]),
    ("R14", _taking("Ozempic weekly"), ["prompt", "prompt"]),
    ("R14", order("0.25", "0.5", patient=patient(conditions=("type 2 diabetes",))), ["prompt"]),
    ("R14", order("0.999", patient=patient(conditions=("E10.9",))), ["prompt"]),
    ("R14", order("1", patient=patient(conditions=("E10.9",))), ["prompt", "prompt"]),
    ("R14", order(), []),
    ("R18", _with("F33.1"), ["prompt"]),
    ("R18", _with("suicidal thoughts"), ["prompt"]),
    ("R18", _with("R45.851"), ["prompt"]),
    ("R18", _with("F41.1 anxiety"), []),
    ("R26", _with("N18.4"), ["warn"]),
    ("R26", _with("N18.3"), []),
    ("R26", _with("Z94.0"), ["warn"]),
    ("R26", _with("D84.821"), ["warn"]),
    ("R26", _with("kidney transplant"), ["warn"]),
    # R15
    ("R15", _answer(surgery=Answer.YES, surgery_date=TODAY + timedelta(30)), ["warn"]),
    ("R15", _answer(surgery=Answer.YES, surgery_date=TODAY + timedelta(31)), []),
    ("R15", _answer(surgery=Answer.YES), ["warn"]),
    ("R15", order(), []),
    # R19
    ("R19", _taking("codeine"), ["stop"]),
    ("R19", _taking("Tylenol #3"), ["stop"]),
    ("R19", _taking("7-OH tablets"), ["stop"]),
    ("R19", _taking("Butrans patch"), ["stop"]),
    ("R19", _taking("tianeptine"), ["stop"]),
    ("R19", order("1.5", opioid=took("kratom tea", 2)), ["stop"]),
    ("R19", order("1.5", opioid=took("kratom tea", 10)), []),
    ("R19", _taking("Imodium"), ["warn"]),
    ("R19", _taking("Lomotil 2.5 mg"), ["warn"]),
    ("R19", _taking("oxycodone"), []),
    # R20
    *(("R20", order(route=route), ["stop"]) for route in (Route.OPHTHALMIC, Route.INJECTION, Route.INHALATION)),
    ("R20", order(route=Route.SUBLINGUAL), []),
    # R21
    ("R21", order("1.5", "3", "4.5"), []),
    ("R21", order("1", "3"), ["block"]),
    ("R21", order("1", "2.999"), []),
    ("R21", order("0.25", "0.5"), []),
    ("R21", order("1", "4.5", "1.5"), ["block", "block"]),
    ("R21", order("4.5", "1.5", "0.5", therapy=continuing("4.5")), []),
    ("R21", order("4", "0.5", therapy=continuing("4")), ["block"]),
    ("R21", order("4", "0.501", therapy=continuing("4")), []),
    ("R21", order("0.25", therapy=continuing("4.5")), ["block"]),
    ("R21", order("1.5", therapy=continuing("4.5")), ["block"]),
    ("R21", order("1.501", therapy=continuing("4.5")), []),
    ("R21", order("3", therapy=continuing("1")), ["block"]),
    # R24
    ("R24", _taking("Vivitrol monthly"), ["stop"]),
    ("R24", _taking("naltrexone 50 mg tablets"), ["stop"]),
    ("R24", _taking("Contrave", therapy=continuing("4.5")), ["stop"]),
    ("R24", _taking("naltrexone 50 mg", therapy=continuing("4.5")), ["stop"]),
    ("R24", _taking("naltrexone 4.5 mg at bedtime", therapy=continuing("4.5")), ["prompt"]),
    ("R24", _taking("methylnaltrexone"), []),
    # R25
    ("R25", order(patient=patient(birth_date=date(2008, 3, 10))), []),
    ("R25", order(patient=patient(birth_date=date(2008, 3, 11), weight_kg=Fraction(50))), ["block"]),
    # R27
    ("R27", order(written_on=TODAY + timedelta(1)), ["block"]),
    ("R27", order(written_on=date(2025, 3, 10)), []),
    ("R27", order(written_on=date(2025, 3, 9)), ["block"]),
    # R28
    ("R28", order(steps=(step("1", times=2),)), []),
    ("R28", order(steps=(step("1", times=3),)), ["block"]),
    # R29 without a history
    ("R29", order("4.5", therapy=continuing("4.5", days_ago(14))), []),
    ("R29", order("4.5", therapy=continuing("4.5", days_ago(15))), ["block"]),
    # R31
    ("R31", GOOD, []),
    ("R31", order(supply=Supply(total=mg(162))), ["hold"]),
    ("R31", order(supply=Supply(days=42)), []),
    ("R31", order(supply=Supply(days=30)), ["hold"]),
    ("R31", order(supply=Supply()), ["hold"]),
    ("R31", order(supply=Supply(Fraction(126), QuantityUnit.ML), strength=Concentration.of(1)), []),
    ("R31", order(supply=Supply(Fraction(378), QuantityUnit.ML), strength=Concentration.of(1), refills=2), ["hold"]),
    ("R31", order(supply=Supply(Fraction(126), QuantityUnit.ML)), ["prompt"]),
    ("R31", order(supply=Supply(Fraction(84), QuantityUnit.CAPSULE)), ["hold"]),
    ("R31", order(form=Form.CAPSULE, supply=Supply(Fraction(84), QuantityUnit.CAPSULE), capsule_strength=mg("1.5")), []),
    ("R31", order(form=Form.CAPSULE, supply=Supply(Fraction(42), QuantityUnit.CAPSULE), capsule_strength=mg("1.5")), ["hold"]),
    ("R31", order("4.5", form=Form.CAPSULE, capsule_strength=mg("3")), ["hold"]),
    ("R31", order(form=Form.CAPSULE, supply=Supply(Fraction(42), QuantityUnit.CAPSULE)), ["prompt"]),
    ("R31", order(form=Form.CAPSULE, supply=Supply(Fraction(41), QuantityUnit.CAPSULE)), ["hold"]),
    ("R31", order(form=Form.CAPSULE, strength=Concentration.of(1)), ["hold"]),
    ("R31", order(capsule_strength=mg("1.5")), ["hold"]),
    ("R31", order(form=Form.ORAL_DROPS, supply=Supply(Fraction(300), QuantityUnit.DROP)), ["prompt"]),
    ("R31", order(supply=Supply(Fraction(300), QuantityUnit.DROP)), ["hold"]),
    ("R31", order(supply=Supply(Fraction(42), QuantityUnit.ML), strength=Concentration.of(3)), []),
    ("R31", order("1", supply=Supply(Fraction("4.7"), QuantityUnit.ML), strength=Concentration.of(3)), []),
    ("R31", order("1", supply=Supply(Fraction("4.5"), QuantityUnit.ML), strength=Concentration.of(3)), ["hold"]),
    ("R31", _answer(recent_drug="oxycodone"), ["hold"]),
    ("R31", order(opioid=took("oxycodone", -1)), ["hold"]),
]


@pytest.mark.parametrize(("rule", "given", "wanted"), CASES)
def test_a_rule_fires_on_one_side_of_its_edge_and_not_on_the_other(rule: str, given: Order, wanted: list[str]) -> None:
    assert actions(ordered(given), rule) == wanted


def test_micrograms_pass_where_the_pharmacy_makes_them() -> None:
    given = order(steps=(step("4.5", unit=Unit.MCG),))
    assert actions(ordered(given, policy=Policy(microgram_path=True)), "R7") == []
    assert actions(ordered(order("0.05"), policy=Policy(microgram_path=True)), "R7") == ["block"]


def test_the_weight_gives_a_reference_dose() -> None:
    young = patient(birth_date=date(2016, 1, 1), weight_kg=Fraction(32))
    assert "For 32 kg the reference is 3.2 mg a day" in only(ordered(order(patient=young)), "R25").sentence
    heavy = replace(young, weight_kg=Fraction(50))
    assert "For 50 kg the reference is 4.5 mg a day" in only(ordered(order(patient=heavy)), "R25").sentence
