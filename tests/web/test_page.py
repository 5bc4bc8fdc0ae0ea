"""From the flat names of a form to nested values, and back to a person."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from werkzeug.datastructures import MultiDict

from compounding import schemas
from compounding.domain.errors import Invalid
from compounding.schemas.shapes import Shape
from compounding.web.page import ASIDE, unflatten


def nested(*pairs: tuple[str, str]) -> dict[str, object]:
    return dict(unflatten(MultiDict(pairs)))


def test_names_with_points_become_parts_and_rows() -> None:
    found = nested(("patient.name", "Ann"), ("steps.0.dose", "1.5"), ("steps.1.dose", "3"), ("steps.1.days", "14"))

    assert found == {"patient": {"name": "Ann"}, "steps": [{"dose": "1.5"}, {"dose": "3", "days": "14"}]}


def test_eleven_rows_keep_their_order() -> None:
    found = nested(*((f"steps.{number}.dose", str(number)) for number in (10, 2, 0, 1, 3, 4, 5, 6, 7, 8, 9)))

    assert found["steps"] == [{"dose": str(number)} for number in range(11)]


def test_blank_fields_and_parts_are_left_out_but_a_blank_row_keeps_its_place() -> None:
    found = nested(("patient.name", "  "), ("supply.quantity.value", ""), ("refills", "0"), ("steps.0.dose", ""), ("steps.1.dose", "3"))

    assert found == {"refills": "0", "steps": [{}, {"dose": "3"}]}


def test_day_month_and_year_are_one_date() -> None:
    assert nested(("written_on.day", "9"), ("written_on.month", "3"), ("written_on.year", "2026")) == {"written_on": "2026-03-09"}


def test_half_a_date_is_handed_on_for_the_schema_to_refuse() -> None:
    assert nested(("written_on.day", "9"), ("written_on.month", ""), ("written_on.year", "2026")) == {"written_on": "2026-00-09"}


def test_a_list_has_an_entry_for_each_line_and_each_box() -> None:
    found = nested(("patient.allergies[]", "lactose\r\n\r\n yellow dye "), ("steps.0.when[]", "morning"), ("steps.0.when[]", "bedtime"))

    assert found == {"patient": {"allergies": ["lactose", "yellow dye"]}, "steps": [{"when": ["morning", "bedtime"]}]}


def test_what_guards_and_steers_the_form_is_no_part_of_it() -> None:
    assert nested(("csrf_token", "x"), ("signature.secret", "1"), ("witness.username", "w"), ("rows", "add"), ("refills", "0")) == {"refills": "0"}


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ([("steps.0.dose", "4.5"), ("steps.0.dose", "45")], "steps.0.dose"),
        ([("dose", "4.5"), ("dose[]", "45")], "dose[]"),
        ([("patient", "Ann"), ("patient.name", "Bob")], "patient.name"),
        ([("patient.name", "Bob"), ("patient", "Ann")], "patient"),
        ([("steps.0.dose", "1"), ("steps.2.dose", "3")], "steps"),
        ([("steps.00.dose", "1")], "steps.00.dose"),
        ([("steps.٤.dose", "1")], "steps.٤.dose"),
        ([("a.b.c.d.e.f", "1")], "a.b.c.d.e.f"),
        ([("__class__", "1")], "__class__"),
        ([(f"a{number}", "1") for number in range(1501)], ""),
    ],
)
def test_a_form_that_this_program_did_not_give_out_is_refused_by_name(pairs: list[tuple[str, str]], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        nested(*pairs)

    assert list(refusal.value.fields) == [field]


def shapes(of: type[Shape] = Shape) -> Iterator[type[Shape]]:
    for shape in of.__subclasses__():
        yield shape
        yield from shapes(shape)


def test_no_field_has_a_name_that_forms_keep_for_themselves() -> None:
    for module in pkgutil.iter_modules(schemas.__path__, "compounding.schemas."):
        import_module(module.name)
    taken = {shape.__name__: ASIDE & set(shape().fields) for shape in shapes()}

    assert len(taken) > 50
    assert {name: names for name, names in taken.items() if names} == {}
