"""The page of shared batches: whose they are, what is saved, what each date is, and why the others stand alone."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from compounding.domain.library import formulas
from compounding.domain.policy import Policy
from compounding.domain.pooling import Due, propose
from compounding.domain.prescription import Form
from compounding.workflow import pooling as work
from compounding.workflow.pooling import Apart, Proposal, Proposals, Whose
from tests.domain.test_pooling import bottled, counted
from tests.web.conftest import Visitor
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TODAY = date(2026, 3, 2)
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
SVG = "{http://www.w3.org/2000/svg}"
BY_CODE = {formula.code: formula for formula in formulas()}


def fill_the_day(shop: Demonstration) -> None:
    """Three months of G07's 103.5 mg in bottles that share, and capsules that do not."""
    for name in ("Ann Sample", "Bea Sample", LONG):
        shop.bring(order(name, doses=(("4.5", 23),), form=Form.ORAL_LIQUID), LIQUID, to="planned")
    shop.bring(order("Dora Sample"), to="planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("pooling") / "template.db", fill_the_day)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def shown(*due: Due, name: str = LONG) -> Proposals:
    """What the page would be given for `due`, each of a patient with a long name."""
    found = propose(due, today=TODAY, policy=Policy())
    whose = {
        one.fill: Whose(one.fill, 1, UUID(int=1), str(100001 + at), f"{name} {at}", date(1970, 5, 5), one.formula.name, one.make_by)
        for at, one in enumerate(due)
    }
    made = [Proposal(pool, BY_CODE[pool.formula], None, tuple((whose[share.fill], share) for share in pool.shares)) for pool in found.pools]
    return Proposals(TODAY, TODAY + timedelta(days=7), found, tuple(made), tuple(Apart(whose[one.fill], one.reason) for one in found.alone))


def given(monkeypatch: pytest.MonkeyPatch, proposals: Proposals) -> None:
    monkeypatch.setattr(work, "proposals", lambda _: proposals)


def test_the_day_leads_to_the_batches_that_could_be_shared(linh: Visitor) -> None:
    assert any(element.get("href") == "/pooling" for element in linh.read("/").root.iter("a"))


def test_tablets_waste_minutes_and_each_date_stand_on_the_page(linh: Visitor) -> None:
    page = linh.read("/pooling")

    for wanted in (
        "Tablets saved 2",
        "Naltrexone not thrown away 100 mg",
        "Bench minutes saved 40",
        "Tablets and bench time saved, $ 25.40",
        "Tablets 7 instead of 9",
        "Thrown away 39.5 mg instead of 139.5 mg",
        "Made 350 mL, for 310.5 mL",
        "No other way of sharing takes fewer tablets, or as many in fewer batches.",
        "These are proposals.",
        "Fewer than ten tablets",
    ):
        assert wanted in page.text
    rows = [words(row) for row in page.root.iter("tr")]
    (ann,) = [row for row in rows if row.startswith("Ann Sample")]
    assert ann.split("fill 1 ")[1] == "103.5 3 2 March 2026 24 March 2026 5 April 2026 ✓ 5 April 2026"
    assert ann.startswith("Ann Sample born 5 May 1970 , Rx 100001 , fill 1 ")
    (dora,) = [row for row in rows if row.startswith("Dora Sample")]
    assert dora.endswith("Nothing else of this formula is to be made in these days.")


def test_the_picture_has_its_words_and_the_table_beside_it(linh: Visitor) -> None:
    (drawn,) = [element for element in linh.read("/pooling").root.iter() if element.tag in {"svg", f"{SVG}svg"} and "bars" in element.get("class", "")]

    assert words(drawn).startswith("Tablets apart and together 9 tablets when each is made alone, 7 tablets in one batch.")
    apart, together = [int(element.get("width", "0")) for element in drawn.iter() if element.get("class") == "bar"]
    assert together * 9 == pytest.approx(apart * 7, abs=9)


def test_a_day_without_fills_and_one_with_a_single_fill_say_so(linh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, shown())
    assert "Nothing is to be made in these days." in linh.read("/pooling").text
    given(monkeypatch, shown(bottled(1, "60")))
    assert "No two of these fills can share a batch." in linh.read("/pooling").text


def test_forty_fills_with_long_names_are_a_page_of_less_than_100_kb(linh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [bottled(at, "103.5", starts=at % 8, days=28) for at in range(20)] + [counted(at, 30) for at in range(20, 30)]
    given(monkeypatch, shown(*many, *(bottled(at, "60", reason="the prescriber is asked") for at in range(30, 40))))
    page = linh.read("/pooling")

    assert page.text.count(LONG) == 40
    assert len(page.html.encode()) < 100_000


def test_a_proposal_is_taken_up_by_one_press_and_shows_whose_it_is(linh: Visitor) -> None:
    fills = [element.get("value", "") for element in linh.read("/pooling").named("fills[]")]
    answer = linh.send("/pooling", {"fills[]": fills})
    assert answer.status == 303
    page = linh.read(answer.headers["Location"])

    assert "3 containers share this batch." in page.text
    assert "It takes 7 tablets; made apart they would take 9: 2 tablets and 40 minutes saved , 39.5 mg thrown away instead of 139.5 mg." in page.text
    rows = [words(row) for row in page.root.iter("tr")]
    assert any(row.startswith("Ann Sample 5 May 1970 100001 amber bottle of 120 mL, 1 of 1 103.5 24 March 2026 5 April 2026") for row in rows)
    assert LONG in page.text
    again = linh.send("/pooling", {"fills[]": fills})
    assert (again.status, "This fill is planned already" in again.text) == (409, True)


@pytest.mark.parametrize(("fills", "status"), [([], 422), (["nobody", "no one"], 422), ([str(UUID(int=1))], 422), ([str(UUID(int=1)), str(UUID(int=2))], 404)])
def test_what_is_no_proposal_is_refused_in_words(linh: Visitor, fills: list[str], status: int) -> None:
    page = linh.send("/pooling", {"fills[]": fills})
    assert page.status == status
    assert "Load the page again" in page.text or "There is no such fill." in page.text


def test_what_is_not_proved_says_how_much_more_there_could_be(linh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    proposals = shown(bottled(1, "103.5"), bottled(2, "103.5"))
    given(monkeypatch, replace(proposals, pooling=replace(proposals.pooling, proved=False, more_at_most=1)))
    assert "another could save at most 1 tablet more." in linh.read("/pooling").text
    given(monkeypatch, replace(proposals, pooling=replace(proposals.pooling, proved=False)))
    assert "another could save no more tablets, but perhaps a batch." in linh.read("/pooling").text
