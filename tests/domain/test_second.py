"""The second pharmacist: whatever is changed in a plan, it is noticed."""

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from compounding import second
from compounding.domain.formula import Method
from compounding.domain.inventory import Lot, LotStatus
from compounding.domain.plan import Choices
from compounding.domain.prescription import Order
from compounding.second.reading import on_one_desk, parts_of, shown
from tests.domain.examples import (
    BALANCES,
    GP,
    MONTH_OF_CAPSULES,
    POLICY,
    SYRINGE_5,
    SYRINGE_5_COARSE,
    SYRINGE_10,
    TITRATION,
    TODAY,
    bottle,
    capsule_choices,
    choices,
    dropper,
    order,
    plain,
    planned,
    shelf,
    step,
    tablets,
)
from tests.domain.stock_solutions import from_stock, stock_lot

Path = tuple[str | int, ...]
COURSES = {
    "capsules": (MONTH_OF_CAPSULES, capsule_choices(overage=2)),
    "titration": (TITRATION, choices("L1", bottle(120), SYRINGE_5, overfill="1")),
    "powder": (TITRATION, choices("L1", bottle(120), SYRINGE_5_COARSE, method=Method.POWDER)),
    "drops": (replace(GP, steps=GP.steps[:6]), choices("L5", bottle(10), dropper("L5"), lead_days=1, starts_on=TODAY + timedelta(days=1))),
}
STOCKS = {
    "drawn from two lots": shelf(stock_lot("7.35", number="S1", expires_on=TODAY + timedelta(days=40)), stock_lot("6", number="S2", strength="4")),
}
WEAK = from_stock("L0.5", "L2")
COURSES |= dict.fromkeys(STOCKS, (order(step("1.5", 14), step("3", 10)), choices("L0.5", bottle(120), SYRINGE_10, formula=WEAK, overfill="1.5")))
_WORDS = {"until_reason", "notices", "rule", "inputs", "source", "shown", "basis"}  # sentences for people; all the rest is checked
_RATIO = re.compile(r"-?[0-9]+(/[0-9]+)?")


def _leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _WORDS:
                yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, (*path, place))
    else:
        yield path, value


def _changed(value: object) -> object:
    """A value of the same kind that is a little off."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str() if _RATIO.fullmatch(value):
            return f"{value}1" if "/" in value else str(int(value) + 1)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
        case str():
            return f"{value}, or another"
        case _:
            return "7"


def _only_named(path: Path) -> bool:
    """What a candidate for the date is called, and how things are counted or poured."""
    return (path[-1] == "name" and "candidates" in path) or path[-1] == "instrument"


def _with(document: dict[str, object], path: Path, value: object) -> dict[str, object]:
    other = copy.deepcopy(document)
    place: object = other
    for key in path[:-1]:
        place = place[key]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    return other


def _said(plan: dict[str, object], of: Order, chosen: Choices, stock: Sequence[Lot]) -> tuple[str, ...]:
    return second.check(
        plan=plan,
        order=plain(of),
        choices=plain(chosen),
        lots=[plain(item) for item in stock],
        balances=[plain(item) for item in BALANCES],
        policy=plain(POLICY),
        today=TODAY.isoformat(),
    )


def _unnoticed(plan: dict[str, object], of: Order, chosen: Choices, stock: Sequence[Lot]) -> Iterator[Path]:
    for path, value in _leaves(plan):
        if _only_named(path):
            continue
        try:
            noticed = bool(_said(_with(plan, path, _changed(value)), of, chosen, stock))
        except (ValueError, KeyError, IndexError):
            noticed = True
        if not noticed:
            yield path


@pytest.mark.parametrize("name", COURSES)
def test_a_plan_in_which_any_single_thing_is_changed_is_not_agreed_to(name: str) -> None:
    of, chosen = COURSES[name]
    stock = STOCKS.get(name, shelf())
    document = plain(planned(of, chosen, stock=stock))
    assert len(list(_leaves(document))) > 100
    assert list(_unnoticed(document, of, chosen, stock)) == []


def test_a_lot_that_may_not_be_used_is_noticed() -> None:
    of, chosen = COURSES["titration"]
    document = plain(planned(of, chosen))
    for bad in (
        replace(tablets(), status=LotStatus.QUARANTINED),
        replace(tablets(), expires_on=TODAY + timedelta(days=33)),
        replace(tablets(), balance=1),
    ):
        said = second.check(
            plan=document,
            order=plain(of),
            choices=plain(chosen),
            lots=[plain(item) for item in shelf(bad)],
            balances=[plain(item) for item in BALANCES],
            policy=plain(POLICY),
            today=TODAY.isoformat(),
        )
        assert said


def test_a_lot_that_should_have_gone_first_is_noticed() -> None:
    of, chosen = COURSES["titration"]
    document = plain(planned(of, chosen))
    sooner = tablets(number="S", expires_on=TODAY + timedelta(days=300))
    said = second.check(
        plan=document,
        order=plain(of),
        choices=plain(chosen),
        lots=[plain(item) for item in shelf(tablets(), sooner)],
        balances=[plain(item) for item in BALANCES],
        policy=plain(POLICY),
        today=TODAY.isoformat(),
    )
    assert len(said) == 1
    assert said[0].startswith("Fill 1: Lots of naltrexone-tablet-50-mg")


def test_a_policy_that_changed_since_is_noticed() -> None:
    of, chosen = COURSES["capsules"]
    document = plain(planned(of, chosen))
    said = second.check(
        plan=document,
        order=plain(of),
        choices=plain(chosen),
        lots=[plain(item) for item in shelf()],
        balances=[plain(item) for item in BALANCES],
        policy=plain(replace(POLICY, made_is_day_one=False)),
        today=TODAY.isoformat(),
    )
    assert any("Day 1" in sentence for sentence in said)


def test_every_ratio_on_the_desk_is_a_whole_number_of_fine_units() -> None:
    fine = on_one_desk({"a": "63/25", "b": ["1/4", {"c": "7/6"}]}, "lot 3/8")
    assert fine == 300
    assert parts_of("63/25", fine) == 756
    assert shown(756, fine) == "63/25"
    with pytest.raises(ValueError, match="not on the desk"):
        parts_of("1/7", fine)
    with pytest.raises(ValueError, match="no exact number"):
        parts_of("0.5", fine)
