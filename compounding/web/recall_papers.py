"""The papers of a recall: letters and call list as PDF, and the call list as a spreadsheet. No file is named after a patient."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request

from compounding.domain.authority import LookName
from compounding.domain.recall_case import ContactKind
from compounding.web.page import actor, inline_pdf, pharmacy, profile
from compounding.web.spreadsheet import Table, send_csv, send_xlsx
from compounding.workflow import recall_cases, recall_papers
from compounding.workflow.act import Look
from compounding.workflow.printing import Written, on_paper
from compounding.workflow.recall_papers import Call

blueprint = Blueprint("recall_papers", __name__, url_prefix="/recall/cases/<uuid:recall_id>")

WHOM = {"patients": ContactKind.PATIENT, "prescribers": ContactKind.PRESCRIBER}
_HEADS = (
    "Kind", "Who", "Born", "NPI", "Telephone", "Address", "Rx numbers", "Batches", "First given", "Last given", "Where it stands", "Tries", "Law's hour",
)  # fmt: skip
_STATES = {None: "not tried yet", "reached": "reached", "unreached": "not reached yet", "returned": "returned it", "given_up": "given up, with a note"}


@blueprint.get("/letters/<whom>.pdf")
def letters(recall_id: UUID, whom: str) -> Response:
    """The letters to all patients or to all prescribers, a part of them (`?part=2`) where they are many."""
    if whom not in WHOM:
        abort(404)
    return _pdf(f"letters-{whom}", lambda look: recall_papers.letters(look, recall_id, WHOM[whom], part=part(), profile=profile()))


@blueprint.get("/contacts/<uuid:contact_id>/letter.pdf")
def letter(recall_id: UUID, contact_id: UUID) -> Response:
    """The letter to one of them."""
    return _pdf("letter", lambda look: recall_papers.letter(look, recall_id, contact_id, profile()))


@blueprint.get("/calls.pdf")
def call_list(recall_id: UUID) -> Response:
    """The call list on paper."""
    return _pdf("call-list", lambda look: recall_papers.call_list(look, recall_id, part=part(), profile=profile()))


@blueprint.get("/calls.xlsx")
def call_sheet(recall_id: UUID) -> Response:
    """The call list as a spreadsheet, with what the recall covers on sheets of their own."""
    found, calls = _calls(recall_id)
    return send_xlsx([_contacts(calls), *_covered(found)], found.now, f"recall-{found.line.number}-call-list")


@blueprint.get("/calls.csv")
def call_text(recall_id: UUID) -> Response:
    """The call list as CSV."""
    found, calls = _calls(recall_id)
    return send_csv(_contacts(calls), f"recall-{found.line.number}-call-list")


def part() -> int:
    """The part that is asked for, from 1; 0, which there is not, where it is no number."""
    text = request.args.get("part", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def _pdf(name: str, question: Callable[[Look], Written]) -> Response:
    paper = pharmacy().look(LookName.RECALLS, actor(), question)
    content = on_paper(current_app.extensions["renderer"], paper)
    return inline_pdf(content, f"recall-{name}.pdf")


def _calls(recall_id: UUID) -> tuple[recall_cases.Case, tuple[Call, ...]]:
    return pharmacy().look(LookName.RECALLS, actor(), lambda look: (recall_cases.case(look, recall_id), recall_papers.calls(look, recall_id)))


def _contacts(calls: tuple[Call, ...]) -> Table:
    return Table("Contacts", _HEADS, tuple(_row(call) for call in calls))


def _row(call: Call) -> tuple[str | int | date | None, ...]:
    one = call.contact
    days = sorted(bottle.handed_on for bottle in one.bottles if bottle.handed_on)
    due = f"{one.due_at.astimezone(pharmacy().zone):%Y-%m-%d %H:%M}" if one.due_at else ""
    return (
        one.kind, one.name, one.birth_date, one.npi, call.phone, call.address, _listed(one.rx_numbers), _listed(one.batch_numbers),
        days[0] if days else None, days[-1] if days else None, _STATES[one.state], one.tries, due,
    )  # fmt: skip


def _listed(numbers: tuple[str, ...]) -> str:
    """All of them, as far as a cell holds them; the sheet of bottles has every one."""
    return ", ".join(numbers[:500]) + (f" and {len(numbers) - 500} more" if len(numbers) > 500 else "")


def _covered(found: recall_cases.Case) -> list[Table]:
    scope = found.scope
    lots = tuple((lot.lot_number, lot.product, lot.left, str(lot.unit)) for lot in scope.lots)
    batches = tuple((batch.number, batch.name, batch.strength, batch.made_on, batch.beyond_use) for batch in scope.batches)
    bottles = tuple((bottle.rx_number, ", ".join(bottle.batch_numbers), bottle.handed_on) for bottle in scope.bottles)
    return [
        Table("Lots", ("Lot", "Product", "On the shelf", "Unit"), lots),
        Table("Batches", ("Batch", "Preparation", "Strength", "Made", "Use through"), batches),
        Table("Bottles", ("Rx", "Batches", "Handed over"), bottles),
    ]
