"""The page of the coming weeks: a picture with its table, each batch in advance with a way to make it, and why every container is in it or not."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from compounding.domain.demand import House, Supply, Wanted, proposals, weeks_of
from compounding.domain.formula import Storage
from compounding.domain.going_on import Standing
from compounding.domain.prescription import Form
from compounding.domain.quantity import Mass
from compounding.workflow import demand as work
from compounding.workflow.demand import Coming, Whose
from tests.conftest import Clock
from tests.domain.examples import FORMULAS, POLICY, TODAY
from tests.web.conftest import Visitor
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CLIMB = (("1.5", 14), ("3", 14), ("4.5", 14))
LONG = "Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"


def bring(shop: Demonstration) -> None:
    shop.bring(order(LONG, doses=CLIMB, form=Form.ORAL_LIQUID), LIQUID)
    shop.bring(order("Bo Waiting", doses=CLIMB, form=Form.ORAL_LIQUID), LIQUID)


def many(count: int) -> Coming:
    """So many containers of long names, a third of them not asked yet, in liquid and capsules."""
    standings = (Standing.CONFIRMED, Standing.UNASKED, Standing.NOTHING_TO_CONFIRM)
    wanted = [
        Wanted(
            UUID(int=number + 1), *(("L1", 1, Storage.REFRIGERATOR, "bottle-60-ml") if number % 3 else ("C4.5", 1, Storage.ROOM, "vial-120-capsules")),
            Fraction(30), Mass.of_mg("4.5"), TODAY + timedelta(days=number % 50), TODAY + timedelta(days=number % 50), TODAY + timedelta(days=number % 50 + 6),
            standings[number % len(standings) if number % 5 else 1],
        )
        for number in range(count)
    ]  # fmt: skip
    house = House(FORMULAS, {"L1": Supply(Fraction(600)), "C4.5": Supply(Fraction(400), Fraction(100))}, POLICY, TODAY)
    whose = {item.fill: Whose(2, UUID(int=9), str(100_000 + item.fill.int), LONG, TODAY) for item in wanted}
    known = {(formula.code, formula.version): formula for formula in FORMULAS.values()}
    return Coming(
        TODAY, POLICY, weeks_of(wanted, today=TODAY, policy=POLICY), proposals(wanted, house), whose, known, {"bottle-60-ml": "amber bottle of 60 mL"}
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("demand") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop, clock: Clock) -> Visitor:
    clock.pass_days(28)
    return shop.visit(app, "linh")


def rows(page: Page, caption: str) -> list[list[str]]:
    found = next(element for element in page.root.iter("table") if words(element.find("caption")) == caption)
    return [[words(cell) for cell in row] for row in found.iter("tr")][1:]


def test_the_weeks_are_a_picture_and_a_table_of_the_same_numbers(linh: Visitor) -> None:
    page = linh.read("/demand")
    assert rows(page, "Weeks of Naltrexone 1 mg/mL oral liquid, preserved")[:3] == [
        ["30 March 2026", "0", "0", "0", "0", ""],
        ["6 April 2026", "0", "0", "2", "63", "0.6 of 2"],
        ["13 April 2026", "0", "0", "0", "0", ""],
    ]
    assert words(page.with_id("demand-1-words")) == "week of 6 April 2026: 0 confirmed, 2 not yet"
    assert page.html.count('<rect class="unsure" x="74" y="28" width="40" height="96"/>') == 1  # the highest week fills the picture
    assert "30 % are expected to reach 4.5 mg a day, and nothing is made of an expectation" in page.text


def test_a_confirmed_step_becomes_a_container_that_can_be_made_for_stock_and_opens_to_its_reason(linh: Visitor) -> None:
    before = linh.read("/demand")
    assert "Nothing is to be made in advance." in before.text
    address = next(link.get("href", "").partition("#")[0] for link in before.root.iter("a") if words(link) == LONG)
    linh.send(f"{address}/going-on", {"step": "3", "going": "on", "way": "counter", "told_on": "2026-03-30"})
    page = linh.read("/demand")
    links = [link.get("href") for link in page.root.iter("a") if words(link) == "Make for stock"]
    assert links == ["/batches/for-stock?formula=L1&containers=1&container=bottle-120-ml&each=31.5&storage=refrigerator"]
    assert "To be kept 1 x 31.5 mL in amber bottle of 120 mL" in linh.read(links[0]).text
    assert "1 x amber bottle of 120 mL, up to 31.5 mL in each" in page.text
    assert "189 mL" in page.text  # what was handed over, in the opened reason of the history
    taken, other = rows(page, "Containers of batch 1, and why each is in it or not")
    assert taken[0] == f"{LONG} born 5 May 1970 , Rx 100001 , container 2"
    assert taken[4].startswith("✓ in: confirmed; used through 12 April 2026")
    assert other[4] == "– not in: the patient has not confirmed the step: ask first"


def test_no_open_plan_is_said(linh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "coming", lambda _: many(0))
    assert "No open plan asks for a container in these weeks." in linh.read("/demand").text


def test_three_hundred_containers_with_long_names_are_a_page_of_less_than_100_kb(linh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "coming", lambda _: many(300))
    page = linh.read("/demand")
    assert len(page.html.encode()) < 100_000
    assert "40 of 200 containers are shown" in page.text


def test_the_day_leads_to_the_coming_weeks(linh: Visitor) -> None:
    assert "/demand" in [link.get("href") for link in linh.read("/").root.iter("a")]
