"""Recalls: what a walk found is set aside or recalled at once, everybody who has it is tried until settled, and the case is closed with a signature."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.counters import next_number
from compounding.db.document import encode, sha256
from compounding.db.inventory import LotRow
from compounding.db.labels import void_labels
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.recalls import LotQuarantineRow, RecallContactRow, RecallRow, RecallTryRow, contact_row, recall_row, results_of
from compounding.db.records import keep_event
from compounding.db.signing import sign
from compounding.db.traces import in_parts
from compounding.db.values import policy_in_force
from compounding.domain.batch import BatchStatus, Meaning, advance
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.fill import advance as advance_fill
from compounding.domain.inventory import LotStatus
from compounding.domain.recall import Days, Kind
from compounding.domain.recall_case import (
    IN_HOUSE,
    ContactKind,
    Notice,
    Scope,
    Try,
    due,
    is_settled,
    recalled_batch,
    refuse_bad_try,
    refuse_open_contacts,
    state_of,
)
from compounding.workflow.act import Act
from compounding.workflow.recall_walks import scope

BOARD, MEDWATCH = "State board of pharmacy", "FDA MedWatch (1-800-FDA-1088)"
_MADE = (BatchStatus.COMPOUNDED, BatchStatus.VERIFIED, BatchStatus.RELEASED)


@dataclass(frozen=True, slots=True)
class SetAside:
    """How many lots and batches were set aside."""

    lots: int
    batches: int


def quarantine(act: Act, kind: Kind, key: UUID, *, days: Days, reason: str) -> SetAside:
    """Set aside, at once and by anybody, every lot that may still be used and every batch that is made, from there onwards.

    Nothing is then taken from those lots, and no bottle of those batches is labelled or handed over. Raises `Conflict` where nothing is left to set aside.
    """
    _reasoned(reason)
    found = scope(act, kind, key, days=days)
    lots = [row for row in _lots(act, [lot.id for lot in found.lots]) if row.status == LotStatus.AVAILABLE]
    batches = [row for row in _batches(act, [batch.id for batch in found.batches]) if row.status in _MADE]
    if not lots and not batches:
        raise Conflict("nothing-left", "Nothing of this is in use any more: there is nothing to set aside.")
    for lot in lots:
        lot.status = LotStatus.QUARANTINED
        act.session.add(LotQuarantineRow(lot_id=lot.id, reason=reason, person_id=act.actor.id, placed_at=act.at))
    for batch in batches:
        batch.status = advance(BatchStatus(batch.status), BatchStatus.QUARANTINED)
        keep_event(act.session, batch.id, "quarantined", reason=reason, person=act.actor, at=act.at)
    return SetAside(len(lots), len(batches))


def recall(act: Act, kind: Kind, key: UUID, *, days: Days, notice: Notice) -> UUID:
    """Recall everything from there onwards, as it is found now: the scope is kept and signed, and everybody who has some of it is listed to be reached.

    Lots and batches are recalled, bottles in the house are void and due again from something else. Gives the key of the recall.
    """
    _reasoned(notice.reason)
    found = scope(act, kind, key, days=days)
    if not found.lots and not found.batches:
        raise Conflict("nothing-found", "There is no lot and no batch here to recall. Begin with what is wrong.")
    text = encode(found)
    row = RecallRow(
        number=next_number(act.session, "recall"),
        status="open",
        recall_class=notice.recall_class,
        reason=notice.reason,
        document=text,
        sha256=sha256(text),
        learned_at=notice.learned_at,
        opened_at=act.at,
        person_id=act.actor.id,
    )
    act.session.add(row)
    _withdraw(act, found, row.number)
    _list_contacts(act, row.id, found, notice)
    sign(act.session, row.id, meaning=Meaning.RECALL, person=act.actor, content=f"{row.recall_class} {row.reason} {text}", at=act.at)
    return row.id


def try_contact(act: Act, recall_id: UUID, contact_id: UUID, attempt: Try) -> None:
    """Record one try to reach somebody; what came back is destroyed and never restocked."""
    row = recall_row(act.session, recall_id)
    if row.status != "open":
        raise Conflict("recall-state", "This recall is closed: nothing is added to it any more.")
    contact = contact_row(act.session, recall_id, contact_id)
    refuse_bad_try(attempt, results_of(act.session, [contact.id]).get(contact.id, ()))
    act.session.add(
        RecallTryRow(
            contact_id=contact.id,
            way=attempt.way,
            result=attempt.result,
            note=attempt.note,
            returned=attempt.returned,
            unit=attempt.unit,
            person_id=act.actor.id,
            tried_at=act.at,
        )
    )


def close(act: Act, recall_id: UUID, closing: str) -> None:
    """Close a recall of which every contact is settled; `closing` says what was found and what is done differently."""
    row = recall_row(act.session, recall_id, lock=True)
    if row.status != "open":
        raise Conflict("recall-state", "This recall is closed already.")
    contacts = act.session.scalars(select(RecallContactRow).where(RecallContactRow.recall_id == row.id).order_by(RecallContactRow.name)).all()
    results = results_of(act.session, [contact.id for contact in contacts])
    refuse_open_contacts([contact.name for contact in contacts if not is_settled(state_of(results.get(contact.id, ())))])
    row.status, row.closed_at, row.closed_by_id, row.closing = "closed", act.at, act.actor.id, closing
    sign(act.session, row.id, meaning=Meaning.CLOSE_RECALL, person=act.actor, content=f"{row.sha256} {closing}", at=act.at)


def _reasoned(reason: str) -> None:
    if not reason:
        raise Invalid("reason", "Say why.", fields={"reason": ("Say why.",)})


def _lots(act: Act, keys: Collection[UUID]) -> list[LotRow]:
    query = select(LotRow).order_by(LotRow.id).with_for_update()
    return [row for part in in_parts(keys) for row in act.session.scalars(query.where(LotRow.id.in_(part)))]


def _batches(act: Act, keys: Collection[UUID]) -> list[BatchRow]:
    return [
        row for part in in_parts(keys) for row in act.session.scalars(select(BatchRow).where(BatchRow.id.in_(part)).order_by(BatchRow.id).with_for_update())
    ]


def _withdraw(act: Act, found: Scope, number: int) -> None:
    """Lots and batches are recalled; what is not handed over yet is due again, and its label is void."""
    for lot in _lots(act, [lot.id for lot in found.lots]):
        lot.status = LotStatus.RECALLED
    for batch in _batches(act, [batch.id for batch in found.batches]):
        before, batch.status = batch.status, recalled_batch(BatchStatus(batch.status))
        if batch.status == BatchStatus.REJECTED != before:
            keep_event(act.session, batch.id, "rejected", reason=f"recall {number}", person=act.actor, at=act.at)
    waiting = [bottle.fill_id for bottle in found.bottles if bottle.handed_on is None]
    for part in in_parts(waiting):
        for fill in act.session.scalars(select(FillRow).where(FillRow.id.in_(part), FillRow.status.in_(IN_HOUSE)).order_by(FillRow.id).with_for_update()):
            fill.status = advance_fill(FillStatus(fill.status), FillStatus.DUE)
        void_labels(act.session, part)
        for share in act.session.scalars(select(ShareRow).where(ShareRow.fill_id.in_(part), ShareRow.status == "live")):
            share.status = "void"


def _list_contacts(act: Act, recall_id: UUID, found: Scope, notice: Notice) -> None:
    policy = policy_in_force(act.session)
    given = found.handed_over
    patients, prescribers = _patients(act, {bottle.patient_id for bottle in given}), _prescribers(act, {bottle.npi for bottle in given})
    kinds = [ContactKind.BOARD] * notice.is_grave + [ContactKind.MEDWATCH] * (notice.learned_at is not None)
    names = {ContactKind.BOARD: BOARD, ContactKind.MEDWATCH: MEDWATCH}
    whom: list[tuple[ContactKind, str, UUID | None, str | None]] = [(ContactKind.PATIENT, name, key, None) for key, name in patients]
    whom += [(ContactKind.PRESCRIBER, name, None, npi) for npi, name in prescribers]
    whom += [(kind, names[kind], None, None) for kind in kinds]
    act.session.add_all(
        RecallContactRow(
            recall_id=recall_id, kind=kind, name=name, patient_id=patient_id, npi=npi,
            due_at=due(kind, notice, opened_at=act.at, policy=policy),
        )
        for kind, name, patient_id, npi in whom
    )  # fmt: skip


def _patients(act: Act, keys: Collection[UUID]) -> list[tuple[UUID, str]]:
    for key in keys:
        act.note_read(patient_id=key)
    query = select(PatientRow.id, PatientRow.name)
    return [(key, name) for part in in_parts(keys) for key, name in act.session.execute(query.where(PatientRow.id.in_(part)))]


def _prescribers(act: Act, npis: Collection[str]) -> list[tuple[str, str]]:
    """Each with the name of their newest order."""
    query = select(PrescriptionRow.prescriber_npi, PrescriptionRow.prescriber_name).where(PrescriptionRow.prescriber_npi.in_(sorted(npis)))
    return sorted(dict(act.session.execute(query.order_by(PrescriptionRow.number)).all()).items())
