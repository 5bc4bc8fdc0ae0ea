"""Taking in a prescription at the form: every answer is asked for, nothing typed is lost, and what is stored is what was typed."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from uuid import UUID

import pytest

from compounding.domain.authority import LookName
from compounding.domain.people import Actor
from compounding.domain.prescription import Form, Moment, Order
from compounding.domain.quantity import Concentration, Mass
from compounding.workflow.act import Pharmacy
from compounding.workflow.prescriptions import prescription
from tests.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ADDRESS = "/prescriptions/new"
Fields = dict[str, str | list[str]]


def date_fields(name: str, day: str, month: str, year: str) -> Fields:
    return {f"{name}.day": day, f"{name}.month": month, f"{name}.year": year}


def row(number: int, dose: str, days: str) -> Fields:
    at = f"steps.{number}"
    return {f"{at}.dose": dose, f"{at}.unit": "mg", f"{at}.when[]": ["bedtime"], f"{at}.days": days}


def order_fields(**changes: str | list[str]) -> Fields:
    """1.5, 3 and 4.5 mg, 14 days each, as somebody types it; a blank field is sent as a browser sends it."""
    fields: Fields = {
        "patient.name": "Ann Example",
        **date_fields("patient.birth_date", "9", "3", "1975"),
        "patient.address": "1 Example Street, Sampletown 90000",
        "patient.phone": "555-010-0199",
        "patient.language": "en",
        "patient.weight_kg": "",
        "patient.allergies[]": "penicillin\r\nyellow dye\r\n",
        "patient.severe_allergies[]": "",
        "patient.conditions[]": "",
        "patient.medicines[]": "",
        "patient.pregnancy": "not_applicable",
        "prescriber.name": "Dr Bea Example",
        "prescriber.npi": "1234567893",
        "prescriber.phone": "555-010-0111",
        **date_fields("written_on", "1", "3", "2026"),
        "origin": "paper",
        "form": "oral_liquid",
        "route": "oral",
        "therapy.status": "naive",
        "therapy.present_dose": "",
        **date_fields("therapy.last_taken", "", "", ""),
        "indication.words": "fibromyalgia",
        "indication.code": "M79.7",
        "indication.on_label": "false",
        "strength.value": "1",
        "strength.unit": "mg/mL",
        **row(0, "1.5", "14"),
        **row(1, "3", "14"),
        **row(2, "4.5", "14"),
        "supply.quantity.value": "",
        "supply.days": "42",
        "supply.total.value": "",
        "supply.total.unit": "mg",
        "refills": "0",
        "opioid.recent": "no",
        "opioid.recent_drug": "",
        **date_fields("opioid.recent_last_dose", "", "", ""),
        "opioid.depot": "no",
        "opioid.surgery": "no",
        **date_fields("opioid.surgery_date", "", "", ""),
        "opioid.answered_by": "the patient",
        "opioid.asked_by": "Tess",
    }
    return {**fields, **{name.replace("__", "."): value for name, value in changes.items()}}


def stored(pharmacy: Pharmacy, actor: Actor, address: str) -> Order:
    identity = UUID(address.removeprefix("/prescriptions/"))
    return pharmacy.look(LookName.PRESCRIPTIONS, actor, lambda look: prescription(look, identity)).order


@pytest.fixture
def tess(at_work: Callable[[str], Visitor]) -> Visitor:
    return at_work("tess")


def test_an_order_that_was_typed_is_stored_as_typed(tess: Visitor, pharmacy: Pharmacy, technician: Actor) -> None:
    page = tess.send(ADDRESS, order_fields())
    assert page.status == 302
    order = stored(pharmacy, technician, page.headers["Location"])

    assert [(step.dose, step.moments, step.days) for step in order.steps] == [
        (Mass.of_mg(dose), (Moment.BEDTIME,), 14) for dose in (Fraction("1.5"), 3, Fraction("4.5"))
    ]
    assert (order.form, order.strength, order.supply.days, order.total) == (Form.ORAL_LIQUID, Concentration.of(1), 42, Mass.of_mg(126))
    assert (order.patient.name, order.patient.allergies, order.patient.birth_date.isoformat()) == ("Ann Example", ("penicillin", "yellow dye"), "1975-03-09")


def test_an_empty_row_is_no_step(tess: Visitor, pharmacy: Pharmacy, technician: Actor) -> None:
    page = tess.send(ADDRESS, order_fields(steps__1__dose="", steps__1__unit="", steps__1__days="", **{"steps.1.when[]": []}))

    assert [step.dose for step in stored(pharmacy, technician, page.headers["Location"]).steps] == [Mass.of_mg("1.5"), Mass.of_mg("4.5")]


def test_nothing_is_answered_beforehand(tess: Visitor) -> None:
    page = tess.read(ADDRESS)
    answered = {field.get("name") for field in page.root.iter() if "checked" in field.attrib}
    typed = {name for field in page.root.iter() if (name := field.get("name")) and page.value(name)}

    assert answered == set()
    assert typed == {"csrf_token", "supply.total.unit"}


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"steps.1.dose": "4,5"}, "steps.1.dose", '"4,5" cannot be read.'),
        ({"steps.1.dose": ".5"}, "steps.1.dose", "a zero before it"),
        ({"steps.1.dose": "5.0"}, "steps.1.dose", "none after it"),
        ({"steps.1.dose": "٤.٥"}, "steps.1.dose", "cannot be read"),
        ({"steps.0.unit": ""}, "steps.0.unit", "Choose one."),
        ({"steps.2.when[]": ""}, "steps.2.when", "Tick when in the day the dose is taken."),
        ({"steps.2.days": "0"}, "steps.2.days", "Enter a whole number"),
        ({"opioid.recent": ""}, "opioid.recent", "yes, no or unknown"),
        ({"opioid.recent": "yes"}, "opioid.recent_drug", "Write the name of the opioid."),
        ({"route": ""}, "route", "Choose one."),
        ({"refills": ""}, "refills", "Enter a whole number from 0"),
        ({"indication.on_label": ""}, "indication.on_label", "Choose one."),
        ({"supply.days": ""}, "supply", "one of them is enough"),
        ({"patient.birth_date.day": ""}, "patient.birth_date", "Enter day, month and year."),
        ({"prescriber.npi": "1234567890"}, "prescriber.npi", "check digit"),
        ({"origin": "phone"}, "read_back", "tick this"),
        ({"patient.name": "Ann\u202eExample"}, "patient.name", "U+202E"),
        ({"therapy.status": "continuing"}, "therapy.present_dose", "Enter the dose"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_is_still_there(tess: Visitor, change: Mapping[str, str], field: str, message: str) -> None:
    typed = {**order_fields(), **change}
    page = tess.send(ADDRESS, typed)

    assert page.status == 422
    assert message in page.message(field)
    assert page.with_id("summary") is not None
    assert any(link.get("href") == f"#{field}" for link in page.with_id("summary").iter("a"))
    assert page.with_id(field) is not None
    for name, text in typed.items():
        if isinstance(text, str) and text:
            assert page.value(name).strip() == text.strip().replace("\r\n", "\n"), name


def test_an_empty_form_asks_for_everything_in_plain_words(tess: Visitor) -> None:
    page = tess.send(ADDRESS, {"steps.0.dose": "", "supply.total.unit": "mg"})
    links = [link.get("href", "")[1:] for link in page.with_id("summary").iter("a")]

    assert {"patient.name", "steps.0.dose", "steps.0.unit", "steps.0.when", "steps.0.days", "opioid.depot", "route", "supply"} <= set(links)
    assert all(page.with_id(name) is not None for name in links)
    assert "Send" not in page.text
    assert "Step 1, dose: Write digits" in page.text


def test_rows_change_without_script_and_keep_what_was_typed(tess: Visitor) -> None:
    page = tess.send("/prescriptions/new/rows", order_fields(rows="copy.1"))

    assert page.status == 200
    assert [page.value(f"steps.{number}.dose") for number in range(4)] == ["1.5", "3", "3", "4.5"]
    assert page.value("patient.allergies[]").strip() == "penicillin\nyellow dye"
    assert page.value("opioid.recent") == "no"
    assert "autofocus" in page.with_id("steps.2.dose").attrib


def test_the_script_gets_only_the_part_that_changes(tess: Visitor) -> None:
    page = tess.send("/prescriptions/new/rows", order_fields(rows="fill.quarters"), **{"X-Part": "1"})

    assert "<header" not in page.html
    assert page.value("steps.17.dose") == "4.5"
    assert "299.25 mg" in page.text


def test_what_was_understood_is_shown_before_anything_is_saved(tess: Visitor) -> None:
    page = tess.send("/prescriptions/new/course", order_fields())

    assert "four point five milligrams, 4.5 mg" in page.text
    assert "Total 126 mg" in page.text
    assert "12 April 2026" in page.text.replace("\u00a0", " ")  # 42 days from 2 March, the clock's day
    assert '<title id="course-title">' in page.html
