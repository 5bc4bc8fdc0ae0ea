"""What the page of a batch says of its capsules' weights and of everything in it beside naltrexone."""

from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.prescription import Form
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import Page, batches, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def fill(shop: Demonstration) -> None:
    shop.bring(order("Ann Capsule"), to="compounded")
    shop.bring(order("Ben Liquid", doses=(("1.5", 14), ("3", 14)), form=Form.ORAL_LIQUID), LIQUID, to="in process")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("contents") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def pages(app: Flask, shop: Shop) -> dict[str, Page]:
    """The page of each batch, by patient."""
    visitor = shop.visit(app, "linh")
    found = [visitor.read(address) for address in batches(visitor.read("/batches"))]
    return {name: page for page in found for name in ("Ann Capsule", "Ben Liquid") if name in page.text}


def test_each_capsule_is_shown_beside_its_theory_with_mean_and_deviation_and_what_they_do_not_prove(pages: dict[str, Page]) -> None:
    text = pages["Ann Capsule"].text
    assert text.count("(100 %)") == 10
    assert "0 % from theory ; standard deviation 0 mg ; relative standard deviation 0 % ." in text.replace("theory;", "theory ;")
    assert "Gross weights less 48 mg , the mean of 10 empty shells of lot SH3-20" in text
    assert "This proves the fill, not the potency: at this strength only an assay of single capsules would" in text
    assert "If one is out: weigh all, reject those that are out, and investigate" in text


def test_a_liquid_has_no_capsule_weights(pages: dict[str, Page]) -> None:
    assert "from theory" not in pages["Ben Liquid"].text


def test_the_salt_is_said_with_its_base(pages: dict[str, Page]) -> None:
    assert "Naltrexone hydrochloride in it 135 mg (as base 121.9737 mg)" in pages["Ann Capsule"].text


def test_what_the_chosen_lots_bring_is_told_by_lot_and_claims_that_would_be_untrue_are_refused(pages: dict[str, Page]) -> None:
    text = pages["Ann Capsule"].text
    assert "lactose monohydrate: Naltrexone HCl 50 mg tablet, lot " in text
    assert "Do not call it lactose-free: it holds lactose monohydrate" in text
    assert "Do not call it preservative-free" not in text
    assert "Do not call it preservative-free: it holds sodium benzoate" in pages["Ben Liquid"].text


def test_the_largest_dose_is_told_with_what_the_formula_adds_to_it(pages: dict[str, Page]) -> None:
    (said,) = [words(element) for element in pages["Ben Liquid"].root.iter("p") if words(element).startswith("The largest dose")]
    assert said.replace(" ,", ",") == (
        "The largest dose, 3 mg, holds 15 mg of Ascorbic acid, 3 mg of Sodium benzoate, 0.6 mL of Glycerol, and what the tablets bring."
    )
