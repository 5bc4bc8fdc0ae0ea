"""What a container's page shows of printing: the printers, the one of this screen, how the label goes on its stock, and the jobs."""

from collections.abc import Sequence
from uuid import UUID

from flask import current_app

from compounding.domain.authority import LookName
from compounding.domain.errors import Conflict
from compounding.domain.fill import FillStatus
from compounding.domain.people import PharmacyProfile
from compounding.domain.printer import PrintsFor
from compounding.web.page import actor, pharmacy
from compounding.web.screen import chosen_here
from compounding.workflow import labels, print_jobs, printers
from compounding.workflow.fill_pages import FillPage
from compounding.workflow.labels import Composed, Fit
from compounding.workflow.printers import PrinterView


def profile() -> PharmacyProfile:
    """Who the pharmacy is."""
    found: PharmacyProfile = current_app.extensions["profile"]
    return found


def composed(fill_id: UUID) -> Composed:
    """The container's label as it would print now."""
    return pharmacy().look(LookName.LABELS, actor(), lambda look: labels.compose(look, fill_id, profile()))


def printing_of(found: FillPage) -> dict[str, object]:
    """What the page of this container shows of printing."""
    every = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.printers(look, PrintsFor.CONTAINERS))
    known = tuple(item for item in every if not item.on_sheets)
    jobs = pharmacy().look(LookName.LABELS, actor(), lambda look: print_jobs.jobs_of_fill(look, found.id))
    here = _here(known)
    fit = _fit(found.id, here.printer.medium) if here is not None and found.status is FillStatus.MADE else None
    helps = _ways_out(found.id, fit) if fit is not None and not fit.pages else ()
    return {"printers": known, "here": here, "jobs": jobs, "media": labels.media(), "media_names": dict(printers.stock()), "fit": fit, "helps": helps}


def refused(fill_id: UUID, medium: str) -> dict[str, object]:
    """What would help a label that was not printed: nothing where it was not its size that was refused."""
    fit = _fit(fill_id, medium)
    return {} if fit is None or fit.pages or not fit.field else {"fit": fit, "helps": _ways_out(fill_id, fit)}


def _here(known: Sequence[PrinterView]) -> PrinterView | None:
    chosen = chosen_here()
    return next((item for item in known if item.id == chosen), None)


def _fit(fill_id: UUID, medium: str) -> Fit | None:
    try:
        return labels.fit(current_app.extensions["renderer"], composed(fill_id), medium)
    except Conflict:
        return None  # there is no released batch any more: that is said when it is printed


def _ways_out(fill_id: UUID, fit: Fit) -> tuple[Fit, ...]:
    return labels.ways_out(current_app.extensions["renderer"], composed(fill_id), fit) if fit.field else ()
