"""The planner: a course without a patient, told whole with its reasons; what is typed stays, and nothing is kept."""

import re
import sqlite3
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from compounding.domain.plan import Inquiry
from compounding.schemas.inquiry import INQUIRY
from compounding.schemas.refusals import read
from compounding.web import planner
from compounding.web.rows import READY_MADE
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ALL_DAY = ["morning", "noon", "evening", "bedtime"]
Fields = dict[str, str | list[str]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("planner") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    """The technician at the planner."""
    return shop.visit(app, "linh")


def course(*steps: tuple[str, int], form: str = "oral_liquid", unit: str = "mg", **chosen: str) -> Fields:
    """What is typed for `steps` (dose and days) at bedtime."""
    fields: Fields = {"form": form, **{name.replace("__", "."): text for name, text in chosen.items()}}
    for number, (dose, days) in enumerate(steps):
        at = f"steps.{number}"
        fields |= {f"{at}.dose": dose, f"{at}.unit": unit, f"{at}.when[]": ["bedtime"], f"{at}.days": str(days)}
    return fields


def ready(key: str, form: str, **chosen: str) -> Fields:
    regimen = next(regimen for regimen in READY_MADE if regimen.key == key)
    return course(*((row["dose"][0], regimen.days) for row in regimen.rows), form=form, **chosen)


TITRATION = course(("1.5", 14), ("3", 14), ("4.5", 14), formula="L1", device="syringe-5-by-0.1")


def opened(visitor: Visitor, fields: Mapping[str, str | list[str]]) -> Page:
    return visitor.read(f"/planner?{urlencode(fields, doseq=True)}")


def typing(visitor: Visitor, fields: Mapping[str, str | list[str]]) -> Page:
    return visitor.send("/planner", fields, **{"X-Live": "1"})


def plan(page: Page) -> str:
    return words(page.with_id("plan"))


def address(page: Page) -> str:
    return page.with_id("address").get("href", "")


def table(page: Page, caption: str) -> Element:
    return next(found for found in page.root.iter("table") if words(next(found.iter("caption"))) == caption)


def row(page: Page, caption: str, number: int) -> list[str]:
    """The cells of a row, as they are read while no reason is open."""
    cells = [cell for cell in list(table(page, caption).iter("tr"))[number] if cell.tag in {"th", "td"}]
    shown = [next(cell.iter("summary"), cell) for cell in cells]
    return [words(cell).removesuffix(" why") for cell in shown]


def test_the_planner_is_in_the_navigation_and_starts_empty(linh: Visitor) -> None:
    page = linh.read("/planner")
    assert page.status == 200
    assert ('<a href="/planner" aria-current="page">Planner</a>') in page.html
    assert page.value("form") == "oral_liquid"
    assert not plan(page)
    assert "Check" not in page.text


def test_the_first_titration_is_told_whole(linh: Visitor) -> None:
    """G05: 126 mg in 42 days; the last dose of 4.5 mg is 4.5 mL on a syringe by 0.1 mL."""
    page = opened(linh, TITRATION)
    assert page.status == 200
    assert row(page, "Doses on the marks", 3) == ["3", "4.5 mg", "at bedtime", "29 to 42", "4.5 mL (0 %)", "4.5 mg"]
    assert row(page, "Containers", 2) == [
        "2", "36 to 42", "6 April 2026", "6 April 2026", "12 April 2026", "10 May 2026", "31.5 mL", "50 mL", "50 mg", "1", "18.5 mg",
    ]  # fmt: skip
    assert "126 mg" in plan(page)
    assert page.html.count('<use href="#barrel"/>') == 3


def test_the_drops_of_the_gp_take_ten_bottles_and_end_at_eighteen_drops(linh: Visitor) -> None:
    page = opened(linh, ready("quarters", "oral_drops"))
    assert row(page, "Doses", 18)[4] == "18 drops = 0.9 mL (0 %)"
    assert [row(page, "Containers", number)[1].split()[0] for number in range(1, 11)] == ["1", "15", "29", "43", "57", "71", "85", "99", "111", "122"]
    assert "299.25 mg" in plan(page)
    assert "1197 drops" in plan(page)


def test_capsules_have_no_syringe(linh: Visitor) -> None:
    page = opened(linh, course(("4.5", 30), form="capsule"))
    assert row(page, "Doses", 1)[4] == "1 capsule"
    assert "barrel" not in page.html


def test_every_number_opens_to_rule_inputs_exact_value_rounding_and_source(linh: Visitor) -> None:
    """G02: 0.9 mL on a syringe by 0.2 mL reads 1 mL."""
    page = opened(linh, course(("4.5", 30), formula="L1", device="syringe-10-by-0.2"))
    reasons = [words(reason) for reason in page.with_id("plan").iter("details") if reason.get("class") == "why"]
    (measured,) = (reason for reason in reasons if reason.startswith("4.6 mL"))
    assert measured == (
        "4.6 mL (+2.22 %) why Rule dose / strength, then to the nearest mark of the device, half up Dose 4.5 mg Strength 1 mg/mL "
        "Device 10 mL syringe by 0.2 mL Draws 1 Exactly 9/2 mL = 4.5 mL, shown as 4.6 mL (+2.22 %) Source USP <1160>; device marks"
    )
    for reason in reasons:
        assert re.search(r" why Rule .+ (Exactly .+ )?Source .+", reason), reason
    containers = len(list(table(page, "Containers").iter("tr"))) - 1
    assert len(reasons) == 1 + 1 + 6 * containers  # the total, one step, and six numbers of each container


def test_a_beyond_use_date_tells_every_candidate(linh: Visitor) -> None:
    page = opened(linh, TITRATION)
    reason = next(words(reason) for reason in page.root.iter("details") if words(reason).startswith("5 April 2026"))
    assert "USP <795> Table 4: aqueous, preserved, 35 days: decides" in reason
    assert re.search(r"30 April 2026 Stability study, 60 days at refrigerator: .+: lengthens nothing", reason)


def test_every_way_is_told_and_each_but_the_chosen_one_says_why_it_lost(linh: Visitor) -> None:
    page = opened(linh, course(("1.5", 14), ("3", 14), ("4.5", 14)))
    ways = [[words(cell) for cell in way] for way in list(table(page, "Every way to make this course, the best first").iter("tr"))[1:]]
    assert [way[-1] for way in ways].count("\u25b2 chosen") == 1
    assert all(way[-1] for way in ways)
    assert {way[1] for way in ways} >= {"5 mL syringe by 0.2 mL", "1 mL syringe by 0.01 mL"}


def test_micrograms_are_read_as_micrograms_and_nothing_positive_as_zero(linh: Visitor) -> None:
    page = opened(linh, course(("50", 30), unit="mcg"))
    assert row(page, "Doses on the marks", 1)[1] == "50 mcg"
    assert row(page, "Doses on the marks", 1)[5] == "50 mcg"
    told = plan(page).partition("Every way")[0]  # a syringe that cannot measure the dose does read as 0 mL
    assert "1.5 mg" in told
    assert not re.search(r"(?<![\d.])0 (mg|mL|mcg|tablets?)\b", told)
    assert not re.search(r"(?<!\d)\.\d|\d\.\d*0(?!\d)", told)


def test_a_dose_that_is_not_low_is_refused_in_words_and_stays(linh: Visitor) -> None:
    page = linh.send("/planner", course(("50", 30)))
    assert page.status == 422
    assert "50 mg a day" in plan(page)
    assert "Check the decimal point" in words(page.with_id("line"))
    assert page.value("steps.0.dose") == "50"


def test_a_way_that_cannot_be_is_refused_and_the_one_that_the_pharmacy_would_choose_is_told(linh: Visitor) -> None:
    """G02 at 5 mg/mL: 0.9 mL on a syringe by 0.2 mL is 11 % off."""
    page = opened(linh, course(("4.5", 30), formula="L2", device="syringe-5-by-0.2"))
    assert page.status == 422
    assert re.search(r"Left to the pharmacy, it would be .+ by .+; 30 days; 135 mg; 1 container; .+ every dose exact", plan(page))
    assert "Left to the pharmacy" not in plan(opened(linh, course(("50", 30), formula="L2", device="syringe-5-by-0.2")))


def test_absurd_input_is_told_at_its_field_and_stays(linh: Visitor) -> None:
    fields = course(("4,5", 999), ("9" * 400, 14), lead_days="99", overfill="much", starts_on__day="30", starts_on__month="2", starts_on__year="2026")
    page = linh.send("/planner", fields)
    assert page.status == 422
    wrong = ("steps.0.dose", "steps.0.days", "steps.1.dose", "lead_days", "overfill", "starts_on")
    assert all(page.message(name) for name in wrong)
    assert words(page.with_id("summary")).startswith("! Check these 6 fields Step 1, dose:")
    assert all(page.value(name) == fields[name] for name in ("steps.0.dose", "steps.1.dose", "lead_days", "overfill", "starts_on.day"))


def test_what_is_still_empty_is_no_error_while_one_types(linh: Visitor) -> None:
    begun: Fields = {"form": "oral_liquid", "steps.0.dose": "4.", "steps.0.unit": "mg", "steps.0.days": ""}
    page = typing(linh, begun)
    assert page.status == 200
    assert page.message("steps.0.dose")
    assert not page.message("steps.0.days")
    assert "Step 1, days:" in plan(page)
    assert linh.send("/planner", begun).message("steps.0.days")


def test_rows_are_added_copied_removed_and_filled_and_nothing_else_is_lost(linh: Visitor) -> None:
    page = linh.send("/planner", {**TITRATION, "rows": "add"})
    assert page.status == 200
    assert len(page.named("steps.3.dose")) == 1
    assert "94.5 mL" in plan(page)  # an empty row is no step yet
    assert not page.message("steps.3.dose")
    page = linh.send("/planner", {**TITRATION, "rows": "copy.2"})
    assert (page.value("steps.3.dose"), page.value("formula")) == ("4.5", "L1")
    page = linh.send("/planner", {**TITRATION, "rows": "remove.0"})
    assert (page.value("steps.0.dose"), page.named("steps.2.dose")) == ("3", [])
    page = linh.send("/planner", {**TITRATION, "rows": "fill.quarters"})
    assert (page.value("steps.17.dose"), page.value("device")) == ("4.5", "syringe-5-by-0.1")


def test_the_address_opens_the_same_course_and_carries_nothing_else(linh: Visitor) -> None:
    page = linh.send("/planner", {**TITRATION, "lead_days": "2", "overfill": " ", "starts_on.day": "5", "starts_on.month": "4", "starts_on.year": "2026"})
    there = address(page)
    names = {name for name, _ in parse_qsl(urlsplit(there).query)}
    assert {"csrf_token", "overfill", "rows"}.isdisjoint(names)
    assert plan(linh.read(there)) == plan(page)


def test_a_course_too_long_for_an_address_is_still_told(linh: Visitor) -> None:
    fields = course(*[("1.5", 6)] * 60)
    fields |= {name: ALL_DAY for name in fields if name.endswith("when[]")}
    page = linh.send("/planner", fields)
    assert page.status == 200
    assert "too long for an address" in plan(page)


def test_the_page_and_the_api_ask_for_the_same(linh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Inquiry] = []
    real = planner.sketch
    monkeypatch.setattr(planner, "sketch", lambda look, inquiry: asked.append(inquiry) or real(look, inquiry))
    opened(linh, course(("50", 3), form="capsule", unit="mcg", overage="2", strength__value="0.05", method="weighed powder", starts_on__day="9",
                        starts_on__month="3", starts_on__year="2026", lead_days="1"))  # fmt: skip
    opened(linh, {**TITRATION, "overfill": "2", "storage": "room temperature", "container": "bottle-60-ml"})
    step = {"dose": "50", "unit": "mcg", "when": ["bedtime"], "days": 3}
    capsules = {"form": "capsule", "steps": [step], "strength": {"value": "0.05", "unit": "mg"}, "overage": 2, "method": "weighed powder",
                "starts_on": "2026-03-09", "lead_days": 1}  # fmt: skip
    steps = [{"dose": dose, "unit": "mg", "when": ["bedtime"], "days": 14} for dose in ("1.5", "3", "4.5")]
    liquid = {"form": "oral_liquid", "steps": steps, "formula": "L1", "device": "syringe-5-by-0.1", "overfill": "2", "storage": "room temperature",
              "container": "bottle-60-ml"}  # fmt: skip
    assert [asked[0], asked[-1]] == [read(INQUIRY, capsules), read(INQUIRY, liquid)]


def test_nothing_is_kept_and_no_form_without_its_token_is_taken(linh: Visitor, app: Flask) -> None:
    def kept() -> list[str]:
        with sqlite3.connect(str(app.extensions["pharmacy"].engine.url.database)) as connection:
            return list(connection.iterdump())

    before = kept()
    assert linh.send("/planner", TITRATION).status == 200
    assert opened(linh, TITRATION).status == 200
    assert linh.client.post("/planner", data=TITRATION).status_code == 400
    assert kept() == before


def test_pages_stay_small_and_what_one_chose_for_another_form_is_not_dropped(linh: Visitor) -> None:
    assert len(opened(linh, TITRATION).html) < 100_000
    assert len(opened(linh, ready("quarters", "oral_drops")).html) < 130_000  # eighteen rows and ten containers, each number with its reason
    page = linh.send("/planner", course(("4.5", 30), form="capsule", formula="L1", device="syringe-5-by-0.1"))
    assert (page.value("formula"), page.value("device")) == ("L1", "syringe-5-by-0.1")
    assert "goes with that device" in plan(page)


def test_text_that_would_be_markup_is_only_text(linh: Visitor) -> None:
    page = linh.send("/planner", {**TITRATION, "steps.0.dose": '"><script>alert(1)</script>', "formula": "<b>"})
    assert "<script>alert" not in page.html
    assert unescape(page.value("steps.0.dose")) == '"><script>alert(1)</script>'
