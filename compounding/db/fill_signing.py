"""Signatures under a container: what they were put to, compared with what stands today, as those under a batch are.

A check is put to the label with its bytes, a hand-over to its row and its answers, a setback and a void to their rows. Signatures from
before the parts were kept hold the hash of the label, or the answers themselves, and are compared with those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256 as _sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import SignatureRow
from compounding.db.dispenses import DispenseRow, SetbackRow, VoidRow
from compounding.db.document import encode, sha256
from compounding.db.labels import LabelRow
from compounding.db.owed import OwedRow
from compounding.db.signing import as_content, kept_parts
from compounding.domain.batch import Meaning
from compounding.domain.signature import Part, Signed, Standing, compared


@dataclass(frozen=True, slots=True)
class _Handed:
    """A hand-over as it was recorded, without its answers."""

    fill_id: UUID
    batch_id: UUID
    prescription_id: UUID
    patient_id: UUID
    handed_at: datetime
    handed_on: date
    first_dose_on: date
    person_id: UUID


def check_content(label: LabelRow) -> str:
    """What a product check is put to: the label, its text and its bytes."""
    return as_content(_label_parts(label))


def hand_over_content(dispense: DispenseRow) -> str:
    """What a hand-over is put to: what was told, and which container went to whom and when."""
    return as_content(_hand_over_parts(dispense))


def setback_content(row: SetbackRow) -> str:
    """What the record of a setback is put to."""
    return f"{row.fill_id} {row.kind} {row.cause} {row.reason} {row.done}"


def destruction_content(row: SetbackRow) -> str:
    """What the witness of a destruction signs."""
    return f"{row.fill_id} destroyed"


def void_content(row: VoidRow) -> str:
    """What a void is put to."""
    return f"{row.dispense_id} {row.whereabouts} {row.reason}"


def owed_content(row: OwedRow) -> str:
    """What is signed where less is given than was planned."""
    return f"{row.fill_id} {row.rest_id} {row.opens}-{row.closes} {row.given_days} {row.given} of {row.amount} {row.asked_by} {row.reason}"


def fill_signatures(session: Session, fill_id: UUID) -> tuple[Signed, ...]:
    """Every signature under a container and what became of it, the oldest first, and whether each still stands."""
    known = _Known(session, fill_id)
    rows = session.scalars(select(SignatureRow).where(SignatureRow.subject_id.in_(known.subjects)).order_by(SignatureRow.signed_at))
    return tuple(_checked(row, known) for row in rows)


class _Known:
    """What signatures under one container can have been put to, as it stands today."""

    def __init__(self, session: Session, fill_id: UUID) -> None:
        self.labels = session.scalars(select(LabelRow).where(LabelRow.fill_id == fill_id)).all()
        self.dispenses = session.scalars(select(DispenseRow).where(DispenseRow.fill_id == fill_id)).all()
        self.setbacks = {row.id: row for row in session.scalars(select(SetbackRow).where(SetbackRow.fill_id == fill_id))}
        voids = select(VoidRow).where(VoidRow.dispense_id.in_([row.id for row in self.dispenses]))
        self.voids = {row.id: row for row in session.scalars(voids)}
        self.owed = {row.id: row for row in session.scalars(select(OwedRow).where((OwedRow.fill_id == fill_id) | (OwedRow.rest_id == fill_id)))}
        self.subjects = (fill_id, *self.setbacks, *self.voids, *self.owed)

    def contents(self, item: SignatureRow) -> Iterator[str]:
        """Each whole content that this signature can have had before its parts were kept, or that has none."""
        if item.meaning == Meaning.CHECK:
            yield from (_sha256(label.pdf).hexdigest() for label in self.labels)
        elif item.meaning == Meaning.HAND_OVER:
            yield from (row.document for row in self.dispenses if row.handed_at == item.signed_at)
        elif (voided := self.voids.get(item.subject_id)) is not None:
            yield void_content(voided)
        elif (cut := self.owed.get(item.subject_id)) is not None:
            yield owed_content(cut)
        elif (setback := self.setbacks.get(item.subject_id)) is not None:
            yield destruction_content(setback) if item.meaning == Meaning.WITNESS_DESTRUCTION else setback_content(setback)

    def parts(self, item: SignatureRow, then: tuple[Part, ...]) -> tuple[Part, ...]:
        """The same parts as they stand today."""
        if item.meaning == Meaning.CHECK:
            names = {part.name for part in then}
            return tuple(part for label in self.labels for part in _label_parts(label) if part.name in names)
        return tuple(part for row in self.dispenses if row.handed_at == item.signed_at for part in _hand_over_parts(row))


def _checked(item: SignatureRow, known: _Known) -> Signed:
    standing = Standing.WHOLE
    differs: tuple[str, ...] = ()
    if item.content is None:
        standing = Standing.UNKNOWN
    elif sha256(item.content) != item.content_sha256:
        differs = ("signature",)
    elif then := kept_parts(item.content):
        differs = compared(then, known.parts(item, then))
    elif item.content not in known.contents(item):
        differs = ("record",)
    return Signed(item.id, item.meaning, item.person_name, item.signed_at, item.content_sha256, Standing.BROKEN if differs else standing, differs)


def _label_parts(label: LabelRow) -> tuple[Part, ...]:
    return (
        Part(f"text of label {label.version}", sha256(label.value)),
        Part(f"print of label {label.version}", _sha256(label.pdf).hexdigest()),
    )


def _hand_over_parts(row: DispenseRow) -> tuple[Part, ...]:
    handed = _Handed(row.fill_id, row.batch_id, row.prescription_id, row.patient_id, row.handed_at, row.handed_on, row.first_dose_on, row.person_id)
    return Part("answers", sha256(row.document)), Part("hand-over", sha256(encode(handed)))
