"""The recall room: a search that begins anywhere, a walk both ways, and what is set aside or recalled from there."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.complaint import Harm
from compounding.domain.errors import Invalid, Unknown
from compounding.domain.recall import Days, Kind
from compounding.domain.recall_case import Notice
from compounding.schemas.forms import from_form
from compounding.schemas.recalls import DAYS, OPENING, QUARANTINE, LocalTime, Opening
from compounding.schemas.refusals import read
from compounding.schemas.search import SEARCH
from compounding.web import amounts
from compounding.web.countdown import left
from compounding.web.page import actor, errors_of, page_number, pharmacy, render, unflatten
from compounding.web.recall_tree import counted, tree
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import complaints, recall_cases, recall_starts, recall_walks, recalls

blueprint = Blueprint("recalls", __name__, url_prefix="/recall")

HARMS = (
    (Harm.NONE, "nobody was harmed"),
    (Harm.MINOR, "it passed without treatment"),
    (Harm.EMERGENCY, "a visit to an emergency room"),
    (Harm.HOSPITAL, "a stay in hospital"),
    (Harm.LIFE_THREATENING, "it was life-threatening"),
    (Harm.DISABILITY, "lasting harm"),
    (Harm.DEATH, "death"),
    (Harm.OTHER_SERIOUS, "another serious event"),
)
CLASSES = (
    ("I", "Class I: it may cause serious harm or death"),
    ("II", "Class II: it may cause harm that passes, or serious harm is unlikely"),
    ("III", "Class III: harm is unlikely"),
)


@blueprint.get("")
def room() -> str:
    """Where a recall begins: the search, what is open, and what was closed."""
    return _room({}, "", ())


@blueprint.post("")
def find() -> Response | str | tuple[str, int]:
    """What a recall may begin from; one thing found is shown at once. A name stands in no address."""
    wanted = request.form.get("q", "").strip()
    try:
        text = cast("dict[str, str]", read(SEARCH, {"q": wanted}))["q"]
        found = pharmacy().look(LookName.RECALLS, actor(), lambda look: recall_starts.find(look, text))
    except (Invalid, Unknown) as error:
        return _room({"q": (error.sentence if isinstance(error, Unknown) else errors_of(error)["q"][0],)}, wanted, ()), 404
    return redirect(address(found[0].kind, found[0].id), 303) if len(found) == 1 else _room({}, wanted, found)


@blueprint.get("/from/<start>/<uuid:start_id>")
def walk(start: str, start_id: UUID) -> Answer | str:
    """One walk both ways."""
    return _walk(_kind(start), start_id, {})


@blueprint.post("/from/<start>/<uuid:start_id>/quarantine")
def quarantine(start: str, start_id: UUID) -> Answer:
    """Set aside what is still in the house."""
    kind = _kind(start)
    return attempt(lambda: _set_aside(kind, start_id), lambda errors: _page(kind, start_id, errors))


@blueprint.get("/from/<start>/<uuid:start_id>/open")
def opening(start: str, start_id: UUID) -> str:
    """The page on which a recall is opened."""
    return _page(_kind(start), start_id, {}, template="recall_open.html")


@blueprint.post("/from/<start>/<uuid:start_id>/open")
def recall(start: str, start_id: UUID) -> Answer:
    """Recall what was found."""
    kind = _kind(start)
    return attempt(lambda: _recalled(kind, start_id), lambda errors: _page(kind, start_id, errors, template="recall_open.html"))


def address(kind: Kind, key: UUID) -> str:
    """Where a walk from there is shown."""
    return f"/recall/from/{kind}/{key}"


def moment(told: LocalTime) -> datetime:
    """The moment of a day and an hour on the pharmacy's clock."""
    return datetime.combine(told.on, told.at, pharmacy().zone).astimezone(UTC)


def _kind(start: str) -> Kind:
    if start not in set(Kind):
        abort(404)
    return Kind(start)


def _days() -> Days:
    told = cast("dict[str, date | None]", read(DAYS, unflatten(MultiDict((name, text) for name, text in request.args.items(multi=True) if name != "page"))))
    return Days(**told)


def _room(errors: Errors, wanted: str, found: Sequence[recall_starts.Found]) -> str:
    look = pharmacy().look
    cases = look(LookName.RECALLS, actor(), recall_cases.cases)
    waiting = look(LookName.COMPLAINTS, actor(), lambda look: complaints.complaints(look, only_open=True))
    now = look(LookName.RECALLS, actor(), lambda look: look.at)
    return render(
        "recall.html", values=request.args, errors=errors, wanted=wanted, found=found, cases=cases, complaints=waiting, now=now,
        address=address, left=left, age=amounts.age, harms=dict(HARMS), zone=pharmacy().zone,
    )  # fmt: skip


def _walk(kind: Kind, key: UUID, errors: Errors) -> Answer | str:
    try:
        return _page(kind, key, errors)
    except Invalid as error:
        return _page(kind, key, errors_of(error), days=Days()), 422


def _page(kind: Kind, key: UUID, errors: Errors, *, template: str = "recall_walk.html", days: Days | None = None) -> str:
    bounds = _days() if days is None else days
    found = pharmacy().look(LookName.RECALLS, actor(), lambda look: recall_walks.walk(look, kind, key, days=bounds, page=page_number()))
    return render(
        template, values=request.form or request.args if errors else _typed(bounds), errors=errors, it=found, tree=tree(found), amounts=amounts,
        own=address(kind, key), query=_query(bounds), classes=CLASSES, may_recall=actor().role in ACTS[ActName.RECALL_OPEN],
    )  # fmt: skip


def _typed(days: Days) -> MultiDict[str, str]:
    """The days as the form's own fields."""
    parts = [(name, day) for name, day in (("since", days.since), ("until", days.until)) if day]
    return MultiDict((f"{name}.{part}", str(getattr(day, part))) for name, day in parts for part in ("day", "month", "year"))


def _query(days: Days) -> str:
    """The days as an address carries them on."""
    return urlencode({name: day.isoformat() for name, day in (("since", days.since), ("until", days.until)) if day})


def _set_aside(kind: Kind, key: UUID) -> str:
    reason, days = cast("dict[str, str]", read(QUARANTINE, from_form(unflatten(request.form))))["reason"], _days()
    done = pharmacy().perform(ActName.RECALL_QUARANTINE, actor(), lambda act: recalls.quarantine(act, kind, key, days=days, reason=reason))
    flash(f"Set aside: {counted(done.lots, 'lot')} and {done.batches} batch{'' if done.batches == 1 else 'es'}.")
    return f"{address(kind, key)}?{_query(days)}"


def _recalled(kind: Kind, key: UUID) -> str:
    told, days = cast("Opening", read(OPENING, from_form(unflatten(request.form)))), _days()
    notice = Notice(told.recall_class, told.reason, moment(told.learned) if told.learned else None)
    person = sign()
    recall_id = pharmacy().perform(ActName.RECALL_OPEN, person, lambda act: recalls.recall(act, kind, key, days=days, notice=notice))
    return f"/recall/cases/{recall_id}"
