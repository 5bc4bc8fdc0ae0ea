"""A recall that was opened: whom it has to reach and by when, every try, the papers for it, and its end."""

from typing import cast
from uuid import UUID

from flask import Blueprint, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.inventory import StockUnit
from compounding.domain.recall_case import ContactKind, Result, Try, Way
from compounding.schemas.forms import from_form
from compounding.schemas.recalls import CLOSING, TRY
from compounding.schemas.refusals import read
from compounding.web import amounts
from compounding.web.countdown import left
from compounding.web.page import actor, page_number, pharmacy, render, unflatten
from compounding.web.recalls import CLASSES, address
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import recall_cases, recalls
from compounding.workflow.recall_papers import LETTERS_AT_ONCE, parts_of

blueprint = Blueprint("recall_cases", __name__, url_prefix="/recall/cases")

WAYS = ((Way.PHONE, "by phone"), (Way.LETTER, "by letter"), (Way.PORTAL, "through the portal"), (Way.VISIT, "in person"), (Way.REPORT, "by form or report"))
RESULTS = (
    (Result.REACHED, "reached"),
    (Result.UNREACHED, "not reached"),
    (Result.RETURNED, "returned what was left"),
    (Result.GIVEN_UP, "cannot be reached: said below why"),
)
UNITS = (("mL", "mL"), ("capsules", "capsules"))
KINDS = {ContactKind.PATIENT: "patient", ContactKind.PRESCRIBER: "prescriber", ContactKind.BOARD: "authority", ContactKind.MEDWATCH: "authority"}


@blueprint.get("/<uuid:recall_id>")
def case(recall_id: UUID) -> str:
    """One recall with its contacts."""
    return _case(recall_id, {})


@blueprint.post("/<uuid:recall_id>/close")
def close(recall_id: UUID) -> Answer:
    """Close a recall of which everything is settled."""
    return attempt(lambda: _closed(recall_id), lambda errors: _case(recall_id, errors))


@blueprint.get("/<uuid:recall_id>/contacts/<uuid:contact_id>")
def contact(recall_id: UUID, contact_id: UUID) -> str:
    """One contact, with every try."""
    return _contact(recall_id, contact_id, {})


@blueprint.post("/<uuid:recall_id>/contacts/<uuid:contact_id>")
def try_contact(recall_id: UUID, contact_id: UUID) -> Answer:
    """Record a try."""
    return attempt(lambda: _tried(recall_id, contact_id), lambda errors: _contact(recall_id, contact_id, errors))


def said_amount(returned: int, unit: StockUnit) -> str:
    """What came back: "12 capsules", "45.5 mL"."""
    return f"{amounts.number(returned, unit)} {'mL' if unit is StockUnit.NANOLITRE else 'capsules' if returned != 1 else 'capsule'}"


def _case(recall_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.RECALLS, actor(), lambda look: recall_cases.case(look, recall_id, page=page_number()))
    return render(
        "recall_case.html", values=request.form, errors=errors, it=found, left=left, zone=pharmacy().zone, classes=dict(CLASSES), kinds=KINDS,
        start=address(found.scope.kind, found.scope.start_id), may_close=actor().role in ACTS[ActName.RECALL_CLOSE], results=dict(RESULTS), amounts=amounts,
        letter_parts={kind: parts_of(count, LETTERS_AT_ONCE) for kind, count in found.of_kind.items()},
    )  # fmt: skip


def _contact(recall_id: UUID, contact_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.RECALLS, actor(), lambda look: recall_cases.contact(look, recall_id, contact_id))
    return render(
        "recall_contact.html", values=request.form, errors=errors, it=found, left=left, zone=pharmacy().zone, ways=WAYS, results=RESULTS, units=UNITS,
        said_amount=said_amount, way_words=dict(WAYS), result_words=dict(RESULTS),
    )  # fmt: skip


def _closed(recall_id: UUID) -> str:
    closing = cast("dict[str, str]", read(CLOSING, from_form(unflatten(request.form))))["closing"]
    person = sign()
    pharmacy().perform(ActName.RECALL_CLOSE, person, lambda act: recalls.close(act, recall_id, closing))
    return f"/recall/cases/{recall_id}"


def _tried(recall_id: UUID, contact_id: UUID) -> str:
    told = cast("Try", read(TRY, from_form(unflatten(request.form))))
    pharmacy().perform(ActName.RECALL_CONTACT, actor(), lambda act: recalls.try_contact(act, recall_id, contact_id, told))
    return f"/recall/cases/{recall_id}"
