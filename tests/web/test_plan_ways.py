"""The planning page's table of ways: what each takes, why it lost, and whole tablets beside weighed powder."""

from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.prescription import Form
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def bring(shop: Demonstration) -> None:
    shop.bring(order("Ann Sample", doses=(("1.5", 14), ("3", 14), ("4.5", 14)), form=Form.ORAL_LIQUID), to="accepted")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("ways") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def planning(linh: Visitor, asked: str = "") -> Page:
    day = linh.read("/")
    address = next(link.get("href", "") for link in day.root.iter("a") if words(link) == "100001")
    return linh.read(f"{address}/plan{asked}")


def table(page: Page, caption: str) -> list[list[str]]:
    found = next(element for element in page.root.iter("table") if words(element.find("caption")) == caption)
    return [[words(cell) for cell in row] for row in found.iter("tr")]


def test_each_way_stands_with_its_error_what_it_takes_its_estimate_and_why_it_lost(linh: Visitor) -> None:
    heads, *ways = table(planning(linh), "Every way to make this course, the best first")
    assert heads[3:] == ["Farthest off", "Tablets", "Surplus", "Containers", "About", "Why not this one"]
    chosen, *others = ways
    assert chosen[0] == "Naltrexone 1 mg/mL oral liquid, preserved"
    assert chosen[1:6] == ["5 mL syringe by 0.1 mL", "every dose stands on a mark", "7 %", "3", "24 mg"]
    assert chosen[6] == "2 x amber bottle of 120 mL (1 for the date) the smallest that takes the course in 2, and the usual one"
    assert chosen[8] == "▲ chosen"
    assert float(chosen[7]) > 24  # two batches of twenty minutes at 0.60
    reasons = {(row[0], row[1]): row[8] for row in others}
    weak = "Naltrexone 1.5 mg/mL oral liquid, preserved"
    assert reasons[weak, "3 mL syringe by 0.1 mL"] == "174 mg of naltrexone would be crushed and never taken, instead of 24 mg"
    refused = [row for row in others if row[8].startswith("■ cannot be used: ")]
    assert refused
    assert {tuple(row[3:8]) for row in refused} == {("", "", "", "", "")}


def test_a_way_that_was_asked_for_is_the_one_that_the_others_are_held_against(linh: Visitor) -> None:
    asked = "?formula=L1&device=syringe-5-by-0.2&container=bottle-120-ml&storage=refrigerator&method=whole+tablets&starts_on=2026-03-02&lead_days=0"
    _, best, *others = table(planning(linh, asked), "Every way to make this course, the best first")
    assert best[8] == "it comes before the one that was asked for"
    assert [row[2] for row in others if row[8] == "▲ chosen"] == ["1.5 mL reads as 1.6 mL (+6.67 %)"]


def test_both_methods_stand_side_by_side_and_the_formula_chooses_one(linh: Visitor) -> None:
    page = planning(linh)
    _, whole, powder = table(page, "Whole tablets against weighed powder")
    assert whole == ["whole tablets", "3", "150 mL", "24 mg", "0.34", "chooses this one"]
    assert powder == ["weighed powder", "3", "127 mL", "24 mg", "0.34", ""]
    assert "A batch is made from 1 tablet." in page.text
