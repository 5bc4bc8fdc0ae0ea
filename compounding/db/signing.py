"""Signatures: a name, a meaning, a moment, and the hash of exactly what was signed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import SignatureRow
from compounding.db.document import sha256
from compounding.domain.people import Actor


def sign(session: Session, subject_id: UUID, *, meaning: str, person: Actor, content: str, at: datetime) -> UUID:
    """Keep the signature of `person`, who has proved to be it, under `content` of the subject; gives the signature's key."""
    row = SignatureRow(subject_id=subject_id, meaning=meaning, person_id=person.id, person_name=person.name, content_sha256=sha256(content), signed_at=at)
    session.add(row)
    return row.id


def signed(session: Session, subject_id: UUID, meaning: str) -> bool:
    """Whether somebody signed the subject with this meaning."""
    wanted = select(SignatureRow.id).where(SignatureRow.subject_id == subject_id, SignatureRow.meaning == meaning).limit(1)
    return session.scalars(wanted).first() is not None
