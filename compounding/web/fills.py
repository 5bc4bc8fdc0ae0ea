"""One container at the counter: its label, the product check, the hand-over."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import cast
from uuid import UUID

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import ActName, LookName
from compounding.domain.dispense import Counselling, HandOver
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.quantity import decimal_text
from compounding.domain.safety import Finding, Reply
from compounding.schemas.counter import HAND_OVER, LOT, REDATE, SCAN
from compounding.schemas.forms import from_form
from compounding.schemas.planning import REPLIES
from compounding.schemas.refusals import read
from compounding.web.desk import printing_of
from compounding.web.orders import REASONS
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import costs, dispenses, fill_pages, label_pages, leaflets, owed_lists, stocking, worksheets

blueprint = Blueprint("fills", __name__)


@blueprint.post("/fills/<uuid:fill_id>/batch")
def draw_up(fill_id: UUID) -> Answer:
    """Draw up the worksheet of a due fill."""
    return attempt(lambda: _drawn_up(fill_id), _shower(fill_id))


@blueprint.post("/fills/<uuid:fill_id>/serve")
def serve(fill_id: UUID) -> Answer:
    """Serve a due fill with a container that was made for stock."""
    return attempt(lambda: _served(fill_id), _shower(fill_id))


@blueprint.get("/fills/<uuid:fill_id>")
def counter(fill_id: UUID) -> str:
    """The container, from its label to its hand-over."""
    return show(fill_id, {})


@blueprint.post("/fills/<uuid:fill_id>/check")
def check(fill_id: UUID) -> Answer:
    """The product check of the labelled container."""
    return attempt(lambda: _checked(fill_id), _shower(fill_id))


@blueprint.post("/fills/<uuid:fill_id>/redate")
def redate(fill_id: UUID) -> Answer:
    """Another first dose; the label is void until it is printed anew."""
    return attempt(lambda: _redated(fill_id), _shower(fill_id))


@blueprint.post("/fills/<uuid:fill_id>/hand-over")
def hand_over(fill_id: UUID) -> Answer:
    """Hand the container over."""
    return attempt(lambda: _handed_over(fill_id), _shower(fill_id))


def _own(fill_id: UUID) -> str:
    return f"/fills/{fill_id}"


def _shower(fill_id: UUID) -> Callable[[Errors], str]:
    return partial(show, fill_id)


def _drawn_up(fill_id: UUID) -> str:
    replies = _replies(request.form)
    person = sign() if replies else actor()
    return f"/batches/{pharmacy().perform(ActName.BATCH_PLAN, person, lambda act: worksheets.plan_batch(act, fill_id, replies))}"


def _served(fill_id: UUID) -> str:
    lot_id, replies = cast("dict[str, UUID]", read(LOT, {"lot": request.form.get("lot", "")}))["lot"], _replies(request.form)
    person = sign() if replies else actor()
    pharmacy().perform(ActName.FILL_SERVE, person, lambda act: stocking.serve(act, fill_id, lot_id, replies))
    return _own(fill_id)


def _checked(fill_id: UUID) -> str:
    scanned = cast("dict[str, str]", read(SCAN, from_form(unflatten(request.form))))["scanned"]
    sign()
    pharmacy().perform(ActName.FILL_CHECK, actor(), lambda act: dispenses.check(act, fill_id, scanned))
    return _own(fill_id)


def _redated(fill_id: UUID) -> str:
    day = cast("dict[str, date]", read(REDATE, from_form(unflatten(request.form))))["new_first_dose_on"]
    try:
        pharmacy().perform(ActName.FILL_HAND_OVER, actor(), lambda act: dispenses.redate(act, fill_id, day))
    except Invalid as error:
        raise Invalid(error.code, error.sentence, fields={f"new_{name}": messages for name, messages in error.fields.items()}) from error
    return _own(fill_id)


def _handed_over(fill_id: UUID) -> str:
    told = _told(request.form)
    replies = _replies(request.form)
    sign()
    pharmacy().perform(ActName.FILL_ASK, actor(), lambda act: dispenses.ask(act, fill_id, told))
    pharmacy().perform(ActName.FILL_HAND_OVER, actor(), lambda act: dispenses.hand_over(act, fill_id, told, replies))
    return _own(fill_id)


def _told(form: MultiDict[str, str]) -> HandOver:
    nested = from_form(unflatten(form))
    return cast("HandOver", read(HAND_OVER, {name: value for name, value in nested.items() if name != "answers"}))


def _replies(form: MultiDict[str, str]) -> dict[str, Reply]:
    nested = unflatten(form)
    return cast("dict[str, dict[str, Reply]]", read(REPLIES, {"answers": nested.get("answers", {})}))["answers"]


def show(fill_id: UUID, errors: Errors, tried: str = "") -> str:
    """The container's page, with what was refused; `tried` is the label stock that it was tried on."""
    found = pharmacy().look(LookName.LABELS, actor(), lambda look: fill_pages.page(look, fill_id))
    printed = pharmacy().look(LookName.LABELS, actor(), lambda look: label_pages.labels_of(look, fill_id))
    cost = pharmacy().look(LookName.LABELS, actor(), lambda look: costs.fill_total(look, fill_id))
    return render(
        "fill.html", values=request.form or _beginning(found), errors=errors, it=found, labels=printed, cost=cost, findings=_findings(found),
        reasons=REASONS, shelf=_shelf(found), zone=pharmacy().zone, owed=_owed(fill_id), decimal=decimal_text, leaflet=_leaflets(fill_id),
        **printing_of(found, tried),
    )  # fmt: skip


def _leaflets(fill_id: UUID) -> tuple[leaflets.Choices, tuple[leaflets.LeafletView, ...]]:
    return pharmacy().look(LookName.LABELS, actor(), lambda look: (leaflets.choices(look, fill_id), leaflets.leaflets_of(look, fill_id)))


def _owed(fill_id: UUID) -> tuple[owed_lists.Owed, ...]:
    return pharmacy().look(LookName.LABELS, actor(), lambda look: owed_lists.of_fill(look, fill_id))


def _shelf(found: fill_pages.FillPage) -> tuple[stocking.Shelved, ...]:
    if found.status is not FillStatus.DUE:
        return ()
    try:
        return pharmacy().look(LookName.LABELS, actor(), lambda look: stocking.on_shelf(look, found.id))
    except (Conflict, Unsafe):
        return ()  # the order is not clear today: that is said when the batch is drawn up


def _beginning(found: fill_pages.FillPage) -> MultiDict[str, str]:
    """What a hand-over form starts with: the first day that the label names; every answer is asked for."""
    day = found.opens_on
    return MultiDict({"first_dose_on.day": str(day.day), "first_dose_on.month": str(day.month), "first_dose_on.year": str(day.year)})


def _findings(found: fill_pages.FillPage) -> tuple[Finding, ...]:
    """What the rules say of the next step: of today's lots for a batch, of the answers that were typed (or else the order's) at the counter."""
    if found.status is FillStatus.DUE:
        return _findings_of_lots(found)
    if found.status is not FillStatus.CHECKED:
        return ()
    try:
        told = _told(request.form)
    except Invalid:
        told = HandOver(found.order.patient.birth_date, "", found.order.opioid, Counselling.GIVEN, found.opens_on)
    return pharmacy().look(LookName.LABELS, actor(), lambda look: dispenses.findings_at_counter(look, found.id, told))


def _findings_of_lots(found: fill_pages.FillPage) -> tuple[Finding, ...]:
    try:
        return pharmacy().look(LookName.LABELS, actor(), lambda look: worksheets.findings(look, found.id))
    except (Conflict, Unsafe):
        return ()  # said when the batch is drawn up
