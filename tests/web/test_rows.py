"""Rows of steps: what was typed moves with its row."""

import pytest
from werkzeug.datastructures import MultiDict

from compounding.web.page import unflatten
from compounding.web.rows import READY_MADE, changed, rows_of, without_spare_rows

TYPED = MultiDict(
    [
        ("patient.name", "Ann"),
        *(("steps.0.dose", "1.5"), ("steps.0.unit", "mg"), ("steps.0.when[]", "morning"), ("steps.0.when[]", "bedtime"), ("steps.0.days", "14")),
        *(("steps.1.dose", "3,0"), ("steps.1.days", "x")),
    ]
)


def steps(form: MultiDict[str, str]) -> object:
    return unflatten(form)["steps"]


FIRST, SECOND = {"dose": "1.5", "unit": "mg", "when": ["morning", "bedtime"], "days": "14"}, {"dose": "3,0", "days": "x"}


@pytest.mark.parametrize(
    ("command", "left", "row"),
    [
        ("add", [FIRST, SECOND, {}], 2),
        ("copy.0", [FIRST, FIRST, SECOND], 1),
        ("copy.1", [FIRST, SECOND, SECOND], 2),
        ("remove.0", [SECOND], 0),
        ("remove.1", [FIRST], 0),
        ("steady", [{}], 0),
        ("", [FIRST, SECOND], 1),
        ("fill.nothing", [FIRST, SECOND], 1),
        ("copy.99999", [FIRST, SECOND, SECOND], 2),
    ],
)
def test_a_row_is_changed_and_everything_else_that_was_typed_stays(command: str, left: list[object], row: int) -> None:
    form, focus = changed(TYPED, command)

    assert (steps(form), focus, form["patient.name"]) == (left, row, "Ann")


def test_the_last_row_can_only_be_emptied() -> None:
    form, _ = changed(MultiDict([("steps.0.dose", "3")]), "remove.0")

    assert steps(form) == [{}]


def test_sixty_rows_are_the_most() -> None:
    form = MultiDict((f"steps.{number}.dose", "1") for number in range(60))

    assert len(rows_of(changed(form, "add")[0])) == 60


def test_spare_rows_go_and_the_others_move_up() -> None:
    form = MultiDict([("steps.0.dose", ""), ("steps.1.dose", "3"), ("steps.2.dose", " ")])

    assert steps(without_spare_rows(form)) == [{"dose": "3"}]


@pytest.mark.parametrize(
    ("key", "count", "days", "first", "last"),
    [("three", 3, "14", "1.5", "4.5"), ("halves", 9, "14", "0.5", "4.5"), ("quarters", 18, "7", "0.25", "4.5")],
)
def test_ready_made_regimens_fill_the_rows(key: str, count: int, days: str, first: str, last: str) -> None:
    filled = steps(changed(TYPED, f"fill.{key}")[0])

    assert isinstance(filled, list)
    assert len(filled) == count
    assert filled[0] == {"dose": first, "unit": "mg", "when": ["bedtime"], "days": days}
    assert filled[-1] == {"dose": last, "unit": "mg", "when": ["bedtime"], "days": days}
    assert key in {regimen.key for regimen in READY_MADE}
