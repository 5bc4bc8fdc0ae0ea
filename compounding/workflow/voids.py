"""Voids: a hand-over that was recorded wrongly, taken back by a second record; its cost is reversed and the fill goes on."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.dispenses import STANDS, DispenseRow, SetbackRow, VoidRow
from compounding.db.document import decode
from compounding.db.fill_signing import void_content
from compounding.db.labels import void_labels
from compounding.db.people import PersonRow
from compounding.db.signing import sign
from compounding.db.values import batch_row, fill_row, prescription_row
from compounding.domain.batch import Meaning
from compounding.domain.cost import WasteCause
from compounding.domain.dispense import HandOver
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.prescription import advance as advance_prescription
from compounding.domain.setback import Cause, SetbackKind, SetbackStatus
from compounding.domain.void import Void, Whereabouts, check, following
from compounding.workflow.act import Act, Look
from compounding.workflow.costing import record_lost, reverse_fill


@dataclass(frozen=True, slots=True)
class Voided:
    """A hand-over that does not stand, as it was recorded, and why."""

    handed_on: date
    by: str
    told: HandOver
    batch_number: str
    void: Void
    voided_on: date
    voided_by: str


@dataclass(frozen=True, slots=True)
class VoidPage:
    """Whether a hand-over of this fill can be voided, when it was recorded, and those that were voided, the newest first."""

    fill_id: UUID
    handed_on: date | None
    refused: str
    found: tuple[Voided, ...]


def void(act: Act, fill_id: UUID, told: Void) -> None:
    """Void the hand-over that stands, with a signature.

    A container that is here is checked and handed over again. One that left is lost: it waits for its destruction, and another is made.
    """
    fill = fill_row(act.session, fill_id, lock=True)
    prescription = prescription_row(act.session, fill.prescription_id, lock=True)
    dispense = _standing(act, fill.id)
    check(told, FillStatus(fill.status), set_back=dispense is not None and _set_back(act, dispense))
    if dispense is None:  # `check` has refused it
        raise LookupError("a fill that was handed over has a hand-over")
    row = VoidRow(
        dispense_id=dispense.id, whereabouts=told.whereabouts, reason=told.reason, voided_on=act.today, voided_at=act.at, person_id=act.actor.id
    )  # fmt: skip
    act.session.add(row)
    act.session.flush()
    act.session.refresh(dispense)  # the database has marked it
    sign(act.session, row.id, meaning=Meaning.VOID, person=act.actor, content=void_content(row), at=act.at)
    batch = batch_row(act.session, dispense.batch_id)
    reverse_fill(act, dispense, f"Batch {batch.number}, a hand-over that was voided: {told.reason}")
    status = following(told, PrescriptionStatus(prescription.status))
    if status is not FillStatus.LABELLED:
        _lost(act, fill, batch, told)
    if prescription.status == PrescriptionStatus.COMPLETED:
        prescription.status = advance_prescription(PrescriptionStatus.COMPLETED, PrescriptionStatus.ACCEPTED)
    if status is FillStatus.DUE:
        fill.make_by = min(fill.make_by, act.today)
    fill.status = status


def voids(look: Look, fill_id: UUID) -> VoidPage:
    """The voided hand-overs of a fill; raises `Unknown`."""
    fill = fill_row(look.session, fill_id)
    look.note_read(prescription_id=fill.prescription_id)
    stands = _standing(look, fill.id)
    refused = "A return, a misfill or a remake is on record: this container was given to somebody." if stands is not None and _set_back(look, stands) else ""
    return VoidPage(fill.id, stands.handed_on if stands else None, refused, _found(look, fill.id))


def _found(look: Look, fill_id: UUID) -> tuple[Voided, ...]:
    handed = select(PersonRow.name).where(PersonRow.id == DispenseRow.person_id).scalar_subquery()
    voided = select(PersonRow.name).where(PersonRow.id == VoidRow.person_id).scalar_subquery()
    rows = look.session.execute(
        select(VoidRow, DispenseRow, BatchRow.number, handed, voided)
        .join(DispenseRow, VoidRow.dispense_id == DispenseRow.id)
        .join(BatchRow, DispenseRow.batch_id == BatchRow.id)
        .where(DispenseRow.fill_id == fill_id)
        .order_by(VoidRow.voided_at.desc())
    )
    return tuple(
        Voided(
            dispense.handed_on, by, decode(HandOver, dispense.document), str(number), Void(Whereabouts(row.whereabouts), row.reason), row.voided_on, voided_by
        )
        for row, dispense, number, by, voided_by in rows
    )  # fmt: skip


def _standing(look: Look, fill_id: UUID) -> DispenseRow | None:
    return look.session.scalars(select(DispenseRow).where(DispenseRow.fill_id == fill_id, STANDS)).first()


def _set_back(look: Look, dispense: DispenseRow) -> bool:
    """Whether something went wrong with the container after it was handed over."""
    after = select(SetbackRow.id).where(
        SetbackRow.fill_id == dispense.fill_id, SetbackRow.batch_id == dispense.batch_id, SetbackRow.recorded_at > dispense.handed_at
    )
    return look.session.scalars(after.limit(1)).first() is not None


def _lost(act: Act, fill: FillRow, batch: BatchRow, told: Void) -> None:
    """What is gone, or is of an order that is over, is waste; what left waits for its destruction."""
    share = act.session.scalars(select(ShareRow).where(ShareRow.fill_id == fill.id, ShareRow.status == "live")).one()
    record_lost(act, batch, WasteCause.REMAKE, f"Batch {batch.number}, its hand-over was voided", on=act.today, fill_id=fill.id)
    share.status = "void"
    void_labels(act.session, [fill.id])
    act.session.add(
        SetbackRow(
            fill_id=fill.id,
            batch_id=batch.id,
            kind=SetbackKind.RETURN,
            cause=Cause.RETURN,
            status=SetbackStatus.RETURNED,
            amount=share.amount,
            reason=f"Its hand-over was voided: {told.reason}",
            found_by="",
            done="",
            happened_on=act.today,
            recorded_at=act.at,
            person_id=act.actor.id,
        )
    )
