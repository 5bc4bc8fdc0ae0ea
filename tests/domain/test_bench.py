"""The bench's calculations: golden numbers by both pharmacists, refusals, dates, and any changed number is noticed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from compounding.db.document import encode
from compounding.domain.bench import shown
from compounding.domain.bench_serial import ladder
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import BeyondUseClass, Storage
from compounding.domain.quantity import Concentration
from tests.domain.sums import ASKED, FINE, POLICY, TENTH, TODAY, diluting, found, little, mixing, ml, numbers, objections, stepping, tritured


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("G17", {"taken": "6 mL", "diluent": "54 mL", "strength": "0.5 mg/mL"}),
        ("on a mark", {"taken_measured": "2.3 mL", "taken_error": "-1.43 %", "strength": "0.69 mg/mL"}),
        ("several draws", {"taken_measured": "60 mL", "taken_draws": "20 draws"}),
        ("G20", {"parts_high": "0.5 parts", "parts_low": "4 parts", "high_taken": "10 mL", "low_taken": "80 mL", "held": "90 mg"}),
        ("G21, medial", {"result": "290 mg/mL"}),
        ("G44", {"result": "75 mcg/g"}),
        ("G19", {"taken_1": "1 mL", "strength_1": "10 mcg/mL"}),
        ("G22", {"least": "120 mg", "error": "about 3.1579 % of the weight"}),
        ("G23, s", {"least": "300 mg"}),
        ("G23, d", {"least": "82 mg"}),
        ("readings", {"deviation": "0.119722 mg", "least": "239.444 mg"}),
        ("G24", {"factor": "60 times", "weighed": "120 mg", "total": "7500 mg", "diluent": "7380 mg", "held": "2 mg"}),
        ("G25", {"powder": "22.5 mg", "factor": "6 times", "weighed": "135 mg", "total": "720 mg", "diluent": "585 mg", "taken": "120 mg", "held": "4.5 mg"}),
        ("G27", {"held": "50 mg", "strength": "5 mg/g"}),
    ],
)
def test_both_pharmacists_come_to_the_golden_number(name: str, expected: dict[str, str]) -> None:
    told = numbers(found(name)[1])
    assert {key: told[key] for key in expected} == expected


@pytest.mark.parametrize("name", ASKED)
def test_the_second_pharmacist_agrees(name: str) -> None:
    assert objections(found(name)) == []


def slips(text: str) -> Iterator[str]:
    """A number one unit more, and ten times as much."""
    value = Fraction(text)
    yield str(value + 1)
    yield str(value * 10 if value else Fraction(1, 10))


@pytest.mark.parametrize("name", ASKED)
def test_any_number_that_is_changed_in_an_answer_is_noticed(name: str) -> None:
    plain = json.loads(encode(found(name)[1]))
    for part in ("given", "workings"):
        for place, item in enumerate(plain[part]):
            for wrong in slips(item["exact"]):
                assert objections(found(name), answer=_with(plain, part, place, {"exact": wrong}))
            for change in ({"shown": f"1{item['shown']}"}, {"shown": item["shown"].replace(" m", " km")}, {"unit": "kg"}, {"key": "other"}):
                if change.get("shown") != item["shown"]:
                    assert objections(found(name), answer=_with(plain, part, place, change)), (item, change)
            for number, (what, text) in enumerate(item["inputs"]):
                wrong_inputs = [*item["inputs"][:number], [what, f"1{text}"], *item["inputs"][number + 1 :]]
                assert objections(found(name), answer=_with(plain, part, place, {"inputs": wrong_inputs}))
            assert objections(found(name), answer={**plain, part: [other for other in plain[part] if other is not item]})
    assert objections(found(name), answer={**plain, "steps": [*plain["steps"], "Take 10 mL more."]})
    assert objections(found(name), answer={**plain, "steps": [*plain["steps"], "Take {more}."]})


@pytest.mark.parametrize("name", ASKED)
def test_a_wrong_number_that_is_written_and_passed_on_consistently_is_noticed(name: str) -> None:
    """As a defect of the first pharmacist would: the number, its words, and wherever they are quoted."""
    question, answer, device, made = found(name)
    for item in answer.workings:
        for wrong in (item.exact + 1, item.exact * 10 + Fraction(1, 10), item.exact / 2 + Fraction(1, 1000)):
            told = shown(wrong, item.unit)
            quoted = [replace(other, inputs=tuple((what, told if text == item.text else text) for what, text in other.inputs)) for other in answer.workings]
            bad = [replace(other, exact=wrong, shown=told) if other.key == item.key else other for other in quoted]
            assert objections((question, replace(answer, workings=tuple(bad)), device, made)), (item.key, wrong)
    surplus = replace(answer.workings[0], key="surplus")
    assert objections((question, replace(answer, workings=(*answer.workings, surplus)), device, made))


def test_a_mark_that_is_not_the_nearest_is_noticed() -> None:
    """2.3333 mL is 2.4 mL on a syringe by 0.2 mL, which has a mark on one by 0.1 mL too, and is not the nearest there."""
    coarse = replace(FINE, graduation=ml("0.2"))
    question, answer, _, made = diluting("3", "0.7", "10", coarse)
    assert numbers(answer)["taken_measured"] == "2.4 mL"
    assert objections((question, answer, coarse, made)) == []
    assert objections((question, answer, FINE, made))


def _with(plain: dict[str, list[dict[str, object]]], part: str, place: int, change: dict[str, object]) -> dict[str, object]:
    return {**plain, part: [{**item, **change} if number == place else item for number, item in enumerate(plain[part])]}


@pytest.mark.parametrize("name", ["on a mark", "rounded", "G26"])
def test_a_rounding_that_nobody_is_told_of_is_noticed(name: str) -> None:
    question, answer, device, made = found(name)
    assert answer.cautions
    assert objections((question, replace(answer, warnings=()), device, made))


def test_a_changed_liquid_of_a_serial_dilution_is_noticed() -> None:
    steps = found("three steps")
    for place, liquid in enumerate(steps[3]):
        dates = liquid.beyond_use
        later = replace(dates.candidates[0], until=date(2026, 3, 16))
        wrong = (
            replace(liquid, number=liquid.number + 1), replace(liquid, name="B-13 dilution 1"), replace(liquid, strength=Concentration.of(1)),
            replace(liquid, volume=ml(101)), replace(liquid, beyond_use=replace(dates, candidates=(later, *dates.candidates[1:]))),
            replace(liquid, beyond_use=replace(dates, candidates=dates.candidates[:1])), replace(liquid, beyond_use=replace(dates, made_on=date(2026, 3, 1))),
            replace(liquid, beyond_use=replace(dates, candidates=dates.candidates[::-1])), replace(liquid, beyond_use=replace(dates, made_is_day_one=False)),
        )  # fmt: skip
        for other in wrong:
            assert objections((*steps[:3], (*steps[3][:place], other, *steps[3][place + 1 :])))
    assert objections((*steps[:3], steps[3][:-1]))


def test_very_small_numbers_are_never_read_as_zero() -> None:
    assert [shown(Fraction(text), "mg/mL") for text in ("0.1", "0.0999", "1/30000", "1/300000000")] == [
        "0.1 mg/mL", "99.9 mcg/mL", "about 0.03333 mcg/mL", "about 0.000003333 mcg/mL",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: diluting("1", "0.01", "0.5", FINE), "its least is 0.1 mL. Make 10 mL, which takes 0.1 mL, or choose a finer device."),
        (lambda: diluting("1", "0.014", "10", FINE), "the nearest mark is -28.57 % off. Make 30 mL, which takes 0.4 mL"),
        (lambda: diluting("1", "0.999", "2.96", FINE), "the stock alone is more than 2.96 mL: make more, or choose a finer device."),
        (lambda: mixing("100", "10", "11", "0.01", TENTH), "its least is 0.002 g. Make 0.18 g, which takes 0.002 g"),
        (lambda: little("0.01", TENTH), "take parts of at least 2 mg, for at least 20 mcg."),
        (lambda: little("0.001", TENTH, average="250"), "its smallest amount holds 4 mcg of naltrexone."),
        (lambda: tritured("1", "100"), "substance and diluent are at least 2 mg each"),
        (lambda: tritured("99", "100"), "leaves a part that balance by 0.1 mg cannot weigh: substance and diluent are at least 2 mg each"),
    ],
    ids=["first mark", "between marks", "no room", "powder", "aliquot", "aliquot of tablets", "trituration", "diluent"],
)
def test_a_refusal_says_what_would_work(ask: object, sentence: str) -> None:
    assert callable(ask)
    with pytest.raises(Unsafe) as refused:
        ask()
    assert sentence in refused.value.sentence


def test_what_a_refusal_names_does_work() -> None:
    assert numbers(diluting("1", "0.01", "10", FINE)[1])["taken_error"] == "0 %"
    assert numbers(diluting("1", "0.014", "30", FINE)[1])["taken_error"] == "-4.76 %"
    assert numbers(mixing("100", "10", "11", "0.18", TENTH)[1])["high_taken_error"] == "0 %"
    assert numbers(little("0.02", TENTH)[1])["factor"] == "100 times"
    assert numbers(little("0.004", TENTH, average="250")[1])["factor"] == "100 times"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stock_until": date(2026, 3, 1)}, "stock_until"),
        ({"diluent_until": date(2026, 3, 1)}, "diluent_until"),
        ({"storage": Storage.ROOM}, "storage"),
        ({"kind": BeyondUseClass.AQUEOUS_PRESERVED}, "kind"),
        ({"least": ml(51)}, "least"),
    ],
)
def test_a_dilution_that_may_not_be_made_names_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        stepping(**changes)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(("kind", "storage", "until"), [("A", Storage.REFRIGERATOR, date(2026, 3, 15)), ("N", Storage.ROOM, date(2026, 4, 1))])
def test_the_least_date_decides_by_the_day_one_rule(kind: str, storage: Storage, until: date) -> None:
    classes = {"A": BeyondUseClass.AQUEOUS_UNPRESERVED, "N": BeyondUseClass.NONAQUEOUS_LIQUID}
    _, made = stepping(kind=classes[kind], storage=storage)
    assert [liquid.beyond_use.until for liquid in made.intermediates] == [until, until]
    asked, _ = stepping()
    later = ladder(asked, FINE, policy=replace(POLICY, made_is_day_one=False), today=TODAY)
    assert later.intermediates[0].beyond_use.until == date(2026, 3, 16)
