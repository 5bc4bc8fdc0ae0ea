"""A prescriber's system is told what became of its orders: signed, in order, again until it takes it, with keys alone."""

import base64
import hmac
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.outbox import EventRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.event import FIRST_PAUSE, HOLDS_UP, LEASE, LONGEST_PAUSE, pause_after
from compounding.domain.people import system_actor
from compounding.settings import DEMONSTRATION_PROFILE, Settings
from compounding.webhook_commands import find_reviews, send_next
from compounding.wire.webhook import secret_of
from compounding.workflow import clients, outbox, prescriptions
from tests.adversary import House
from tests.api.orders import OTHER_NPI, changed
from tests.application import ZONE
from tests.keys import DATA_KEY
from tests.wire.receivers import Receiver
from tests.workflow.bench import PROFILE
from tests.workflow.orders import IN_CAPSULES, capsules

KEY = b"a key of the tests alone, long enough to be one"
NAME = "Zyxwina Quorble"
SECONDS = 0.4
SETTINGS = Settings(
    database_url="sqlite:////nowhere",
    secret_key="of no worth outside of tests, and long enough",
    pharmacy=DEMONSTRATION_PROFILE,
    audit_key=KEY.decode(),
    data_key=DATA_KEY,
    audit_anchor=Path("nowhere"),
    var=Path("nowhere"),
    time_zone=ZONE,
    public_url="http://localhost",
    is_demonstration=True,
)


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    house = House.opened(sqlite_template, tmp_path)
    yield house
    house.close()


def hook(house: House, url: str, name: str = "Harbour Clinic", *, new_secret: bool = False) -> outbox.Webhook:
    actor = system_actor("command line")
    return house.bench.pharmacy.perform(ActName.WEBHOOK_SET, actor, lambda act: outbox.set_webhook(act, name, url, new_secret=new_secret))


def deliver(house: House) -> int:
    """Send all that is due; how many tries that took."""
    tries = 0
    while send_next(SETTINGS, house.bench.pharmacy, SECONDS) is not None:
        tries += 1
    return tries


def sent(house: House, name: str = "Ada Example") -> UUID:
    """An order of the clinic for 30 capsules, whose course is one container."""
    order = changed("patient.name", name)
    order |= {"form": "capsule", "steps": [{"dose": "4.5", "unit": "mg", "when": ["bedtime"], "days": 30}], "supply": {"days": 30}, "refills": 0}
    order["therapy"] = {"status": "continuing", "present_dose": "4.5", "unit": "mg", "last_taken": "2026-03-01"}
    del order["strength"]
    return UUID(house.clinic.send(order).get_json()["id"])


def events(house: House) -> list[EventRow]:
    with reading(house.bench.pharmacy.engine) as session:
        return list(session.scalars(select(EventRow).order_by(EventRow.happened_at)))


def kinds(receiver: Receiver) -> list[str]:
    return [json.loads(body)["type"] for _, body in receiver.heard]


def pass_time(house: House, time: timedelta) -> None:
    house.bench.clock.moment += time


def test_a_system_is_told_of_its_orders_from_accepting_to_handing_over_in_order_signed_and_with_keys_alone(house: House) -> None:
    with Receiver.listening() as receiver:
        own = hook(house, receiver.url)
        order_id = sent(house, NAME)
        house.bench.accept(order_id)
        (fill,) = house.bench.plan(order_id, IN_CAPSULES)
        house.bench.made(fill)
        house.bench.label(fill)
        house.bench.check(fill)
        pass_time(house, timedelta(minutes=1))
        house.bench.hand_over(fill)
        assert deliver(house) == 4
    assert sorted(kinds(receiver)) == ["fill.dispensed", "fill.ready", "prescription.accepted", "prescription.completed"]
    assert len(set(receiver.ids)) == 4
    secret = secret_of(KEY, str(own.client_id), 1)
    for headers, body in receiver.heard:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        code = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
        assert headers["webhook-signature"] == f"v1,{base64.b64encode(code).decode()}"
        told = json.loads(body)
        assert set(told) == {"type", "timestamp", "data"}
        assert set(told["data"]) <= {"prescription_id", "fill_id"}
        assert told["data"]["prescription_id"] == str(order_id)
        assert b"Zyxwina" not in body
        assert "Zyxwina" not in str(headers)


def test_an_event_is_kept_with_its_effect_or_not_at_all(house: House) -> None:
    order_id = sent(house)

    def fails(act: object) -> None:
        prescriptions.decline(act, order_id)
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        house.bench.pharmacy.perform(ActName.PRESCRIPTION_DECLINE, house.bench.maria, fails)
    assert events(house) == []
    house.bench.pharmacy.perform(ActName.PRESCRIPTION_DECLINE, house.bench.maria, lambda act: prescriptions.decline(act, order_id))
    assert [row.kind for row in events(house)] == ["prescription.declined"]


def test_a_system_without_an_address_is_owed_nothing_and_an_order_of_the_house_tells_nobody(house: House) -> None:
    house.bench.accept(sent(house))
    house.bench.accept(house.bench.receive(capsules("Cara Capsule")).id)
    assert [(row.kind, row.status) for row in events(house)] == [("prescription.accepted", "unasked")]
    with Receiver.listening() as receiver:
        hook(house, receiver.url)
        assert deliver(house) == 0


def test_a_receiver_that_fails_is_tried_again_with_growing_pauses_and_holds_up_only_itself(house: House) -> None:
    with Receiver.listening(500, 503, 200) as failing, Receiver.listening() as well:
        hook(house, failing.url)
        hook(house, well.url, "Hill Practice")
        house.bench.accept(sent(house))
        pass_time(house, timedelta(seconds=1))
        house.bench.accept(sent(house, "Bo Example"))
        theirs = house.neighbour.send(changed("prescriber.npi", OTHER_NPI) | {"patient": changed("patient.name", "Cy Example")["patient"]}).get_json()["id"]
        house.bench.accept(UUID(theirs))
        assert deliver(house) == 2
        assert (len(failing.heard), len(well.heard)) == (1, 1)
        pass_time(house, FIRST_PAUSE - timedelta(seconds=1))
        assert deliver(house) == 0
        pass_time(house, timedelta(seconds=1))
        assert deliver(house) == 1
        pass_time(house, FIRST_PAUSE * 2)
        assert deliver(house) == 2
    assert len(set(failing.ids[:3])) == 1
    assert len(set(failing.ids)) == 2
    assert {row.status for row in events(house)} == {"delivered"}


def test_pauses_grow_to_an_hour_and_never_end() -> None:
    assert [pause_after(tries) // timedelta(seconds=1) for tries in (1, 2, 3, 10, 11, 10_000)] == [5, 10, 20, 2560, 3600, 3600]
    assert pause_after(10**6) == LONGEST_PAUSE


def test_an_event_that_is_always_refused_is_never_lost_and_lets_the_others_by(house: House) -> None:
    with Receiver.listening(400) as receiver:
        hook(house, receiver.url)
        house.bench.accept(sent(house))
        pass_time(house, timedelta(seconds=1))
        house.bench.accept(sent(house, "Bo Example"))
        for _ in range(HOLDS_UP):
            deliver(house)
            pass_time(house, LONGEST_PAUSE)
        assert len(set(receiver.ids)) == 2
    assert {row.status for row in events(house)} == {"waiting"}


def test_a_receiver_that_hangs_is_left_and_tried_again(house: House) -> None:
    with Receiver.listening(0, 200) as receiver:
        hook(house, receiver.url)
        house.bench.accept(sent(house))
        assert deliver(house) == 1
        assert events(house)[0].said.startswith("No answer")
        pass_time(house, FIRST_PAUSE)
        assert deliver(house) == 1
    assert len(set(receiver.ids)) == 1
    assert [row.status for row in events(house)] == ["delivered"]


def test_a_receiver_that_is_gone_is_told_no_more_and_nothing_is_lost(house: House) -> None:
    with Receiver.listening(410) as receiver:
        hook(house, receiver.url)
        house.bench.accept(sent(house))
        deliver(house)
        pass_time(house, LONGEST_PAUSE)
        assert deliver(house) == 0
    with Receiver.listening() as again:
        hook(house, again.url)
        assert deliver(house) == 1
    assert again.ids == receiver.ids


@pytest.mark.campaign
def test_a_sender_that_is_killed_between_delivery_and_mark_sends_again_under_the_same_id(house: House) -> None:
    """A real process, stopped by SIGKILL while the receiver has the event and nobody has noted that."""
    script = (
        "import os, sys; from datetime import UTC, datetime; from compounding.app import create_app; from tests.api import test_webhooks as here;"
        "from compounding.workflow import outbox; outbox.settle = lambda *_: (print('delivered', flush=True), __import__('time').sleep(60));"
        "from dataclasses import replace; from pathlib import Path;"
        "place = Path(sys.argv[1]); settings = replace(here.SETTINGS, database_url=f'sqlite:///{place / \"pharmacy.sqlite\"}', var=place,"
        " audit_anchor=place / 'audit.anchor');"
        "moment = datetime.fromisoformat(sys.argv[2]); app = create_app(settings, clock=lambda: moment);"
        "here.send_next(settings, app.extensions['pharmacy'])"
    )
    with Receiver.listening() as receiver:
        hook(house, receiver.url)
        house.bench.accept(sent(house))
        command = [sys.executable, "-c", script, str(house.path.parent), house.bench.clock.moment.isoformat()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "."}) as sender:
            assert sender.stdout is not None
            assert sender.stdout.readline() == b"delivered\n"
            sender.send_signal(signal.SIGKILL)
        assert len(receiver.heard) == 1
        assert deliver(house) == 0
        pass_time(house, LEASE)
        assert deliver(house) == 1
    assert receiver.ids[0] == receiver.ids[1]
    assert receiver.heard[0][1] == receiver.heard[1][1]
    assert [row.status for row in events(house)] == ["delivered"]


def test_the_review_that_is_due_after_three_months_is_told_once(house: House) -> None:
    order_id = sent(house)
    house.bench.accept(order_id)
    (fill,) = house.bench.plan(order_id, IN_CAPSULES)
    house.bench.made(fill)
    house.bench.label(fill)
    house.bench.check(fill)
    house.bench.hand_over(fill)
    house.bench.clock.pass_days(83)
    assert find_reviews(house.bench.pharmacy) == 0
    house.bench.clock.pass_days(1)
    assert [find_reviews(house.bench.pharmacy) for _ in range(2)] == [1, 0]
    assert [row.prescription_id for row in events(house) if row.kind == "review.due"] == [order_id]


def test_a_system_that_is_shut_out_is_told_nothing_until_it_is_let_in_again(house: House) -> None:
    own = hook(house, "http://127.0.0.1:9/x")
    house.bench.accept(sent(house))
    due = partial(house.bench.pharmacy.look, LookName.EVENTS, system_actor("webhooks"), outbox.is_due)
    assert due()
    for active in (False, True):
        name = ActName.CLIENT_OPEN if active else ActName.CLIENT_CLOSE
        house.bench.pharmacy.perform(name, system_actor("command line"), lambda act, active=active: clients.set_active(act, own.client_id, active=active))
        assert due() is active


def test_a_new_secret_is_another_and_nothing_of_it_is_stored(house: House) -> None:
    first, second = hook(house, "http://127.0.0.1:9/x"), hook(house, "http://127.0.0.1:9/x", new_secret=True)
    secrets = {secret_of(KEY, str(first.client_id), item.secret_version) for item in (first, second)}
    assert len(secrets) == 2
    kept = house.path.read_bytes()
    assert not any(secret.removeprefix("whsec_").encode() in kept for secret in secrets)


def test_the_commands_set_an_address_and_send_what_is_due(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    runner = house.app.test_cli_runner()
    with Receiver.listening() as receiver:
        told = runner.invoke(args=["webhook", "Harbour Clinic", receiver.url])
        assert "whsec_" in told.output
        house.bench.accept(sent(house, NAME))
        assert runner.invoke(args=["webhooks", "--once"]).exit_code == 0
        assert kinds(receiver) == ["prescription.accepted"]
    assert "Zyxwina" not in caplog.text
    assert "There is no prescriber's system" in runner.invoke(args=["webhook", "Nobody", receiver.url]).output
    assert "https alone" in runner.invoke(args=["webhook", "Harbour Clinic", "ftp://example.org"]).output
    assert PROFILE.name not in caplog.text
