"""What somebody without a prescription is told of a course: every number as its exact ratio and as people read it. Of lots, stock and prices nothing."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields, post_dump, pre_dump

from compounding.domain.chooser import why_lost
from compounding.domain.option import Option
from compounding.domain.plan import FillPlan, MeasuredStep, Notice, Plan
from compounding.domain.quantity import Mass, Volume, decimal_text
from compounding.domain.weighing import percent
from compounding.domain.working import Working

STANDING = (
    "A calculation, and no plan of the pharmacy: no patient was screened, no lot was chosen and nothing was kept. "
    "A date may come sooner with the lots of the day."
)


class AmountAnswer(Schema):
    """One number: `exact` is its ratio in `unit`, `text` what people read."""

    exact = fields.String(metadata={"examples": ["63/25"]})
    unit = fields.String(metadata={"examples": ["mL"]})
    text = fields.String(metadata={"examples": ["2.52 mL"]})


class RoundingAnswer(Schema):
    """The relative error of rounding to a mark: its ratio, and the percentage with its sign."""

    exact = fields.String(metadata={"examples": ["1/45"]})
    text = fields.String(metadata={"examples": ["+2.22 %"]})


class PlanStepAnswer(Schema):
    """One titration step as it is taken: of a liquid its exact and its measured volume, of capsules their number; `taken` is what a dose really holds."""

    number = fields.Integer()
    dose = fields.Nested(AmountAnswer)
    when = fields.List(fields.String())
    first_day = fields.Integer()
    last_day = fields.Integer()
    taken = fields.Nested(AmountAnswer)
    exact = fields.Nested(AmountAnswer)
    measured = fields.Nested(AmountAnswer)
    rounding = fields.Nested(RoundingAnswer)
    draws = fields.Integer()
    drops = fields.Integer()
    capsules = fields.Integer()

    @pre_dump
    def spread(self, step: MeasuredStep, **_: object) -> dict[str, object]:
        """The fields."""
        told: dict[str, object] = {
            "number": step.number,
            "dose": _mass(step.dose),
            "when": [moment.name.lower() for moment in step.moments],
            "first_day": step.first_day,
            "last_day": step.last_day,
            "taken": _mass(step.taken),
            "capsules": step.capsules,
        }
        if step.reading is not None:
            told["exact"], told["measured"] = _volume(step.reading.exact), _volume(step.reading.measured)
            told["rounding"] = _rounding(step.reading.error)
            told["draws"], told["drops"] = step.reading.draws, step.reading.drops
        return told

    @post_dump
    def without_nothing(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Drops only where drops are counted, capsules only where they are taken."""
        return {key: value for key, value in data.items() if value is not None}


class BeyondUseAnswer(Schema):
    """The last day of use by the formula's class or study, and which of them decided."""

    until = fields.Date()
    reason = fields.String(metadata={"examples": ["USP <795> Table 4: aqueous, preserved, 35 days"]})


class PlanFillAnswer(Schema):
    """One container of the course. `left` is what was crushed for it and is never taken."""

    number = fields.Integer()
    first_day = fields.Integer()
    last_day = fields.Integer()
    make_by = fields.Date()
    opens_on = fields.Date()
    closes_on = fields.Date()
    beyond_use = fields.Nested(BeyondUseAnswer)
    steps = fields.List(fields.Integer())
    used = fields.Nested(AmountAnswer)
    dispensed = fields.Nested(AmountAnswer)
    made = fields.Nested(AmountAnswer)
    active = fields.Nested(AmountAnswer)
    tablets = fields.Integer()
    left = fields.Nested(AmountAnswer)

    @pre_dump
    def spread(self, pair: tuple[FillPlan, str], **_: object) -> dict[str, object]:
        """The fields of a fill, whose amounts are counted in the unit beside it."""
        fill, unit = pair
        amounts = fill.amounts
        return {
            "number": fill.number,
            "first_day": fill.opens,
            "last_day": fill.closes,
            "make_by": fill.make_by,
            "opens_on": fill.opens_on,
            "closes_on": fill.closes_on,
            "beyond_use": {"until": fill.until, "reason": fill.until_reason},
            "steps": [part.step for part in fill.steps],
            "used": _amount(amounts.used, unit),
            "dispensed": _amount(amounts.dispensed, unit),
            "made": _amount(amounts.made, unit),
            "active": _mass(amounts.active),
            "tablets": amounts.tablets,
            "left": _mass(amounts.left),
        }


class InputAnswer(Schema):
    """One thing that went into a number."""

    name = fields.String()
    value = fields.String()


class WorkingAnswer(Schema):
    """Why a number is what it is: `key` names the number, `exact` is its ratio in `unit`, `shown` what people read."""

    key = fields.String(metadata={"examples": ["fill.1.tablets"]})
    rule = fields.String()
    inputs = fields.List(fields.Nested(InputAnswer))
    exact = fields.String()
    unit = fields.String()
    shown = fields.String()
    source = fields.String()

    @pre_dump
    def spread(self, working: Working, **_: object) -> dict[str, object]:
        """The fields."""
        inputs = [{"name": name, "value": value} for name, value in working.inputs]
        own = {name: getattr(working, name) for name in ("key", "rule", "unit", "source")}
        return {**own, "inputs": inputs, "exact": working.ratio, "shown": working.text}


class NoticeAnswer(Schema):
    """What must not go unsaid; a `warning` would need a pharmacist's reason."""

    code = fields.String()
    sentence = fields.String()
    warning = fields.Boolean()


class AlternativeAnswer(Schema):
    """A formula with the device that would measure its doses, what the course would then take, and why it is not the one that was chosen.

    `farthest` is how far a dose can lie from what was prescribed, by rounding and the device's own error together. What the course would take
    is counted in the formula's usual container; `remakes` are containers that are made because the one before reached its beyond-use date.
    """

    formula = fields.String()
    name = fields.String()
    strength = fields.String()
    device = fields.String()
    usable = fields.Boolean()
    practical = fields.Boolean()
    rounding = fields.Nested(RoundingAnswer)
    farthest = fields.Nested(RoundingAnswer)
    tablets = fields.Integer()
    left = fields.Nested(AmountAnswer)
    containers = fields.Integer()
    remakes = fields.Integer()
    container = fields.String(metadata={"examples": ["bottle-180-ml"], "description": "The container that this way was counted in."})
    container_why = fields.String()
    why_not = fields.String()

    @pre_dump
    def spread(self, pair: tuple[Option, Option], **_: object) -> dict[str, object]:
        """The fields of an option beside the one that was chosen."""
        option, chosen = pair
        told = {**_chosen(option), "usable": not option.refused, "practical": not option.refused and not option.impractical}
        if option.outcome is not None:
            told["tablets"], told["left"] = option.outcome.tablets, _mass(option.outcome.surplus)
            told["containers"], told["remakes"] = option.outcome.containers, option.outcome.remakes
            told["container"], told["container_why"] = option.container, option.outcome.contained.reason
            if option.device is not None:
                told["rounding"], told["farthest"] = _rounding(option.worst_error), _rounding(option.farthest)
        return {**told, "why_not": why_lost(option, chosen)}


class ChosenAnswer(Schema):
    """What the course was reckoned for. `device` is empty for capsules."""

    formula = fields.String(metadata={"examples": ["L1"]})
    name = fields.String()
    strength = fields.String(metadata={"examples": ["1 mg/mL"]})
    device = fields.String(metadata={"examples": ["syringe-5-by-0.1"]})
    device_name = fields.String()
    storage = fields.String()
    container = fields.String()
    method = fields.String()
    starts_on = fields.Date()
    lead_days = fields.Integer()


class PlanAnswer(Schema):
    """The whole course with its workings; tablets, what is drawn and what is left are those of all containers together.

    `drawn` is there where the formula draws the drug from a stock solution, in mL of the strength with which it reckons; tablets are then 0.
    """

    standing = fields.String()
    chosen = fields.Nested(ChosenAnswer)
    days = fields.Integer()
    prescribed = fields.Nested(AmountAnswer)
    taken = fields.Nested(AmountAnswer)
    tablets = fields.Integer()
    drawn = fields.Nested(AmountAnswer)
    left = fields.Nested(AmountAnswer)
    steps = fields.List(fields.Nested(PlanStepAnswer))
    fills = fields.List(fields.Nested(PlanFillAnswer))
    notices = fields.List(fields.Nested(NoticeAnswer))
    workings = fields.List(fields.Nested(WorkingAnswer))
    alternatives = fields.List(fields.Nested(AlternativeAnswer))


def plan_answer(course: Plan, chosen: Option, options: tuple[Option, ...]) -> Mapping[str, Any]:
    """Plain data of a sketched course and of every other way to make it."""
    unit = "capsules" if chosen.formula.capsules else "mL"
    left = sum((fill.amounts.left for fill in course.fills), Mass.of_mg(0))
    notices: tuple[Notice, ...] = course.notices
    told: Mapping[str, Any] = _PLAN.dump(
        {
            "standing": STANDING,
            "chosen": {
                **_chosen(chosen),
                "device_name": course.device,
                "storage": course.storage.value,
                "container": course.container.product,
                "method": course.method.value,
                "starts_on": course.starts_on,
                "lead_days": course.lead_days,
            },
            "days": course.days,
            "prescribed": _mass(course.prescribed),
            "taken": _mass(course.taken),
            "tablets": sum(fill.amounts.tablets for fill in course.fills),
            **({"drawn": _amount(course.drawn.ml, "mL")} if course.drawn else {}),
            "left": _mass(left),
            "steps": course.steps,
            "fills": [(fill, unit) for fill in course.fills],
            "notices": notices,
            "workings": course.workings,
            "alternatives": [(option, chosen) for option in options if option is not chosen],
        }
    )
    return told


def _chosen(option: Option) -> dict[str, object]:
    formula = option.formula
    return {
        "formula": formula.code,
        "name": formula.name,
        "strength": formula.strength_text,
        "device": option.device.code if option.device else "",
    }


def _amount(value: Fraction, unit: str) -> dict[str, str]:
    return {"exact": str(value), "unit": unit, "text": f"{decimal_text(value)} {unit.removesuffix('s') if value == 1 else unit}"}


def _mass(mass: Mass) -> dict[str, str]:
    return {"exact": str(mass.mg), "unit": "mg", "text": str(mass)}


def _volume(volume: Volume) -> dict[str, str]:
    return {"exact": str(volume.ml), "unit": "mL", "text": str(volume)}


def _rounding(error: Fraction) -> dict[str, str]:
    return {"exact": str(error), "text": percent(error)}


_PLAN = PlanAnswer()
