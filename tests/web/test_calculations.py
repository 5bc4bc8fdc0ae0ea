"""The bench's calculations as pages: the golden numbers as they are read, refusals that name what works, labels that are kept."""

from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from compounding.web.calculations import FORMS
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
Fields = dict[str, str | list[str]]
LIQUID, POWDER = {"basis": "liquid"}, {"basis": "powder"}
SYRINGE = "syringe-10-by-0.2"
LADDER: Fields = {
    "stock.value": "1", "stock.unit": "mg", "to.value": "10", "to.unit": "mcg", "flask": "100", "least": "1", "device": "syringe-3-by-0.1",
    "reference": "B-2026-0012", "stock_until.day": "5", "stock_until.month": "4", "stock_until.year": "2026", "kind": "aqueous, not preserved",
    "storage": "refrigerator",
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("calculations") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def ask(visitor: Visitor, kind: str, fields: Fields) -> Page:
    return Page.of(visitor.client.get(f"/calculations/{kind}", query_string=MultiDict(fields)))


def strength(name: str, value: str, unit: str = "mg") -> Fields:
    return {f"{name}.value": value, f"{name}.unit": unit}


def part(number: int, value: str, amount: str, unit: str = "mg") -> Fields:
    return {f"parts.{number}.strength.value": value, f"parts.{number}.strength.unit": unit, f"parts.{number}.amount": amount}


GOLDEN = {
    "G17, C1V1": ("dilution", LIQUID | strength("stock", "5") | strength("to", "0.5") | {"final": "60", "device": SYRINGE}, "Take 6 mL", "(about 54 mL of it)"),
    "G18, 500 mL of 15 % to 1500 mL": ("strength", LIQUID | part(0, "15", "500", "percent") | {"final": "1500"}, "75000 mg", "50 mg/mL"),
    "G18, 4 L of 1 in 2000 from 1 in 400": (
        "dilution", LIQUID | strength("stock", "0.25", "percent") | strength("to", "0.05", "percent") | {"final": "4000"}, "Take 800 mL",
    ),
    "G18, 50 mL of 1 in 20 to 1000 mL": ("strength", LIQUID | part(0, "5", "50", "percent") | {"final": "1000"}, "that is 2.5 mg/mL"),
    "G19, micrograms": ("serial", LADDER, "Take 1 mL of the stock (1 mg/mL), make it up TO 100 mL", "it holds 1 mg, 10 mcg/mL"),
    "G20, 1 mg/mL of 5 and 0.5": (
        "mixing", LIQUID | strength("high", "5") | strength("low", "0.5") | strength("to", "1") | {"final": "90", "device": SYRINGE},
        "Take 10 mL of the stronger", "Take 80 mL of the weaker", "both hold 90 mg", "0.5 parts", "4 parts",
    ),
    "G21, 4 % of 10 % and 1 %": (
        "mixing", POWDER | strength("high", "10", "percent") | strength("low", "1", "percent") | strength("to", "4", "percent") | {"final": "90"},
        "Take 30 g", "Take 60 g",
    ),
    "G21, 20 % of 30 % and 10 %": (
        "mixing", LIQUID | strength("high", "30", "percent") | strength("low", "10", "percent") | strength("to", "20", "percent") | {"final": "100"},
        "Take 50 mL of the stronger", "Take 50 mL of the weaker",
    ),
    "G21, medial": ("strength", LIQUID | part(0, "40", "500", "percent") | part(1, "90", "100", "percent") | {"final": "1000"}, "that is 290 mg/mL"),
    "G22, SR 6 at 5 %": (
        "sensitivity", {"sensitivity": "6", "percent": "5", "weight": "50"}, "no less than 120 mg", "may be 12 % of the weight off", "make an aliquot",
    ),
    "G22, SR 6 at 1 %": ("sensitivity", {"sensitivity": "6", "percent": "1", "weight": "1900"}, "600 mg", "about 0.3158 % of the weight"),
    "G22, SR 2.5 at 3 %": ("sensitivity", {"sensitivity": "2.5", "percent": "3", "weight": "190"}, "about 83.3333 mg"),
    "G23, s of 0.15 mg": ("repeatability", {"readability": "0.1", "deviation": "0.15"}, "no less than 300 mg"),
    "G23, 820 digits": ("repeatability", {"readability": "0.1", "deviation": "0.01"}, "no less than 82 mg", "41 mcg decides"),
    "G24, the textbook": (
        "aliquot", {"wanted.value": "2", "wanted.unit": "mg", "least": "120", "readability": "1", "part": "125"},
        "Weigh 120 mg of the substance", "Weigh 7380 mg of diluent", "to 7500 mg", "Take 125 mg", "holds 2 mg", "60 times",
    ),
    "G24, 12 mg": (
        "aliquot", {"wanted.value": "12", "wanted.unit": "mg", "least": "120", "readability": "1"}, "Weigh 1080 mg of diluent", "to 1200 mg", "Take 120 mg",
    ),
    "G25, crushed tablets": (
        "aliquot", {"wanted.value": "4.5", "wanted.unit": "mg", "average": "250", "least": "120", "readability": "1"},
        "22.5 mg", "6 times", "Weigh 135 mg of the powder", "Weigh 585 mg", "to 720 mg", "Take 120 mg", "holds 4.5 mg of naltrexone",
    ),
    "G26, powder on a balance": (
        "aliquot", {"wanted.value": "4.5", "wanted.unit": "mg", "average": "250", "device": "balance-1-mg"}, "Weigh 23 mg by itself", "it holds 4.6 mg",
        "+2.22 %",
    ),
    "G27, 5 mcg capsules": (
        "aliquot", {"wanted.value": "500", "wanted.unit": "mcg", "least": "50", "readability": "1", "part": "100"},
        "Weigh 50 mg", "to 10000 mg", "Take 100 mg", "holds 0.5 mg",
    ),
    "G27, one tablet to 10 g": (
        "trituration", {"substance": "250", "total": "10000", "average": "250", "device": "balance-1-mg"}, "50 mg of naltrexone in 10000 mg, 5 mg/g",
    ),
    "G44, the first trituration": ("strength", POWDER | part(0, "100", "0.25", "percent") | {"final": "25"}, "that is 10 mg/g"),
    "G44, the printed tenfold error": ("strength", POWDER | part(0, "10", "0.75") | {"final": "100"}, "that is 75 mcg/g"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_number_is_read_on_its_page(linh: Visitor, name: str) -> None:
    kind, fields, *wanted = GOLDEN[name]
    page = ask(linh, kind, fields)
    assert page.status == 200
    assert [text for text in wanted if text not in page.text] == []
    assert "Computed twice" in page.text


@pytest.mark.parametrize(
    ("kind", "fields", "wanted"),
    [
        (
            "dilution",
            LIQUID | strength("stock", "1") | strength("to", "0.01") | {"final": "0.1", "device": "syringe-1-by-0.01"},
            "0.001 mL cannot be measured with the 1 mL syringe by 0.01 mL: its least is 0.01 mL. Make 1 mL, which takes 0.01 mL, or choose a finer device.",
        ),
        ("dilution", LIQUID | strength("stock", "1") | strength("to", "5") | {"final": "10"}, "choose a strength that is not above the stock's"),
        ("mixing", LIQUID | strength("high", "5") | strength("low", "1") | strength("to", "6") | {"final": "10"}, "choose other liquids"),
        ("aliquot", {"wanted.value": "1", "wanted.unit": "mcg", "device": "balance-0.1-mg"}, "take parts of at least 2 mg, for at least 20 mcg."),
        (
            "aliquot",
            {"wanted.value": "1", "wanted.unit": "mcg", "average": "250", "device": "balance-0.1-mg"},
            "its smallest amount holds 4 mcg of naltrexone.",
        ),
        ("trituration", {"substance": "5", "total": "100", "device": "balance-1-mg"}, "substance and diluent are at least 20 mg each"),
        ("serial", LADDER | {"to.value": "1000"}, "choose a weaker strength or a larger flask"),
    ],
)
def test_a_refusal_names_what_works_and_keeps_what_was_typed(linh: Visitor, kind: str, fields: Fields, wanted: str) -> None:
    page = ask(linh, kind, fields)
    assert page.status == 422
    assert wanted in page.text
    assert {name: page.value(name) for name in fields} == fields


@pytest.mark.parametrize(
    ("kind", "fields", "place", "wanted"),
    [
        ("dilution", LIQUID | strength("stock", ".5") | strength("to", "0.1") | {"final": "60"}, "stock.value", "a zero before it"),
        ("dilution", LIQUID | strength("stock", "5.0") | strength("to", "0.1") | {"final": "60"}, "stock.value", "none after it"),
        ("dilution", LIQUID | strength("stock", "101", "percent") | strength("to", "1") | {"final": "60"}, "stock.value", "Nothing holds more than 1000 mg"),
        ("dilution", LIQUID | strength("stock", "5") | {"to.unit": "mg", "final": "60"}, "to.value", "Write digits"),
        ("dilution", POWDER | strength("stock", "5") | strength("to", "1") | {"final": "60", "device": SYRINGE}, "device", "a balance for a powder"),
        ("dilution", LIQUID | strength("stock", "5") | strength("to", "1") | {"final": "60", "device": "dropper-20"}, "device", "no such instrument"),
        ("strength", LIQUID | part(0, "1", "10") | part(1, "2", "10") | {"final": "15"}, "final", "more than this together"),
        ("strength", LIQUID | part(0, "1", ""), "parts.0.amount", "Write digits"),
        ("strength", LIQUID, "parts", "Write 1 to 12"),
        ("repeatability", {"readability": "0.1"}, "deviation", "one of the two"),
        ("repeatability", {"readability": "0.1", "readings[]": "1\n2\n3"}, "readings", "one reading on each line"),
        ("aliquot", {"wanted.value": "1", "wanted.unit": "mg"}, "device", "Choose a balance"),
        ("aliquot", {"wanted.value": "1", "wanted.unit": "mg", "device": SYRINGE}, "device", "Choose a balance"),
        ("aliquot", {"wanted.value": "1", "wanted.unit": "mg", "least": "20"}, "readability", "Write it in mg"),
        ("aliquot", {"wanted.value": "1", "wanted.unit": "mg", "least": "1", "readability": "10"}, "least", "no less than one digit"),
        ("serial", LADDER | {"stock_until.year": "2025"}, "stock_until", "good until 5 April 2025"),
        ("serial", LADDER | {"storage": "room temperature"}, "storage", "kept in the refrigerator"),
        ("serial", LADDER | {"kind": "aqueous, preserved"}, "kind", "Choose what it is diluted with"),
        ("serial", LADDER | {"least": "60"}, "least", "half of the flask at most"),
        ("serial", LADDER | {"reference": "批"}, "reference", "Latin letters"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(linh: Visitor, kind: str, fields: Fields, place: str, wanted: str) -> None:
    page = ask(linh, kind, fields)
    assert page.status == 422
    assert wanted in page.message(place)
    assert "The answer" not in page.text
    assert page.with_id(place) is not None


def test_a_volume_is_put_on_a_mark_and_the_strength_that_results_is_told(linh: Visitor) -> None:
    page = ask(linh, "dilution", LIQUID | strength("stock", "3") | strength("to", "0.7") | {"final": "10", "device": "syringe-3-by-0.1"})
    assert "Take 2.3 mL of the stock of 3 mg/mL." in page.text
    assert "in 10 mL that is 0.69 mg/mL, where 0.7 mg/mL is wanted" in page.text
    assert "The nearest mark is -1.43 % off: take 2.3 mL where about 2.3333 mL is exact." in page.text


def test_without_an_instrument_the_amounts_are_exact_and_that_is_said(linh: Visitor) -> None:
    assert "stand on no mark yet" in ask(linh, "dilution", LIQUID | strength("stock", "3") | strength("to", "1") | {"final": "10"}).text


def test_each_number_opens_to_its_rule_its_inputs_its_fraction_and_its_source(linh: Visitor) -> None:
    page = ask(linh, "dilution", LIQUID | strength("stock", "3") | strength("to", "0.7") | {"final": "10"})
    why = next(words(element) for element in page.root.iter("details") if "2.3333" in words(element))
    assert "stock to take = final amount x strength wanted / strength of the stock" in why
    assert "final amount 10 mL strength wanted 0.7 mg/mL strength of the stock 3 mg/mL" in why
    assert "as a fraction 7/3" in why
    assert "USP <1160>" in why


def test_rows_that_were_left_empty_close_up_and_there_is_room_for_another(linh: Visitor) -> None:
    page = ask(linh, "strength", LIQUID | part(0, "", "") | part(2, "4", "5") | part(5, "1", "5"))
    assert "that is 2.5 mg/mL" in page.text
    assert [page.value(f"parts.{row}.amount") for row in range(3)] == ["5", "5", ""]


def test_an_empty_form_begins_with_nothing_wrong(linh: Visitor) -> None:
    assert all(f"/calculations/{kind}" in linh.read("/calculations").html for kind in FORMS)
    for kind, form in FORMS.items():
        page = linh.read(f"/calculations/{kind}")
        assert page.status == 200
        assert not page.root.findall(".//*[@id='summary']")
        assert {name: page.value(name) for name in form.begins} == form.begins
        ids = [element.get("id") for element in page.root.iter() if element.get("id")]
        assert sorted(ids) == sorted(set(ids))
    assert linh.read("/calculations/nothing").status == 404


def test_every_candidate_of_the_date_is_listed_with_the_one_that_decided(linh: Visitor) -> None:
    page = ask(linh, "serial", LADDER | {"to.value": "0.5", "diluent_until.month": "3", "diluent_until.year": "2026"})
    first, second = (words(row) for row in page.root.iter("tr") if words(row).startswith("B-2026-0012 dilution"))
    assert first.startswith("B-2026-0012 dilution 1 10 mcg/mL 100 mL 15 March 2026 decided by 14 days at refrigerator")  # Day 1 is 2 March
    assert "also weighed: Expiry of the diluent, 31 March 2026" in first
    assert "also weighed: Beyond-use date of the stock B-2026-0012, 5 April 2026" in first
    assert second.startswith("B-2026-0012 dilution 2 0.5 mcg/mL 100 mL 15 March 2026")
    assert "Beyond-use date of B-2026-0012 dilution 1, 15 March 2026" in second


def test_the_stocks_date_decides_when_it_is_the_first(linh: Visitor) -> None:
    page = ask(linh, "serial", LADDER | {"stock_until.month": "3", "stock_until.day": "2"})
    assert "2 March 2026 decided by Beyond-use date of the stock B-2026-0012" in page.text


def test_a_label_is_printed_kept_and_listed_with_who_printed_it(linh: Visitor) -> None:
    answer = linh.send("/calculations/serial/label", LADDER | {"number": "1", "medium": "thermal-2.25x1.25"})
    assert answer.status == 303
    pdf = linh.client.get(answer.headers["Location"])
    assert pdf.mimetype == "application/pdf"
    text = " ".join(pypdfium2.PdfDocument(pdf.data)[0].get_textpage().get_text_range().split())
    for said in ("NOT FOR DISPENSING", "naltrexone 10 mcg/mL", "B-2026-0012 dilution 1", "100 mL", "2026-03-02 by LT", "2026-03-15", "refrigerator"):
        assert said in text
    listed = next(words(row) for row in linh.read("/calculations/serial").root.iter("tr") if "naltrexone 10 mcg/mL" in words(row))
    assert listed == "B-2026-0012 dilution 1 naltrexone 10 mcg/mL 2026-03-15 2 March 2026 , 09:00 Linh Tran"


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"number": "2", "medium": "roll-70x35"}, "Choose which label"),
        ({"number": "1", "medium": "thermal-9x9"}, "from the list"),
        ({"number": "1", "medium": "roll-70x35", "flask": "0"}, "Zero is not an amount"),
    ],
)
def test_a_label_that_cannot_be_printed_is_refused_and_what_was_typed_stays(linh: Visitor, fields: Fields, wanted: str) -> None:
    page = linh.send("/calculations/serial/label", LADDER | fields)
    assert page.status == 422
    assert wanted in page.text
    assert page.value("reference") == LADDER["reference"]
    assert "Labels printed last" not in page.text
