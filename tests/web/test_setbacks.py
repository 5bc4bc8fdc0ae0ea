"""The page of what went wrong with a container."""

from pathlib import Path

import pytest
from flask import Flask

from tests.web.demonstration import Shop, furnished, order
from tests.web.reading import words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("setbacks") / "template.db", lambda shop: shop.bring(order("Ann Sample")))


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def test_a_container_comes_back_is_destroyed_and_a_misfill_is_made_again(app: Flask, shop: Shop) -> None:
    maria = shop.visit(app, "maria")
    found = maria.client.get("/search?q=100001").headers["Location"]
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
