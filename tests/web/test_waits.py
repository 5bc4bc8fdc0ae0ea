"""What wrong passwords, codes and signatures cost: waits that grow, for the account and the address, and nobody is locked out."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from compounding.db.session import reading
from compounding.db.sign_in import TriesRow
from compounding.domain.authority import ActName
from compounding.domain.errors import Invalid
from compounding.domain.sign_in import Counted
from compounding.workflow import staffing
from compounding.workflow.act import Pharmacy
from tests.conftest import Clock
from tests.web.conftest import PASSWORD, Visitor
from tests.web.test_sign_in import NEW, person, set_up

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_wrong_passwords_cost_growing_waits_and_the_known_browser_still_gets_in(app: Flask, clock: Clock) -> None:
    known = Visitor(app.test_client())
    assert known.sign_in("tess").status == 302
    stranger = Visitor(app.test_client())
    for _ in range(Counted.ACCOUNT.free):
        assert stranger.sign_in("tess", "wrong password").status == 422
    told = stranger.sign_in("tess", PASSWORD)
    assert (told.status, told.headers["Retry-After"]) == (429, "1")
    assert told.message("username") == "! Error: There were too many wrong tries. Wait 1 seconds, and try again; nothing is locked."
    assert known.sign_in("tess").status == 302
    clock.moment += timedelta(seconds=1)
    assert stranger.sign_in("tess", "wrong password").status == 422
    assert stranger.sign_in("tess", PASSWORD).headers["Retry-After"] == "2"
    clock.moment += timedelta(seconds=2)
    assert stranger.sign_in("tess", PASSWORD).status == 302


def test_an_unknown_name_waits_as_a_known_one_does(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    said = [[(page := visitor.sign_in(name, "wrong password")).status, page.message("username")] for name in ("tess", "nobody") for _ in range(6)]
    assert said[:6] == said[6:]


@pytest.mark.campaign
def test_one_address_that_tries_many_names_waits_too(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    for number in range(Counted.ADDRESS.free):
        assert visitor.sign_in(f"somebody{number}", "wrong password").status == 422
    assert visitor.sign_in("pat", PASSWORD).status == 429


def test_what_was_typed_as_a_name_is_nowhere_in_the_records(app: Flask, pharmacy: Pharmacy) -> None:
    Visitor(app.test_client()).sign_in("my password in the wrong field", "wrong password")
    with reading(pharmacy.engine) as session:
        assert session.query(TriesRow).count() == 2
    database = Path(str(pharmacy.engine.url.database))
    for file in (database, database.with_name(database.name + "-wal")):
        assert b"in the wrong field" not in file.read_bytes()


def test_a_witness_pays_for_wrong_passwords_as_well(app: Flask, pharmacy: Pharmacy) -> None:
    """Otherwise a form with a second signature would be a place to guess."""
    from compounding.web.signing import witness

    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    said = []
    for _ in range(6):
        with app.test_request_context("/", method="POST", data={"witness.username": "pat", "witness.secret": "wrong password"}):
            with pytest.raises(Exception, match=r".") as error:
                witness()
            said.append(str(error.value))
    assert "too many wrong tries" in said[5]
    assert "too many wrong tries" not in said[4]
    assert pharmacy


def test_a_password_for_once_is_no_witness_and_a_wrong_present_password_is_counted(app: Flask, pharmacy: Pharmacy) -> None:
    from compounding.web.signing import witness

    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    once = pharmacy.perform(ActName.PERSON_READMIT, person(pharmacy, "ada"), lambda act: staffing.readmit(act, person(pharmacy, "pat").id))
    with (
        app.test_request_context("/", method="POST", data={"witness.username": "pat", "witness.secret": once}),
        pytest.raises(Invalid) as refused,
    ):
        witness()
    assert "password for once" in refused.value.fields["witness.secret"][0]
    told = [tess.send("/account/password", {"old": "wrong", "new": NEW, "again": NEW}).message("old") for _ in range(6)]
    assert ["not your present password" in text for text in told] == [True] * 5 + [False]
    assert "too many wrong tries" in told[5]


def test_wrong_signatures_cost_growing_waits_and_a_right_one_forgives_them(app: Flask, clock: Clock, pharmacy: Pharmacy) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    set_up(tess, clock)
    tess.read("/account/factor")

    def told(secret: str) -> str:
        return tess.send("/account/factor", {"code": "000000", "signature.secret": secret}).message("signature.secret")

    assert ["not your password" in told("not mine") for _ in range(5)] == [True] * 5
    assert "Wait 1 seconds" in told(PASSWORD)
    clock.moment += timedelta(seconds=2)
    assert told(PASSWORD) == ""
    with reading(pharmacy.engine) as session:
        assert {row.failures for row in session.query(TriesRow).filter(TriesRow.kind == Counted.BROWSER)} == {0}
