"""Values to documents and back: equal values give equal bytes, and nothing but a document is read."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.db.document import DocumentError, decode, encode, sha256
from compounding.domain.money import Money
from compounding.domain.policy import Policy
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
from compounding.domain.quantity import Concentration, Mass, Volume

ORDER = Order(
    patient=Patient("Zoë Ω", date(1980, 2, 29), "1 Main St", "555-0100", "en", Pregnancy.NO, allergies=("penicillin",)),
    prescriber=Prescriber("Dr. Low", "1234567893", "555-0101"),
    form=Form.CAPSULE,
    route=Route.ORAL,
    steps=(Step(Mass.of_mg("4.5"), Unit.MG, (Moment.BEDTIME,), 30),),
    therapy=Therapy(naive=False, present_dose=Mass.of_mg("4.5"), last_taken=date(2026, 3, 1)),
    supply=Supply(quantity=Fraction(30), quantity_unit=QuantityUnit.CAPSULE),
    refills=3,
    indication=Indication("M79.7", "fibromyalgia", on_label=True),
    opioid=OpioidAnswer(Answer.NO, Answer.NO, Answer.NO, "patient", "PP"),
    written_on=date(2026, 3, 1),
    origin=Origin.ELECTRONIC,
)
TEXT = encode(ORDER)


@dataclass(frozen=True)
class Drops:
    counted: int


@dataclass(frozen=True)
class Poured:
    volume: Volume


@dataclass(frozen=True)
class Measured:
    how: Drops | Poured | None
    marks: frozenset[str]
    ratio: Fraction
    cost: Money
    strength: Concentration
    at: datetime
    key: UUID
    lines: tuple[Drops | Poured, ...] = ()
    facts: dict[str, Fraction] | None = None


ratios = st.fractions(max_denominator=10**9)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
volumes = st.builds(Volume, ratios)
choices = st.one_of(st.builds(Drops, st.integers()), st.builds(Poured, volumes))
measured = st.builds(
    Measured,
    how=st.none() | choices,
    marks=st.frozensets(words, max_size=4),
    ratio=ratios,
    cost=st.builds(Money, st.integers()),
    strength=st.builds(Concentration, ratios),
    at=st.datetimes(timezones=st.just(UTC)),
    key=st.uuids(),
    lines=st.lists(choices, max_size=3).map(tuple),
    facts=st.none() | st.dictionaries(words, ratios, max_size=3),
)
steps = st.lists(
    st.builds(
        Step,
        dose=st.builds(Mass, ratios),
        unit=st.sampled_from(Unit),
        moments=st.lists(st.sampled_from(Moment), min_size=1, max_size=2).map(tuple),
        days=st.integers(1, 400),
    ),
    min_size=1,
    max_size=18,
).map(tuple)


@given(measured)
def test_what_is_written_is_read_back_equal(value: Measured) -> None:
    assert decode(Measured, encode(value)) == value


@given(steps, words, st.none() | ratios)
def test_every_order_is_read_back_equal(taken: tuple[Step, ...], name: str, weight: Fraction | None) -> None:
    order = replace(ORDER, steps=taken, patient=replace(ORDER.patient, name=name, weight_kg=weight))
    text = encode(order)
    assert decode(Order, text) == order
    assert encode(decode(Order, text)) == text


@given(ratios, st.integers(1, 400))
def test_every_policy_is_read_back_equal(tolerance: Fraction, days: int) -> None:
    policy = Policy(version=2, weighing_tolerance=tolerance, review_due_day=days)
    assert decode(Policy, encode(policy)) == policy


def test_a_document_is_sorted_dense_and_ascii() -> None:
    assert encode(ORDER.patient) == (
        '{"address":"1 Main St","allergies":["penicillin"],"birth_date":"1980-02-29","conditions":[],"language":"en","medicines":[],'
        '"name":"Zo\\u00eb \\u03a9","phone":"555-0100","pregnancy":"no","severe_allergies":[],"weight_kg":null}'
    )


def test_exact_numbers_are_ratios_and_a_choice_names_its_class() -> None:
    value = Measured(
        how=Poured(Volume.of_ml("1.26")),
        marks=frozenset({"b", "a"}),
        ratio=Fraction(63, 25),
        cost=Money.of("0.0712"),
        strength=Concentration.of(4),
        at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC),
        key=UUID(int=1),
    )
    assert encode(value) == (
        '{"at":"2026-03-02T17:00:00.000000+00:00","cost":71200,"facts":null,"how":{"is":"Poured","volume":"63/50"},'
        '"key":"00000000-0000-0000-0000-000000000001","lines":[],"marks":["a","b"],"ratio":"63/25","strength":"4"}'
    )


def test_a_part_of_an_order_is_a_document_too() -> None:
    assert decode(tuple[Step, ...], encode(ORDER.steps)) == ORDER.steps


def test_the_hash_is_that_of_the_text() -> None:
    assert sha256("{}") == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_missing_key_takes_its_default_so_that_a_document_outlives_a_new_field() -> None:
    assert decode(Order, TEXT.replace('"read_back":false,', "")) == ORDER


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"refills":3', '"refills":"3"'),
        ('"refills":3', '"refills":3.0'),
        ('"refills":3', '"refills":true'),
        ('"refills":3', '"refills":NaN'),
        ('"refills":3', '"refills":3,"refills":4'),
        ('"refills":3', '"refills":3,"more":1'),
        ('"days":30', '"days":30,"more":1'),
        ('["penicillin"]', '"penicillin"'),
        ('"9/2"', '"4.5"'),
        ('"9/2"', '"9/0"'),
        ('"9/2"', '"18/4"'),
        ('"9/2"', "4"),
        ('"read_back":false', '"read_back":0'),
        ('"1980-02-29"', '"19800229"'),
        ('"1980-02-29"', '"1981-02-29"'),
        ('"capsule"', '"tablet"'),
        ('"name":"Dr. Low",', ""),
        ('"steps":[', '"steps":[[],'),
        (TEXT, "[]"),
        (TEXT, "null"),
    ],
)
def test_what_writing_could_not_have_made_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(DocumentError):
        decode(Order, TEXT.replace(old, new))


def test_a_refusal_quotes_nothing_of_the_content() -> None:
    with pytest.raises(DocumentError) as refused:
        decode(Order, TEXT.replace('"1980-02-29"', '"1980-02-30"'))
    assert "1980" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("value", [Drops(0.5), Mass(0.5), Drops(Fraction(1)), {1.5}, b"bytes"])
def test_what_has_no_exact_text_is_not_written(value: object) -> None:
    with pytest.raises(DocumentError):
        encode(value)
