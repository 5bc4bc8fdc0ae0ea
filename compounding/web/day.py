"""The day: what there is to do, and the search that leads anywhere."""

from datetime import date, timedelta
from typing import Any, cast

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from compounding.domain.authority import LOOKS, LookName
from compounding.domain.errors import Forbidden, Invalid, Unknown
from compounding.domain.going_on import WORDS, what_to_do
from compounding.schemas.refusals import read
from compounding.schemas.search import SEARCH
from compounding.web import amounts
from compounding.web.amounts import age
from compounding.web.countdown import left
from compounding.web.page import actor, pharmacy, render
from compounding.web.recalls import HARMS
from compounding.workflow import complaints, glass, going_on, owed_lists, print_jobs, recall_cases, records, upkeep
from compounding.workflow import day as work
from compounding.workflow.day import Entry, Match

blueprint = Blueprint("day", __name__)

# Queues by their names in addresses: who works on each, and what is done there.
QUEUES = {
    "to-screen": ("To screen", "a pharmacist accepts, holds or declines"),
    "to-make": ("To make", "the bench plans, counts, weighs and compounds"),
    "to-check": ("To check", "a pharmacist verifies and releases; then it is labelled and checked"),
    "to-hand-over": ("To hand over", "a pharmacist at the counter"),
    "held": ("Held", "a pharmacist decides when the reason is gone"),
    "next": ("Next bottles", "not to be made yet"),
}
_NEAR_DAYS = 28  # the bottles of the coming four weeks stand on the day's page; the later ones on a page of their own
_TO_ASK = 12  # patients to ask who are named on the day's page
_WHOLE = 90  # entries of one queue that fit a page of 100 kB, whatever the names
_AT_THE_BENCH = frozenset({"planned", "in process", "compounded", "quarantined"})  # what is done to such a batch is done on its own page


@blueprint.get("/")
def home() -> str:
    """The day, or one of its queues by itself (`?queue=to-make`); whose role has no day there is told what it has."""
    try:
        return _day()
    except Forbidden:
        return render("no_day.html")


def _day() -> str:
    only = request.args.get("queue", "")
    longest = {"longest": _WHOLE} if only in QUEUES else {}
    found = pharmacy().look(LookName.DAY, actor(), lambda look: work.day(look, **longest))
    shelf = pharmacy().look(LookName.DAY, actor(), work.shelf)
    alone = pharmacy().look(LookName.DAY, actor(), records.released_alone)
    asking = pharmacy().look(LookName.DAY, actor(), lambda look: going_on.to_ask(look, longest=_TO_ASK))
    by_name = {queue.name: queue for queue in (*found.queues, found.held, found.upcoming)}
    shown = {
        "only": only if only in QUEUES else "",
        "queues": QUEUES,
        "by_name": by_name,
        "shelf": shelf,
        "amounts": amounts,
        "asking": asking,
        "words": WORDS,
        "todo": what_to_do,
        "unready": pharmacy().look(LookName.UPKEEP, actor(), upkeep.balances).unready,
        "recalls": pharmacy().look(LookName.RECALLS, actor(), lambda look: recall_cases.cases(look, only_open=True)),
        "complaints": pharmacy().look(LookName.COMPLAINTS, actor(), lambda look: complaints.complaints(look, only_open=True)),
        "harms": dict(HARMS),
        "left": left,
        "now": pharmacy().look(LookName.RECALLS, actor(), lambda look: look.at),
        "zone": pharmacy().zone,
        "troubled": pharmacy().look(LookName.PRINTERS, actor(), print_jobs.troubled),
        "stalled": pharmacy().look(LookName.PRINTERS, actor(), print_jobs.is_stalled),
        "glass": pharmacy().look(LookName.GLASS_REPORTS, actor(), glass.unseen) if actor().role in LOOKS[LookName.GLASS_REPORTS] else 0,
        "owed": pharmacy().look(LookName.DAY, actor(), owed_lists.count_open),
    }
    near = [entry for entry in found.upcoming.entries if entry.since <= found.today + timedelta(days=_NEAR_DAYS)]
    return render("day.html", alone=alone, day=found, age=age, address=address, oldest=oldest, near=near, near_days=_NEAR_DAYS, **shown)


@blueprint.post("/search")
def search() -> Response | str | tuple[str, int]:
    """Go to what was scanned or typed; show what there is to choose from; or say what can be searched for. A name stands in no address."""
    wanted = request.form.get("q", "")
    try:
        text = cast("dict[str, Any]", read(SEARCH, {"q": wanted.strip()}))["q"]
        match = pharmacy().look(LookName.DAY, actor(), lambda look: work.find(look, text))
    except (Invalid, Unknown) as error:
        return render("search.html", missed=error), 404
    today = pharmacy().look(LookName.DAY, actor(), lambda look: look.today)
    shown = {"wanted": text, "match": match, "today": today, "most": work.MOST_FOUND}
    only = _only(match)
    return redirect(only, 303) if only else render("search.html", age=age, address=address, **shown)


def address(entry: Entry) -> str:
    """Where the work on `entry` is done."""
    return f"/batches/{entry.batch_id}" if entry.batch_id and entry.note in _AT_THE_BENCH else f"/prescriptions/{entry.prescription_id}"


def oldest(entries: tuple[Entry, ...], today: date) -> str:
    """The age of the first of `entries`."""
    return age(entries[0].since, today) if entries else ""


def _only(match: Match) -> str:
    """The address of the one thing that was found, if it is one."""
    if match.prescription_id:
        return f"/prescriptions/{match.prescription_id}"
    if match.batch_id:
        return f"/batches/{match.batch_id}"
    found = [f"/prescriptions/{entry.prescription_id}" for entry in match.orders] + [f"/stock/{lot.id}" for lot in match.lots]
    return found[0] if len(found) == 1 else ""
