"""The page of what went wrong with a container."""

from pathlib import Path

import pytest
from flask import Flask

from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def _bring(shop: Demonstration) -> None:
    for name in ("Ann Sample", "Bea Sample"):
        shop.bring(order(name))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("setbacks") / "template.db", _bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def test_a_container_comes_back_is_destroyed_and_a_misfill_is_made_again(app: Flask, shop: Shop) -> None:
    maria = shop.visit(app, "maria")
    found = maria.send("/search", {"q": "100001"}).headers["Location"]
    fill = next(link for link in (item.get("href", "") for item in maria.read(found).root.iter("a")) if link.startswith("/fills/"))
    assert f"{fill}/setback" in {item.get("href") for item in maria.read(fill).root.iter("a")}
    signed = {"signature.secret": shop.passwords["maria"]}

    back = maria.send(f"{fill}/setback", {"kind": "return", "reason": "the patient stopped", **signed})
    assert (back.status, back.headers["Location"]) == (303, f"{fill}/setback")
    page = maria.read(f"{fill}/setback")
    assert "never goes to stock again" in page.text
    alone = maria.send(f"{fill}/destruction", {"witness.username": "maria", "witness.secret": shop.passwords["maria"]})
    assert "somebody else" in alone.message("witness.username")
    assert maria.send(f"{fill}/destruction", {"witness.username": "linh", "witness.secret": shop.passwords["linh"]}).status == 303
    assert "destroyed" in words(maria.read(f"{fill}/setback").root)

    wrong = {"kind": "misfill", "reason": "the label of another", "found_by": "the patient", "reached_patient": "true", **signed}
    gap = maria.send(f"{fill}/setback", wrong)
    assert (gap.status, "Say what was done" in gap.message("done"), gap.value("found_by")) == (422, True, "the patient")
    again = maria.send(f"{fill}/setback", wrong | {"done": "patient and prescriber told, nothing taken"})
    assert again.status == 303
    assert again.headers["Location"] not in {fill, f"{fill}/setback"}
    assert "Draw up the batch" in maria.read(again.headers["Location"]).text


def test_a_hand_over_is_voided_by_a_pharmacist_and_the_container_is_checked_again(app: Flask, shop: Shop) -> None:
    maria, linh = shop.visit(app, "maria"), shop.visit(app, "linh")
    found = maria.send("/search", {"q": "100002"}).headers["Location"]
    fill = next(link for link in (item.get("href", "") for item in maria.read(found).root.iter("a")) if link.startswith("/fills/"))
    assert "A pharmacist voids a hand-over" in linh.read(f"{fill}/void").text
    signed = {"signature.secret": shop.passwords["maria"]}
    gap = maria.send(f"{fill}/void", {"reason": "Ann's bag was scanned", **signed})
    assert (gap.status, "where the container is" in gap.message("whereabouts"), gap.value("reason")) == (422, True, "Ann's bag was scanned")
    done = maria.send(f"{fill}/void", {"whereabouts": "here", "reason": "Ann's bag was scanned", **signed})
    assert (done.status, done.headers["Location"]) == (303, fill)
    page = words(maria.read(fill).root)
    assert "A hand-over of this container was voided" in page
    assert "Scan the label's barcode" in page
    assert "voided a hand-over" in page  # its signature
    assert "Ann's bag was scanned" in words(linh.read(f"{fill}/void").root)
    assert maria.send(f"{fill}/void", {"whereabouts": "here", "reason": "again", **signed}).status == 409
