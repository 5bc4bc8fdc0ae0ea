"""Stock: what stands on the shelf in a person's units, what may be done to a lot and by whom, and the ledger that tells it all."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from compounding.db.inventory import MovementRow
from compounding.domain.authority import ActName
from compounding.domain.money import Money
from compounding.domain.people import Actor
from compounding.workflow import inventory
from compounding.workflow.inventory import Receipt
from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LONG = "LOT-WITH-FORTY-LETTERS-ABCDEFGHIJKLMNOPQ"


def fill_the_shelf(shop: Demonstration) -> None:
    shop.bring(order())
    waiting = Receipt("tablet-sun-100", LONG, date(2027, 5, 31), 1000, Money.of("712.33"))
    shop.pharmacy.perform(ActName.LOT_RECEIVE, shop.linh, lambda act: inventory.receive(act, waiting))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("stock") / "template.db", fill_the_shelf)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    """A technician."""
    return shop.visit(app, "linh")


@pytest.fixture
def james(app: Flask, shop: Shop) -> Visitor:
    """A pharmacist."""
    return shop.visit(app, "james")


def row(page: Page, lot_number: str) -> list[str]:
    """The cells of a lot's row."""
    return next([words(cell) for cell in found] for found in page.root.iter("tr") if any(words(link) == lot_number for link in found.iter("a")))


def left(page: Page) -> list[int]:
    """What was left after each movement of a ledger."""
    return [int(words(list(found.iter("td"))[5])) for found in page.root.iter("tr") if found.find("td") is not None]


def address(visitor: Visitor, lot_number: str) -> str:
    return next(link.get("href", "") for link in visitor.read("/stock").root.iter("a") if words(link) == lot_number)


@pytest.mark.parametrize(
    ("lot_number", "cells"),
    [
        (
            "SUN2201",
            [
                "Naltrexone HCl 50 mg tablet Sun Pharmaceutical",
                "SUN2201",
                "6 April 2027",
                "✓ available",
                "97",
                "tablets",
                "0.70",
                "250 mg a tablet , 240 mg packs size 3",
            ],
        ),
        ("GL-552", ["Glycerol demonstration", "GL-552", "15 July 2027", "✓ available", "4000", "mL", "0.0130", ""]),
        ("SB-031", ["Sodium benzoate demonstration", "SB-031", "23 October 2027", "✓ available", "500", "g", "0.0360", ""]),
        ("V120", ["amber vial for 120 capsules demonstration", "V120", "10 April 2030", "✓ available", "199", "pieces", "0.35", ""]),
        (LONG, ["Naltrexone HCl 50 mg tablet Sun Pharmaceutical", LONG, "31 May 2027", "▲ quarantined", "1000", "tablets", "0.7123", ""]),
    ],
)
def test_a_lot_is_told_in_the_units_of_a_person(linh: Visitor, lot_number: str, cells: list[str]) -> None:
    assert row(linh.read("/stock"), lot_number) == cells


def test_the_earliest_expiry_stands_first_and_expired_lots_stand_apart(linh: Visitor, clock: Clock) -> None:
    clock.pass_days(201)  # purified water is good for 200
    page = linh.read("/stock")

    assert row(page, "PW-904")[3] == "■ expired"
    assert page.text.index("PW-904") > page.text.index("Not to be used")
    assert page.text.index("NS-417") < page.text.index("SUN2201") < page.text.index("V120")


TABLETS = "251.2\n249.8\n250.4\n252.0\n248.6\n250.0\n249.1\n251.9\n250.6\n246.4"
WEIGHED = {"weighing.weights[]": TABLETS, "weighing.balance": "balance-0.1-mg", "weighing.assay.percent": "", "weighing.assay.source": ""}
FILLED = "290.1\n287.4\n286.9\n288.0\n289.6\n285.2\n288.8\n287.7\n289.3\n287.0"
PACKED = {"pack.size": "3", "pack.shell_lot": "SH3-20", "pack.gross[]": FILLED, "pack.tare": "478.0", "pack.balance": "balance-0.1-mg"}


def test_tablets_are_weighed_one_by_one_and_the_newest_weighing_counts(linh: Visitor) -> None:
    own = address(linh, "SUN2201")
    assert "Single tablets 2 March 2026 , demonstration, balance by 0.1 mg" in linh.read(own).text
    assert linh.send(f"{own}/weighing", WEIGHED).status == 303

    page = linh.read(own)
    assert "on average 250 mg (10 of them: 2500 mg)" in page.text
    assert "Single tablets 2 March 2026 , Linh Tran, balance by 0.1 mg" in page.text
    assert "Weights 10 Mean 250 mg Standard deviation 1.68 mg Relative standard deviation 0.67 %" in page.text
    assert "the dashed lines are 225 to 275 mg" in page.text
    assert "10 246.4 -1.44 %" in page.text
    assert page.html.count("<circle") == 20  # ten tablets, and ten shells of before


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("weights[]", "250\n" * 9, "9 weights: weigh 10 to 20 tablets of the lot, one by one."),
        ("weights[]", "250\n" * 21, "21 weights"),
        ("weights[]", "", "Write the weight of each tablet"),
        ("weights[]", TABLETS.replace("252.0", "252,0"), '"252,0" cannot be read'),
        ("weights[]", TABLETS.replace("252.0", "0.0"), "Nothing was measured"),
        ("weights[]", TABLETS.replace("252.0", "25.20"), "Weight 4, 25.2 mg: a tablet that holds 50 mg weighs more than that"),
        ("weights[]", TABLETS.replace("252.0", "205.2"), "Weight 4 lies 16.35 % below the mean of 245.32 mg, more than 10 %. Weigh that one again"),
        ("weights[]", "230\n270\n" * 5, "The tablets spread by an RSD of 8.43 %, more than 5 %."),
        ("balance", "balance-of-nobody", "Choose the balance from the list."),
        ("assay.percent", "111", "An assay of 111 % is outside 90 to 110 % of the claim"),
        ("assay.source", "", "Write whose certificate"),
    ],
)
def test_a_weight_that_cannot_be_is_refused_beside_its_field(linh: Visitor, field: str, typed: str, message: str) -> None:
    own = address(linh, "SUN2201")
    told = {**WEIGHED, "weighing.assay.percent": "98.7", "weighing.assay.source": "certificate 17", f"weighing.{field}": typed}
    page = linh.send(f"{own}/weighing", told)

    assert page.status == 422
    assert message in page.message(f"weighing.{field.removesuffix('[]')}")
    assert page.value("weighing.weights[]").split() == told["weighing.weights[]"].split()
    assert page.value("weighing.assay.percent") == told["weighing.assay.percent"]
    assert "demonstration, balance by 0.1 mg" in page.text  # the old weighing still counts


def test_an_assay_stands_with_the_certificate_that_it_comes_from(linh: Visitor) -> None:
    own = address(linh, "SUN2201")
    linh.send(f"{own}/weighing", {**WEIGHED, "weighing.assay.percent": "98.7", "weighing.assay.source": "certificate 17"})

    assert "Assay 98.7 % of the claim, certificate 17" in linh.read(own).text


def test_how_a_powder_packs_is_measured_by_size_shell_by_shell(linh: Visitor) -> None:
    own = address(linh, "MCC-101")
    assert "Weigh tablets" not in linh.read(own).text
    assert linh.send(f"{own}/pack", PACKED).status == 303
    page = linh.read(own)
    assert "One shell of size 3 is packed by 240.2 mg (10 of them: 2402 mg)" in page.text
    assert "Empty shells 10 of lot SH3-20 together: 478 mg" in page.text
    assert "1 242.3 +0.87 %" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("size", "9", "Choose the size"),
        ("size", "1", "There is no lot SH3-20 of size 1 shells"),
        ("shell_lot", "SH3-99", "There is no lot SH3-99 of size 3 shells"),
        ("gross[]", "288\n" * 9, "9 weights: weigh 10 or more filled shells"),
        ("gross[]", FILLED.replace("290.1", "2901"), "Weight 1, 2901 mg, leaves 2853.2 mg of powder in a size 3 shell, which cannot be"),
        ("gross[]", FILLED.replace("290.1", "48.1"), "Weight 1, 48.1 mg, leaves 0.3 mg"),
        ("tare", "47.8", "47.8 mg are 4.78 mg for each of 10 empty shells; a size 3 shell weighs about 48 mg"),
        ("tare", "", "Weigh as many empty shells as filled ones"),
    ],
)
def test_a_pack_statistic_that_cannot_be_is_refused_beside_its_field(linh: Visitor, field: str, typed: str, message: str) -> None:
    own = address(linh, "MCC-101")
    page = linh.send(f"{own}/pack", {**PACKED, f"pack.{field}": typed})

    assert page.status == 422
    where = "shell_lot" if field == "size" and typed == "1" else field.removesuffix("[]")
    assert message in page.message(f"pack.{where}")
    assert "packed by 225 mg (10 of them: 2250 mg)" in page.text


def test_a_bottle_is_neither_weighed_nor_packed(linh: Visitor) -> None:
    own = address(linh, "B120")

    assert linh.send(f"{own}/weighing", WEIGHED).status == 409
    assert linh.send(f"{own}/pack", PACKED).status == 409


def test_a_lot_is_withdrawn_only_when_it_is_said_that_it_is_meant(linh: Visitor) -> None:
    own = address(linh, "SUN2201")
    for nothing in ({}, {"withdrawal.sure": "false"}):
        page = linh.send(f"{own}/withdrawal", nothing)
        assert page.status == 422
        assert "Make sure that this is the lot, then tick this." in page.message("withdrawal.sure")
    assert linh.send(f"{own}/withdrawal", {"withdrawal.sure": "true"}).status == 303
    page = linh.read(own)
    assert "■ withdrawn" in page.text
    assert "Withdraw the lot" not in page.text


def test_the_ledger_tells_every_movement_with_what_was_left_after_it_the_batch_and_the_person(linh: Visitor) -> None:
    page = linh.read(address(linh, "MCC-101"))
    rows = [cells for found in page.root.iter("tr") if len(cells := [words(cell) for cell in found.iter("td")]) == 6]
    amounts = [cells[4].replace("−", "-") for cells in rows]

    assert [cells[1] for cells in rows].count("received") == 1
    assert [cells[2:4] for cells in rows if cells[1] == "batch"] == [["1001", "Linh Tran"]]
    assert rows[0][0] == "2 March 2026 , 09:00"  # in Los Angeles, where it is 17:00 UTC
    assert "+1000" in amounts
    assert rows[0][5] == row(linh.read("/stock"), "MCC-101")[4]


def test_a_long_ledger_has_pages_whose_balances_follow_each_other(app: Flask, linh: Visitor, technician: Actor, clock: Clock) -> None:
    own = address(linh, "V120")
    broken = {"lot_id": UUID(own.rpartition("/")[2]), "amount": -1, "reason": "broken"}
    for _ in range(110):
        clock.moment += timedelta(minutes=1)
        app.extensions["pharmacy"].perform(ActName.LOT_RECEIVE, technician, lambda act: act.session.add(MovementRow(**broken, moved_at=act.at)))
    first, second = (left(linh.read(f"{own}?page={page}")) for page in (1, 2))

    assert (len(first), len(second)) == (100, 12)  # received, one batch, 110 broken
    assert first + second == list(range(89, 201))
    assert [left(linh.read(f"{own}?page={page}")) for page in ("99", "x", "0")] == [second, first, first]


@pytest.mark.parametrize("gone", ["/stock/00000000-0000-0000-0000-000000000001", "/stock/nothing"])
def test_a_lot_that_is_not_there_is_not_found(linh: Visitor, gone: str) -> None:
    assert linh.read(gone).status == 404


EMPTY = "48.1\n47.6\n48.3\n47.9\n48.0\n48.4\n47.7\n48.2\n47.8\n48.0"


def test_empty_shells_one_by_one_are_kept_as_measured_and_one_of_two_tares_is_taken(linh: Visitor) -> None:
    own = address(linh, "MCC-101")
    single = {name: text for name, text in PACKED.items() if name != "pack.tare"} | {"pack.empties[]": EMPTY}
    assert linh.send(f"{own}/pack", single).status in {302, 303}
    assert "together: 480 mg, one by one: 48.1 mg, 47.6 mg" in linh.read(own).text
    both = linh.send(f"{own}/pack", {**single, "pack.tare": "480.0"})
    assert "one by one or together, not both" in both.message("pack.tare")
    assert both.value("pack.empties[]").split() == EMPTY.split()
