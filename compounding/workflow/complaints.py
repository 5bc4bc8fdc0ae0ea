"""Complaints and adverse events: recorded against the bottle or batch with what else holds the same, reviewed and signed by the pharmacist in charge."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.complaints import ComplaintReviewRow, ComplaintRow
from compounding.db.counters import next_number
from compounding.db.dispenses import LEFT_THE_HOUSE, DispenseRow
from compounding.db.document import decode, encode, sha256
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.signing import sign
from compounding.db.traces import among, as_key, back_graph, onward_graph
from compounding.db.values import policy_in_force
from compounding.domain.batch import Meaning
from compounding.domain.complaint import Component, Harm, Kin, Report, Review, medwatch_due, refuse_bad_review
from compounding.domain.errors import Invalid, Unknown
from compounding.domain.recall import Days, Key, Things, back, onward, together
from compounding.workflow.act import Act, Look
from compounding.workflow.recall_walks import batch_numbers, lot_lines


@dataclass(frozen=True, slots=True)
class Against:
    """What is complained of: a bottle with its prescription and patient, a batch, or nothing that is known."""

    fill_id: UUID | None = None
    batch_id: UUID | None = None
    prescription_id: UUID | None = None
    rx_number: str = ""
    fill_number: int = 0
    batch_number: str = ""
    patient_id: UUID | None = None
    patient: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review as it was signed."""

    review: Review
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """One complaint with what it is against, what shares its components, and its reviews, the newest first."""

    id: UUID
    number: str
    against: Against
    report: Report
    kin: Kin
    recorded_by: str
    recorded_at: datetime
    reviews: tuple[Reviewed, ...]
    medwatch_due: datetime | None
    now: datetime
    today: date

    @property
    def is_open(self) -> bool:
        """Whether it waits for its first review."""
        return not self.reviews


def against(look: Look, *, fill_id: UUID | None = None, batch_id: UUID | None = None) -> Against:
    """What a complaint about that bottle or that batch would be recorded against; raises `Unknown`."""
    if fill_id is not None:
        return _bottle(look, fill_id)
    if batch_id is not None:
        number = look.session.scalars(select(BatchRow.number).where(BatchRow.id == batch_id)).first()
        if number is None:
            raise Unknown("unknown-batch", "There is no such batch.")
        return Against(batch_id=batch_id, batch_number=str(number))
    return Against()


def kin(look: Look, what: Against) -> Kin:
    """Which other batches share a component lot with what is complained of, by lot, and how many bottles of those were handed over."""
    start = Things(
        batches=frozenset({str(what.batch_id)} if what.batch_id and not what.fill_id else ()), fills=frozenset({str(what.fill_id)} if what.fill_id else ())
    )
    inside = together(back(back_graph(look.session, start), start))
    lots = Things(lots=inside.lots)
    graph = onward_graph(look.session, lots, Days())
    found = together(onward(graph, lots)) - inside - start
    numbers = batch_numbers(look, found.batches)
    holding = {lot: sorted({numbers[batch] for one, batch in graph.taken if one == lot and batch in numbers}, key=int) for lot in inside.lots}
    components = tuple(Component(UUID(lot.id), lot.product, lot.lot_number, tuple(holding[lot.id])) for lot in lot_lines(look, inside.lots))
    given = {fill for batch, fill in graph.filled if batch in found.batches}
    return Kin(look.today, components, len(found.batches), len(_handed_over(look, given - start.fills)))


def record(act: Act, report: Report, *, fill_id: UUID | None = None, batch_id: UUID | None = None) -> UUID:
    """Keep a complaint with what shares its components today. Gives its key."""
    if report.received_at > act.at:
        raise Invalid("received", "This is still to come.", fields={"received.on": ("This day and hour are still to come.",)})
    what = against(act, fill_id=fill_id, batch_id=batch_id)
    text = encode(kin(act, what))
    row = ComplaintRow(
        number=next_number(act.session, "complaint"),
        fill_id=what.fill_id,
        batch_id=what.batch_id,
        prescription_id=what.prescription_id,
        patient_id=what.patient_id,
        received_at=report.received_at,
        complainant=report.complainant,
        nature=report.nature,
        response=report.response,
        harm=report.harm,
        document=text,
        sha256=sha256(text),
        person_id=act.actor.id,
        recorded_at=act.at,
    )
    act.session.add(row)
    return row.id


def review(act: Act, complaint_id: UUID, found: Review) -> None:
    """Sign what the review of a complaint found; a later one stands beside it."""
    row = _row(act, complaint_id)
    refuse_bad_review(found, today=act.today)
    content = f"{row.id} {row.sha256} {encode(_report(row))} {encode(found)}"
    signature = sign(act.session, row.id, meaning=Meaning.REVIEW_COMPLAINT, person=act.actor, content=content, at=act.at)
    act.session.add(
        ComplaintReviewRow(
            complaint_id=row.id,
            findings=found.findings,
            follow_up=found.follow_up,
            is_quality=found.is_quality,
            medwatch_on=found.medwatch_on,
            why_not=found.why_not,
            person_id=act.actor.id,
            signature_id=signature,
            reviewed_at=act.at,
        )
    )


def complaints(look: Look, *, only_open: bool = False) -> tuple[ComplaintView, ...]:
    """Every complaint, those without a review first and the oldest of these first, then the others, the newest first."""
    reviewed = select(ComplaintReviewRow.complaint_id)
    query = select(ComplaintRow).order_by(ComplaintRow.received_at)
    rows = look.session.scalars(query.where(ComplaintRow.id.not_in(reviewed)) if only_open else query).all()
    found = _views(look, rows)
    return tuple([one for one in found if one.is_open] + [one for one in reversed(found) if not one.is_open])


def complaint(look: Look, complaint_id: UUID) -> ComplaintView:
    """One complaint; raises `Unknown`."""
    (found,) = _views(look, [_row(look, complaint_id)])
    return found


def _row(look: Look, complaint_id: UUID) -> ComplaintRow:
    row = look.session.get(ComplaintRow, complaint_id)
    if row is None:
        raise Unknown("unknown-complaint", "There is no such complaint.")
    return row


def _report(row: ComplaintRow) -> Report:
    return Report(row.received_at, row.complainant, row.nature, row.response, Harm(row.harm))


def _views(look: Look, rows: Sequence[ComplaintRow]) -> list[ComplaintView]:
    policy = policy_in_force(look.session)
    whose = _againsts(look, rows)
    names = dict(look.session.execute(select(PersonRow.id, PersonRow.name)).all())
    reviews = defaultdict(list)
    wanted = select(ComplaintReviewRow).where(ComplaintReviewRow.complaint_id.in_([row.id for row in rows]))
    for item in look.session.scalars(wanted.order_by(ComplaintReviewRow.reviewed_at.desc())):
        found = Review(item.findings, item.follow_up, item.is_quality, item.medwatch_on, item.why_not)
        reviews[item.complaint_id].append(Reviewed(found, names[item.person_id], item.reviewed_at))
    return [
        ComplaintView(
            row.id, str(row.number), whose[row.id], _report(row), decode(Kin, row.document), names[row.person_id], row.recorded_at,
            tuple(reviews[row.id]), medwatch_due(_report(row), policy), look.at, look.today,
        )
        for row in rows
    ]  # fmt: skip


def _againsts(look: Look, rows: Sequence[ComplaintRow]) -> dict[UUID, Against]:
    """What each complaint is against, as it was recorded, in one query for all."""
    query = (
        select(ComplaintRow.id, PrescriptionRow.number, FillRow.number, BatchRow.number, PatientRow.name, PatientRow.birth_date)
        .outerjoin(PrescriptionRow, ComplaintRow.prescription_id == PrescriptionRow.id)
        .outerjoin(FillRow, ComplaintRow.fill_id == FillRow.id)
        .outerjoin(BatchRow, ComplaintRow.batch_id == BatchRow.id)
        .outerjoin(PatientRow, ComplaintRow.patient_id == PatientRow.id)
        .where(ComplaintRow.id.in_([row.id for row in rows]))
    )
    words = {row[0]: row for row in look.session.execute(query)}
    found = {}
    for row in rows:
        _, rx, fill, batch, patient, born = words[row.id]
        if row.patient_id:
            look.note_read(patient_id=row.patient_id, prescription_id=row.prescription_id)
        found[row.id] = Against(row.fill_id, row.batch_id, row.prescription_id, str(rx or ""), fill or 0, str(batch or ""), row.patient_id, patient or "", born)
    return found


def _bottle(look: Look, fill_id: UUID) -> Against:
    query = (
        select(FillRow.number, PrescriptionRow.id, PrescriptionRow.number, PatientRow.id, PatientRow.name, PatientRow.birth_date)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .where(FillRow.id == fill_id)
    )
    found = look.session.execute(query).first()
    if found is None:
        raise Unknown("unknown-fill", "There is no such bottle.")
    number, prescription_id, rx, patient_id, patient, born = found
    look.note_read(patient_id=patient_id, prescription_id=prescription_id)
    inside = sorted(batch for batch, _ in back_graph(look.session, Things(fills=frozenset({str(fill_id)}))).filled)
    numbers = batch_numbers(look, inside)
    first = inside[0] if inside else None
    return Against(fill_id, UUID(first) if first else None, prescription_id, str(rx), number, numbers[first] if first else "", patient_id, patient, born)


def _handed_over(look: Look, fills: Collection[Key]) -> set[Key]:
    return set(look.session.scalars(select(as_key(DispenseRow.fill_id)).where(LEFT_THE_HOUSE, among(look.session, DispenseRow.fill_id, fills))))
