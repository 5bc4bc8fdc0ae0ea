"""Labels: finished text composed from what was verified, laid out before anything is written, kept with its bytes, reprinted as those bytes.

`compose` looks, the door lays the value out, and `issue` checks that the value still holds before it keeps value, bytes and hash:
a write lock is never held over a layout.
"""

from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow, SignatureRow
from compounding.db.changes import refuse_unsupplied
from compounding.db.document import decode, encode, sha256
from compounding.db.history import last_fill
from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.db.owed import served_before
from compounding.db.people import PersonRow
from compounding.db.values import fill_row, formula_of, good_through, live_batch_row, plan_of, planned, policy_of, prescription_row
from compounding.domain.batch import BatchStatus, Meaning
from compounding.domain.dispense import barcode_of
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.fill import FillStatus, advance
from compounding.domain.formula import Formula
from compounding.domain.label_text import Facts, label_fields
from compounding.domain.people import Actor, PharmacyProfile, Role
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.preparation import Amounts, BatchPlan, Packed
from compounding.domain.prescription import Order
from compounding.domain.safety import LastFill
from compounding.workflow.act import Act, Look
from compounding.workflow.languages import language_of, wanted
from compounding.workflow.printing import laid_out, stock
from compounding.workflow.proof import prove_pool, prove_preparation, prove_share, prove_stock
from compounding.workflow.queueing import queue_label
from labels.label import DispensingLabel, Printed
from labels.media import Media, Purpose


class Renders(Protocol):
    """What lays a label out; the application hands one over."""

    def dispensing(self, label: DispensingLabel, media: Media) -> Printed:
        """The label on this stock."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A label as it would print now, whose it is, and in which language its directions stand below the English ones."""

    fill_id: UUID
    value: DispensingLabel
    language: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A label that was printed just now, and the job that brings it to a printer; None where its PDF opens by itself."""

    label_id: UUID
    job_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a label goes on a stock: on how many labels, or else which field does not fit, what it needs, and what there is."""

    medium: str
    name: str
    pages: int = 0
    field: str = ""
    needed: str = ""
    available: str = ""
    sentence: str = ""


def media() -> tuple[tuple[str, str], ...]:
    """Every label stock that can be a patient's label: its id and its name."""
    return tuple((item.id, item.name) for item in stock(Purpose.DISPENSING))


def lay_out(renderer: Renders, composed: Composed, medium: str, *, on_sheet: bool = False) -> Printed:
    """The label on `medium`, before anything is written; raises `Invalid` naming the field that cannot be printed whole."""
    return laid_out(medium, Purpose.DISPENSING, lambda stock: renderer.dispensing(composed.value, stock), on_sheet=on_sheet)


def fit(renderer: Renders, composed: Composed, medium: str) -> Fit:
    """How the label goes on one stock; nothing is written."""
    name = dict(media()).get(medium, medium)
    try:
        return Fit(medium, name, pages=lay_out(renderer, composed, medium).pages)
    except Invalid as refusal:
        facts = refusal.facts
        return Fit(medium, name, 0, facts.get("field", ""), needed=facts.get("needed", ""), available=facts.get("available", ""), sentence=refusal.sentence)


def ways_out(renderer: Renders, composed: Composed, refused: Fit) -> tuple[Fit, ...]:
    """Every other stock on which a label goes that one stock refused, the fewest labels first; none where no size would help."""
    found = (fit(renderer, composed, medium) for medium, _ in media() if medium != refused.medium)
    return tuple(sorted((item for item in found if item.pages), key=lambda item: item.pages))


def compose(look: Look, fill_id: UUID, profile: PharmacyProfile, language: str = "") -> Composed:
    """The finished text of a made fill's label, in `language` or the patient's where that can be printed; raises `Conflict` without a released batch."""
    fill = fill_row(look.session, fill_id)
    prescription = prescription_row(look.session, fill.prescription_id)
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    code = language or wanted(look, fill)[0].code
    return Composed(fill.id, _value(look, fill, profile, code), code)


def issue(act: Act, composed: Composed, printed: Printed, profile: PharmacyProfile, *, printer: UUID | None = None, by: UUID | None = None) -> Issued:
    """Keep a label that was laid out, as the fill's current one; a label before it is void. With a printer, its print is queued.

    It is printed by the actor, or `by` the person in whose name the queue prints.

    Raises `Conflict` when what it says no longer holds, `Invalid` for the field `printer` where other stock is loaded.
    """
    fill = fill_row(act.session, composed.fill_id, lock=True)
    if _value(act, fill, profile, composed.language) != composed.value:
        raise Conflict("label-stale", "What the label says has changed meanwhile. Look at it again and print it anew.")
    refuse_unsupplied(act.session, [fill])
    fill.status = advance(FillStatus(fill.status), FillStatus.LABELLED)
    batch = _released(act, fill)
    _prove_again(act, fill, batch)
    before = act.session.scalars(select(LabelRow).where(LabelRow.fill_id == fill.id, LabelRow.status == "current")).all()
    for old in before:
        old.status = "void"
    newest = act.session.scalars(select(func.max(LabelRow.version)).where(LabelRow.fill_id == fill.id)).one() or 0
    text = encode(composed.value)
    row = LabelRow(
        fill_id=fill.id,
        batch_id=batch.id,
        version=newest + 1,
        media=printed.media,
        status="current",
        value=text,
        value_sha256=sha256(text),
        pdf=printed.pdf,
        pdf_sha256=printed.sha256,
        template_version=printed.template_version,
        issued_at=act.at,
    )
    act.session.add(row)
    return _printed(act, row, "first print", printer, by or act.actor.id)


def reprint(act: Act, label_id: UUID, reason: str, *, printer: UUID | None = None) -> Issued:
    """The very same bytes again, numbered and logged; a void label is not printed any more."""
    row = act.session.get(LabelRow, label_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("unknown-label", "There is no such label.")
    if row.status != "current":
        raise Conflict("label-void", "This label is void: a newer one took its place. Print that one.")
    if not reason:
        raise Invalid("reason", "Say why it is printed again.", fields={"reason": ("Say why it is printed again.",)})
    fill = fill_row(act.session, row.fill_id)
    if fill.status != FillStatus.HANDED_OVER:  # whoever has the bottle already may have its label again, whatever became of the order
        refuse_unsupplied(act.session, [fill])
    return _printed(act, row, reason, printer, act.actor.id)


def _value(look: Look, fill: FillRow, profile: PharmacyProfile, code: str) -> DispensingLabel:
    prescription = prescription_row(look.session, fill.prescription_id)
    batch = _released(look, fill)
    plan = plan_of(look.session, fill)
    _, formula = formula_of(look.session, fill)
    facts = Facts(
        rx_number=str(prescription.number),
        batch_number=str(batch.number),
        filled_on=batch.made_on or look.today,
        opens_on=fill.opens_on,
        beyond_use=good_through(look.session, fill, batch) or look.today,
        refills=prescription.refills_left,
        pharmacist=_releaser(look, batch),
        strength_before=_strength(last_fill(look.session, prescription.patient_id, prescription_id=prescription.id)),
        pharmacy_name=profile.name,
        part=fill.part if fill.opens is not None else 0,
    )
    order, container = decode(Order, prescription.document), _as_filled(batch, planned(look.session, fill, plan), formula)
    said = label_fields(order, plan, container, formula, facts, language=language_of(look, fill, code))
    return DispensingLabel(
        **said,
        pharmacy_name=profile.name,
        pharmacy_address=profile.address,
        pharmacy_phone=profile.phone,
        licence=profile.licence,
        barcode=barcode_of(facts.rx_number, facts.batch_number),
    )


def _as_filled(batch: BatchRow, fill: FillPlan, formula: Formula) -> FillPlan:
    """What really is in the container: a bottle from the shelf may hold a little more than the fill needs; capsules are counted."""
    stock = decode(BatchPlan, batch.document).stock
    return fill if stock is None or formula.capsules is not None else replace(fill, amounts=replace(fill.amounts, dispensed=stock.each))


def _prove_again(act: Act, fill: FillRow, batch: BatchRow) -> None:
    """What the label says was made is computed once more by the second pharmacist, from what it was drawn up from."""
    plan, (_, formula), drawn = plan_of(act.session, fill), formula_of(act.session, fill), decode(BatchPlan, batch.document)
    policy, (whose, amounts) = policy_of(act.session, drawn.policy_version), _drawn_for(act, fill, plan, formula, drawn)
    made_on = drawn.preparation.beyond_use.made_on
    if drawn.stock is not None:
        prove_stock(drawn.stock, drawn.preparation.amounts, formula, policy=policy)
        amounts = drawn.preparation.amounts
    if drawn.pool is not None:
        prove_share(drawn.pool, whose, amounts)
        prove_pool(drawn.pool, formula, policy=policy, today=made_on)
    prove_preparation(
        drawn.preparation,
        formula,
        packed=drawn.packed or (Packed(plan.container),),
        storage=drawn.storage or plan.storage,
        amounts=drawn.pool.amounts if drawn.pool else amounts,
        lots=drawn.lots,
        balances=drawn.balances,
        policy=policy,
        made_on=made_on,
        through=drawn.through,
    )


def _drawn_for(look: Look, fill: FillRow, plan: Plan, formula: Formula, drawn: BatchPlan) -> tuple[UUID, Amounts]:
    """For what the batch was drawn up of this container: for what it holds now, or for what it held before less of it was given."""
    for key, container in served_before(look.session, fill, plan, formula):
        held = [share.amounts for share in drawn.pool.shares if share.fill == key] if drawn.pool else [drawn.preparation.amounts]
        if container.amounts in held:
            return key, container.amounts
    return fill.id, planned(look.session, fill, plan).amounts  # which the proof then refuses


def _released(look: Look, fill: FillRow) -> BatchRow:
    batch = live_batch_row(look.session, fill.id)
    if batch is None or batch.status != BatchStatus.RELEASED:
        raise Conflict("not-released", "The batch of this fill is not released. Verify and release it first.")
    return batch


def _releaser(look: Look, batch: BatchRow) -> Actor:
    person = look.session.scalars(
        select(PersonRow)
        .join(SignatureRow, SignatureRow.person_id == PersonRow.id)
        .where(SignatureRow.subject_id == batch.id, SignatureRow.meaning == Meaning.RELEASE)
    ).one()
    return Actor(person.id, person.name, person.initials, Role(person.role))


def _strength(before: LastFill | None) -> str:
    if before is None:
        return ""
    return str(before.strength or before.capsule_strength or "")


def _printed(act: Act, label: LabelRow, reason: str, printer: UUID | None, person: UUID) -> Issued:
    before = act.session.scalars(select(func.count(LabelPrintRow.id)).where(LabelPrintRow.label_id == label.id)).one()
    row = LabelPrintRow(label_id=label.id, number=before + 1, reason=reason, person_id=person, printed_at=act.at)
    act.session.add(row)
    if printer is None:
        return Issued(label.id)
    fill = fill_row(act.session, label.fill_id)
    about = f"Rx {prescription_row(act.session, fill.prescription_id).number}, container {fill.number}"
    return Issued(label.id, queue_label(act, printer, label, row, about=about, by=person))
