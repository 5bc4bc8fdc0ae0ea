"""Nothing is written without a name, a moment, and what stood there before."""

import json
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compounding.db.audit import AuditRow, Unattributed
from compounding.db.counters import CounterRow, next_number
from compounding.db.inventory import ProductRow
from compounding.db.people import ClientRow, PersonRow
from compounding.db.session import AuditedSession, reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.people import Actor, Role
from compounding.workflow.act import Act, Look, Pharmacy
from tests.conftest import Clock
from tests.stock import lot, movement, tablets

ADMINISTRATOR = Actor(UUID(int=9), "Ada Administrator", "AA", Role.ADMINISTRATOR)


def entries(pharmacy: Pharmacy) -> list[AuditRow]:
    with reading(pharmacy.engine) as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.at, AuditRow.act_id, AuditRow.place)))


def add_product(pharmacy: Pharmacy, actor: Actor) -> UUID:
    def change(act: Act) -> UUID:
        row = tablets()
        act.session.add(row)
        return row.id

    return pharmacy.perform(ActName.LOT_RECEIVE, actor, change)


def test_an_insert_is_kept_with_who_what_and_when(pharmacy: Pharmacy, technician: Actor, clock: Clock) -> None:
    key = add_product(pharmacy, technician)
    (entry,) = entries(pharmacy)
    assert (entry.act_name, entry.actor_id, entry.actor_name, entry.at) == ("lot.receive", technician.id, technician.name, clock.moment)
    assert (entry.kind, entry.table_name, entry.row_key, entry.old) == ("insert", "product", str(key), None)
    assert json.loads(entry.new) == {
        "id": str(key),
        "code": "TABLET-50",
        "kind": "tablet",
        "name": "naltrexone 50 mg tablets",
        "labeler": "Maker",
        "unit": "tablet",
        "document": "{}",
    }


def test_an_update_is_kept_with_old_and_new_of_what_changed_and_nothing_else(pharmacy: Pharmacy, technician: Actor, clock: Clock) -> None:
    key = add_product(pharmacy, technician)
    clock.pass_days(1)

    def change(act: Act) -> None:
        row = act.session.scalars(select(ProductRow).where(ProductRow.id == key)).one()
        row.labeler, row.ndc, row.code = "Other", "0406-1170-03", row.code

    pharmacy.perform(ActName.LOT_RELEASE, Actor(UUID(int=2), "Pat", "PP", Role.PHARMACIST), change)
    entry = entries(pharmacy)[1]
    assert (entry.kind, entry.act_name, entry.actor_name, entry.at) == ("update", "lot.release", "Pat", clock.moment)
    assert entry.old == '{"labeler":"Maker","ndc":null}'
    assert entry.new == '{"labeler":"Other","ndc":"0406-1170-03"}'


def test_the_entries_of_one_act_are_numbered_over_all_of_its_flushes(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        product = tablets()
        act.session.add(product)
        act.session.flush()
        act.session.add(lot(product))
        act.session.flush()
        product.labeler = "Other"

    pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    found = entries(pharmacy)
    assert len({entry.act_id for entry in found}) == 1
    assert [(entry.place, entry.kind, entry.table_name) for entry in found] == [(1, "insert", "product"), (2, "insert", "lot"), (3, "update", "product")]


def test_secrets_are_kept_as_their_hash_only(pharmacy: Pharmacy, clock: Clock) -> None:
    secret = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"

    def change(act: Act) -> None:
        act.session.add(
            PersonRow(
                username="ada",
                name="Ada",
                initials="A",
                role="administrator",
                licence="",
                password_hash=secret,
                pin_hash=secret,
                active=True,
                created_at=clock.moment,
            )
        )
        act.session.add(ClientRow(name="clinic", token_sha256="a" * 64, active=True, created_at=clock.moment))

    pharmacy.perform(ActName.PERSON_ADD, ADMINISTRATOR, change)
    written = "".join(entry.new for entry in entries(pharmacy))
    assert secret not in written
    assert "a" * 64 not in written
    assert written.count('"sha256:') == 3


def test_an_act_that_fails_leaves_neither_rows_nor_entries(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        act.session.add(tablets())
        act.session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    assert entries(pharmacy) == []
    with reading(pharmacy.engine) as session:
        assert session.scalars(select(ProductRow)).all() == []


@pytest.mark.parametrize("kind", [Session, AuditedSession])
def test_a_session_without_an_act_cannot_write(engine: Engine, kind: type[Session]) -> None:
    with kind(engine) as session:
        session.add(tablets())
        with pytest.raises(Unattributed):
            session.flush()


def test_a_look_cannot_write(pharmacy: Pharmacy, technician: Actor) -> None:
    def question(look: Look) -> None:
        look.session.add(tablets())
        look.session.flush()

    with pytest.raises(Unattributed):
        pharmacy.look(LookName.STOCK, technician, question)


def test_nothing_is_deleted(pharmacy: Pharmacy, technician: Actor) -> None:
    key = add_product(pharmacy, technician)

    def change(act: Act) -> None:
        act.session.delete(act.session.scalars(select(ProductRow).where(ProductRow.id == key)).one())

    with pytest.raises(Unattributed):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)


@pytest.mark.parametrize(
    "statement",
    [
        insert(CounterRow).values(name="forged", value=1),
        update(CounterRow).values(value=1),
        delete(CounterRow),
        text("UPDATE counter SET value = 1"),
        text("  update counter set value = 1"),
        text("/* SELECT */ UPDATE counter SET value = 1"),
        text("WITH chosen AS (SELECT 1) UPDATE counter SET value = 1"),
        text("WITH gone AS (DELETE FROM counter RETURNING 1) SELECT * FROM gone"),
        text("DROP TRIGGER audit_entry_update_refused ON audit_entry"),
        text("REPLACE INTO counter (name, value) VALUES ('prescription', 1)"),
        text("TRUNCATE counter"),
        text("EXPLAIN ANALYZE DELETE FROM counter"),
    ],
)
def test_a_statement_around_the_flush_is_refused_even_in_an_act(pharmacy: Pharmacy, technician: Actor, statement: object) -> None:
    def change(act: Act) -> None:
        next_number(act.session, "prescription")
        act.session.flush()
        act.session.execute(statement)

    with pytest.raises(Unattributed):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)


def test_a_statement_after_a_failed_flush_is_refused(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        twice = tablets(), tablets()
        act.session.add_all(twice)
        with pytest.raises(IntegrityError):
            act.session.flush()
        act.session.rollback()
        act.session.execute(text("UPDATE counter SET value = 1"))

    with pytest.raises(Unattributed):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)


def give_up(act: Act, *rows: ProductRow) -> None:
    with act.session.begin_nested():
        act.session.add_all(rows)
        act.session.flush()
        raise LookupError


def test_a_savepoint_that_is_given_up_takes_its_entries_with_it(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        act.session.add(tablets("KEPT"))
        with pytest.raises(LookupError):
            give_up(act, tablets("GIVEN-UP"))

    pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    (entry,) = entries(pharmacy)
    assert '"KEPT"' in entry.new


def test_a_statement_after_a_flush_that_failed_in_a_savepoint_is_refused(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        with pytest.raises(IntegrityError):
            give_up(act, tablets("TWICE"), tablets("TWICE"))
        act.session.execute(text("UPDATE counter SET value = 1"))

    with pytest.raises(Unattributed):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)


def test_locking_a_row_is_reading(pharmacy: Pharmacy, technician: Actor) -> None:
    key = add_product(pharmacy, technician)

    def change(act: Act) -> str:
        return act.session.scalars(select(ProductRow).where(ProductRow.id == key).with_for_update()).one().code

    assert pharmacy.perform(ActName.LOT_RECEIVE, technician, change) == "TABLET-50"


def test_a_movement_is_audited_and_the_loaded_lot_shows_its_new_balance(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> list[int]:
        product = tablets()
        bought = lot(product)
        act.session.add_all([movement(bought, 100), bought, product])  # written parents first, whatever the order here
        act.session.flush()
        seen = [bought.balance]
        act.session.add(movement(bought, -3))
        act.session.flush()
        return [*seen, bought.balance]

    assert pharmacy.perform(ActName.LOT_RECEIVE, technician, change) == [100, 97]
    assert sorted(entry.table_name for entry in entries(pharmacy)) == ["lot", "movement", "movement", "product"]


def test_a_value_set_without_being_read_is_refused_since_its_old_value_would_be_lost(pharmacy: Pharmacy, technician: Actor) -> None:
    key = add_product(pharmacy, technician)

    def change(act: Act) -> None:
        row = act.session.scalars(select(ProductRow).where(ProductRow.id == key)).one()
        act.session.expire(row, ["labeler"])
        row.labeler = "Other"

    with pytest.raises(Unattributed):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)


def test_numbers_follow_each_other_and_a_failed_act_leaves_no_gap(pharmacy: Pharmacy, technician: Actor) -> None:
    def fail(act: Act) -> None:
        next_number(act.session, "prescription")
        act.session.flush()
        raise LookupError

    def take(act: Act) -> list[int]:
        return [next_number(act.session, "prescription"), next_number(act.session, "prescription")]

    with pytest.raises(LookupError):
        pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, technician, fail)
    assert pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, technician, take) == [100_001, 100_002]
