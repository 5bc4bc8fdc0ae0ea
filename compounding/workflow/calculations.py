"""The bench's calculations: asked without a patient, answered only after the second pharmacist has looked; and the labels of what a dilution makes."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Protocol, TypeAlias
from uuid import UUID

from sqlalchemy import select

from compounding.db.bench_labels import BenchLabelRow
from compounding.db.document import decode, encode, sha256
from compounding.db.people import PersonRow
from compounding.db.values import devices, policy_in_force
from compounding.domain.bench import Answer
from compounding.domain.bench_liquids import Diluting, Mixing, Strength, dilution, mixture, strength
from compounding.domain.bench_serial import Intermediate, Serial, ladder
from compounding.domain.bench_solids import Little, Repeatability, Sensitivity, Trituration, an_aliquot, by_repeatability, by_sensitivity, trituration
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.formula import Storage
from compounding.domain.policy import Policy
from compounding.domain.quantity import decimal_text
from compounding.domain.weighing import Balance, Syringe
from compounding.workflow.act import Act, Look
from compounding.workflow.printing import laid_out, stock
from compounding.workflow.proof import prove_bench
from labels.label import IntermediateLabel, Printed
from labels.media import Media, Purpose

Question: TypeAlias = Diluting | Mixing | Strength | Serial | Sensitivity | Repeatability | Little | Trituration
_LAST = 20  # labels that are listed


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An answer that two have found; a serial dilution has its liquids beside it."""

    answer: Answer
    intermediates: tuple[Intermediate, ...] = ()


class Renders(Protocol):
    """What lays a label out; the application hands one over."""

    def intermediate(self, label: IntermediateLabel, media: Media) -> Printed:
        """The label on this stock."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A label as it would print now, and the calculation that it follows from."""

    question: Serial
    number: int
    value: IntermediateLabel


@dataclass(frozen=True, slots=True)
class PrintedLabel:
    """A label that was printed: what it says, by whom and when."""

    id: UUID
    value: IntermediateLabel
    person: str
    at: datetime


def instruments(look: Look) -> tuple[Syringe | Balance, ...]:
    """What the pharmacy measures and weighs with."""
    return tuple(item for item in devices(look.session) if isinstance(item, Syringe | Balance))


def reckon(look: Look, question: Question) -> Reckoned:
    """The answer to `question`; raises `Unsafe` with what would work where it cannot be done."""
    policy = policy_in_force(look.session)
    device = _device(look, question)
    found = _answer(look, question, device, policy)
    prove_bench(question, found.answer, device=device, intermediates=found.intermediates, policy=policy, today=look.today)
    return found


def media() -> tuple[tuple[str, str], ...]:
    """Every label stock for the bench, the smallest first: its id and its name."""
    return tuple((item.id, item.name) for item in sorted(stock(Purpose.BATCH), key=lambda item: item.width_mm * item.height_mm))


def compose(look: Look, question: Serial, number: int) -> Composed:
    """The finished text of the label of one liquid of a serial dilution that is made today."""
    made = reckon(look, question).intermediates
    if number > len(made):
        raise Invalid("number", "This dilution has no such step. Work it out again.", fields={"number": ("Choose which label is printed.",)})
    liquid = made[number - 1]
    value = IntermediateLabel(
        notice="INTERMEDIATE - NOT FOR DISPENSING",
        name_and_strength=f"naltrexone {liquid.strength_text}",
        reference=liquid.name,
        volume=f"{_thousands(liquid.volume.ml)} mL",
        made=f"Made: {look.today.isoformat()} by {look.actor.initials}",
        beyond_use=liquid.beyond_use.until.isoformat(),
        storage=f"Keep {'in the refrigerator' if question.storage is Storage.REFRIGERATOR else 'at room temperature'}.",
    )
    return Composed(question, number, value)


def lay_out(renderer: Renders, composed: Composed, medium: str) -> Printed:
    """The label on `medium`, before anything is written; raises `Invalid` with what cannot be printed whole."""
    return laid_out(medium, Purpose.BATCH, lambda stock: renderer.intermediate(composed.value, stock))


def keep(act: Act, composed: Composed, printed: Printed) -> UUID:
    """Keep a label that was laid out, with who printed it and from which calculation; raises `Conflict` when what it says no longer holds."""
    if compose(act, composed.question, composed.number) != composed:
        raise Conflict("label-stale", "What the label says has changed meanwhile. Work it out again and print it anew.")
    text = encode(composed.value)
    row = BenchLabelRow(
        question=encode(composed.question),
        number=composed.number,
        media=printed.media,
        value=text,
        value_sha256=sha256(text),
        pdf=printed.pdf,
        pdf_sha256=printed.sha256,
        template_version=printed.template_version,
        person_id=act.actor.id,
        printed_at=act.at,
    )
    act.session.add(row)
    return row.id


def pdf(look: Look, label_id: UUID) -> bytes:
    """The bytes of a label that was printed."""
    row = look.session.get(BenchLabelRow, label_id)
    if row is None:
        raise Unknown("unknown-label", "There is no such label.")
    return row.pdf


def printed(look: Look) -> tuple[PrintedLabel, ...]:
    """The labels of intermediates that were printed last, the newest first."""
    found = select(BenchLabelRow, PersonRow.name).join(PersonRow, BenchLabelRow.person_id == PersonRow.id)
    rows = look.session.execute(found.order_by(BenchLabelRow.printed_at.desc(), BenchLabelRow.id).limit(_LAST)).all()
    return tuple(PrintedLabel(row.id, decode(IntermediateLabel, row.value), name, row.printed_at) for row, name in rows)


def _thousands(number: Fraction) -> str:
    """A number for a label, with a comma in thousands (ISMP)."""
    whole, point, part = decimal_text(number).partition(".")
    return f"{int(whole):,}{point}{part}"


def _answer(look: Look, question: Question, device: Syringe | Balance | None, policy: Policy) -> Reckoned:
    match question:
        case Diluting():
            found = dilution(question, device, policy)
        case Mixing():
            found = mixture(question, device, policy)
        case Strength():
            found = strength(question)
        case Serial():
            made = ladder(question, device, policy=policy, today=look.today)
            return Reckoned(made.answer, made.intermediates)
        case Sensitivity():
            found = by_sensitivity(question)
        case Repeatability():
            found = by_repeatability(question)
        case Little():
            found = an_aliquot(question, _balance(device))
        case Trituration():
            found = trituration(question, _balance(device), policy)
    return Reckoned(found)


def _device(look: Look, question: Question) -> Syringe | Balance | None:
    """The instrument that this is measured or weighed with, if one was chosen."""
    if isinstance(question, Little | Trituration) and question.own:
        return question.own
    if isinstance(question, Strength | Sensitivity | Repeatability) or not question.device:
        return None
    for item in instruments(look):
        if item.code == question.device:
            return item
    message = "The pharmacy has no such instrument. Choose one from the list."
    raise Invalid("device", message, fields={"device": (message,)})


def _balance(device: Syringe | Balance | None) -> Balance:
    if isinstance(device, Balance):
        return device
    message = "Choose a balance, or write the least weight and the readability of another one."
    raise Invalid("device", message, fields={"device": (message,)})
