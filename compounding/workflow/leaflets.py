"""Leaflets: composed from the plan and from what the label of the container says, laid out before anything is written, kept with their bytes.

A leaflet belongs to a label: when that is void, so is the leaflet, and what is printed again for the same label are the same bytes.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.document import decode, encode, sha256
from compounding.db.labels import LabelRow
from compounding.db.leaflets import LeafletPrintRow, LeafletRow, syringe_of
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import fill_row, formula_of, good_through, live_batch_row, plan_of, planned, policy_in_force, prescription_row
from compounding.domain.errors import Conflict, Unknown
from compounding.domain.fill import FillStatus
from compounding.domain.label_text import warnings_text
from compounding.domain.language import ENGLISH
from compounding.domain.leaflet import Container, Leaflet, OnLabel, Printing, leaflet
from compounding.domain.leaflet_advice import Told
from compounding.domain.people import PharmacyProfile
from compounding.domain.plan import Plan
from compounding.domain.prescription import Order
from compounding.domain.translation import Asked, offers
from compounding.workflow.act import Act, Look
from compounding.workflow.languages import directions_of, language_of, languages, wanted
from compounding.workflow.leaflet_paper import leaflet_paper
from compounding.workflow.printing import StampsPapers, stamped_paper
from labels.label import DispensingLabel, Printed


@dataclass(frozen=True, slots=True)
class Composed:
    """A leaflet as it would print now, with its label; `kept` is the one that was already printed so."""

    fill_id: UUID
    label_id: UUID
    asked: Asked
    value: Leaflet
    kept: UUID | None


@dataclass(frozen=True, slots=True)
class LeafletView:
    """A leaflet that was printed; `current` as long as its label is."""

    id: UUID
    language: str
    large: bool
    version: int  # of its label
    current: bool
    prints: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The languages that may be chosen, with their names; which one the patient wants, and why that is English where it was not wanted.

    `large` is whether the patient's last leaflet was in large print: who needs it once needs it again, and nobody has to remember.
    """

    languages: tuple[tuple[str, str], ...]
    chosen: str
    why_english: str
    unreviewed: tuple[str, ...]  # why the other languages cannot be chosen
    large: bool


def choices(look: Look, fill_id: UUID) -> Choices:
    """In which languages the papers of a container can be printed."""
    fill = fill_row(look.session, fill_id)
    best, reason = wanted(look, fill)
    offered = offers(languages(), directions_of(look, fill), policy_in_force(look.session))
    beside = tuple((item.language.code, item.language.name) for item in offered if not item.why_not)
    unreviewed = tuple(item.why_not for item in offered if item.why_not and item.why_not != reason)
    return Choices(((ENGLISH, "English"), *beside), best.code, reason, unreviewed, _reads_large(look, fill))


def _reads_large(look: Look, fill: FillRow) -> bool:
    patient_id = prescription_row(look.session, fill.prescription_id).patient_id
    printed = (
        select(LeafletRow.large_print)
        .join(LeafletPrintRow)
        .join(LabelRow, LeafletRow.label_id == LabelRow.id)
        .join(FillRow, LabelRow.fill_id == FillRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .where(PrescriptionRow.patient_id == patient_id)
        .order_by(LeafletPrintRow.printed_at.desc(), LeafletPrintRow.id)
    )
    return bool(look.session.scalars(printed.limit(1)).first())


def compose(look: Look, fill_id: UUID, asked: Asked, profile: PharmacyProfile) -> Composed:
    """The finished text of a labelled container's leaflet; raises `Conflict` while it has no label."""
    fill = fill_row(look.session, fill_id)
    prescription = prescription_row(look.session, fill.prescription_id)
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    label = _label(look, fill)
    kept = _kept(look, label.id, asked)
    return Composed(fill.id, label.id, asked, _value(look, fill, label, asked.language, profile), kept.id if kept else None)


def lay_out(renderer: StampsPapers, composed: Composed) -> Printed:
    """The leaflet as a PDF, before anything is written; raises `Invalid` naming the part that cannot be printed whole."""
    return stamped_paper(renderer, leaflet_paper(composed.value, large=composed.asked.large))


def issue(act: Act, composed: Composed, printed: Printed, profile: PharmacyProfile) -> UUID:
    """Keep a leaflet that was laid out, and note that it was printed. Gives its key.

    Raises `Conflict` when what it says no longer holds.
    """
    fill = fill_row(act.session, composed.fill_id, lock=True)
    label = _label(act, fill)
    if label.id != composed.label_id or _value(act, fill, label, composed.asked.language, profile) != composed.value:
        raise Conflict("leaflet-stale", "What the leaflet says has changed meanwhile. Print it anew.")
    text = encode(composed.value)
    row = _kept(act, label.id, composed.asked) or LeafletRow(
        label_id=label.id,
        language=composed.asked.language,
        large_print=composed.asked.large,
        value=text,
        value_sha256=sha256(text),
        pdf=printed.pdf,
        pdf_sha256=printed.sha256,
        template_version=printed.template_version,
        issued_at=act.at,
    )
    act.session.add(row)
    _note_print(act, row.id)
    return row.id


def print_again(act: Act, leaflet_id: UUID) -> UUID:
    """Note that the very same bytes are printed again; a leaflet whose label is void is not."""
    row = _leaflet(act, leaflet_id)
    if act.session.get_one(LabelRow, row.label_id).status != "current":
        raise Conflict("leaflet-void", "The label of this leaflet is void: print the leaflet of the new label.")
    _note_print(act, row.id)
    return row.id


def pdf(look: Look, leaflet_id: UUID) -> bytes:
    """The bytes of a leaflet, to show them; it is noted whose data were read."""
    row = _leaflet(look, leaflet_id)
    fill = fill_row(look.session, look.session.get_one(LabelRow, row.label_id).fill_id)
    prescription = prescription_row(look.session, fill.prescription_id)
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    return row.pdf


def leaflets_of(look: Look, fill_id: UUID) -> tuple[LeafletView, ...]:
    """Every leaflet of a fill, those of the newest label first."""
    rows = look.session.execute(
        select(LeafletRow, LabelRow, func.count(LeafletPrintRow.id))
        .join(LabelRow, LeafletRow.label_id == LabelRow.id)
        .outerjoin(LeafletPrintRow, LeafletPrintRow.leaflet_id == LeafletRow.id)
        .where(LabelRow.fill_id == fill_id)
        .group_by(LeafletRow.id, LabelRow.id)
        .order_by(LabelRow.version.desc(), LeafletRow.issued_at)
    )
    names = {code: language.name for code, language in languages().items()}
    return tuple(
        LeafletView(row.id, names.get(row.language, row.language), row.large_print, label.version, label.status == "current", prints)
        for row, label, prints in rows
    )


def _value(look: Look, fill: FillRow, label: LabelRow, code: str, profile: PharmacyProfile) -> Leaflet:
    prescription = prescription_row(look.session, fill.prescription_id)
    plan, policy, batch = plan_of(look.session, fill), policy_in_force(look.session), _batch(look, fill)
    said, order, (_, formula) = decode(DispensingLabel, label.value), decode(Order, prescription.document), formula_of(look.session, fill)
    container = planned(look.session, fill, plan)
    made_on, beyond_use = batch.made_on or look.today, good_through(look.session, fill, batch) or look.today
    language = language_of(look, fill, code)
    cautions = [caution for caution in warnings_text(formula)[1:] if caution in said.warnings]
    printing = Printing(
        order=order,
        plan=plan,
        fill=container,
        formula=formula,
        opens_on=fill.opens_on,
        label=OnLabel(said.drug_and_strength, said.salt_line, said.directions, said.beyond_use, (said.storage, *cautions)),
        later=_later(look, fill, plan),
        syringe=syringe_of(look.session, plan.device),
        told=Told(said.rx_number, said.batch, made_on, beyond_use, profile),
    )
    return leaflet(printing, language, policy)


def _later(look: Look, fill: FillRow, plan: Plan) -> tuple[Container, ...]:
    """The containers of the course that are opened after this one, as they are planned today."""
    rows = look.session.scalars(
        select(FillRow)
        .where(FillRow.plan_id == fill.plan_id, FillRow.opens_on > fill.opens_on, FillRow.status != FillStatus.CANCELLED)
        .order_by(FillRow.opens_on, FillRow.number)
    )
    return tuple(Container(row.opens_on, planned(look.session, row, plan)) for row in rows)


def _label(look: Look, fill: FillRow) -> LabelRow:
    row = look.session.scalars(select(LabelRow).where(LabelRow.fill_id == fill.id, LabelRow.status == "current")).first()
    if row is None:
        raise Conflict("not-labelled", "This container has no label yet. Print the label first: the leaflet says the same.")
    return row


def _batch(look: Look, fill: FillRow) -> BatchRow:
    batch = live_batch_row(look.session, fill.id)
    if batch is None:
        raise Conflict("not-labelled", "This container has no batch any more. There is no leaflet for it.")
    return batch


def _kept(look: Look, label_id: UUID, asked: Asked) -> LeafletRow | None:
    found = select(LeafletRow).where(LeafletRow.label_id == label_id, LeafletRow.language == asked.language, LeafletRow.large_print == asked.large)
    return look.session.scalars(found).first()


def _leaflet(look: Look, leaflet_id: UUID) -> LeafletRow:
    row = look.session.get(LeafletRow, leaflet_id)
    if row is None:
        raise Unknown("unknown-leaflet", "There is no such leaflet.")
    return row


def _note_print(act: Act, leaflet_id: UUID) -> None:
    printed = act.session.scalars(select(func.count(LeafletPrintRow.id)).where(LeafletPrintRow.leaflet_id == leaflet_id)).one()
    act.session.add(LeafletPrintRow(leaflet_id=leaflet_id, number=printed + 1, person_id=act.actor.id, printed_at=act.at))
