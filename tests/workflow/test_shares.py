"""A batch and the fills that have a share in it: kept by the database, and moved from the days when a batch named its one fill."""

from uuid import UUID

import pytest
from sqlalchemy import Delete, Update, delete, select, text, update
from sqlalchemy.exc import IntegrityError

from compounding.db import migrate
from compounding.db.batches import BatchRow, ShareRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict
from compounding.domain.prescription import Form
from compounding.workflow.act import Act
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, IN_L1, IN_L5, capsules, order, titration

only_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def shares(bench: Bench) -> set[tuple[UUID, UUID, int, str]]:
    with reading(bench.pharmacy.engine) as session:
        return {(row.batch_id, row.fill_id, row.amount, row.status) for row in session.scalars(select(ShareRow))}


@only_sqlite
def test_a_worksheet_gives_its_fill_a_share_in_nanolitres_or_capsules(bench: Bench) -> None:
    liquid, boxed = bench.planned(titration(), IN_L1)[0], bench.planned(capsules("Bea Sample"), IN_CAPSULES)[0]
    bottle, vial = bench.draw_up(liquid), bench.draw_up(boxed)

    assert shares(bench) == {(bottle, liquid, 94_500_000, "live"), (vial, boxed, 30, "live")}


@only_sqlite
def test_what_was_rejected_leaves_a_void_share_and_the_fill_is_made_again(bench: Bench) -> None:
    fill = bench.planned(titration(), IN_L1)[0]
    first = bench.counted(fill)
    bench.reject(first)
    second = bench.draw_up(fill)

    assert {(batch, status) for batch, _, _, status in shares(bench)} == {(first, "void"), (second, "live")}
    assert bench.fill(fill).batch_id == second


def test_the_database_keeps_a_fill_from_two_live_shares(bench: Bench) -> None:
    fill = bench.planned(titration(), IN_L1)[0]
    batch = bench.draw_up(fill)

    def again(act: Act) -> None:
        old = act.session.get_one(BatchRow, batch)
        new = BatchRow(number=old.number + 1, formula_id=old.formula_id, status="planned", document=old.document, sha256=old.sha256, planned_at=act.at)
        act.session.add_all([new, ShareRow(batch_id=new.id, fill_id=fill, amount=1, status="live")])

    with pytest.raises(Conflict, match="just recorded"):
        bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, again)
    assert len(shares(bench)) == 1


@pytest.mark.parametrize(
    "statement", [update(ShareRow).values(amount=ShareRow.amount + 1), update(ShareRow).values(batch_id=ShareRow.fill_id), delete(ShareRow)]
)
def test_a_share_is_written_once_and_never_grows(bench: Bench, statement: Update | Delete) -> None:
    bench.draw_up(bench.planned(titration(), IN_L1)[0])
    with pytest.raises(IntegrityError), bench.pharmacy.engine.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(statement)


@pytest.mark.campaign
def test_batches_of_before_keep_their_fill_their_amount_and_all_that_hangs_on_them(bench: Bench) -> None:
    engine = bench.pharmacy.engine
    rejected = bench.counted(fill := bench.planned(titration(), IN_L1)[0])
    bench.reject(rejected)
    handed = bench.handed_over(fill)
    vial = bench.made(bench.planned(capsules("Bea Sample"), IN_CAPSULES)[0])
    bench.draw_up(bench.planned(order(("0.5", 7), form=Form.ORAL_DROPS, name="Cal Sample"), IN_L5)[0])
    before = shares(bench)
    with engine.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(text("UPDATE person SET role = 'technician' WHERE role = 'auditor'"))  # whom the older versions do not know
    try:
        migrate.downgrade(engine, "0017")
        with engine.connect() as connection:
            named = connection.execute(text("SELECT count(*) FROM batch JOIN fill ON fill.id = batch.fill_id")).scalar_one()
    finally:
        migrate.upgrade(engine)

    assert (len(before), named) == (4, 4)
    assert shares(bench) == before
    assert bench.batch(handed).weights_witnessed
    assert bench.batch(vial).preparation.amounts.dispensed == 30
    _still_guarded(bench, handed)


def _still_guarded(bench: Bench, batch_id: UUID) -> None:
    """The rows of other tables still name those of the new one, and the triggers are there again."""
    for statement in (update(BatchRow).where(BatchRow.id == batch_id).values(sha256="0" * 64), delete(BatchRow)):
        with pytest.raises(IntegrityError), bench.pharmacy.engine.execution_options(compounding_migrates=True).begin() as connection:
            connection.execute(statement)
