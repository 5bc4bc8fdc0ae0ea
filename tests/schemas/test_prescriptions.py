"""The shape of an order: what is written is read back, a form and JSON say the same, and what disagrees is refused by name."""

from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.errors import Invalid
from compounding.domain.prescription import (
    Answer,
    Form,
    Indication,
    Moment,
    OpioidAnswer,
    Order,
    Origin,
    Patient,
    Pregnancy,
    Prescriber,
    QuantityUnit,
    Route,
    Step,
    Supply,
    Therapy,
    Unit,
)
from compounding.domain.quantity import Concentration, Mass
from compounding.schemas.forms import from_form
from compounding.schemas.prescriptions import ORDER, read_order
from tests.api.orders import changed, titration, without

thousandths = st.integers(1, 999_999).map(lambda count: Fraction(count, 1000))
amounts = st.integers(1, 999_999_999).map(lambda count: Fraction(count, 1000))
names = st.text(alphabet="abcdefghijklmnopqrstuvwxyzÀÉñöß漢字 '-.", min_size=1, max_size=60).map(str.strip).filter(bool)
on_label = names.map(lambda name: name.translate({ord("漢"): "ế", ord("字"): "ж"}))  # a label has no Chinese letters
days = st.dates(date(2020, 1, 1), date(2100, 12, 31))
phones = st.sampled_from(["555-010-0199", "(555) 010-0100", "+44 20 7946 0000"])
npis = st.sampled_from(["1234567893", "1558598797", "1000000004", "1999999992", "2000000002"])
moments = st.sets(st.sampled_from(Moment), min_size=1).map(lambda found: tuple(sorted(found, key=list(Moment).index)))
entries = st.lists(names, max_size=3).map(tuple)


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    allergies = draw(entries)
    return Patient(
        name=draw(on_label),
        birth_date=draw(st.dates(date(1900, 1, 1), date(2019, 12, 31))),
        address=draw(names),
        phone=draw(phones),
        language=draw(st.sampled_from(["en", "es", "zh-Hant"])),
        pregnancy=draw(st.sampled_from(Pregnancy)),
        allergies=allergies,
        severe_allergies=allergies[:1],
        conditions=draw(entries),
        medicines=draw(entries),
        weight_kg=draw(thousandths),
    )


@st.composite
def steps(draw: st.DrawFn) -> Step:
    unit = draw(st.sampled_from(Unit))
    number = draw(thousandths)
    dose = Mass.of_mg(number) if unit is Unit.MG else Mass.of_mcg(number)
    return Step(dose, unit, draw(moments), draw(st.integers(1, 73)))  # five of them are a year


@st.composite
def therapies(draw: st.DrawFn) -> Therapy:
    if draw(st.booleans()):
        return Therapy(naive=True)
    return Therapy(False, draw(steps()).dose, draw(st.none() | days))


@st.composite
def supplies(draw: st.DrawFn) -> Supply:
    quantity = draw(st.none() | amounts)
    unit = draw(st.sampled_from(QuantityUnit)) if quantity is not None else None
    return Supply(quantity, unit, draw(st.integers(1, 366)), draw(st.none() | amounts.map(Mass.of_mg)))


@st.composite
def opioid_answers(draw: st.DrawFn) -> OpioidAnswer:
    recent = draw(st.sampled_from(Answer))
    answer = OpioidAnswer(recent, draw(st.sampled_from(Answer)), draw(st.sampled_from(Answer)), draw(names), draw(names), surgery_date=draw(st.none() | days))
    return replace(answer, recent_drug=draw(names), recent_last_dose=draw(days)) if recent is Answer.YES else answer


@st.composite
def orders(draw: st.DrawFn) -> Order:
    form, strength = draw(st.sampled_from(Form)), draw(st.none() | thousandths)
    origin = draw(st.sampled_from(Origin))
    return Order(
        patient=draw(patients()),
        prescriber=Prescriber(draw(on_label), draw(npis), draw(phones)),
        form=form,
        route=draw(st.sampled_from(Route)),
        steps=draw(st.lists(steps(), min_size=1, max_size=5).map(tuple)),
        therapy=draw(therapies()),
        supply=draw(supplies()),
        refills=draw(st.integers(0, 24)),
        indication=Indication(draw(st.sampled_from(["M79.7", "G35.D", "F32.A", "B20"])), draw(on_label), draw(st.booleans())),
        opioid=draw(opioid_answers()),
        written_on=draw(days),
        origin=origin,
        read_back=origin is Origin.PHONE or draw(st.booleans()),
        strength=Concentration(strength) if strength and form is not Form.CAPSULE else None,
        capsule_strength=Mass(strength) if strength and form is Form.CAPSULE else None,
    )


def refused(data: object) -> dict[str, tuple[str, ...]]:
    with pytest.raises(Invalid) as caught:
        read_order(data)
    return dict(caught.value.fields)


def as_form(order: dict[str, Any]) -> dict[str, Any]:
    """The same nested fields as a form sends them: everything as text."""
    return {key: as_text(value) for key, value in order.items()}


def as_text(value: object) -> object:
    if isinstance(value, dict):
        return as_form(value)
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(orders())
def test_what_is_written_is_read_back_as_the_same_order(order: Order) -> None:
    assert ORDER.load(ORDER.dump(order)) == order


@given(orders())
def test_a_form_that_says_the_same_gives_the_same_order(order: Order) -> None:
    assert read_order(from_form(as_form(ORDER.dump(order)))) == order


def test_the_whole_titration_is_read() -> None:
    order = read_order(titration())
    assert (order.days, order.total, order.route) == (42, Mass.of_mg(126), Route.ORAL)
    assert [step.dose for step in order.steps] == [Mass.of_mg("1.5"), Mass.of_mg(3), Mass.of_mg("4.5")]


def test_empty_boxes_of_a_form_are_absent_fields() -> None:
    form = as_form(titration())
    form["steps"].append({"dose": " ", "unit": "mg", "when": ["bedtime"], "days": ""})
    form["therapy"] |= {"present_dose": "", "unit": "mg", "last_taken": ""}
    form["supply"]["quantity"] = {"value": "", "unit": "mL"}
    form["patient"] |= {"weight_kg": "", "allergies": "penicillin\r\n", "medicines": " vitamin D ; "}
    form["opioid"] |= {"recent_drug": "", "recent_last_dose": "", "surgery_date": ""}
    form["steps"][0]["when"] = "bedtime"
    assert read_order(from_form(form)) == read_order(titration())


def test_a_row_in_which_only_the_dose_was_written_is_not_dropped() -> None:
    form = as_form(titration())
    form["steps"].append({"dose": "4.5", "unit": "mg", "when": ["bedtime"], "days": ""})
    assert list(refused(from_form(form))) == ["steps.3.days"]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("steps.0.times_per_day", 2, "steps.0.times_per_day"),
        ("steps.0.when", ["bedtime", "bedtime"], "steps.0.when"),
        ("steps.0.when", [], "steps.0.when"),
        ("steps.0.when", ["midnight"], "steps.0.when.0"),
        ("steps.0.when", "bedtime", "steps.0.when"),
        ("steps.0.days", 0, "steps.0.days"),
        ("steps.0.days", 1.9, "steps.0.days"),
        ("steps.0.days", True, "steps.0.days"),
        ("steps.0.days", "014", "steps.0.days"),
        ("steps.0.unit", "ug", "steps.0.unit"),
        ("steps", [], "steps"),
        ("steps", {"0": {}}, "steps"),
        ("form", None, "form"),
        ("form", ["capsule"], "form"),
        ("form", "capsule", "strength.unit"),
        ("strength.value", "0", "strength.value"),
        ("supply", {}, "supply"),
        ("supply.quantity", {"value": "126"}, "supply.quantity.unit"),
        ("supply.total.unit", "g", "supply.total.unit"),
        ("therapy.present_dose", "4.5", "therapy.present_dose"),
        ("therapy", {"status": "continuing"}, "therapy.present_dose"),
        ("therapy", {"status": "continuing", "present_dose": "4.5"}, "therapy.unit"),
        ("opioid.recent", "maybe", "opioid.recent"),
        ("opioid.recent", "yes", "opioid.recent_drug"),
        ("origin", "phone", "read_back"),
        ("refills", 25, "refills"),
        ("indication.code", "m79.7", "indication.code"),
        ("indication.code", "M79.7\n", "indication.code"),
        ("indication.on_label", "yes", "indication.on_label"),
        ("prescriber.npi", "1234567890", "prescriber.npi"),
        ("prescriber.npi", 1234567893, "prescriber.npi"),
        ("prescriber.phone", "none", "prescriber.phone"),
        ("patient.birth_date", "1980-2-29", "patient.birth_date"),
        ("patient.birth_date", "1981-02-29", "patient.birth_date"),
        ("patient.birth_date", "1899-12-31", "patient.birth_date"),
        ("patient.birth_date", "2026-03-02", "patient.birth_date"),
        ("patient.birth_date", "2010-01-01", "patient.weight_kg"),
        ("patient.name", "x" * 101, "patient.name"),
        ("patient.name", "  ", "patient.name"),
        ("patient.name", "\ud83d", "patient.name"),
        ("patient.name", "王小明", "patient.name"),
        ("prescriber.name", "Dr. 王", "prescriber.name"),
        ("indication.words", "疼痛", "indication.words"),
        ("patient.severe_allergies", ["latex"], "patient.severe_allergies.0"),
        ("patient.medicines", "vitamin D", "patient.medicines"),
        ("patient", "Ada", "patient"),
        ("patient", None, "patient"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(path: str, value: object, field: str) -> None:
    assert field in refused(changed(path, value))


def test_a_yes_to_recent_opioids_needs_the_drug_and_its_last_dose() -> None:
    assert set(refused(changed("opioid.recent", "yes"))) == {"opioid.recent_drug", "opioid.recent_last_dose"}


@pytest.mark.parametrize("path", ["patient", "prescriber", "form", "steps", "therapy", "supply", "indication", "opioid", "written_on", "origin"])
def test_each_compulsory_part_is_asked_for_when_it_is_missing(path: str) -> None:
    fields = refused(without(path))
    assert fields
    assert all(field.split(".")[0] == path for field in fields)


def test_times_a_day_may_be_left_out_and_moments_are_put_in_the_order_of_the_day() -> None:
    order = read_order(changed("steps.1.when", ["bedtime", "morning"]))
    assert order.steps[1].moments == (Moment.MORNING, Moment.BEDTIME)


def test_both_doors_tell_the_same_sentence_for_the_same_mistake() -> None:
    order = changed("steps.0.dose", "4,5")
    order["refills"] = "many"
    assert refused(order) == refused(from_form(as_form(order)))


def test_a_name_that_no_label_can_print_is_refused_with_its_letter_and_what_to_write() -> None:
    said = "The label's letters have no 王 (U+738B). Write the name in Latin, Greek or Cyrillic letters, as on the patient's papers."
    assert refused(changed("patient.name", "王小明"))["patient.name"] == (said,)


@pytest.mark.parametrize("name", ["Nguyễn Thị Ếch", "Ελένη Παπαδοπούλου", "Семён Ёлкин"])
def test_vietnamese_greek_and_cyrillic_names_come_in(name: str) -> None:
    assert read_order(changed("patient.name", name)).patient.name == name


ODD = (None, True, 0, -1, 1e400, "", "x", [], [None], {}, {"": None})


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a value, itself not."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inside for place in ((*path, key), *places(item, (*path, key)))]


@pytest.mark.parametrize("order", [titration(), changed("therapy", {"status": "naive"})], ids=["continuing", "naive"])
def test_no_odd_value_in_any_place_is_more_than_refused(order: dict[str, Any]) -> None:
    """What is no object where one belongs met a rule that looked into it: `therapy: true` was a failure."""
    for path in places(order):
        for odd in ODD:
            spoilt = deepcopy(order)
            parent: Any = spoilt
            for key in path[:-1]:
                parent = parent[key]
            parent[path[-1]] = odd
            with suppress(Invalid):
                read_order(spoilt)
