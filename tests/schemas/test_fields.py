"""Readings, money, texts: one spelling each."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from marshmallow.fields import Field

from compounding.domain.money import Money
from compounding.schemas.fields import Amount, Dose, Price, Reading, Whole, YesNo
from compounding.schemas.refusals import flat
from compounding.schemas.texts import Npi, Text

GRAMMAR = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{0,2}[1-9])?")


def takes(field: Field[object], value: object) -> bool:
    try:
        field.deserialize(value)
    except ValidationError as error:
        assert all(re.search(r"\b(Write|Send|Choose)\b", str(message)) for message in error.messages)
        return False
    return True


@given(st.text(alphabet="0123456789.,+-eE_ ٤４\n", max_size=8))
def test_a_dose_is_taken_in_exactly_the_one_grammar(text: str) -> None:
    right = GRAMMAR.fullmatch(text) is not None and text.isascii() and Fraction(text) > 0
    assert takes(Dose(), text) is right


@pytest.mark.parametrize(("text", "value"), [("675.0", Fraction(675)), ("0.000", Fraction(0)), ("203.90625", Fraction("203.90625"))])
def test_a_reading_keeps_the_zeros_of_the_instrument(text: str, value: Fraction) -> None:
    assert Reading().deserialize(text) == value


@pytest.mark.parametrize("text", ["675.", ".5", "6,75", "1e3", "-1", "", " 675", "0675", "1234567", 675.0, 675, None])
def test_what_no_balance_shows_is_no_reading(text: object) -> None:
    assert not takes(Reading(), text)


def test_a_price_is_exact_to_the_millionth() -> None:
    assert Price().deserialize("0.0712") == Money(71_200)
    assert Price().serialize("price", {"price": Money.of("29.55")}) == "29.55"


@pytest.mark.parametrize("text", ["$5", "5 USD", "-5", "0.0000001", "1,000", "5."])
def test_a_price_is_figures_only(text: str) -> None:
    assert not takes(Price(), text)


def test_an_amount_may_be_larger_than_a_dose() -> None:
    assert Amount().deserialize("1197") == 1197
    assert not takes(Dose(), "1197")


@pytest.mark.parametrize("value", [1.9, 2.0, True, "1.0", "٤", "-1", "", "1e1", [1]])
def test_a_whole_number_is_never_made_from_something_else(value: object) -> None:
    assert not takes(Whole(least=0, most=10), value)


@pytest.mark.parametrize("value", [1, "0", "True", "yes", "", None])
def test_a_truth_is_never_guessed(value: object) -> None:
    assert not takes(YesNo(), value)


@pytest.mark.parametrize(("npi", "right"), [("1234567893", True), ("1999999992", True), ("1234567890", False), ("3234567893", False), ("123456789", False)])
def test_an_npi_is_taken_when_its_check_digit_is_right(npi: str, right: bool) -> None:
    assert takes(Npi(), npi) is right


def test_a_text_is_composed_and_trimmed() -> None:
    assert Text(most=10).deserialize(" Jose\u0301 ") == "José"


@given(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]))
def test_no_character_that_prints_nothing_or_otherwise_comes_in(character: str) -> None:
    assert not takes(Text(most=10), f"a{character}b")


@pytest.mark.parametrize("text", ["dose ٤.٥", "dose ４.５"])
def test_digits_of_other_scripts_do_not_come_in(text: str) -> None:
    assert not takes(Text(most=20), text)


def test_messages_become_one_flat_table() -> None:
    nested = {"steps": {0: {"dose": ["a"]}, "_schema": ["b"]}, "supply": {"_schema": ["c"]}, "_schema": ["d"]}
    assert flat(nested) == {"steps.0.dose": ("a",), "steps": ("b",), "supply": ("c",), "": ("d",)}
