"""The form of a master formula: what is typed is what is kept, rows come and go, and what is wrong stands beside its field."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from compounding.domain.errors import Invalid
from compounding.domain.formula import Formula
from compounding.domain.library import formulas
from compounding.schemas.forms import from_form
from compounding.schemas.formulas import FORMULA
from compounding.schemas.refusals import read
from compounding.web.formula_form import blank, changed, counts, rows_of, typed, without_spare_rows
from compounding.web.page import unflatten
from tests.domain.stock_solutions import from_stock
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import Page

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
BOOK = {formula.code: formula for formula in formulas()} | {"L0.5": from_stock("L0.5", "L2")}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("formula_form") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def james(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "james")


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "maria")


def fields(form: MultiDict[str, str], **changes: str) -> dict[str, str | list[str]]:
    """A form as a browser sends it; `__` in a name stands for a point."""
    told = {name: texts[0] if len(texts) == 1 else texts for name, texts in form.lists()}
    return told | {name.replace("__", "."): text for name, text in changes.items()}


def loaded(form: MultiDict[str, str]) -> Formula:
    found = read(FORMULA, from_form(unflatten(without_spare_rows(form))))
    assert isinstance(found, Formula)
    return found


def unnamed(formula: Formula) -> Formula:
    """As it comes from the form: products have no name yet, and nobody's demonstration."""
    kept = replace(formula, demonstration=False)
    if kept.capsules:
        filler = replace(kept.capsules.filler, name=kept.capsules.filler.product)
        return replace(kept, capsules=replace(kept.capsules, filler=filler))
    known = tuple(replace(item, name=item.made_here.formula if item.made_here else item.product) for item in kept.liquid.ingredients)
    return replace(kept, liquid=replace(kept.liquid, ingredients=known))


@pytest.mark.parametrize("formula", BOOK.values(), ids=BOOK)
def test_what_is_written_into_the_form_is_read_out_of_it(formula: Formula) -> None:
    assert loaded(typed(formula)) == unnamed(formula)


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        ("L1", {"code": "l 1"}, "code"),
        ("L1", {"strength": "1.0"}, "strength"),
        ("L1", {"strength": "0"}, "strength"),
        ("L1", {"name": ""}, "name"),
        ("L1", {"minutes": "0"}, "minutes"),
        ("L1", {"liquid.ingredients.0.amount": "500mg"}, "liquid.ingredients.0.amount"),
        ("L1", {"liquid.ingredients.0.amount": ""}, "liquid.ingredients.0.amount"),
        ("L1", {"liquid.ingredients.3.amount": "5"}, "liquid.ingredients.3.amount"),
        ("L1", {"liquid.ingredients.1.part": "filling"}, "liquid.ingredients.1.part"),
        ("L1", {"liquid.preservative.percent": ""}, "liquid.preservative.percent"),
        ("L1", {"studies.0.days": "0"}, "studies.0.days"),
        ("L1", {"studies.1.stability_indicating": "perhaps"}, "studies.1.stability_indicating"),
        ("L1", {"handling[]": "Shake well \U0001f600"}, "handling.0"),
        ("L1", {"dosage_form": "capsule"}, "capsules.filler"),
        ("C4.5", {"dosage_form": "oral liquid"}, "liquid.made_up_to_mark"),
        ("C4.5", {"capsules.overage": "51"}, "capsules.overage"),
        ("L0.5", {"liquid.source.volume": ""}, "liquid.source.volume"),
        ("L1", {"nothing": "x"}, "nothing"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(code: str, changes: dict[str, str], field: str) -> None:
    form = typed(BOOK[code])
    for name, text in changes.items():
        form[name] = text
    with pytest.raises(Invalid) as refused:
        loaded(form)
    assert field in refused.value.fields


def test_capsules_and_a_liquid_at_once_are_refused_since_one_would_be_lost() -> None:
    form = typed(BOOK["L1"])
    form.update({name: text for name, text in typed(BOOK["C4.5"]).items() if name.startswith("capsules.")})
    with pytest.raises(Invalid) as refused:
        loaded(form)
    assert "dosage_form" in refused.value.fields


def test_rows_are_added_and_removed_and_spare_ones_fall_away() -> None:
    form = blank("")
    more = changed(changed(form, "add:liquid.ingredients"), "add:checks")
    assert (counts(more)["liquid.ingredients"], counts(more)["checks"], counts(more)["studies"]) == (2, 2, 1)
    full = typed(BOOK["L1"])
    fewer = changed(full, "remove:liquid.ingredients:1")
    assert [row["product"] for row in rows_of(fewer, "liquid.ingredients")] == ["ascorbic-acid", "glycerol", "purified-water"]
    assert without_spare_rows(changed(full, "add:studies")) == without_spare_rows(full)
    for nonsense in ("remove:everything:0", "add:", "remove:checks:x", "drop"):
        assert changed(full, nonsense) == full


@on_sqlite
def test_a_formula_goes_from_the_form_to_the_shelf_of_formulas(james: Visitor, maria: Visitor, shop: Shop) -> None:
    empty = james.read("/formulas/new")
    assert empty.status == 200
    told = fields(typed(BOOK["L1"]), code="L9", description="")
    kept = james.send("/formulas/new", told)
    assert (kept.status, kept.headers["Location"]) == (303, "/formulas/L9/1")
    draft = james.read("/formulas/L9/1")
    assert "Describe the finished preparation" in draft.text
    assert "L9, version 1" in james.read("/formulas").text

    filled = james.read("/formulas/L9/1/correct")
    assert filled.value("liquid.ingredients.0.product") == "ascorbic-acid"
    mended = {**told, "description": "Pale yellow.", "seen": filled.value("seen")}
    assert james.send("/formulas/L9/1/correct", mended).status == 303
    assert james.send("/formulas/L9/1/correct", mended).status == 409  # somebody corrected it meanwhile
    assert "You wrote it" in james.read("/formulas/L9/1").text

    read_by = maria.read("/formulas/L9/1")
    assert "A trial batch, computed twice" in read_by.text
    signed = maria.send("/formulas/L9/1/approve", {"seen": read_by.value("seen"), "signature.secret": shop.passwords["maria"]})
    assert signed.status == 303
    assert "Maria Garcia approved the master formula" in maria.read("/formulas/L9/1").text
    assert "L9, version 1" in maria.read("/formulas").text


@on_sqlite
def test_what_was_typed_is_still_there_with_what_to_mend(james: Visitor) -> None:
    told = fields(typed(BOOK["L1"]), code="L9", strength="1.0", liquid__ingredients__0__amount="half a gram")
    page = james.send("/formulas/new", told)
    assert page.status == 422
    assert page.value("strength") == "1.0"
    assert page.value("liquid.ingredients.0.amount") == "half a gram"
    assert page.value("studies.1.days") == "30"
    assert "cannot be read" in page.message("strength")
    assert page.message("liquid.ingredients.0.amount")
    taken = james.send("/formulas/new", fields(typed(BOOK["L1"])))
    assert (taken.status, "already" in taken.message("code")) == (422, True)


@on_sqlite
def test_a_row_is_added_without_script_and_nothing_is_kept(james: Visitor) -> None:
    told = fields(typed(BOOK["L1"]), code="L9", name="Kept as typed", rows="add:liquid.ingredients")
    page = james.send("/formulas/new", told)
    assert page.status == 200
    assert page.value("name") == "Kept as typed"
    assert page.named("liquid.ingredients.4.product")
    assert james.read("/formulas/L9/1").status == 404


def differing(page: Page) -> list[list[str]]:
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.root.iter("tr")]
    return [row for row in rows if row[0].split()[-1] in {"changed", "added", "removed"}]


@on_sqlite
def test_two_versions_stand_side_by_side(james: Visitor) -> None:
    form = changed(typed(BOOK["L1"]), "remove:liquid.ingredients:0")
    form["strength"] = "2"
    form["instructions[]"] = form["instructions[]"].replace("Crush and triturate", "Crush") + "\nLabel it."
    assert james.send("/formulas/L1/1/next", fields(form, change="Without ascorbic acid.")).headers["Location"] == "/formulas/L1/2"
    page = james.read("/formulas/L1/1/against/2")
    assert "Why version 2 was written: Without ascorbic acid." in page.text
    assert differing(page) == [
        ["▲ changed", "Strength", "1 mg/mL", "2 mg/mL"],
        ["− removed", "Ascorbic acid", "antioxidant, 500 mg, USP (demonstration value)", ""],
        ["▲ changed", "2.", "Crush and triturate to a fine powder; do not sieve the coat away.", "Crush to a fine powder; do not sieve the coat away."],
        ["+ added", "6.", "", "Label it."],
    ]
    assert "Nothing differs." in james.read("/formulas/L1/1/against/1").text
    assert james.read("/formulas/L1/1/against/9").status == 404


@on_sqlite
def test_a_batch_names_the_version_and_the_hash_that_it_was_made_from(james: Visitor) -> None:
    page = james.read("/formulas/C4.5/1")
    assert "SHA-256 of this version: " in page.text
    assert "Made by it 0 batches" in page.text
