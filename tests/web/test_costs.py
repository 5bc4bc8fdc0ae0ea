"""The month's cost: everything that is shown in a column adds up, and stands beside the article's month."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from compounding.domain.cost import CostKind, CostPart
from compounding.domain.money import Money, total
from compounding.domain.prescription import Form
from compounding.web.month import Shown, shown
from compounding.workflow import batch_lists
from compounding.workflow.costs import FillCost, MonthCost, PatientCost
from tests.web.conftest import Visitor
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
SVG = "{http://www.w3.org/2000/svg}"
BORN, HANDED = date(1970, 5, 5), date(2026, 3, 2)


def fill_the_month(shop: Demonstration) -> None:
    shop.bring(order("Ann Sample"))
    shop.bring(order(LONG, doses=(("1.5", 14), ("3", 14), ("4.5", 14)), form=Form.ORAL_LIQUID), LIQUID)
    shop.bring(order("Short Course", doses=(("4.5", 7),)))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("costs") / "template.db", fill_the_month)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def table(page: Page, caption: str) -> list[list[str]]:
    """The cells of a table's rows, without its head and its rows of reasons."""
    found = next(element for element in page.root.iter("table") if words(element.find("caption")) == caption)
    return [[words(cell) for cell in row] for row in found.iter("tr") if row.get("class") != "reasons"][1:]


@on_sqlite
def test_the_first_page_of_costs_is_the_newest_month(linh: Visitor) -> None:
    assert linh.read("/costs").headers["Location"] == "/costs/2026-03"


@on_sqlite
def test_parts_patients_and_fills_add_up_to_the_total_that_is_shown(linh: Visitor) -> None:
    page = linh.read("/costs/2026-03")
    parts, patients, fills = (table(page, caption) for caption in ("Cost by part", "Cost by patient", "Cost by fill and batch, in $"))
    whole = Decimal(parts[-1][1])
    waste = table(page, "Waste by cause")

    assert sum(Decimal(row[1]) for row in parts[:-1]) == whole == Decimal(patients[-1][2])
    assert sum(Decimal(row[2]) for row in patients[:-1]) == whole
    assert sum(Decimal(row[4]) for row in patients[:-1]) == Decimal(patients[-1][4]) == Decimal(patients[-1][3]) - whole
    assert sum(Decimal(row[11]) for row in fills) == whole
    assert [sum(map(Decimal, row[5:11])) for row in fills] == [Decimal(row[11]) for row in fills]
    assert len(fills) == 3
    assert sum(Decimal(row[2]) for row in waste[:-1]) == Decimal(waste[-1][2])


@on_sqlite
def test_a_patient_stands_with_birth_date_fills_days_and_what_thirty_days_come_to(linh: Visitor) -> None:
    patients = table(linh.read("/costs/2026-03"), "Cost by patient")

    assert patients[0][0] == "1. Short Course born 5 May 1970"
    assert patients[0][6] == "▲ above"  # a week's fill has a whole month's labour
    assert patients[1] == ["2. Ann Sample born 5 May 1970", "30", "28.94", "32.89", "3.95", "28.94", "✓ within"]
    assert patients[2][0] == f"3. {LONG} born 5 May 1970"
    assert patients[2][1] == "35"


@on_sqlite
def test_each_fill_says_why_it_costs_what_it_costs(linh: Visitor) -> None:
    page = linh.read("/costs/2026-03")

    assert "25 standard minutes at 36.00 an hour" in page.text
    assert "3 tablets: 3 of lot SUN2201 at 0.70; the share that is taken" in page.text
    assert any(link.get("href", "").startswith("/prescriptions/") and words(link) == "100001" for link in page.root.iter("a"))


@on_sqlite
def test_the_pictures_have_a_title_words_and_the_line_of_the_article(linh: Visitor) -> None:
    page = linh.read("/costs/2026-03")
    pictures = list(page.root.iter(f"{SVG}svg"))

    assert [words(picture.find(f"{SVG}title")) for picture in pictures] == [
        "Cost of March 2026 by part, $",
        "Waste of March 2026 by cause, $",
        "Cost and price of twelve months",
        "What 30 days cost each patient, $",
    ]
    assert "1 of the 3 patients cost more than the article's 40.00 in 30 days." in words(pictures[3].find(f"{SVG}desc"))
    assert [len(list(picture.iter(f"{SVG}line"))) for picture in pictures] == [0, 0, 1, 3]
    assert len([bar for bar in pictures[3].iter(f"{SVG}rect") if bar.get("class") == "bar-over"]) == 1
    assert "style=" not in page.html


@on_sqlite
def test_a_month_without_hand_overs_says_so_and_links_to_those_that_have_some(linh: Visitor) -> None:
    page = linh.read("/costs/2026-02")

    assert "Nothing was handed over in February 2026." in page.text
    assert "March 2026" in page.text


@on_sqlite
@pytest.mark.parametrize("address", ["/costs/2026-13", "/costs/2026-3", "/costs/nothing", "/costs/%D9%A2026-03", "/costs/2026-03%00"])
def test_what_is_no_month_is_not_found(linh: Visitor, address: str) -> None:
    assert linh.read(address).status == 404


@on_sqlite
@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "99999999999", "٢"])
def test_a_page_that_is_not_there_is_the_nearest_one(linh: Visitor, page: str) -> None:
    assert "Ann Sample" in Page.of(linh.client.get("/costs/2026-03", query_string={"page": page})).text


def fill_of(patient: int, amounts: list[int]) -> FillCost:
    parts = tuple(CostPart(kind, Money(micros), "because") for kind, micros in zip(CostKind, amounts, strict=True))
    return FillCost(
        fill_id=UUID(int=1), prescription_id=UUID(int=2), prescription_number="100001", patient_id=UUID(int=patient), patient=f"P{patient}", birth_date=BORN,
        batch_number="1", batch_id=UUID(int=3), handed_on=HANDED, days=30, parts=parts,
    )  # fmt: skip


def month_of(patients: list[list[list[int]]], elsewhere: int, nobodys: int = 0, asked: tuple[int, int] = (0, 0)) -> MonthCost:
    """A month whose patients were asked so many cents each, those of the other pages so many together."""
    each, others = (Money(cents * 10_000) for cents in asked)
    fills = [fill_of(number, amounts) for number, of in enumerate(patients) for amounts in of]
    lines = tuple(
        PatientCost(UUID(int=number), f"P{number}", BORN, len(of), 30 * len(of), total([fill.total for fill in fills if fill.patient_id.int == number]), each)
        for number, of in enumerate(patients)
    )
    parts = [sum(part.amount.micros for fill in fills for part in fill.parts if part.kind is kind) for kind in CostKind]
    parts[0] += elsewhere + nobodys
    by_kind = tuple((kind, Money(micros)) for kind, micros in zip(CostKind, parts, strict=True))
    return MonthCost(
        "2026-03", Money.of(40), by_kind, len(lines), len(fills), lines, tuple(fills), Money(elsewhere), 1, 1,
        nobodys=Money(nobodys), charged=total([others, *(line.charged for line in lines)]), elsewhere_charged=others,
    )  # fmt: skip


AMOUNTS = st.lists(st.integers(0, 60_000_000), min_size=len(CostKind), max_size=len(CostKind))


PATIENTS = st.lists(st.lists(AMOUNTS, min_size=1, max_size=3), min_size=1, max_size=4)
OTHERS = st.integers(0, 500_000_000)


@given(PATIENTS, OTHERS, OTHERS, st.tuples(st.integers(-5_000, 20_000), st.integers(0, 200_000)))
def test_the_margins_of_the_patients_add_up_to_that_of_the_month(patients: list[list[list[int]]], elsewhere: int, nobodys: int, asked: tuple[int, int]) -> None:
    cost = month_of(patients, elsewhere, nobodys, asked)
    page: Shown = shown(cost)

    assert total([item.margin for item in cost.patients]) + cost.elsewhere_charged - cost.elsewhere - cost.nobodys == cost.margin
    column = [*(line.margin for line in page.patients), page.elsewhere[2], page.nobodys[1]]
    assert sum(map(Decimal, column)) == Decimal(page.margin) == Decimal(cost.charged.display()) - Decimal(page.total)
    assert [Decimal(line.charged) - Decimal(line.shown) for line in page.patients] == [Decimal(line.margin) for line in page.patients]
    assert all(abs(Decimal(line.margin) - Decimal(line.patient.margin.micros) / 1_000_000) < Decimal("0.01") for line in page.patients)


@given(PATIENTS, OTHERS)
def test_whatever_the_amounts_every_column_adds_up_and_nothing_is_a_cent_off(patients: list[list[list[int]]], elsewhere: int) -> None:
    cost = month_of(patients, elsewhere)
    page: Shown = shown(cost)
    whole = Decimal(page.total)

    assert page.total == cost.total.display()
    assert sum(Decimal(amount) for _, amount, _ in page.parts) == whole
    assert sum(Decimal(line.shown) for line in page.patients) + Decimal(page.elsewhere[0]) == whole
    for line in page.patients:
        assert sum(Decimal(fill.shown) for fill in line.fills) == Decimal(line.shown)
        for fill in line.fills:
            assert sum(map(Decimal, fill.kinds)) == Decimal(fill.shown)
            exact = [Decimal(part.amount.micros) / 1_000_000 for part in fill.fill.parts]
            assert all(abs(Decimal(text) - amount) < Decimal("0.01") for text, amount in zip(fill.kinds, exact, strict=True))


def test_a_correction_of_a_part_is_summed_with_it() -> None:
    fill = fill_of(0, [1_000_000] * 6)
    corrected = replace(fill, parts=(*fill.parts, CostPart(CostKind.TABLETS, Money(-250_000), "one tablet less")))
    cost = replace(
        month_of([[[1_000_000] * 6]], 0),
        fills=(corrected,),
        parts=((CostKind.TABLETS, Money(750_000)), *((kind, Money(1_000_000)) for kind in list(CostKind)[1:])),
        patients=(PatientCost(UUID(int=0), "P0", BORN, 1, 30, Money(5_750_000)),),
    )
    line = shown(cost).patients[0].fills[0]

    assert line.kinds == ("0.75", "1.00", "1.00", "1.00", "1.00", "1.00")
    assert line.shown == "5.75"
    assert len(line.reasons) == 7


@on_sqlite
def test_the_files_of_a_month_hold_what_the_page_shows(linh: Visitor) -> None:
    page = linh.read("/costs/2026-03")
    whole = table(page, "Cost by part")[-1][1]
    book = load_workbook(BytesIO(linh.client.get("/costs/2026-03.xlsx").get_data()))
    text = linh.client.get("/costs/2026-03/patients.csv").get_data().decode("utf-8-sig")
    pdf = PdfDocument(linh.client.get("/costs/2026-03.pdf").get_data())
    printed = "".join(sheet.get_textpage().get_text_range() for sheet in pdf)

    assert f"{book['Cost by part'].cell(book['Cost by part'].max_row, 2).value:.2f}" == whole
    assert [sheet.max_row > 1 for sheet in book.worksheets][:7] == [True] * 7
    assert text.splitlines()[0].startswith("Patient,Born,Fills,Days")
    assert len(text.splitlines()) == 5
    assert whole in printed
    assert f"Total {whole} {' '.join(table(page, 'Cost by patient')[-1][3:5])}" in " ".join(printed.split())
    margins = [Decimal(line.split(",")[6]) for line in text.splitlines()[1:]]
    assert sum(margins[:-1]) == margins[-1]
    assert f"{margins[-1]:.2f}" == table(page, "Cost by patient")[-1][4]
    assert LONG[:20] in printed
    assert "1001" in printed
    assert linh.read("/costs/2026-03/secrets.csv").status == 404


@on_sqlite
def test_the_batches_of_a_month_stand_with_their_yield_and_cost(linh: Visitor) -> None:
    rows = table(linh.read("/costs/2026-03/batches"), "Batches by number")
    assert [row[0] for row in rows] == ["1001", "1002", "1003"]
    assert {row[7] for row in rows} == {"100.0"}


@on_sqlite
def test_every_batch_is_on_one_page_of_the_list_of_batches(linh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_lists, "_PAGE", 2)
    first, last, after, mistyped = (linh.read(f"/batches?page={page}") for page in ("1", "2", "9", "x"))
    caption = "All batches, the newest first"
    assert [row[0] for row in table(first, caption)] == ["1003", "1002"]
    assert [row[0] for row in table(last, caption)] == ["1001"]
    assert (table(after, caption), table(mistyped, caption)) == (table(last, caption), table(first, caption))
    assert "Page 2 of 2" in last.text
