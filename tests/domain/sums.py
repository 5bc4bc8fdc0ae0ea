"""Questions of the bench with their answers, for both pharmacists: the golden numbers, and what is rounded, drawn several times or left exact."""

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from compounding import second
from compounding.db.document import encode
from compounding.domain.bench import Answer, Basis
from compounding.domain.bench_liquids import Diluting, Mixing, Portion, Strength, dilution, mixture, strength
from compounding.domain.bench_serial import Intermediate, Ladder, Serial, ladder
from compounding.domain.bench_solids import Little, Repeatability, Sensitivity, Trituration, an_aliquot, by_repeatability, by_sensitivity, trituration
from compounding.domain.formula import BeyondUseClass, Storage
from compounding.domain.policy import Policy
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.weighing import Balance, Syringe

POLICY, TODAY = Policy(), date(2026, 3, 2)
FINE = Syringe("s3", "3 mL syringe by 0.1 mL", Volume.of_ml(3), Volume.of_ml("0.1"))
TENTH = Balance("fine", "balance by 0.1 mg", Mass.of_mg("0.1"), Mass.of_mg(2))
CLASS_A = Balance("own", "the balance", Mass.of_mg("0.5"), Mass.of_mg(120))
READINGS = tuple(Mass.of_mg(text) for text in ("100.1", "100.2", "100", "100.1", "99.9", "100", "100", "100.1", "100.2", "100.3"))
Question = Diluting | Mixing | Strength | Serial | Sensitivity | Repeatability | Little | Trituration
Instrument = Syringe | Balance | None
Found = tuple[Question, Answer, Instrument, tuple[Intermediate, ...]]


def c(value: str | int | Fraction) -> Concentration:
    return Concentration.of(value)


def ml(value: str | int | Fraction) -> Volume:
    return Volume.of_ml(value)


def mg(value: str | int | Fraction) -> Mass:
    return Mass.of_mg(value)


def diluting(stock: str, to: str, final: str, device: Instrument = None) -> Found:
    asked = Diluting(basis=Basis.LIQUID, stock=c(stock), to=c(to), final=ml(final))
    return asked, dilution(asked, device, POLICY), device, ()


def mixing(high: str, low: str, to: str, final: str, device: Instrument = None) -> Found:
    asked = Mixing(basis=Basis.POWDER if isinstance(device, Balance) else Basis.LIQUID, high=c(high), low=c(low), to=c(to), final=ml(final))
    return asked, mixture(asked, device, POLICY), device, ()


def together(*parts: tuple[str, str], final: str | None = None, basis: Basis = Basis.LIQUID) -> Found:
    asked = Strength(basis=basis, parts=tuple(Portion(c(each), ml(amount)) for each, amount in parts), final=ml(final) if final else None)
    return asked, strength(asked), None, ()


def stepping(to: str = "0.0003", device: Syringe | None = FINE, **changes: object) -> tuple[Serial, Ladder]:
    usual = {"stock": c(1), "to": c(to), "flask": ml(100), "least": ml(1), "reference": "B-12", "stock_until": date(2026, 4, 1)}
    asked = Serial(**{**usual, "kind": BeyondUseClass.AQUEOUS_UNPRESERVED, "storage": Storage.REFRIGERATOR, **changes})
    return asked, ladder(asked, device, policy=POLICY, today=TODAY)


def serial(to: str = "0.0003", device: Syringe | None = FINE, **changes: object) -> Found:
    asked, found = stepping(to, device, **changes)
    return asked, found.answer, device, found.intermediates


def little(wanted: str, balance: Balance, average: str = "", part: str = "") -> Found:
    asked = Little(wanted=mg(wanted), average=mg(average) if average else None, part=mg(part) if part else None)
    return asked, an_aliquot(asked, balance), balance, ()


def tritured(substance: str, total: str, average: str = "", balance: Balance = TENTH) -> Found:
    asked = Trituration(substance=mg(substance), total=mg(total), average=mg(average) if average else None)
    return asked, trituration(asked, balance, POLICY), balance, ()


def sensitive(sensitivity: str, percent: str, weight: str = "") -> Found:
    asked = Sensitivity(sensitivity=mg(sensitivity), percent=Fraction(percent), weight=mg(weight) if weight else None)
    return asked, by_sensitivity(asked), None, ()


def repeated(readability: str, deviation: str = "") -> Found:
    asked = Repeatability(readability=mg(readability), deviation=mg(deviation) if deviation else None, readings=() if deviation else READINGS)
    return asked, by_repeatability(asked), None, ()


def objections(found: Found, **changes: object) -> list[str]:
    question, answer, device, made = found
    documents = {"question": question, "answer": answer, "device": device, "policy": POLICY, "made": list(made)}
    plain = {name: json.loads(encode(value)) if value is not None else None for name, value in documents.items() if name != "made"}
    plain["made"] = [json.loads(encode(item)) for item in made]
    return second.check_bench(type(question).__name__, today=TODAY.isoformat(), **{**plain, **changes})


ASKED: dict[str, Callable[[], Found]] = {
    "G17": lambda: diluting("5", "0.5", "60"),
    "on a mark": lambda: diluting("3", "0.7", "10", FINE),
    "several draws": lambda: diluting("5", "0.5", "600", FINE),
    "G20": lambda: mixing("5", "0.5", "1", "90", FINE),
    "G21, powders": lambda: mixing("100", "10", "40", "0.091", TENTH),
    "G21, medial": lambda: together(("400", "500"), ("900", "100"), final="1000"),
    "as they are": lambda: together(("1", "3"), ("2", "4")),
    "G44": lambda: together(("10", "0.75"), final="100", basis=Basis.POWDER),
    "G19": lambda: serial("0.01"),
    "three steps": lambda: serial("0.0000003", diluent_until=date(2026, 3, 31)),
    "exact": lambda: serial("0.007", None),
    "G22": lambda: sensitive("6", "5", "190"),
    "G23, s": lambda: repeated("0.1", "0.15"),
    "G23, d": lambda: repeated("0.1", "0.01"),
    "readings": lambda: repeated("0.1"),
    "G24": lambda: little("2", CLASS_A, part="125"),
    "G25": lambda: little("4.5", CLASS_A, average="250"),
    "G26": lambda: little("4.5", TENTH, average="253.7"),
    "G27": lambda: tritured("250", "10000", "250"),
    "rounded": lambda: tritured("2.36", "99.99"),
}


def found(name: str) -> Found:
    """The question and its answer, which is worked out inside the test that asks: a fault put in on purpose is seen by it."""
    return ASKED[name]()


def numbers(answer: Answer) -> dict[str, str]:
    return {item.key: item.text for item in answer.workings}
