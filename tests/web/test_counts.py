"""Counts and destructions: the book is hidden until the count is in, a large difference takes a pharmacist, and nothing is destroyed by one person."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from compounding.db.session import reading
from compounding.db.stock_counts import DestructionRow
from compounding.db.values import lots
from compounding.domain.money import Money
from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("counts") / "template.db")


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


def address(visitor: Visitor, lot_number: str) -> str:
    return next(link.get("href", "") for link in visitor.read("/stock").root.iter("a") if words(link) == lot_number)


def counted(visitor: Visitor, lot_number: str, amount: str) -> str:
    """The page of a count, a second after whatever was before."""
    visitor.client.application.extensions["pharmacy"].clock.moment += timedelta(seconds=1)
    answer = visitor.send(f"{address(visitor, lot_number)}/count", {"counted": amount})
    assert answer.status == 303, answer.text
    return answer.headers["Location"]


def adjustment(shop: Shop, who: str) -> dict[str, str]:
    return {"adjustment.reason": "nothing was found", "signature.secret": shop.passwords[who]}


def destruction(shop: Shop, who: str, seen_by: str, **told: str) -> dict[str, str]:
    signed = {"witness.username": seen_by, "witness.secret": shop.passwords[seen_by], "signature.secret": shop.passwords[who]}
    return {"amount": "30", "cause": "damaged", "reason": "water came in, waste company", **signed, **told}


def test_the_book_is_hidden_until_the_count_is_in(linh: Visitor) -> None:
    page = linh.read(f"{address(linh, 'SUN2201')}/count")
    assert "100" not in page.text

    shown = linh.read(counted(linh, "SUN2201", "99"))
    assert "Counted 99 tablets The book said 100 tablets Difference −1 tablets By Linh Tran" in shown.text
    assert "Last counted 2 March 2026 by Linh Tran: 99 tablets, not as the book said" in linh.read(address(linh, "SUN2201")).text


def test_a_count_that_agrees_changes_nothing(linh: Visitor, shop: Shop) -> None:
    own = counted(linh, "GL-552", "4000.0")
    assert "The count agrees with the book." in linh.read(own).text
    assert linh.send(f"{own}/adjustment", adjustment(shop, "linh")).status == 409


def test_a_small_difference_is_adjusted_by_whoever_signs_and_a_large_one_by_a_pharmacist(linh: Visitor, james: Visitor, shop: Shop) -> None:
    small = counted(linh, "SUN2201", "98")  # 2 % of 100
    assert linh.send(f"{small}/adjustment", adjustment(shop, "linh")).status == 303
    page = linh.read(address(linh, "SUN2201"))
    assert "adjusted to a count: nothing was found Linh Tran −2 98" in page.text
    assert "The book was adjusted to this count by Linh Tran: nothing was found" in linh.read(small).text
    assert linh.send(f"{small}/adjustment", adjustment(shop, "linh")).status in {409, 422}

    large = counted(linh, "SUN2201", "101")
    assert "A pharmacist counts again if need be" in linh.read(large).text
    pin = linh.send(f"{large}/adjustment", adjustment(shop, "linh"))
    assert pin.status == 403
    assert james.send(f"{large}/adjustment", adjustment(shop, "james")).status == 303
    assert "Left 101 tablets" in james.read(address(james, "SUN2201")).text


def test_what_moved_since_the_count_stays_moved_and_an_old_count_adjusts_nothing(linh: Visitor, james: Visitor, shop: Shop) -> None:
    first = counted(linh, "ACC7710", "89")
    taken = destruction(shop, "linh", "james", amount="10")
    assert linh.send(f"{address(linh, 'ACC7710')}/destruction", taken).status == 303
    assert linh.send(f"{first}/adjustment", {**adjustment(shop, "linh")}).status == 303
    assert "Left 79 tablets" in linh.read(address(linh, "ACC7710")).text

    old = counted(linh, "ACC7710", "78")
    counted(linh, "ACC7710", "79")
    assert "The lot was counted again since." in linh.read(old).text
    assert james.send(f"{old}/adjustment", adjustment(shop, "james")).status == 409


@pytest.mark.parametrize(
    ("typed", "message"), [("", "Write how much is there"), ("1.5", "Enter whole tablets."), ("1e3", "cannot be read"), ("-1", "cannot be read")]
)
def test_a_count_that_cannot_be_is_refused(linh: Visitor, typed: str, message: str) -> None:
    page = linh.send(f"{address(linh, 'SUN2201')}/count", {"counted": typed})
    assert (page.status, message in page.message("counted")) == (422, True)


def test_an_adjustment_takes_a_reason_and_a_signature(linh: Visitor, shop: Shop) -> None:
    own = counted(linh, "SUN2201", "99")
    assert "Write what explains it" in linh.send(f"{own}/adjustment", {**adjustment(shop, "linh"), "adjustment.reason": ""}).message("adjustment.reason")
    assert "not your password" in linh.send(f"{own}/adjustment", {**adjustment(shop, "linh"), "signature.secret": "wrong"}).message("signature.secret")
    assert "Left 100 tablets" in linh.read(address(linh, "SUN2201")).text


def test_two_people_destroy_and_what_it_cost_can_be_found(app: Flask, linh: Visitor, shop: Shop) -> None:
    own = address(linh, "SUN2201")
    assert linh.send(f"{own}/destruction", destruction(shop, "linh", "james")).status == 303
    assert "destroyed, damaged, witnessed by James Okafor: water came in, waste company Linh Tran −30 70" in linh.read(own).text

    with reading(app.extensions["pharmacy"].engine) as session:
        (row,) = session.query(DestructionRow).all()
        (lot,) = lots(session, only=[row.lot_id])
        assert (row.amount, row.cause, row.reason) == (30, "damaged", "water came in, waste company")
        assert lot.cost_of(row.amount) == Money.of(21)  # 70.00 for 100


@pytest.mark.parametrize(
    ("told", "field", "message"),
    [
        ({"witness.username": "linh"}, "witness.secret", "do not go together"),
        ({"witness.secret": "wrong"}, "witness.secret", "do not go together"),
        ({"signature.secret": "wrong"}, "signature.secret", "not your password"),
        ({"amount": "101"}, "amount", "Only 100 tablets are left of this lot"),
        ({"amount": "0"}, "amount", "Nothing was measured"),
        ({"amount": "0.5"}, "amount", "Enter whole tablets."),
        ({"cause": ""}, "cause", "Choose why it is destroyed"),
        ({"cause": "expired"}, "cause", "This lot has not expired"),
        ({"cause": "withdrawn"}, "cause", "This lot is available and not withdrawn"),
        ({"cause": "recalled"}, "cause", "This lot is available and not recalled"),
        ({"reason": ""}, "reason", "Write how it was destroyed"),
    ],
)
def test_a_destruction_that_is_not_true_or_not_seen_is_refused(linh: Visitor, shop: Shop, told: dict[str, str], field: str, message: str) -> None:
    own = address(linh, "SUN2201")
    page = linh.send(f"{own}/destruction", {**destruction(shop, "linh", "james"), **told})

    assert page.status == 422
    assert message in page.message(field)
    assert "Left 100 tablets" in linh.read(own).text


def test_nobody_witnesses_what_they_destroy_themselves(linh: Visitor, shop: Shop) -> None:
    page = linh.send(f"{address(linh, 'SUN2201')}/destruction", destruction(shop, "linh", "linh"))
    assert "The witness must be somebody else" in page.message("witness.username")


def test_expired_and_withdrawn_stock_leaves_the_book_by_its_own_cause(linh: Visitor, shop: Shop, clock: Clock) -> None:
    withdrawn, expired = address(linh, "SUN2201"), address(linh, "PW-904")
    linh.send(f"{withdrawn}/withdrawal", {"withdrawal.sure": "true"})
    assert linh.send(f"{withdrawn}/destruction", destruction(shop, "linh", "james", amount="100", cause="withdrawn")).status == 303
    clock.pass_days(201)
    back = shop.visit(linh.client.application, "linh")
    assert back.send(f"{expired}/destruction", destruction(shop, "linh", "james", amount="20000", cause="expired")).status == 303
    assert "Left 0 mL" in back.read(expired).text


@pytest.mark.parametrize("place", ["count", "destruction", "counts/00000000-0000-0000-0000-000000000001"])
def test_a_lot_or_count_that_is_not_there_is_not_found(linh: Visitor, place: str) -> None:
    assert linh.read(f"/stock/00000000-0000-0000-0000-000000000001/{place}").status == 404
    assert linh.read(f"{address(linh, 'SUN2201')}/counts/00000000-0000-0000-0000-000000000001").status == 404
