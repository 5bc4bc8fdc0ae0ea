"""Papers filed on a lot or on a version of a formula, got out again byte for byte, and marked when another takes their place."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from compounding.db.formulas import FormulaRow
from compounding.db.inventory import LotRow
from compounding.db.papers import PaperRow, PaperSupersededRow
from compounding.db.people import PersonRow
from compounding.domain.errors import Conflict, Unknown
from compounding.domain.paper import MediaType, Paper
from compounding.workflow.act import Act, Look


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper as a list shows it, without its bytes; moments are UTC. `why_superseded` is empty while it counts."""

    id: UUID
    kind: str
    title: str
    media_type: MediaType
    sha256: str
    filed_by: str
    filed_at: datetime
    why_superseded: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What papers are filed on: a lot, or one version of a formula with its code."""

    lot_id: UUID | None = None
    formula_id: UUID | None = None
    code: str = ""
    version: int = 0


def lot_of(look: Look, lot_id: UUID) -> Subject:
    """A lot as what papers are filed on; raises `Unknown`."""
    if look.session.get(LotRow, lot_id) is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    return Subject(lot_id)


def formula_of(look: Look, code: str, version: int) -> Subject:
    """One version of a formula as what papers are filed on; raises `Unknown`."""
    key = look.session.scalars(select(FormulaRow.id).where(FormulaRow.code == code, FormulaRow.version == version)).first()
    if key is None:
        raise Unknown("unknown-formula", "There is no such formula. Choose one from the list of formulas.")
    return Subject(None, key, code, version)


def subject_of(look: Look, paper_id: UUID) -> Subject:
    """What a paper is filed on."""
    row = _row(look, paper_id)
    formula = look.session.get(FormulaRow, row.formula_id) if row.formula_id else None
    return Subject(None, formula.id, formula.code, formula.version) if formula else Subject(row.lot_id)


def papers_of(look: Look, subject: Subject) -> tuple[Filed, ...]:
    """The papers of a lot or of a formula's version, the newest first."""
    on = PaperRow.lot_id == subject.lot_id if subject.lot_id else PaperRow.formula_id == subject.formula_id
    columns = (PaperRow.id, PaperRow.kind, PaperRow.title, PaperRow.media_type, PaperRow.sha256, PersonRow.name, PaperRow.filed_at, PaperSupersededRow.reason)
    rows = look.session.execute(
        select(*columns)
        .join(PersonRow, PaperRow.person_id == PersonRow.id)
        .outerjoin(PaperSupersededRow, PaperSupersededRow.paper_id == PaperRow.id)
        .where(on)
        .order_by(PaperRow.filed_at.desc(), PaperRow.id)
    )
    return tuple(Filed(key, kind, title, MediaType(media), digest, by, at, why or "") for key, kind, title, media, digest, by, at, why in rows)


def file(act: Act, subject: Subject, paper: Paper) -> UUID:
    """File a paper; the same bytes are filed once on the same thing."""
    digest = sha256(paper.content).hexdigest()
    if any(other.sha256 == digest for other in papers_of(act, subject)):
        raise Conflict("paper-known", "This very file is filed here already.")
    row = PaperRow(
        lot_id=subject.lot_id, formula_id=subject.formula_id, kind=paper.kind, title=paper.title, media_type=paper.media_type,
        content=paper.content, sha256=digest, person_id=act.actor.id, filed_at=act.at,
    )  # fmt: skip
    act.session.add(row)
    return row.id


def supersede(act: Act, paper_id: UUID, reason: str) -> None:
    """Mark that a paper does not count any more; it stays filed."""
    row = _row(act, paper_id)
    if act.session.scalars(select(PaperSupersededRow.id).where(PaperSupersededRow.paper_id == paper_id)).first():
        raise Conflict("paper-superseded", "This paper is marked as superseded already.")
    act.session.add(PaperSupersededRow(paper_id=row.id, reason=reason, person_id=act.actor.id, superseded_at=act.at))


def content(look: Look, paper_id: UUID) -> tuple[bytes, MediaType]:
    """A paper's bytes as they were filed."""
    row = _row(look, paper_id)
    return row.content, MediaType(row.media_type)


def _row(look: Look, paper_id: UUID) -> PaperRow:
    row = look.session.get(PaperRow, paper_id)
    if row is None:
        raise Unknown("unknown-paper", "There is no such paper.")
    return row
