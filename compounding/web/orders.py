"""One order's trail: received, screened, planned, and each of its fills; and the page on which its course is planned."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import ActName, LookName
from compounding.domain.chooser import why_lost
from compounding.domain.clarification import WORDS as UNCLEAR
from compounding.domain.clarification import Question
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.formula import Method, Storage
from compounding.domain.going_on import WORDS, Going, Said, Way, what_to_do
from compounding.domain.option import Option, size_said
from compounding.domain.owed import gaps
from compounding.domain.plan import Request
from compounding.domain.planner import calibration_lapsed
from compounding.domain.prescription import OpioidAnswer, Unit
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.retyping import Retype
from compounding.domain.safety import Action, Reply
from compounding.domain.weighing import percent
from compounding.schemas.changes import QUESTION
from compounding.schemas.counter import OPIOID_AGAIN, REVIEW
from compounding.schemas.forms import from_form
from compounding.schemas.going_on import SAID
from compounding.schemas.planning import DOSE_AGAIN, PRESENT_DOSE, REPLIES, REQUEST
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.plan_picture import picture_of
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import capsule_ways, changes, clarifications, going_on, owed_lists, plans, prescriptions, worksheets
from compounding.workflow.act import Act
from compounding.workflow.order_views import PrescriptionView

blueprint = Blueprint("orders", __name__, url_prefix="/prescriptions/<uuid:order_id>")

GOING = {"words": WORDS, "ways": [(way.value, WORDS[way]) for way in Way], "answers": [(item.value, WORDS[item]) for item in Going], "todo": what_to_do}
REASONS = tuple(
    (words, words)
    for words in (
        "Confirmed with the prescriber",
        "Established patient, dose known",
        "Prescriber's written taper or plan",
        "Discussed with the patient, benefit outweighs",
    )
)


@blueprint.get("")
def trail(order_id: UUID) -> str:
    """The order, from top to bottom."""
    return _trail(order_id, {})


@blueprint.post("/accept")
def accept(order_id: UUID) -> Answer:
    """Accept the order with a reply to each finding."""
    return attempt(lambda: _accepted(order_id), lambda errors: _trail(order_id, errors))


@blueprint.post("/answer")
def answer(order_id: UUID) -> Answer:
    """Reply to what the rules find in an accepted order today."""
    return attempt(lambda: _answered(order_id), lambda errors: _trail(order_id, errors))


@blueprint.post("/hold")
def hold(order_id: UUID) -> Answer:
    """Set the order aside with a question to its prescriber."""
    return attempt(lambda: _asked_prescriber(order_id), lambda errors: _trail(order_id, errors))


@blueprint.post("/carry-out")
def carry_out(order_id: UUID) -> Answer:
    """See to what was made of an order that its prescriber ended."""
    return _moved(order_id, ActName.PRESCRIPTION_CARRY_OUT, changes.carry_out)


@blueprint.post("/ask-again")
def ask_again(order_id: UUID) -> Answer:
    """Ask the opioid question of a held order again; the answer leads to the order that takes its place."""
    return attempt(lambda: _asked_again(order_id), lambda errors: _trail(order_id, errors))


@blueprint.post("/decline")
def decline(order_id: UUID) -> Answer:
    """Turn the order down."""
    return _moved(order_id, ActName.PRESCRIPTION_DECLINE, prescriptions.decline)


@blueprint.post("/cancel")
def cancel(order_id: UUID) -> Answer:
    """Cancel what was not begun."""
    return _moved(order_id, ActName.PRESCRIPTION_CANCEL, prescriptions.cancel)


@blueprint.post("/review")
def review(order_id: UUID) -> Answer:
    """Record the three-month review."""
    return attempt(lambda: _reviewed(order_id), lambda errors: _trail(order_id, errors))


@blueprint.post("/going-on")
def go_on(order_id: UUID) -> Answer:
    """Record what the patient said about going on to a step."""
    return attempt(lambda: _said(order_id), lambda errors: _trail(order_id, errors))


@blueprint.get("/plan")
def plan(order_id: UUID) -> str:
    """The planning page; what is chosen stands in the address, so it can be tried again and again without writing."""
    return _planning(order_id, request.args if "formula" in request.args else None, {})


@blueprint.post("/plan")
def keep_plan(order_id: UUID) -> Answer:
    """Keep the plan, and draw up the first batch if it is due."""
    return attempt(lambda: _planned(order_id), lambda errors: _planning(order_id, request.form, errors))


def _own(order_id: UUID) -> str:
    return f"/prescriptions/{order_id}"


def _moved(order_id: UUID, name: ActName, use_case: Callable[[Act, UUID], None]) -> Answer:
    """Bring the order to another state, or show it again with what stood against it."""

    def done() -> str:
        pharmacy().perform(name, actor(), lambda act: use_case(act, order_id))
        return _own(order_id)

    return attempt(done, lambda errors: _trail(order_id, errors))


def _accepted(order_id: UUID) -> str:
    found = _signed_for(order_id)
    replies, retyped = _replies(), _retyped(found.retype)
    pharmacy().perform(ActName.PRESCRIPTION_ACCEPT, actor(), lambda act: prescriptions.accept(act, order_id, replies, retyped))
    return _own(order_id)


def _answered(order_id: UUID) -> str:
    _signed_for(order_id)
    replies = _replies()
    pharmacy().perform(ActName.PRESCRIPTION_OVERRIDE, actor(), lambda act: prescriptions.answer(act, order_id, replies))
    return _own(order_id)


def _signed_for(order_id: UUID) -> PrescriptionView:
    """The order, whose findings the person has signed for where they need it."""
    found = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: prescriptions.prescription(look, order_id))
    if any(finding.action in {Action.BLOCK, Action.WARN} for finding in found.open):
        sign()
    return found


def _retyped(asked: Sequence[Retype]) -> dict[int, Mass]:
    """The doses that were typed again, each in the unit of its order; an empty box is left out."""
    doses: dict[int, Mass] = {}
    wrong: dict[str, tuple[str, ...]] = {}
    for place, item in enumerate(asked):
        name = f"retyped.{place}"
        typed = request.form.get(name, "").strip()
        try:
            number = cast("Fraction", read(DOSE_AGAIN, {"dose": typed})) if typed else None
        except Invalid as error:
            wrong[name] = error.fields["dose"]
        else:
            if number is not None:
                doses[place] = Mass.of_mg(number) if item.unit is Unit.MG else Mass.of_mcg(number)
    if wrong:
        raise Invalid("retyped", "A dose typed again cannot be read.", fields=wrong)
    return doses


def _replies() -> dict[str, Reply]:
    nested = unflatten(request.form)
    return cast("dict[str, dict[str, Reply]]", read(REPLIES, {"answers": nested.get("answers", {})}))["answers"]


def _asked_again(order_id: UUID) -> str:
    told = cast("dict[str, OpioidAnswer]", read(OPIOID_AGAIN, from_form(unflatten(request.form))))["opioid"]
    return _own(pharmacy().perform(ActName.PRESCRIPTION_ASK_AGAIN, actor(), lambda act: prescriptions.ask_again(act, order_id, told)))


def _asked_prescriber(order_id: UUID) -> str:
    question = cast("Question", read(QUESTION, from_form(unflatten(request.form))))
    pharmacy().perform(ActName.PRESCRIPTION_HOLD, actor(), lambda act: clarifications.ask(act, order_id, question))
    return f"{_own(order_id)}#prescriber"


def _reviewed(order_id: UUID) -> str:
    said = cast("dict[str, Any]", read(REVIEW, from_form(unflatten(request.form))))
    on, outcome = said["reviewed_on"], said["outcome"]
    pharmacy().perform(ActName.REVIEW_RECORD, actor(), lambda act: prescriptions.record_review(act, order_id, reviewed_on=on, outcome_text=outcome))
    return _own(order_id)


def _said(order_id: UUID) -> str:
    told = cast("Said", read(SAID, from_form(unflatten(request.form))))
    pharmacy().perform(ActName.PRESCRIPTION_GO_ON, actor(), lambda act: going_on.record(act, order_id, told))
    return f"{_own(order_id)}#going-on"


def _trail(order_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: prescriptions.prescription(look, order_id))
    kept = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: plans.kept(look, order_id))
    picture = picture_of(kept) if kept else None
    steps = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: going_on.coming(look, order_id))
    values = request.form or _told_today(found.today)
    told = {
        "owed": pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: owed_lists.of_order(look, order_id)),
        "gaps": gaps((fill.opens_on, fill.closes_on) for fill in found.fills),
        "decimal": decimal_text,
        "zone": pharmacy().zone,
        "unclear": [(reason.value, words) for reason, words in UNCLEAR.items()],
    }
    return render("prescription.html", values=values, errors=errors, it=found, plan=kept, picture=picture, reasons=REASONS, steps=steps, going=GOING, **told)


def _told_today(today: date) -> MultiDict[str, str]:
    return MultiDict({"told_on.day": str(today.day), "told_on.month": str(today.month), "told_on.year": str(today.year)})


def _request(fields: MultiDict[str, str]) -> Request:
    names = ("formula", "storage", "container", "method", "starts_on", "device", "lead_days", "overfill", "overage")
    nested = from_form(unflatten(fields))
    return cast("Request", read(REQUEST, {name: nested[name] for name in names if name in nested}))


def _planned(order_id: UUID) -> str:
    wanted, replies = _request(request.form), _replies()
    told = request.form.get("present_dose")
    present = None if told is None else cast("Mass", read(PRESENT_DOSE, {"present_dose": told}))
    person = sign() if replies else actor()
    fills = pharmacy().perform(ActName.PLAN_MAKE, person, lambda act: plans.make(act, order_id, wanted, replies, present_dose=present))
    batch = pharmacy().perform(ActName.BATCH_PLAN, person, lambda act: worksheets.plan_if_due(act, fills[0]))
    return f"/batches/{batch}" if batch else _own(order_id)


def _planning(order_id: UUID, fields: MultiDict[str, str] | None, errors: Errors) -> str:
    order = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: prescriptions.prescription(look, order_id))
    choice = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: plans.choosable(look, order_id))
    draft, refused = None, dict(errors)
    try:
        wanted = choice.usual if fields is None else _request(fields)
        if wanted is not None:
            draft = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: plans.draft(look, order_id, wanted))
    except (Invalid, Unsafe, Conflict) as error:
        fields_of = error.fields if isinstance(error, Invalid) else {}
        refused = {**fields_of, **refused} or {error.facts.get("where", ""): (error.sentence,)}
    values = fields if fields is not None else _as_fields(choice.usual)
    picture = picture_of(draft.plan) if draft else None
    ways = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: capsule_ways.of_order(look, order_id))
    return render(
        "plan.html", values=values, errors=refused, it=order, choice=choice, draft=draft, picture=picture, lists=_lists(choice, values, order.today),
        reasons=REASONS, chosen=_chosen(choice.options, values), why_lost=why_lost, size_said=size_said, ways=ways, percent=percent,
    )  # fmt: skip


def _chosen(options: Sequence[Option], values: MultiDict[str, str]) -> Option | None:
    """The way that the form stands at; the best one where it stands at none."""
    wanted = values.get("formula"), values.get("device", "")
    at = [option for option in options if (option.formula.code, option.device.code if option.device else "") == wanted]
    return next(iter((*at, *options)), None)


def _lists(choice: plans.Choosable, values: MultiDict[str, str], today: date) -> dict[str, list[tuple[str, str]]]:
    """What the selections of the planning page offer: value and words; a dropper whose calibration lapsed only where it was asked for."""
    measuring = {option.device.code: option.device for option in choice.options if option.device}
    devices = {code: it.name for code, it in measuring.items() if not calibration_lapsed(it, today) or code == values.get("device")}
    return {
        "formula": list({option.formula.code: option.formula.name for option in choice.options}.items()),
        "device": sorted(devices.items(), key=lambda pair: pair[1]),
        "container": [(item.product, item.name) for item in choice.containers],
        "storage": [(item.value, item.value) for item in Storage],
        "method": [(item.value, item.value) for item in Method],
    }


def _as_fields(usual: Request | None) -> MultiDict[str, str]:
    return MultiDict(REQUEST.dump(usual)) if usual else MultiDict()
