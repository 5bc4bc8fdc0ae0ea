"""The book: a formula as a printed form, the decisions in force, the instruments."""

from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.formula import Formula
from compounding.domain.library import formulas
from compounding.domain.policy import Policy, sources
from compounding.web.decisions import WORDS, decisions
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import Page, words

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("formulas") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def rows(page: Page) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in page.root.iter("tr")]


@on_sqlite
def test_every_formula_is_listed_with_its_strength_its_days_and_its_mark(linh: Visitor) -> None:
    found = rows(linh.read("/formulas"))

    assert [
        "L1, version 1",
        "Naltrexone 1 mg/mL oral liquid, preserved",
        "1 mg/mL",
        "refrigerator, 35 days; room temperature, 30 days",
        "bottle 120 mL",
        "demonstration value",
    ] in found
    assert [row[0] for row in found if row[-1] == "demonstration value"] == sorted(f"{item.code}, version {item.version}" for item in formulas())


@on_sqlite
@pytest.mark.parametrize("formula", formulas(), ids=lambda formula: formula.code)
def test_a_formula_is_shown_whole_and_says_that_nobody_has_signed_it(linh: Visitor, formula: Formula) -> None:
    page = linh.read(f"/formulas/{formula.code}/1")
    wanted = [
        formula.name, formula.dosage_form, formula.strength_text, str(formula.method), formula.source, *formula.instructions, *formula.handling,
        *(part for check in formula.checks for part in (check.trait, check.expected)), *map(str, formula.storages),
        *(item.name for item in (formula.liquid.ingredients if formula.liquid else [formula.capsules.filler])), f"{formula.minutes} minutes",
    ]  # fmt: skip

    assert [text for text in wanted if text not in page.text] == []
    assert "Demonstration value. No pharmacist has signed this formula." in page.text


@on_sqlite
def test_the_parts_of_a_hundred_millilitres_are_told_with_their_units(linh: Visitor) -> None:
    found = [row[:4] for row in rows(linh.read("/formulas/L1-1.5/1"))]

    assert ["Naltrexone hydrochloride, from 50 mg tablets", "source of the active ingredient", "150", "mg"] in found
    assert ["Ascorbic acid", "antioxidant", "500", "mg"] in found
    assert ["Glycerol", "cosolvent", "20", "mL"] in found
    assert ["Purified water", "vehicle", "to", "100 mL"] in found


@on_sqlite
def test_table_4_and_the_studies_stand_beside_the_days_that_hold(linh: Visitor) -> None:
    preserved, saline = linh.read("/formulas/L1/1"), linh.read("/formulas/L5/1")

    assert "Aqueous, preserved: USP <795> Table 4 allows 35 days." in preserved.text
    assert ["room temperature", "30", "Stability study, 30 days at room temperature: Fawcett, Morgan, Woods: Ann Pharmacother 1997;31:1291-5"] in rows(
        preserved
    )
    assert "changes nothing Longer than the 35 days of Table 4, but its method is not known to be stability-indicating" in preserved.text
    assert "shortens To 30 days from the 35 of Table 4: evidence may always shorten." in preserved.text
    assert "Table 4 allows 14 days." in saline.text
    assert "No stability study is named: Table 4 holds." in saline.text


SECTIONS = [
    "1 Name, strength, dosage form", "3 Containers and closures", "4 Equipment, supplies, steps", "5 The finished preparation",
    "6 Beyond-use date and storage", "7 Source of the date, and evidence", "8 Calculations", "9 Labelling", "10 Quality control, with expected results",
    "11 Anything else that must be alike",
]  # fmt: skip


@on_sqlite
def test_the_sections_stand_in_the_order_of_usp_795(linh: Visitor) -> None:
    for code, parts in (("L1", "in 100 mL"), ("C4.5", "in each capsule")):
        titles = [words(element) for element in linh.read(f"/formulas/{code}/1").root.iter("h2")]
        assert titles[:11] == [SECTIONS[0], f"2 Components: {parts}", *SECTIONS[1:]]


@on_sqlite
def test_what_is_expected_of_a_finished_preparation_is_told_whole(linh: Visitor) -> None:
    assert ["pH", "3 to 4.5, where sodium benzoate works", "Measure with a calibrated meter; outside, the batch counts as not preserved."] in rows(
        linh.read("/formulas/L1/1")
    )
    assert "each 90 to 110 % of the theoretical net weight" in linh.read("/formulas/C4.5/1").text


@on_sqlite
def test_a_trial_batch_shows_its_sums_and_says_that_they_were_computed_twice(linh: Visitor) -> None:
    page = linh.read("/formulas/L1/1")
    assert "A full amber bottle of 120 mL" in page.text
    assert [
        "naltrexone in all that is made / 50 mg, upwards to whole tablets",
        "3 tablets",
        "3 tablets",
        "Naltrexone: 150 mg; One tablet: 50 mg naltrexone hydrochloride",
    ] in rows(page)
    assert "The second pharmacist computed every number again and agrees." in page.text


@on_sqlite
@pytest.mark.parametrize("address", ["/formulas/L1/2", "/formulas/L1/0", "/formulas/nothing/1", "/formulas/L1/99999999999999999999", "/formulas/L1/x"])
def test_a_formula_that_is_not_there_is_not_found(linh: Visitor, address: str) -> None:
    assert linh.read(address).status == 404


@on_sqlite
def test_the_instruments_stand_with_their_marks_and_calibrations(linh: Visitor) -> None:
    found = rows(linh.read("/formulas"))

    assert ["5 mL syringe by 0.2 mL", "5", "0.2", "25"] in found
    assert [
        "dropper of 20 drops/mL",
        "L5",
        "40 drops to 2 mL, 40 drops to 2 mL, 40 drops to 2 mL",
        "20",
        "2 March 2026 , demonstration",
        "29 August 2026",
    ] in found
    assert ["balance by 0.1 mg", "0.1", "2"] in found


@on_sqlite
def test_the_policy_in_force_is_told_with_units_and_sources(linh: Visitor) -> None:
    page = linh.read("/formulas")

    assert "policy version 1, approved 2 March 2026" in page.text
    assert ["Highest first dose of somebody new to naltrexone", "1.5", "mg a day", "Rule R12; founding article starts at 1 to 1.5 mg"] in rows(page)
    assert ["Labour, one hour", "36.00", "$", "Demonstration value: 0.60 a minute"] in rows(page)
    assert "LDN" not in page.html


def test_every_setting_has_its_words_and_no_words_are_left_over() -> None:
    named = [name for settings in WORDS.values() for name in settings]

    assert sorted(named) == sorted(sources())
    assert sum(len(settings) for _, settings in decisions(Policy())) == len(named)
