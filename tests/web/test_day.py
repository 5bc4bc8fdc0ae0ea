"""The day: every order and fill in one queue, what is held and why, what expires; and a search that leads to the thing."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.authority import ActName
from compounding.domain.money import Money
from compounding.domain.people import Actor
from compounding.domain.prescription import Answer, Form, OpioidAnswer
from compounding.workflow import inventory, prescriptions
from compounding.workflow.inventory import Receipt
from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import LIQUID, STAGES, Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft <b>O'Brien</b>"
TITRATION = (("1.5", 14), ("3", 14), ("4.5", 14))


def fill_the_day(shop: Demonstration) -> None:
    for stage in STAGES:
        shop.bring(order(f"Stage {stage}"), to=stage)
    shop.bring(order("Tim Titrate", doses=TITRATION, form=Form.ORAL_LIQUID), LIQUID)
    shop.bring(order(LONG), to="received")
    opioid = OpioidAnswer(Answer.YES, Answer.NO, Answer.NO, "the patient", "Linh Tran", recent_drug="oxycodone", recent_last_dose=date(2026, 2, 27))
    held = order("Olga Opioid", opioid=opioid)
    shop.pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, shop.maria, lambda act: prescriptions.receive(act, held, literal="{}"))
    soon = Receipt("saline", "NS-OLD", date(2026, 4, 30), 500_000_000, Money.of(4))
    lot = shop.pharmacy.perform(ActName.LOT_RECEIVE, shop.linh, lambda act: inventory.receive(act, soon))
    shop.pharmacy.perform(ActName.LOT_RELEASE, shop.maria, lambda act: inventory.release(act, lot))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("day") / "template.db", fill_the_day)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def queue(page: Page, name: str) -> str:
    """The words of one section of the day, by the id of its head."""
    return next(words(element) for element in page.root.iter("section") if element.get("aria-labelledby") == name)


@pytest.mark.parametrize(
    ("name", "count", "stages"),
    [
        ("to-screen", 2, ["received"]),
        ("to-make", 4, ["accepted", "planned", "batch planned", "in process"]),
        ("to-check", 2, ["compounded", "released"]),
        ("to-hand-over", 1, ["checked"]),
    ],
)
def test_every_fill_stands_in_exactly_one_queue(linh: Visitor, name: str, count: int, stages: list[str]) -> None:
    page = linh.read("/")
    others = [stage for stage in STAGES if stage not in stages]

    said = queue(page, name)
    assert f" {count} " in said.partition("born")[0]
    assert [stage for stage in stages if f"Stage {stage} born" not in said] == []
    assert [stage for stage in others if f"Stage {stage} born" in said] == []


def test_an_entry_says_whose_it_is_what_it_is_and_how_long_it_waits(linh: Visitor, clock: Clock) -> None:
    clock.pass_days(3)
    said = queue(linh.read("/"), "to-hand-over")

    assert "Stage checked born 5 May 1970 Rx 100008 fill 1 of the course 4.5 mg, capsules, 30 days" in said
    assert "checked 2 March 2026 3 days" in said
    assert "oldest 3 days" in linh.read("/").text


@pytest.mark.parametrize(
    ("stage", "room"), [("accepted", "prescriptions"), ("batch planned", "batches"), ("in process", "batches"), ("released", "prescriptions")]
)
def test_an_entry_leads_to_where_its_work_is_done(linh: Visitor, stage: str, room: str) -> None:
    link = next(element for element in linh.read("/").root.iter("a") if words(element) == f"Stage {stage}")

    assert link.get("href", "").startswith(f"/{room}/")
    assert linh.read(link.get("href", "")).status == 200


def test_what_is_held_says_why(linh: Visitor) -> None:
    said = queue(linh.read("/"), "held")

    assert "Olga Opioid" in said
    assert "oxycodone was last taken on 27 February 2026" in said


def test_the_next_bottle_is_listed_with_the_day_by_which_it_is_made_and_the_days_it_serves(linh: Visitor) -> None:
    alone = queue(linh.read("/?queue=next"), "next")
    assert "Tim Titrate" in alone
    assert "make by 6 April 2026 in 35 days for 6 April 2026 to 12 April 2026" in alone
    assert "Tim Titrate" not in queue(linh.read("/"), "to-make")


def test_the_day_names_the_bottles_of_four_weeks_and_counts_the_later_ones(linh: Visitor, clock: Clock) -> None:
    page = linh.read("/")
    assert "None is to be made within 28 days. and 1 later" in queue(page, "next")
    assert next(element.get("href") for element in page.root.iter("a") if words(element) == "and 1 later") == "/?queue=next"

    clock.pass_days(6)
    assert "Tim Titrate" not in queue(linh.read("/"), "next")
    clock.pass_days(1)
    assert "Tim Titrate" in queue(linh.read("/"), "next")
    assert "later" not in queue(linh.read("/"), "next")


def test_a_bottle_whose_day_has_come_is_to_be_made(linh: Visitor, clock: Clock) -> None:
    clock.pass_days(35)
    assert "Tim Titrate" in queue(linh.read("/"), "to-make")


def test_only_usable_lots_that_expire_within_ninety_days_are_named(linh: Visitor) -> None:
    assert "Expiring within 90 days 1 Sodium chloride 0.9 % solution demonstration lot NS-OLD expires 30 April 2026" in queue(linh.read("/"), "expiring")
    lot = linh.send("/search", {"q": "NS-OLD"}).headers["Location"]
    assert linh.send("/search", {"q": "(01)00347335326833(10)NS-OLD"}).headers["Location"] == lot  # a pack's code stands for its lot
    linh.send(f"{lot}/withdrawal", {"withdrawal.sure": "true"})
    assert "No usable lot expires within 90 days." in queue(linh.read("/"), "expiring")


def test_a_long_name_with_signs_of_html_is_written_as_it_is(linh: Visitor) -> None:
    page = linh.read("/")

    assert LONG in page.text
    assert "<b>O'Brien" not in page.html


def test_one_queue_can_be_read_by_itself_and_an_unknown_one_is_the_whole_day(linh: Visitor) -> None:
    alone = linh.read("/?queue=to-make")
    assert "Stage planned" in alone.text
    assert "Stage checked" not in alone.text
    assert "Stage checked" in linh.read("/?queue=nothing").text


@pytest.mark.parametrize(
    ("wanted", "address"),
    [
        ("100001", "/prescriptions/"),
        ("Rx 100001", "/prescriptions/"),
        ("100003-1001", "/prescriptions/"),
        ("1001", "/batches/"),
        ("tim titrate", "/prescriptions/"),
        ("TITR", "/prescriptions/"),
        ("ns-old", "/stock/"),
        ("47335-326-08", "/stock/"),
        (" 4733532608 ", "/stock/"),
    ],
)
def test_one_thing_found_is_gone_to(linh: Visitor, wanted: str, address: str) -> None:
    answer = linh.send("/search", {"q": wanted})

    assert answer.status == 303, answer.text
    assert answer.headers["Location"].startswith(address)
    assert linh.read(answer.headers["Location"]).status == 200


def test_several_things_found_are_listed_with_whose_they_are(linh: Visitor) -> None:
    page = linh.send("/search", {"q": "stage"})

    assert page.status == 200
    assert len([element for element in page.root.iter("a") if words(element).startswith("Stage ")]) == len(STAGES)
    assert "Stage received born 5 May 1970 Rx 100001" in page.text


@pytest.mark.parametrize("wanted", ["", "  ", "zzz", "999999", "100001-", "%", "_", "\0", "\u202e100001", "x" * 500, "-", "'; drop table lot"])
def test_nothing_found_says_what_can_be_searched_for_and_keeps_the_box(linh: Visitor, wanted: str) -> None:
    page = linh.send("/search", {"q": wanted})

    assert page.status == 404
    assert "Nothing found" in page.text
    assert "NDC" in page.text
    assert page.named("q")


def test_a_queue_longer_than_the_page_says_how_long_it_is(app: Flask, linh: Visitor, technician: Actor) -> None:
    pharmacy = app.extensions["pharmacy"]
    for number in range(30):
        what = order(f"Waiting {number}")
        pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, technician, lambda act, what=what: prescriptions.receive(act, what, literal="{}"))

    assert "The oldest 25 of 32 are shown. Show more of to screen" in queue(linh.read("/"), "to-screen")
    assert "Waiting 29" in linh.read("/?queue=to-screen").text
