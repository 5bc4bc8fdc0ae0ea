"""The shape of what a prescriber's system changes about an order, answers to a question and asks for; and of the question itself."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from compounding.domain.change import Change, ChangeKind, Now
from compounding.domain.clarification import Question, Reason, Reply
from compounding.domain.prescription import Form, Unit
from compounding.domain.quantity import Concentration, Mass
from compounding.schemas.fields import Choice, Day, Dose, Whole
from compounding.schemas.people import OpioidSchema
from compounding.schemas.prescriptions import OrderSchema, StrengthSchema, StrengthUnit, wrong_strength
from compounding.schemas.shapes import Part, Shape, refuse
from compounding.schemas.texts import Text

_CONTINUES = (ChangeKind.STEP_BACK, ChangeKind.OTHER_FORM)
# What each kind of change needs beside its reason, and what it may have.
_NEEDS: Mapping[ChangeKind, tuple[frozenset[str], frozenset[str]]] = {
    ChangeKind.HOLD: (frozenset(), frozenset({"from_on"})),
    ChangeKind.RESUME: (frozenset(), frozenset({"from_on"})),
    ChangeKind.STOP: (frozenset(), frozenset({"from_on"})),
    ChangeKind.STEP_BACK: (frozenset({"to_step", "now"}), frozenset({"from_on"})),
    ChangeKind.OTHER_FORM: (frozenset({"form", "now"}), frozenset({"from_on", "strength"})),
    ChangeKind.ORDER: (frozenset({"order"}), frozenset()),
}


class PresentDoseSchema(Shape):
    """The dose that the patient takes in a day now."""

    present_dose = Dose(required=True)
    unit = Choice.of(Unit, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Mass:
        """The value."""
        return Mass.of_mg(data["present_dose"]) if data["unit"] is Unit.MG else Mass.of_mcg(data["present_dose"])


class NowSchema(Shape):
    """`Now`: the day of writing and the opioid question, asked again; and what is taken today, left out for who has not begun."""

    written_on = Day(required=True)
    opioid = Part(OpioidSchema, required=True)
    taken = Part(PresentDoseSchema)
    last_taken = Day()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Now:
        """The value."""
        return Now(data["written_on"], data["opioid"], data.get("taken"), data.get("last_taken"))


class ReasonGiven(Shape):
    """Why."""

    reason = Text(most=500, required=True, ask="Say why, in at most 500 characters.")


class CancelSchema(ReasonGiven):
    """A cancellation."""

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Change:
        """The value."""
        return Change(kind=ChangeKind.CANCEL, reason=data["reason"])


class ChangeSchema(ReasonGiven):
    """`Change`: hold, resume and stop need a reason alone; step_back a step and how it is now; other_form a form and how it is now; order an order."""

    kind = Choice({kind.value: kind for kind in _NEEDS}, required=True)
    from_on = Day(ask="Write the first day on which it holds as year-month-day, such as 2026-03-09, or leave it out for today.")
    to_step = Whole(least=1, most=60, ask="Send the number of the step whose dose is taken from now on, counted from 1.")
    form = Choice.of(Form)
    strength = Part(StrengthSchema)
    now = Part(NowSchema)
    order = Part(OrderSchema)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def kind_has_its_parts(self, data: Mapping[str, Any], original: Mapping[str, object], **_: object) -> None:
        """What a kind needs is there, and nothing that belongs to another."""
        kind = data.get("kind")
        if kind is None or not isinstance(original, Mapping):
            return
        needed, allowed = _NEEDS[kind]
        sent = {name for name in original if name in self.fields} - {"kind", "reason"}
        missing = {name: [f"This is missing for the change {kind}. Send it."] for name in needed - sent}
        strange = {name: [f"This does not belong to the change {kind}. Leave it out."] for name in sent - needed - allowed}
        refuse({**missing, **strange, **wrong_strength(data)})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Change:
        """The value."""
        strength = data.pop("strength", None)
        if strength is not None and strength["unit"] is StrengthUnit.MG:
            data["capsule_strength"] = Mass.of_mg(strength["value"])
        elif strength is not None:
            data["strength"] = Concentration.of(strength["value"])
        return Change(**data)


class AnswerSchema(Shape):
    """An answer to a question: words, another order in the place of the first, or both."""

    text = Text(most=1000, load_default="", ask="Answer in at most 1,000 characters.")
    order = Part(OrderSchema, load_default=None)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def something_is_said(self, _data: object, original: Mapping[str, object], **_: object) -> None:
        """At least one of the two."""
        if not original:
            raise ValidationError("Answer in words (text), with another order (order), or both.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Reply:
        """The value."""
        return Reply(data["text"], data["order"])


class QuestionSchema(Shape):
    """`Question`."""

    reason = Choice.of(Reason, required=True, ask="Choose what is unclear.")
    question = Text(most=1000, required=True, ask="Write the question to the prescriber.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Question:
        """The value."""
        return Question(data["reason"], data["question"])


CANCEL, CHANGE, ANSWER, PRESENT_DOSE, QUESTION = CancelSchema(), ChangeSchema(), AnswerSchema(), PresentDoseSchema(), QuestionSchema()
