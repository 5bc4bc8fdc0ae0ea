"""The command that shows a course in the terminal: `plan liquid 1.5x14 3x14 4.5x14 --formula L1 --device syringe-5-by-0.1`.

It asks the same use case as `POST /api/v1/plans`, through the same schema, and keeps nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import click

from compounding.domain.authority import LookName
from compounding.domain.chooser import why_lost
from compounding.domain.errors import Invalid, PharmacyError
from compounding.domain.option import Option, size_said
from compounding.domain.people import system_actor
from compounding.domain.plan import FillPlan, Inquiry, MeasuredStep, Plan
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.weighing import percent
from compounding.schemas.inquiry import INQUIRY
from compounding.schemas.plan_answers import STANDING
from compounding.schemas.refusals import read
from compounding.workflow.act import Pharmacy
from compounding.workflow.sketches import Sketched, sketch

_FORMS = {"liquid": "oral_liquid", "drops": "oral_drops", "capsules": "capsule"}
_STEP = re.compile(r"([0-9.,]+)(mg|mcg)?x([0-9]+)", re.ASCII)
_NOTATION = "Write each step as dose x days, such as 1.5x14 for 1.5 mg through 14 days, or 50mcgx14."
_CHOICES = (
    ("--formula", "Code of an approved formula, such as L1; without it the pharmacy chooses."),
    ("--device", "Code of a syringe or dropper, such as syringe-5-by-0.1; without it the pharmacy chooses."),
    ("--storage", 'refrigerator or "room temperature".'),
    ("--container", "Code of a container, such as bottle-120-ml; without it the smallest that takes the course in the fewest."),
    ("--method", '"whole tablets" or "weighed powder".'),
    ("--starts-on", "Day of the first dose as year-month-day; today without it."),
    ("--lead-days", "Days between making and opening a container."),
    ("--overfill", "mL added to each bottle."),
    ("--overage", "Capsules made beyond those dispensed."),
)
_Row = Sequence[str]


def command(pharmacy: Pharmacy) -> click.Command:
    """The command `plan` of `pharmacy`."""

    def plan(form: str, steps: tuple[str, ...], when: tuple[str, ...], strength: str | None, *, why: bool, **chosen: str | None) -> None:
        try:
            asked = _inquiry(form, steps, when, strength=strength, chosen=chosen)
            found = pharmacy.look(LookName.SKETCHES, system_actor("command line"), lambda look: sketch(look, asked))
        except PharmacyError as error:
            raise click.ClickException(_sentence(error)) from error
        for line in lines_of(found, why=why):
            click.echo(line)

    arguments = [
        click.Argument(["form"], metavar="FORM"),
        click.Argument(["steps"], nargs=-1, required=True, metavar="STEP..."),
        click.Option(["--when"], multiple=True, default=["bedtime"], help="morning, noon, evening or bedtime; again for each dose of a day."),
        click.Option(["--strength"], help="Prescribed strength: mg/mL of a liquid, mg of a capsule."),
        click.Option(["--why"], is_flag=True, help="Show the rule, the inputs and the source of every number, and why each other way lost."),
        *(click.Option([name], help=text) for name, text in _CHOICES),
    ]
    help_text = f"Show a course of FORM (liquid, drops or capsules) with its containers, tablets and dates; nothing is kept. {_NOTATION}"
    return click.Command("plan", callback=plan, params=list(arguments), help=help_text)


def lines_of(found: Sketched, *, why: bool = False) -> Iterator[str]:
    """The course as lines of text, its tables aligned; with `why` also the workings and the other ways."""
    course, chosen = found.course, found.chosen
    unit = "capsules" if chosen.formula.capsules else "mL"
    left = sum((fill.amounts.left for fill in course.fills), Mass.of_mg(0))
    tablets = sum(fill.amounts.tablets for fill in course.fills)
    source = f"{course.drawn} of stock solution" if course.drawn else f"{_counted(tablets, 'tablet')} of 50 mg"
    yield f"{chosen.formula.name} ({course.formula}); storage: {course.storage}; {course.container.name}"
    yield f"Measured with: {course.device}" if course.device else "Taken as whole capsules"
    yield f"{course.days} days, {course.prescribed} prescribed, {course.taken} taken, {source}, {left} left"
    yield ""
    yield from _table(("Step", "Dose", "When", "Days", "Exact", "Measured", "Rounding", "Taken"), [_step(step) for step in course.steps])
    yield ""
    heads = ("Container", "Make by", "Open", "Last used", "Good through", "Days", "Tablets", "Made", "Taken out", "Left")
    yield from _table(heads, [_fill(fill, unit) for fill in course.fills])
    yield ""
    for reason in dict.fromkeys(fill.until_reason for fill in course.fills):
        yield f"Good through: {reason}"
    for notice in course.notices:
        yield f"{'Warning' if notice.warning else 'Note'}: {notice.sentence}"
    yield STANDING
    if why:
        yield from _reasons(course)
        outcome = found.chosen.outcome
        if outcome is not None and outcome.contained.container == course.container:
            yield ""
            yield f"{course.container.name}: {outcome.contained.reason}"
        yield from _others(found)


def _inquiry(form: str, steps: Sequence[str], when: Sequence[str], *, strength: str | None, chosen: Mapping[str, str | None]) -> Inquiry:
    if form not in _FORMS:
        raise Invalid("form", f'"{form}" is no form. Choose one of: {", ".join(_FORMS)}.')
    data: dict[str, object] = {name: value for name, value in chosen.items() if value is not None}
    data |= {"form": _FORMS[form], "steps": [_typed(step, when) for step in steps]}
    if strength is not None:
        data["strength"] = {"value": strength, "unit": "mg" if form == "capsules" else "mg/mL"}
    return cast("Inquiry", read(INQUIRY, data))


def _typed(step: str, when: Sequence[str]) -> dict[str, object]:
    found = _STEP.fullmatch(step)
    if found is None:
        raise Invalid("step", f'"{step}" is no step. {_NOTATION}')
    return {"dose": found[1], "unit": found[2] or "mg", "when": list(when), "days": found[3]}


def _sentence(error: PharmacyError) -> str:
    """The first refused field with its sentence, or what the refusal says as a whole."""
    if isinstance(error, Invalid):
        for field, (message, *_) in error.fields.items():
            return message if message == error.sentence else f"{field}: {message}"
    return error.sentence


def _step(step: MeasuredStep) -> _Row:
    moments = ", ".join(moment.name.lower() for moment in step.moments)
    days = f"{step.first_day} to {step.last_day}"
    if step.reading is None:
        return str(step.number), str(step.dose), moments, days, "", _counted(step.capsules or 0, "capsule"), "", str(step.taken)
    reading = step.reading
    drops = "" if reading.drops is None else f"{_counted(reading.drops, 'drop')} = "
    draws = "" if reading.draws == 1 else f" in {reading.draws} draws"
    measured = f"{drops}{reading.measured}{draws}"
    return str(step.number), str(step.dose), moments, days, str(reading.exact), measured, percent(reading.error), str(step.taken)


def _fill(fill: FillPlan, unit: str) -> _Row:
    days = tuple(day.isoformat() for day in (fill.make_by, fill.opens_on, fill.closes_on, fill.until))
    made, used = (f"{decimal_text(amount)} {unit}" for amount in (fill.amounts.made, fill.amounts.used))
    return str(fill.number), *days, f"{fill.opens} to {fill.closes}", str(fill.amounts.tablets), made, used, str(fill.amounts.left)


def _reasons(course: Plan) -> Iterator[str]:
    for working in course.workings:
        yield ""
        yield f"{working.key} = {working.text}, exactly {working.ratio} {working.unit}"
        yield f"  rule    {working.rule}"
        for name, value in working.inputs:
            yield f"  input   {name}: {value}"
        yield f"  source  {working.source}"


def _others(found: Sketched) -> Iterator[str]:
    yield ""
    others = [option for option in found.options if option is not found.chosen]
    rows = [(option.formula.code, option.device.name if option.device else "", *_taken(option), why_lost(option, found.chosen)) for option in others]
    yield from _table(("Formula", "Device", "Tablets", "Left", "Containers", "Farthest off", "Why not"), rows)


def _taken(option: Option) -> _Row:
    """What the course would take, and how far a dose can lie from what was prescribed; nothing where it cannot be made."""
    it = option.outcome
    if it is None:
        return "", "", "", ""
    boxes = f"{it.containers} x {it.contained.container.name}"
    return str(it.tablets), str(it.surplus), boxes, size_said(option.farthest) if option.device else ""


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _table(heads: _Row, rows: Sequence[_Row]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
