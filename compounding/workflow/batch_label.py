"""The label of a batch inside the house: its status first, so that what is set aside is seen to be."""

from typing import Protocol

from compounding.domain.batch import BatchStatus
from compounding.domain.quantity import decimal_text
from compounding.workflow.batch_pages import BatchView
from compounding.workflow.paper_parts import unit_of
from compounding.workflow.printing import laid_out, stock
from compounding.workflow.records import Details
from labels.label import BatchLabel, Printed
from labels.media import Media, Purpose

_SAID = {
    BatchStatus.COMPOUNDED: "NOT RELEASED",
    BatchStatus.VERIFIED: "NOT RELEASED",
    BatchStatus.QUARANTINED: "QUARANTINE",
}


class Renders(Protocol):
    """What lays a label out; the application hands one over."""

    def batch(self, label: BatchLabel, media: Media) -> Printed:
        """The label on this stock."""


def media() -> tuple[tuple[str, str], ...]:
    """Every label stock that can be a batch's label: its id and its name."""
    return tuple((item.id, item.name) for item in stock(Purpose.BATCH))


def lay_out(renderer: Renders, batch: BatchView, more: Details, medium: str) -> Printed:
    """The label as the batch stands now; raises `Invalid` naming the field that cannot be printed whole."""
    value = batch_label(batch, more)
    return laid_out(medium, Purpose.BATCH, lambda media: renderer.batch(value, media))


def batch_label(batch: BatchView, more: Details) -> BatchLabel:
    """What the label says; days are written for staff, year first."""
    made = batch.record.finished.made if batch.record else batch.preparation.amounts.made
    return BatchLabel(
        internal_id=str(batch.id)[:8].upper(),
        name_and_strength=f"{batch.formula.name} {batch.formula.strength_text}",
        batch=batch.number,
        made_on=more.date.made_on.isoformat(),
        beyond_use=(batch.beyond_use or more.date.until).isoformat(),
        storage=f"Keep at {batch.storage}." if batch.storage == "room temperature" else f"Keep in the {batch.storage}.",
        quantity=f"{decimal_text(made)} {unit_of(batch)}",
        status=_SAID.get(batch.status, batch.status.replace("_", " ").upper()),
        barcode=batch.number,
    )
