"""Hand-overs that were recorded wrongly: the record stays, the cost goes back, and the fill goes on."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from compounding.db import migrate
from compounding.db.costs import ChargeRow, CostRow
from compounding.db.dispenses import DispenseRow
from compounding.db.history import last_fill
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.people import Actor
from compounding.domain.policy import Policy
from compounding.domain.recall import Days, Kind
from compounding.domain.void import Void, Whereabouts
from compounding.workflow import demand, month_reports, months, recall_walks, setbacks, voids
from compounding.workflow.ledger import figures
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules
from tests.workflow.test_setbacks import BACK, destroy, record, seen

on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
HERE = Void(Whereabouts.HERE, "the bag of another patient was scanned")
LEFT = Void(Whereabouts.LEFT, "the courier gave it at the wrong door")


def void(bench: Bench, fill: UUID, told: Void = HERE, *, by: Actor | None = None) -> None:
    bench.pharmacy.perform(ActName.FILL_VOID, by or bench.maria, lambda act: voids.void(act, fill, told))


def handed_over(bench: Bench) -> UUID:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.handed_over(fill)
    return fill


def sums(bench: Bench, fill: UUID) -> tuple[int, int, int, int]:
    """What the ledger has of a fill: its patient's cost, what was asked for it, days and doses."""
    with reading(bench.pharmacy.engine) as session:
        costs = session.scalars(select(CostRow).where(CostRow.fill_id == fill, CostRow.patient_id.is_not(None))).all()
        asked = session.scalars(select(ChargeRow).where(ChargeRow.fill_id == fill)).all()
    return sum(row.amount_micros for row in costs), sum(row.amount_micros for row in asked), sum(row.days for row in asked), sum(row.doses for row in asked)


def test_what_never_left_is_checked_and_handed_over_again_and_counts_once(bench: Bench) -> None:
    fill = handed_over(bench)
    before, order = sums(bench, fill), bench.fill(fill).prescription_id
    void(bench, fill)
    page = bench.fill(fill)
    assert (page.status, page.handed_on, page.told, page.voided) == (FillStatus.LABELLED, None, None, 1)
    assert (bench.prescription(order).status, bench.prescription(order).fills[0].handed_over_on) == ("accepted", None)
    assert sums(bench, fill) == (0, 0, 0, 0)
    with pytest.raises(Conflict, match="No hand-over"):
        void(bench, fill)
    (kept,) = bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: voids.voids(look, fill)).found
    assert (kept.void, kept.by, kept.voided_by, kept.handed_on) == (HERE, "Maria Garcia", "Maria Garcia", bench.today)

    bench.check(fill)
    bench.hand_over(fill)
    assert sums(bench, fill) == before
    assert bench.prescription(order).status == "completed"
    assert len(bench.prescription(order).fills) == 1
    with reading(bench.pharmacy.engine) as session:
        rows = session.scalars(select(DispenseRow).where(DispenseRow.fill_id == fill).order_by(DispenseRow.handed_at)).all()
    assert [row.voided for row in rows] == ["here", None]


@on_sqlite
def test_what_left_is_destroyed_when_it_comes_back_and_another_is_made(bench: Bench) -> None:
    fill = handed_over(bench)
    first = bench.fill(fill).batch_id
    assert first is not None
    void(bench, fill, LEFT)
    assert (bench.fill(fill).status, seen(bench, fill).waits, bench.holding_labels(fill)) == (FillStatus.DUE, True, 0)
    destroy(bench, fill, bench.james)
    assert not seen(bench, fill).waits
    reached = bench.pharmacy.look(LookName.RECALLS, bench.linh, lambda look: recall_walks.walk(look, Kind.BATCH, first, days=Days()))
    assert reached.tally.handed_over == 1  # it went out, whatever the record says of to whom

    second = bench.handed_over(fill)
    assert second != first
    record(bench, fill, BACK)  # the second may come back as well
    destroy(bench, fill, bench.james)


@on_sqlite
def test_nobody_counts_a_voided_hand_over(bench: Bench) -> None:
    fill = handed_over(bench)
    batch, order = bench.fill(fill).batch_id, bench.fill(fill).prescription_id
    assert batch is not None
    void(bench, fill)
    reached = bench.pharmacy.look(LookName.RECALLS, bench.linh, lambda look: recall_walks.walk(look, Kind.BATCH, batch, days=Days()))
    assert (reached.tally.handed_over, [line.in_house for line in reached.batches]) == (0, [1])
    month = bench.month(f"{bench.today:%Y-%m}")
    assert (month.patient_count, month.fill_count, month.charged.micros, month.total.micros - month.nobodys.micros) == (0, 0, 0, 0)
    report = bench.pharmacy.look(LookName.COSTS, bench.maria, lambda look: month_reports.report(look, f"{look.today:%Y-%m}"))
    assert report.doses == ()
    assert bench.pharmacy.look(LookName.COSTS, bench.maria, lambda look: figures(look.session, f"{look.today:%Y-%m}")).handed_over == 0
    with reading(bench.pharmacy.engine) as session:
        patient = session.scalars(select(DispenseRow.patient_id)).one()
        assert last_fill(session, patient, prescription_id=order) is None
    formula = bench.batch(batch).formula
    supplies = bench.pharmacy.look(LookName.DAY, bench.linh, lambda look: demand._supplies(look, {formula.code: formula}, Policy()))
    assert supplies[formula.code].handed_over == 0


@on_sqlite
def test_what_is_voided_after_its_month_was_closed_goes_back_in_the_open_one(bench: Bench) -> None:
    fill = handed_over(bench)
    march = f"{bench.today:%Y-%m}"
    bench.clock.pass_days(31)
    bench.pharmacy.perform(ActName.MONTH_CLOSE, bench.maria, lambda act: months.close(act, march))
    closed = bench.month(march)
    void(bench, fill)
    april = bench.month(f"{bench.today:%Y-%m}")
    assert bench.month(march) == closed
    assert [(item.total.micros, item.charged.micros, item.days) for item in april.patients] == [
        (-item.total.micros, -item.charged.micros, -item.days) for item in closed.patients
    ]
    assert april.patients[0].month == april.patients[0].total
    assert bench.pharmacy.look(LookName.COSTS, bench.maria, lambda look: figures(look.session, f"{look.today:%Y-%m}")).handed_over == -1


@on_sqlite
def test_a_container_that_lapses_after_its_hand_over_was_voided_is_waste(bench: Bench) -> None:
    fill = handed_over(bench)
    void(bench, fill)
    until = bench.fill(fill).beyond_use
    assert until is not None
    bench.clock.pass_days((until - bench.today).days + 1)
    assert bench.pharmacy.look(LookName.COSTS, bench.maria, months.outstanding) >= 1
    bench.pharmacy.perform(ActName.MONTH_GATHER, bench.maria, months.gather)
    with reading(bench.pharmacy.engine) as session:
        lapsed = session.scalars(select(CostRow).where(CostRow.fill_id == fill, CostRow.cause == "past its beyond-use date")).all()
    assert sum(row.amount_micros for row in lapsed) > 0


@on_sqlite
def test_a_hand_over_stands_where_something_came_of_it_and_only_a_pharmacist_with_a_reason_voids_one(bench: Bench) -> None:
    fill = handed_over(bench)
    with pytest.raises(Forbidden):
        void(bench, fill, by=bench.linh)
    with pytest.raises(Invalid):
        void(bench, fill, Void(Whereabouts.HERE, ""))
    record(bench, fill, BACK)
    with pytest.raises(Conflict, match="given to somebody"):
        void(bench, fill)
    assert bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: voids.voids(look, fill)).refused
    assert bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: setbacks.setbacks(look, fill)).waits


def test_the_database_itself_keeps_a_hand_over_and_what_voids_it(bench: Bench) -> None:
    fill = handed_over(bench)
    refused(bench, "UPDATE dispense SET voided = 'here'", "UPDATE dispense SET handed_on = '2026-01-01'", "UPDATE charge SET amount_micros = 0")
    void(bench, fill)
    refused(bench, "UPDATE dispense SET voided = NULL", "UPDATE dispense SET voided = 'left'", "DELETE FROM void", "UPDATE void SET reason = 'another'")


def refused(bench: Bench, *changes: str) -> None:
    """Each of these is refused by the database, whoever writes it."""
    for change in changes:
        with bench.pharmacy.engine.connect().execution_options(compounding_migrates=True) as connection, pytest.raises(DBAPIError), connection.begin():
            connection.execute(text(change))


def test_the_database_lets_one_hand_over_of_a_fill_stand(bench: Bench) -> None:
    fill = handed_over(bench)
    beneath = bench.pharmacy.engine.connect().execution_options(compounding_migrates=True)
    with beneath as connection, pytest.raises(DBAPIError), connection.begin():
        _again(connection)
    void(bench, fill)
    with bench.pharmacy.engine.connect().execution_options(compounding_migrates=True) as connection, connection.begin():
        _again(connection)  # now that none stands
    assert bench.fill(fill).handed_on == date(2026, 3, 2)


def _again(connection: Connection) -> None:
    """The hand-over once more, past the program."""
    row = connection.execute(select(DispenseRow.__table__)).mappings().one()
    connection.execute(insert(DispenseRow.__table__), dict(row) | {"id": uuid4(), "voided": None})


@on_sqlite
def test_what_was_handed_over_survives_the_way_to_the_version_before_and_back(bench: Bench) -> None:
    fill = handed_over(bench)
    before, page = sums(bench, fill), bench.fill(fill)
    with bench.pharmacy.engine.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(text("UPDATE person SET role = 'technician' WHERE role = 'auditor'"))  # whom the older version does not know
    migrate.downgrade(bench.pharmacy.engine, "0039")
    migrate.upgrade(bench.pharmacy.engine)
    assert (sums(bench, fill), bench.fill(fill)) == (before, page)
    void(bench, fill)
    with pytest.raises(RuntimeError, match="voided"):
        migrate.downgrade(bench.pharmacy.engine, "0039")
    assert bench.fill(fill).voided == 1
