"""What the papers of a batch have in common: their head and foot, their words for moments and amounts, and laying them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from compounding.domain.errors import Invalid
from compounding.domain.people import PharmacyProfile
from compounding.domain.wording import said
from compounding.workflow.batch_pages import BatchView
from labels.label import LabelDoesNotFit, Printed
from labels.paper import Block, Column, Paper, Paragraph, Table

WRITING_MM = 11.0  # the height of a row for handwriting


class Renders(Protocol):
    """What turns a paper into bytes; the application hands one over."""

    def paper(self, paper: Paper) -> Printed:
        """The paper as a PDF."""

    def papers(self, papers: Sequence[Paper]) -> Printed:
        """Papers one after the other as one PDF, each with page numbers of its own."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where and when a paper is printed: whose it is, the moment, and the pharmacy's own zone."""

    profile: PharmacyProfile
    at: datetime
    zone: ZoneInfo

    def moment(self, at: datetime) -> str:
        """A moment as "3 March 2026, 14:05"."""
        here = at.astimezone(self.zone)
        return f"{said(here.date())}, {here:%H:%M}"


def day(value: date | None) -> str:
    """A date in words; nothing where there is none yet."""
    return said(value) if value else ""


def unit_of(batch: BatchView) -> str:
    """What the batch is counted in."""
    return "capsules" if batch.formula.capsules else "mL"


def whose(batch: BatchView) -> str:
    """For whom: name, birth date and Rx number of each, always together."""
    shares = (f"{share.order.patient.name}, born {said(share.order.patient.birth_date)}, Rx {share.prescription_number}" for share in batch.shares)
    return "; ".join(shares) or "made for stock"


def headed(batch: BatchView, desk: Desk, kind: str, blocks: tuple[Block, ...]) -> Paper:
    """A paper of the batch with its number as a barcode, and at each foot what it is and when it was printed."""
    profile = desk.profile
    return Paper(
        kind=kind,
        title=f"{kind}: batch {batch.number}",
        subtitle=f"{batch.formula.name}, {batch.formula.strength_text}",
        footer=f"{kind} of batch {batch.number}, printed {desk.moment(desk.at)}. {profile.name}, {profile.address}",
        barcode=batch.number,
        blocks=blocks,
    )


def warning(words: str) -> Paragraph:
    """Something that must be seen first."""
    return Paragraph(words, bold=True, boxed=True)


def signing(*names: str) -> tuple[Block, ...]:
    """Places to sign: name, signature, day and time."""
    columns = (Column("Who", 1.6), Column("Name", 1.6), Column("Signature", 1.6), Column("Day and time", 1.2))
    return (Table("Signatures", columns, tuple((name, "", "", "") for name in names), row_mm=WRITING_MM + 1),)


def lay_out(renderer: Renders, paper: Paper) -> bytes:
    """The bytes of a paper; raises `Invalid` naming the part that cannot be printed whole."""
    return lay_out_all(renderer, (paper,))


def lay_out_all(renderer: Renders, papers: Sequence[Paper]) -> bytes:
    """The bytes of papers one after the other; raises as `lay_out` does."""
    try:
        return renderer.papers(papers).pdf
    except LabelDoesNotFit as refusal:
        raise Invalid("paper", refusal.sentence, fields={"": (refusal.sentence,)}, field=refusal.field) from refusal
