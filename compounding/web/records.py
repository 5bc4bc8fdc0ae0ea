"""The compounding record: read from top to bottom, printed, set aside, taken up again; and the signatures under all batches."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.printer import PrintsFor
from compounding.domain.quality import said_limits
from compounding.domain.timing import said_time
from compounding.domain.weighing import percent
from compounding.schemas.counter import REASON
from compounding.schemas.forms import from_form
from compounding.schemas.printers import CHOSEN
from compounding.schemas.records import PAGE
from compounding.schemas.refusals import read
from compounding.web.batches import exact_amount, short, shown_amount
from compounding.web.page import actor, inline_pdf, pharmacy, profile, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import batch_label, batch_pages, printers, quarantine, record_paper, records, worksheet_paper
from compounding.workflow.act import Look
from compounding.workflow.batch_pages import BatchView
from compounding.workflow.paper_parts import Desk, lay_out
from compounding.workflow.records import Details

Composes = Callable[[BatchView, Details, Desk], Any]  # doors do not know what a paper is made of

blueprint = Blueprint("records", __name__, url_prefix="/batches")


@blueprint.get("/<uuid:batch_id>/record")
def record(batch_id: UUID) -> str:
    """The record of one batch, with every field of USP <795> 7.2."""
    return _page(batch_id, {}, page="batch_record.html")


@blueprint.get("/<uuid:batch_id>/record.pdf")
def record_pdf(batch_id: UUID) -> Response:
    """The record as a paper."""
    return _paper(batch_id, record_paper.record_paper, "record.pdf")


@blueprint.get("/<uuid:batch_id>/worksheet.pdf")
def worksheet_pdf(batch_id: UUID) -> Response:
    """The worksheet as a paper, with places to write."""
    return _paper(batch_id, worksheet_paper.worksheet_paper, "worksheet.pdf")


@blueprint.get("/<uuid:batch_id>/labels/<medium>.pdf")
def label_pdf(batch_id: UUID, medium: str) -> Response:
    """The label of the batch inside the house, with its status as it stands now."""
    batch, more = _found(batch_id)
    return inline_pdf(batch_label.lay_out(current_app.extensions["renderer"], batch, more, medium).pdf, "batch-label.pdf")


@blueprint.post("/<uuid:batch_id>/label")
def print_label(batch_id: UUID) -> Answer:
    """The label of the batch, on a printer of the house."""
    return attempt(lambda: _label_printed(batch_id), lambda errors: _page(batch_id, errors, page="batch_record.html"))


@blueprint.get("/<uuid:batch_id>/quarantine")
def setting_aside(batch_id: UUID) -> str:
    """The page on which a batch is set aside."""
    return _page(batch_id, {}, page="batch_quarantine.html")


@blueprint.post("/<uuid:batch_id>/quarantine")
def set_aside(batch_id: UUID) -> Answer:
    """Quarantine, by anybody at the bench."""
    return attempt(lambda: _set_aside(batch_id), lambda errors: _page(batch_id, errors, page="batch_quarantine.html"))


@blueprint.get("/<uuid:batch_id>/lift")
def lifting(batch_id: UUID) -> str:
    """The page on which a quarantine is lifted."""
    return _page(batch_id, {}, page="batch_lift.html")


@blueprint.post("/<uuid:batch_id>/lift")
def lift(batch_id: UUID) -> Answer:
    """Lift a quarantine, by a pharmacist's signature."""
    return attempt(lambda: _lifted(batch_id), lambda errors: _page(batch_id, errors, page="batch_lift.html"))


@blueprint.get("/signatures")
def signatures() -> str:
    """The signatures under all batches that do not stand any more."""
    before = cast("dict[str, int | None]", read(PAGE, request.args.to_dict()))["before"]
    return render("signatures.html", zone=pharmacy().zone, it=pharmacy().look(LookName.BATCHES, actor(), lambda look: records.look_through(look, before)))


def _label_printed(batch_id: UUID) -> str:
    key = cast("dict[str, UUID]", read(CHOSEN, {"printer": request.form.get("printer", "")}))["printer"]
    printer = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.chosen(look, key))
    batch, more = _found(batch_id)
    printed = batch_label.lay_out(current_app.extensions["renderer"], batch, more, printer.printer.medium)
    job_id = pharmacy().perform(ActName.BATCH_PRINT_LABEL, actor(), lambda act: printers.print_batch_label(act, key, batch.number, printed))
    return f"/jobs/{job_id}.pdf" if printer.in_browser else f"/batches/{batch_id}/record"


def names(batch: BatchView) -> str:
    """For whom a batch is: every patient's name, or the stock."""
    return ", ".join(share.order.patient.name for share in batch.shares) or "stock"


def _paper(batch_id: UUID, compose: Composes, name: str) -> Response:
    """A paper of the batch, laid out after it was read."""
    room = pharmacy()
    batch, more, at = room.look(LookName.BATCHES, actor(), lambda look: (*_both(look, batch_id), look.at))
    paper = compose(batch, more, Desk(profile(), at, room.zone))
    return inline_pdf(lay_out(current_app.extensions["renderer"], paper), name)


def _both(look: Look, batch_id: UUID) -> tuple[BatchView, Details]:
    batch = batch_pages.batch(look, batch_id)
    return batch, records.details(look, batch_id, batch.storage)


def _found(batch_id: UUID) -> tuple[BatchView, Details]:
    return pharmacy().look(LookName.BATCHES, actor(), lambda look: _both(look, batch_id))


def _page(batch_id: UUID, errors: Errors, *, page: str) -> str:
    batch, more = _found(batch_id)
    saying = {"shown_amount": shown_amount, "exact_amount": exact_amount, "percent": percent, "short": short, "said_limits": said_limits, "names": names}
    return render(
        page,
        values=request.form,
        errors=errors,
        it=batch,
        more=more,
        zone=pharmacy().zone,
        late=more.late,
        one=Fraction(1),
        said_time=said_time,
        now=None,
        media=batch_label.media(),
        printers=pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.printers(look, PrintsFor.BATCHES)),
        said_event=record_paper.EVENTS.get,
        **saying,
    )


def _set_aside(batch_id: UUID) -> str:
    reason = cast("dict[str, str]", read(REASON, from_form(unflatten(request.form))))["reason"]
    pharmacy().perform(ActName.BATCH_QUARANTINE, actor(), lambda act: quarantine.quarantine(act, batch_id, reason))
    return f"/batches/{batch_id}/record"


def _lifted(batch_id: UUID) -> str:
    reason = cast("dict[str, str]", read(REASON, from_form(unflatten(request.form))))["reason"]
    sign()
    pharmacy().perform(ActName.BATCH_LIFT, actor(), lambda act: quarantine.lift(act, batch_id, reason))
    return f"/batches/{batch_id}/record"
