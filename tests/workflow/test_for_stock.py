"""Made for stock: a batch without a fill becomes a lot at its real cost, and a fill is served from it only where it fits and its date covers."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.batches import ShareRow
from compounding.db.inventory import LotRow, MovementRow, ProductRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.cost import CostKind
from compounding.domain.errors import Conflict, Invalid, PharmacyError, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Storage
from compounding.domain.money import Money
from compounding.domain.prescription import Form
from compounding.domain.stocking import StockRequest
from compounding.workflow import demand, inventory, quarantine, stocking
from compounding.workflow.proof import Disagreement
from tests.workflow.bench import ANSWER, Bench
from tests.workflow.making import serve, shelf, stocked
from tests.workflow.orders import IN_CAPSULES, IN_L1, capsules, order

only_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
VIALS = StockRequest("C4.5", "vial-120-capsules", containers=3, each=Fraction(30))
BOTTLES = StockRequest("L1", "bottle-120-ml", containers=2, each=Fraction(110))


def lot_of(bench: Bench, batch: UUID) -> LotRow:
    with reading(bench.pharmacy.engine) as session:
        return session.scalars(select(LotRow).where(LotRow.batch_id == batch)).one()


def went_in(bench: Bench, batch: UUID) -> int:
    """What everything that left a lot for the batch had cost, in millionths."""
    with reading(bench.pharmacy.engine) as session:
        rows = session.execute(select(MovementRow.amount, LotRow).join(LotRow, MovementRow.lot_id == LotRow.id).where(MovementRow.batch_id == batch)).all()
    return sum(Money.of(Fraction(-amount * lot.invoice_micros, lot.invoice_quantity * 1_000_000)).micros for amount, lot in rows)


def test_three_vials_become_a_lot_of_three_at_what_went_in_and_a_fill_is_served_from_it(bench: Bench) -> None:
    batch = stocked(bench, VIALS)
    lot, shown = lot_of(bench, batch), bench.batch(batch)
    first, second = (bench.planned(capsules(name), IN_CAPSULES)[0] for name in ("Ann Sample", "Bea Sample"))

    assert (lot.lot_number, lot.expires_on, lot.status, lot.balance, shown.lot_id) == (shown.number, shown.beyond_use, "available", 3, lot.id)
    assert abs(lot.invoice_micros - went_in(bench, batch) - Money.of(15).micros) <= 5  # 25 minutes of labour; each part is rounded once
    assert [(item.batch_number, item.left, item.until, item.reason) for item in shelf(bench, first)] == [(shown.number, 3, shown.beyond_use, "")]

    assert serve(bench, first, lot.id) == batch
    assert (bench.fill(first).status, bench.fill(first).batch_number, lot_of(bench, batch).balance) == (FillStatus.MADE, shown.number, 2)
    serve(bench, second, lot.id)
    for fill in (first, second):
        bench.label(fill)
        value = bench.compose(fill).value
        assert (value.batch, value.quantity, value.beyond_use) == (shown.number, "30 capsules", "Discard after Aug 28, 2026")
        bench.check(fill)
        bench.hand_over(fill)
    _costs_are_dealt_out(bench, lot.invoice_micros)


def _costs_are_dealt_out(bench: Bench, whole: int) -> None:
    """Two of three containers were handed over: what they cost and a third of each part on the shelf are what the batch cost."""
    fills = bench.month("2026-03").fills
    own = Money.of("10.05").micros  # a label and the overhead of each fill
    handed = [sum(part.amount.micros for part in fill.parts) - own for fill in fills]

    assert len(fills) == 2
    assert all(abs(3 * cost - whole) <= 3 * len(CostKind) for cost in handed)


@only_sqlite
def test_a_bottle_that_holds_more_says_what_it_holds_and_one_that_holds_less_is_refused(bench: Bench) -> None:
    lot = lot_of(bench, stocked(bench, BOTTLES))
    (small,) = bench.planned(order(("4.5", 23), form=Form.ORAL_LIQUID, name="Ann Sample"), IN_L1)
    (large,) = bench.planned(order(("4.5", 26), form=Form.ORAL_LIQUID, name="Bea Sample"), IN_L1)

    with pytest.raises(Conflict, match="holds 110 mL; this fill needs 117 mL"):
        serve(bench, large, lot.id)
    assert bench.fill(large).status is FillStatus.DUE
    serve(bench, small, lot.id)
    assert bench.compose(small).value.quantity == "110 mL"
    bench.label(small)
    weeks = bench.pharmacy.look(LookName.DAY, bench.linh, demand.coming)
    assert [item.supply.in_stock for item in weeks.proposals] == [110]  # the one bottle that is left, in mL


@only_sqlite
def test_a_date_that_does_not_cover_the_days_supply_is_refused_by_name(bench: Bench) -> None:
    lot = lot_of(bench, stocked(bench, BOTTLES))
    bench.clock.pass_days(14)
    (fill,) = bench.planned(order(("4.5", 23), form=Form.ORAL_LIQUID), replace(IN_L1, starts_on=bench.today))

    with pytest.raises(Unsafe, match="beyond-use date is 5 April 2026, before the last dose on 7 April 2026"):
        serve(bench, fill, lot.id)
    assert "does not cover the days' supply" in shelf(bench, fill)[0].reason
    assert (bench.fill(fill).status, lot_of(bench, lot.batch_id).balance) == (FillStatus.DUE, 2)


@only_sqlite
def test_the_last_container_goes_to_one_fill_and_what_was_rejected_to_none(bench: Bench) -> None:
    batch = stocked(bench, replace(VIALS, containers=1))
    lot = lot_of(bench, batch)
    first, second = (bench.planned(capsules(name), IN_CAPSULES)[0] for name in ("Ann Sample", "Bea Sample"))
    serve(bench, first, lot.id)

    with pytest.raises(Conflict, match="no container to give"):
        serve(bench, second, lot.id)
    with reading(bench.pharmacy.engine) as session:
        assert [(row.fill_id, row.place, row.amount) for row in session.scalars(select(ShareRow))] == [(first, 0, 30)]


@only_sqlite
def test_an_allergy_to_what_is_in_the_container_asks_for_a_reason(bench: Bench) -> None:
    """The plan of a later day knows no lot yet: what is in the container is asked when it is served."""
    lot = lot_of(bench, stocked(bench, VIALS))
    sensitive = capsules("Ann Sample")
    later = replace(IN_CAPSULES, starts_on=bench.today + timedelta(days=3))
    (fill,) = bench.planned(replace(sensitive, patient=replace(sensitive.patient, allergies=("gelatin",))), later)

    assert [finding.rule for item in shelf(bench, fill) for finding in item.findings] == ["R4"]
    with pytest.raises(Invalid, match="not answered"):
        serve(bench, fill, lot.id)
    assert lot_of(bench, lot.batch_id).balance == 3
    serve(bench, fill, lot.id, r4=ANSWER)
    assert bench.fill(fill).status is FillStatus.MADE


@only_sqlite
def test_a_volume_of_stock_solution_is_a_lot_in_nanolitres_that_is_never_handed_over_or_received(bench: Bench) -> None:
    batch = stocked(bench, StockRequest("L2", "bottle-120-ml", Storage.ROOM, volume=Fraction(200)))
    lot = lot_of(bench, batch)
    with reading(bench.pharmacy.engine) as session:
        product = session.get_one(ProductRow, lot.product_id)
    (fill,) = bench.planned(order(("4.5", 23), form=Form.ORAL_LIQUID), IN_L1)

    assert (product.code, product.kind, product.unit, lot.balance) == ("formula-L2-v1", "made", "nL", 200_000_000)
    assert bench.batch(batch).stock.count == 2
    assert shelf(bench, fill) == ()
    receivable = bench.pharmacy.look(LookName.STOCK, bench.linh, inventory.products)
    assert product.code not in {item.code for item in receivable}


@only_sqlite
def test_less_yield_is_fewer_containers_and_not_even_one_is_refused(bench: Bench) -> None:
    batch = bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act: stocking.draw_up(act, BOTTLES))
    bench.count(batch)
    bench.weigh_all(batch)
    whole = bench.finished(batch)
    with pytest.raises(Unsafe, match="not even one container"):
        bench.compound(batch, replace(whole, made=Fraction(100), deviations="spilled half of it"))
    bench.compound(batch, replace(whole, made=Fraction(219), deviations="a little was spilled"))
    bench.release(batch)

    assert lot_of(bench, batch).balance == 1


@only_sqlite
@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (replace(VIALS, containers=None), "containers"),
        (replace(VIALS, each=Fraction(121)), "each"),
        (replace(VIALS, each=Fraction(5, 2)), "each"),
        (replace(VIALS, container="bottle-60-ml"), "container"),
        (replace(VIALS, volume=Fraction(10)), "volume"),
        (replace(BOTTLES, volume=Fraction(10)), "volume"),
        (replace(VIALS, formula="X"), "formula"),
    ],
)
def test_what_cannot_be_made_names_the_field(bench: Bench, request_: StockRequest, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act: stocking.draw_up(act, request_))
    assert list(caught.value.fields) == [field]


@only_sqlite
def test_more_than_a_batch_may_be_and_what_is_made_in_its_bottle_are_refused(bench: Bench) -> None:
    for request_, words in (
        (replace(VIALS, containers=11), "more than one batch may be"),
        (StockRequest("L5", "bottle-10-ml", containers=2), "never for stock"),
    ):
        with pytest.raises(PharmacyError, match=words):
            bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act, wanted=request_: stocking.draw_up(act, wanted))


@only_sqlite
def test_a_difference_between_the_two_counts_keeps_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = stocking.stock_amounts
    monkeypatch.setattr(stocking, "stock_amounts", lambda stock, *given: real(replace(stock, overage=1), *given))  # 91 capsules, and all else by that
    with pytest.raises(Disagreement, match="Capsules made"):
        bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act: stocking.draw_up(act, VIALS))


@only_sqlite
def test_what_was_quarantined_serves_nobody_and_what_was_rejected_has_left_the_shelf(bench: Bench) -> None:
    batch = stocked(bench, VIALS)
    lot = lot_of(bench, batch)
    first, second = (bench.planned(capsules(name), IN_CAPSULES)[0] for name in ("Ann Sample", "Bea Sample"))
    serve(bench, first, lot.id)
    bench.pharmacy.perform(ActName.BATCH_QUARANTINE, bench.linh, lambda act: quarantine.quarantine(act, batch, "a cracked vial"))

    assert shelf(bench, second) == ()
    with pytest.raises(Conflict, match="no container to give"):
        serve(bench, second, lot.id)
    with pytest.raises(Conflict, match="Lift its quarantine first"):
        bench.pharmacy.perform(ActName.LOT_RELEASE, bench.james, lambda act: inventory.release(act, lot.id))
    bench.reject(batch)
    assert (lot_of(bench, batch).status, bench.fill(first).status) == ("withdrawn", FillStatus.DUE)
