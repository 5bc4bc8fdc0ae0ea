"""What a container's page shows of printing: the printers, the one of this screen, how the label goes on its stock, and the jobs."""

from collections.abc import Sequence
from uuid import UUID

from flask import current_app

from compounding.domain.authority import LookName
from compounding.domain.errors import Conflict
from compounding.domain.fill import FillStatus
from compounding.domain.printer import PrintsFor
from compounding.web.page import actor, pharmacy, profile
from compounding.web.screen import chosen_here
from compounding.workflow import labels, print_jobs, printers
from compounding.workflow.fill_pages import FillPage
from compounding.workflow.labels import Composed, Fit
from compounding.workflow.printers import PrinterView


def composed(fill_id: UUID) -> Composed:
    """The container's label as it would print now."""
    return pharmacy().look(LookName.LABELS, actor(), lambda look: labels.compose(look, fill_id, profile()))


def printing_of(found: FillPage, tried: str = "") -> dict[str, object]:
    """What the page of this container shows of printing; `tried` is label stock on which a print was refused just now.

    How a label goes on the stock of this screen, or on what was tried, is found out before anything is issued.
    """
    every = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.printers(look, PrintsFor.CONTAINERS))
    known = tuple(item for item in every if not item.on_sheets)
    jobs = pharmacy().look(LookName.LABELS, actor(), lambda look: print_jobs.jobs_of_fill(look, found.id))
    here = _here(known)
    fit, helps = _fit(found, tried or (here.printer.medium if here else ""))
    stalled = pharmacy().look(LookName.PRINTERS, actor(), print_jobs.is_stalled) if any(job.on_its_way for job in jobs) else False
    stock = {"stalled": stalled, "media": labels.media(), "media_names": dict(printers.stock())}
    return {"printers": known, "here": here, "jobs": jobs, "fit": fit, "helps": helps, **stock}


def _here(known: Sequence[PrinterView]) -> PrinterView | None:
    chosen = chosen_here()
    return next((item for item in known if item.id == chosen), None)


def _fit(found: FillPage, medium: str) -> tuple[Fit | None, tuple[Fit, ...]]:
    """How the label goes on one stock and, where a field of it does not, every stock that takes it."""
    if not medium or found.status is not FillStatus.MADE:
        return None, ()
    renderer = current_app.extensions["renderer"]
    try:
        label = composed(found.id)
    except Conflict:
        return None, ()  # there is no released batch any more: that is said when it is printed
    fit = labels.fit(renderer, label, medium)
    return fit, labels.ways_out(renderer, label, fit) if fit.field else ()
