"""Capsules on the pages: the ways to take a course, the machine and the shell, and the ten weights with what is done when one is out."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.authority import ActName, LookName
from compounding.domain.prescription import Form
from compounding.workflow import batch_lists, batch_pages, batches
from tests.web.conftest import Visitor
from tests.web.demonstration import CAPSULES, LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
G42 = (("1.5", 14), ("3", 14), ("4.5", 14))
TARE = {"capsules.shell_lot": "SH3-20", "capsules.shells": "10", "capsules.together": "480.0", "capsules.balance": "balance by 0.1 mg"}
# Gross weights whose net weights are 90 to 110 % of 226.40625 mg, and two that are not, as in golden number G33
GOOD = ["274.0", "279.0", "267.0", "272.0", "276.0", "270.0", "278.0", "275.0", "273.0", "282.0"]
BAD = ["274.0", "279.0", "308.0", "272.0", "246.0", "270.0", "278.0", "288.0", "273.0", "282.0"]


def fill(shop: Demonstration) -> None:
    shop.bring(order("Gia Ways", doses=G42), to="accepted")
    shop.bring(order("Ann Capsule"), replace(CAPSULES, overage=2), to="in process")
    shop.bring(order("Ben Liquid", doses=G42[:2], form=Form.ORAL_LIQUID), LIQUID, to="in process")
    (batch,) = [item.id for item in shop.pharmacy.look(LookName.BATCHES, shop.linh, batch_lists.batches).batches if item.patient == "Ann Capsule"]
    for line in shop.pharmacy.look(LookName.BATCHES, shop.linh, lambda look: batch_pages.batch(look, batch)).open_lines:
        shop.pharmacy.perform(
            ActName.BATCH_WEIGH, shop.linh, lambda act, of=line: batches.weigh(act, batch, of.number, lot_number=of.lot_number, actual=of.target, reason="")
        )
    shop.pharmacy.perform(ActName.BATCH_WITNESS, shop.linh, lambda act: batches.witness_weights(act, batch, shop.james))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("capsules") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def found_by(visitor: Visitor, room: str, name: str) -> str:
    """The address of the page in `room` that tells of `name`."""
    links = dict.fromkeys(element.get("href", "") for element in visitor.read(room).root.iter("a"))
    kind = "/batches/" if room == "/batches" else "/prescriptions/"
    return next(link for link in links if link.startswith(kind) and name in visitor.read(link).text)


@pytest.fixture
def batch(linh: Visitor) -> str:
    return found_by(linh, "/batches", "Ann Capsule")


def report(page: Page, gross: list[str], secret: str, **more: str) -> dict[str, str | list[str]]:
    found = {name: page.value(name) for number in range(2) for name in (f"found.{number}.trait", f"found.{number}.expected")}
    present = {f"found.{number}.present": "true" for number in range(2)}
    named = {name.replace("__", "."): value for name, value in more.items()}
    return {"made": "32", **TARE, "capsules.gross[]": gross, **found, **present, "signature.secret": secret, **named}


def test_the_planning_page_of_capsules_shows_one_strength_beside_several(linh: Visitor) -> None:
    page = linh.read(f"{found_by(linh, '/', 'Gia Ways')}/plan")
    table = page.with_id("capsule-ways")
    rows = [words(row) for row in table.iter("tr")]
    assert any(row.startswith("1.5 mg one strength 1.5 mg : 1 x 1.5 mg ; 3 mg : 2 x 1.5 mg ; 4.5 mg : 3 x 1.5 mg 84 1 0 3 24 mg 25") for row in spaced(rows)), (
        rows
    )
    assert any("4.5 mg one strength" in row and "cannot be used: 1.5 mg is no whole number of 4.5 mg capsules." in row for row in rows)
    assert any("1.5 mg, 4.5 mg several strengths" in row and " 56 2 0 4 74 mg 50 " in row for row in rows), rows
    assert any("would need a formula of 3 mg" in row and " 42 " in row for row in rows)
    assert "1 x 100 holes" in words(table)


def spaced(rows: list[str]) -> list[str]:
    return [row.replace(":", " :").replace(";", " ;").replace("  ", " ") for row in rows]


def test_a_batch_names_its_machine_its_overage_and_why_the_shell_is_that_size(linh: Visitor, batch: str) -> None:
    text = linh.read(batch).text
    assert "32 capsules (2 more than are dispensed, +6.67 %)" in text
    assert "Machine of 50 holes: 1 round , 18 holes stay empty." in text.replace("round,", "round ,")
    assert "Why size 3: the powder takes 9.38 % of the shell" in text
    assert "The powder alone would fit size 5." in text


def test_what_ten_weights_say_is_shown_before_anything_is_signed_and_nothing_is_kept(linh: Visitor, batch: str) -> None:
    said = linh.send(f"{batch}/weights", {**TARE, "made": "32", "capsules.gross[]": "\n".join(GOOD)})
    shown = words(said.with_id("statistics"))
    assert said.status == 200
    assert "each within 203.8 to 249 mg" in shown
    assert "Mean 226.6 mg, +0.086 % from theory; standard deviation 4.4272 mg ; relative standard deviation 1.954 %" in shown.replace("mg;", "mg ;")
    assert "This proves the fill, not the potency" in shown
    assert "Acceptance value" not in shown
    assert (said.value("made"), said.value("capsules.gross[]").split()) == ("32", GOOD)
    with_assay = linh.send(f"{batch}/weights", {**TARE, "capsules.gross[]": GOOD, "capsules.assay": "98.0"})
    assert "5.0952 (at most 15)" in with_assay.text
    assert "Sign as compounded" in linh.read(batch).text
    assert "226.6 mg" not in linh.read(batch).text


def test_weights_that_cannot_be_are_told_beside_their_field(linh: Visitor, batch: str) -> None:
    few = linh.send(f"{batch}/weights", {**TARE, "capsules.shells": "9", "capsules.gross[]": GOOD})
    assert (few.status, "10 or more empty shells" in few.message("capsules.shells")) == (422, True)
    net = linh.send(f"{batch}/weights", {**TARE, "capsules.gross[]": ["40.0"]})
    assert "no more than an empty shell" in net.message("capsules.gross")
    comma = linh.send(f"{batch}/weights", {**TARE, "capsules.gross[]": ["274,0"]})
    assert "cannot be read" in comma.message("capsules.gross")


def test_g33_two_capsules_out_stop_the_batch_and_the_page_says_what_to_do(linh: Visitor, batch: str, shop: Shop) -> None:
    password = shop.passwords["linh"]
    seen = linh.send(f"{batch}/weights", {**TARE, "capsules.gross[]": BAD})
    assert [words(item) for item in seen.with_id("statistics").iter("strong")] == ["▲ out: 260 mg (114.84 %)", "▲ out: 198 mg (87.45 %)"]
    assert "Weigh every capsule of the batch one by one" in seen.text

    refused = linh.send(f"{batch}/compound", report(linh.read(batch), BAD, password))
    assert refused.status == 422
    assert "Outside: capsule 3, 5." in refused.message("capsules.gross")
    assert "Say which" in refused.message("capsules.remedy")

    told = {"capsules__remedy": "set aside", "deviations": "row 3 was tamped twice"}
    aside = linh.send(f"{batch}/compound", report(refused, BAD, "", **told) | {"signature.secret": password})
    assert aside.status == 303
    page = linh.read(batch)
    assert "quarantined" in page.text
    assert "Set aside (quarantine): nothing of it is released" in page.text
    assert "Gross weight of each capsule, in mg" in page.text


def test_once_every_capsule_was_weighed_the_batch_goes_on_with_those_that_are_left(app: Flask, linh: Visitor, batch: str, shop: Shop) -> None:
    pin = shop.passwords["linh"]
    every = [*GOOD * 3, "308.0", "246.0"]
    told = {"capsules__remedy": "all weighed", "deviations": "row 3 was tamped twice", "made": "30"}
    done = linh.send(f"{batch}/compound", report(linh.read(batch), every, pin, **told))
    assert (done.status, done.message("capsules.gross")) == (303, "")
    page = shop.visit(app, "maria")
    text = page.read(batch).text
    assert "Good 30 Taken out as outside the limits 2 Kept for tests 0 Broken 0 Yield 93.75 % Accounted for 100 % of 32" in text
    assert "Every capsule was weighed, and those outside the limits were taken out." in text
    assert page.send(f"{batch}/release", {"signature.secret": shop.passwords["maria"]}).status == 303
    assert "released" in page.read(batch).text


def test_what_was_set_aside_cannot_be_released_by_any_post(app: Flask, linh: Visitor, batch: str, shop: Shop) -> None:
    told = {"capsules__remedy": "set aside", "deviations": "row 3 was tamped twice"}
    assert linh.send(f"{batch}/compound", report(linh.read(batch), BAD, shop.passwords["linh"], **told)).status == 303
    maria = shop.visit(app, "maria")
    assert batch in [element.get("href") for element in maria.read("/").root.iter("a")]  # the day leads to it
    assert "Verify and release" not in maria.read(batch).text
    answer = maria.send(f"{batch}/release", {"signature.secret": shop.passwords["maria"]})
    assert (answer.status, "it cannot be released so" in answer.text) == (422, True)
    assert maria.send(f"{batch}/reject", {"reason": "two were out", "signature.secret": shop.passwords["maria"]}).status == 303
    assert "rejected" in maria.read(batch).text


def test_a_liquid_has_no_capsules_to_weigh(linh: Visitor) -> None:
    answer = linh.send(f"{found_by(linh, '/batches', 'Ben Liquid')}/weights", {**TARE, "capsules.gross[]": GOOD})
    assert answer.status == 409
