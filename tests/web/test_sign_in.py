"""Sessions that the server ends, the second factor, and what wrong passwords cost."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask

from compounding.db.audit import AuditRow
from compounding.db.people import PersonRow
from compounding.db.rebuilding import differences
from compounding.db.session import reading
from compounding.db.sign_in import RecoveryRow, SessionRow
from compounding.domain.authority import ActName, LookName
from compounding.domain.people import Actor, Role, system_actor
from compounding.workflow import staffing
from compounding.workflow.act import Act, Pharmacy
from tests.conftest import Clock
from tests.web.conftest import PASSWORD, PIN, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NEW = "a new password of mine"


def person(pharmacy: Pharmacy, username: str) -> Actor:
    with reading(pharmacy.engine) as session:
        row = session.query(PersonRow).filter_by(username=username).one()
        return Actor(row.id, row.name, row.initials, Role(row.role))


def administer(pharmacy: Pharmacy, name: ActName, change: Callable[[Act], object]) -> object:
    return pharmacy.perform(name, person(pharmacy, "ada"), change)


def is_in(visitor: Visitor) -> bool:
    return visitor.client.get("/account").status_code == 200


def set_up(visitor: Visitor, clock: Clock) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a factor that was set up by the page."""
    page = visitor.read("/account/factor")
    secret = re.sub(r"[^A-Z2-7]", "", page.text.partition("Or type these letters:")[2].partition("2. Enter")[0])
    told = visitor.send("/account/factor", {"code": pyotp.TOTP(secret).at(clock.moment)})
    assert told.status == 200, told.text
    codes = re.findall(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}", told.text)
    return secret, codes


def half(app: Flask, username: str = "tess") -> Visitor:
    """A visitor who has given the password and is asked for the code."""
    visitor = Visitor(app.test_client())
    page = visitor.sign_in(username)
    assert page.status == 200
    assert "Enter the code" in page.text
    return visitor


def test_a_session_ends_fifteen_minutes_after_its_last_use_and_twelve_hours_after_its_first(app: Flask, clock: Clock) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    for _ in range(3):
        clock.moment += timedelta(minutes=14, seconds=59)
        assert is_in(tess)
    clock.moment += timedelta(minutes=15)
    assert not is_in(tess)
    tess.sign_in("tess")
    for _ in range(51):
        clock.moment += timedelta(minutes=14)
        assert is_in(tess)
    clock.moment += timedelta(minutes=6)
    assert not is_in(tess)


def test_the_last_use_is_the_sessions_own_so_that_two_tabs_share_it_and_a_restored_cookie_does_not_open_it_again(app: Flask, clock: Clock) -> None:
    here, tab = Visitor(app.test_client()), Visitor(app.test_client())
    here.sign_in("tess")
    old = here.client.get_cookie("session")
    assert old is not None
    tab.client.set_cookie("session", old.value)
    for _ in range(2):  # either keeps the other open
        clock.moment += timedelta(minutes=14)
        assert is_in(tab)
        clock.moment += timedelta(minutes=14)
        assert is_in(here)
    clock.moment += timedelta(minutes=15)
    for cookie in (old.value, here.client.get_cookie("session").value):
        tab.client.set_cookie("session", cookie)
        assert not is_in(tab)


def test_the_last_use_is_written_once_a_minute_and_is_no_line_of_the_trail(app: Flask, clock: Clock, pharmacy: Pharmacy) -> None:
    def written() -> tuple[datetime | None, int]:
        with reading(pharmacy.engine) as session:
            return session.query(SessionRow).one().used_at, session.query(AuditRow).count()

    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    begun, lines = clock.moment, written()[1]
    for seconds, told in ((59, begun), (1, begun + timedelta(minutes=1)), (59, begun + timedelta(minutes=1))):
        clock.moment += timedelta(seconds=seconds)
        assert is_in(tess)
        assert written() == (told, lines)
    verdict = pharmacy.look(LookName.TRAIL, system_actor("command line"), lambda look: next(differences(look.session), None))
    assert verdict is None


def test_ones_own_page_tells_where_one_is_signed_in_and_ends_all_the_others(app: Flask, clock: Clock) -> None:
    here, there, pat = Visitor(app.test_client()), Visitor(app.test_client()), Visitor(app.test_client())
    for visitor, username in ((there, "tess"), (pat, "pat"), (here, "tess")):
        visitor.sign_in(username)
        clock.moment += timedelta(minutes=1)
    assert "Where you are signed in 2" in here.read("/account").text
    assert "Where you are signed in 1" in pat.read("/account").text
    assert here.send("/account", {}).status == 303
    assert (is_in(here), is_in(there), is_in(pat)) == (True, False, True)
    assert "End the other" not in here.read("/account").text


def test_a_cookie_that_was_copied_before_the_sign_out_opens_nothing_after_it(app: Flask) -> None:
    tess, thief = Visitor(app.test_client()), Visitor(app.test_client())
    tess.sign_in("tess")
    cookie = tess.client.get_cookie("session")
    assert cookie is not None
    thief.client.set_cookie("session", cookie.value)
    assert is_in(thief)
    tess.send("/sign-out", {})
    assert not is_in(thief)


def test_the_number_of_a_session_is_new_at_each_sign_in_and_kept_as_its_hash(app: Flask, pharmacy: Pharmacy) -> None:
    tess = Visitor(app.test_client())
    for _ in range(2):
        tess.sign_in("tess")
    with reading(pharmacy.engine) as session:
        hashes = [row.id_sha256 for row in session.query(SessionRow)]
    assert len(set(hashes)) == 2
    with tess.client.session_transaction() as cookie:
        assert cookie["_user_id"] not in hashes


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (ActName.PERSON_DISABLE, staffing.disable),
        (ActName.PERSON_CHANGE_ROLE, lambda act, key: staffing.change_role(act, key, Role.PHARMACIST)),
        (ActName.PERSON_READMIT, staffing.readmit),
        (ActName.PERSON_RESET_FACTOR, staffing.reset_factor),
    ],
)
def test_what_the_administrator_changes_ends_every_session_at_once(app: Flask, pharmacy: Pharmacy, name: ActName, change: Callable[..., object]) -> None:
    here, there = Visitor(app.test_client()), Visitor(app.test_client())
    for visitor in (here, there):
        visitor.sign_in("tess")
        assert is_in(visitor)
    key = person(pharmacy, "tess").id
    administer(pharmacy, name, lambda act: change(act, key))
    assert (is_in(here), is_in(there)) == (False, False)


def test_a_new_password_ends_the_sessions_elsewhere_and_signs_from_now_on(app: Flask) -> None:
    here, there = Visitor(app.test_client()), Visitor(app.test_client())
    for visitor in (here, there):
        visitor.sign_in("tess")
    changed = here.send("/account/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert changed.status == 303
    assert (is_in(here), is_in(there)) == (True, False)
    assert there.sign_in("tess", PASSWORD).status == 422
    assert there.sign_in("tess", NEW).status == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"old": "wrong"}, "old"),
        ({"new": "short", "again": "short"}, "new"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
        ({"new": "tess and much more", "again": "tess and much more"}, "new"),
        ({"again": "another one"}, "again"),
        ({"pin": "12"}, "pin"),
        ({"pin": "1111"}, "pin"),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_by_field(app: Flask, typed: dict[str, str], field: str) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    page = tess.send("/account/password", {"old": PASSWORD, "new": NEW, "again": NEW, "pin": "", **typed})
    assert page.status == 422
    assert page.message(field).startswith("! Error: ")
    assert not [text for text in typed.values() if len(text) > 4 and text in page.text]
    assert is_in(tess)


def test_a_password_for_once_leads_to_ones_own_and_nowhere_else(app: Flask, pharmacy: Pharmacy, clock: Clock) -> None:
    once = str(administer(pharmacy, ActName.PERSON_READMIT, lambda act: staffing.readmit(act, person(pharmacy, "tess").id)))
    tess = Visitor(app.test_client())
    assert tess.sign_in("tess", PASSWORD).status == 422
    assert tess.sign_in("tess", once).status == 302
    assert tess.read("/prescriptions/new").headers["Location"] == "/account/password"
    assert tess.send("/account/password", {"old": once, "new": NEW, "again": NEW}).message("pin") != ""
    assert tess.send("/account/password", {"old": once, "new": NEW, "again": NEW, "pin": PIN}).status == 303
    assert tess.read("/prescriptions/new").status == 200
    late = str(administer(pharmacy, ActName.PERSON_READMIT, lambda act: staffing.readmit(act, person(pharmacy, "pat").id)))
    clock.moment += timedelta(hours=72)
    assert Visitor(app.test_client()).sign_in("pat", late).status == 422


def test_whoever_has_a_factor_is_asked_for_its_code_and_no_code_is_taken_twice(app: Flask, clock: Clock) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    secret, _ = set_up(tess, clock)
    taken = pyotp.TOTP(secret).at(clock.moment)
    visitor = half(app)
    assert visitor.read("/account").status == 302
    for wrong in (taken, "000000", "", "x", "１２３４５６", f"{int(taken) + 1:06d}"):
        assert visitor.send("/sign-in/code", {"code": wrong}).status in {422, 429}, wrong
        clock.moment += timedelta(seconds=2)
    clock.moment += timedelta(seconds=30)
    visitor = half(app)
    answer = visitor.send("/sign-in/code", {"code": pyotp.TOTP(secret).at(clock.moment), "next": "/stock"})
    assert (answer.status, answer.headers["Location"]) == (302, "/stock")
    again = half(app).send("/sign-in/code", {"code": pyotp.TOTP(secret).at(clock.moment)})
    assert again.status == 422


def test_a_recovery_code_lets_in_once_however_it_is_typed(app: Flask, clock: Clock, pharmacy: Pharmacy) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    _, codes = set_up(tess, clock)
    assert len(set(codes)) == 10
    assert half(app).send("/sign-in/code", {"code": codes[0].lower().replace("-", " ")}).status == 302
    assert half(app).send("/sign-in/code", {"code": codes[0]}).status == 422
    assert half(app).send("/sign-in/code", {"code": codes[1]}).status == 302
    with reading(pharmacy.engine) as session:
        kept = session.query(RecoveryRow).all()
    assert sum(row.used_at is not None for row in kept) == 2
    assert not set(codes) & {row.code_sha256 for row in kept}


def test_the_password_alone_is_forgotten_after_five_minutes_and_when_it_is_changed(app: Flask, clock: Clock) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    secret, _ = set_up(tess, clock)
    visitor, thief = half(app), half(app)
    clock.moment += timedelta(minutes=4)
    assert tess.send("/account/password", {"old": PASSWORD, "new": NEW, "again": NEW}).status == 303
    assert thief.send("/sign-in/code", {"code": pyotp.TOTP(secret).at(clock.moment)}).headers["Location"] == "/sign-in"
    clock.moment += timedelta(minutes=1)
    answer = visitor.send("/sign-in/code", {"code": pyotp.TOTP(secret).at(clock.moment)})
    assert answer.headers["Location"] == "/sign-in"


def test_where_a_factor_is_required_nothing_else_opens_until_there_is_one(app: Flask, clock: Clock) -> None:
    app.config["SECOND_FACTOR"] = True
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    for address in ("/", "/stock", "/account"):
        assert tess.read(address).headers["Location"] == "/account/factor"
    set_up(tess, clock)
    assert tess.read("/stock").status == 200


def test_another_factor_takes_a_signature_and_the_old_one_ends(app: Flask, clock: Clock) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    set_up(tess, clock)
    page = tess.read("/account/factor")
    secret = re.sub(r"[^A-Z2-7]", "", page.text.partition("Or type these letters:")[2].partition("2. Enter")[0])
    code = pyotp.TOTP(secret).at(clock.moment)
    assert tess.send("/account/factor", {"code": code}).message("signature.secret") != ""
    assert tess.send("/account/factor", {"code": code, "signature.secret": PASSWORD}).status == 200
    clock.moment += timedelta(seconds=30)
    assert half(app).send("/sign-in/code", {"code": pyotp.TOTP(secret).at(clock.moment)}).status == 302
