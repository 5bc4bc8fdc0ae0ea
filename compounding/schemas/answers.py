"""What a prescriber's system is told of its orders: plain fields out of what the pharmacy knows."""

from marshmallow import Schema, fields

from compounding.domain.change import ChangeKind
from compounding.domain.clarification import ClarificationStatus, Reason
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.quantity import decimal_text


class FindingAnswer(Schema):
    """What a rule says: `stop` has no way on, `block`, `warn` and `prompt` wait for the pharmacist; `not_before` is a timed stop's end."""

    rule = fields.String(metadata={"examples": ["R1"]})
    action = fields.String(metadata={"examples": ["stop"]})
    sentence = fields.String()
    source = fields.String()
    not_before = fields.Date(allow_none=True)


class FillAnswer(Schema):
    """One container of the course."""

    number = fields.Integer()
    status = fields.String(metadata={"examples": ["due"]})
    make_by = fields.Date()
    opens_on = fields.Date()
    closes_on = fields.Date()
    beyond_use_date = fields.Date(attribute="beyond_use", allow_none=True)
    handed_over_on = fields.Date(allow_none=True)


class CourseAnswer(Schema):
    """The course as it was understood."""

    days = fields.Integer()
    total_mg = fields.Function(lambda order: decimal_text(order.total.mg), metadata={"type": "string", "examples": ["126"]})


class QuestionAnswer(Schema):
    """A question of the pharmacy, and its answer."""

    id = fields.UUID()
    reason = fields.String(metadata={"enum": [reason.value for reason in Reason]})
    question = fields.String()
    asked_at = fields.AwareDateTime()
    status = fields.String(metadata={"enum": [status.value for status in ClarificationStatus]})
    answer = fields.String()
    answered_at = fields.AwareDateTime(allow_none=True)
    replacement_id = fields.UUID(allow_none=True)


class TouchedAnswer(Schema):
    """What a change did to one container that was not handed over; `batch` is what was or is being made for it, if anything."""

    fill = fields.Integer()
    part = fields.Integer()
    was = fields.String(metadata={"enum": [status.value for status in FillStatus]})
    now = fields.String(metadata={"enum": [status.value for status in FillStatus]})
    batch = fields.String()
    label_void = fields.Boolean()


class ChangeAnswer(Schema):
    """A change of yours: what is left of the course from its day on, and what it did to each container. `open` while the pharmacy sees to what was made."""

    id = fields.UUID()
    kind = fields.String(metadata={"enum": [kind.value for kind in ChangeKind]})
    reason = fields.String()
    from_on = fields.Date(allow_none=True)
    changed_at = fields.AwareDateTime()
    open = fields.Boolean()
    days_left = fields.Integer(attribute="effect.days_left")
    total_left_mg = fields.Function(lambda change: decimal_text(change.effect.total_left.mg), metadata={"type": "string", "examples": ["81"]})
    containers = fields.List(fields.Nested(TouchedAnswer), attribute="effect.containers")
    already_made = fields.List(fields.Nested(TouchedAnswer), attribute="effect.made")
    replacement_id = fields.UUID(allow_none=True)


class PrescriptionAnswer(Schema):
    """One order and what became of it."""

    id = fields.UUID()
    number = fields.String(metadata={"examples": ["100001"]})
    status = fields.String(metadata={"enum": [status.value for status in PrescriptionStatus]})
    received_at = fields.AwareDateTime()
    findings = fields.List(fields.Nested(FindingAnswer))
    course = fields.Nested(CourseAnswer, attribute="order")
    refills_left = fields.Integer()
    fills = fields.List(fields.Nested(FillAnswer))
    clarifications = fields.List(fields.Nested(QuestionAnswer), attribute="said.questions")
    changes = fields.List(fields.Nested(ChangeAnswer), attribute="said.changes")
    refill_requested_at = fields.AwareDateTime(attribute="said.refill.asked_at")
    replaces_id = fields.UUID(attribute="said.replaces_id", allow_none=True)
    links = fields.Dict(keys=fields.String(), values=fields.String())


class PrescriptionsAnswer(Schema):
    """One page of orders, by number; `links.next` is there while more follow."""

    prescriptions = fields.List(fields.Nested(PrescriptionAnswer))
    links = fields.Dict(keys=fields.String(), values=fields.String())


class ChangedAnswer(Schema):
    """The order after a change or an answer, and the order that came in its place, if one did."""

    prescription = fields.Nested(PrescriptionAnswer)
    replacement = fields.Nested(PrescriptionAnswer, allow_none=True)


class DispenseAnswer(Schema):
    """One container that was handed over. One that was recorded wrongly is `voided` and does not count."""

    id = fields.UUID()
    prescription_id = fields.UUID()
    fill = fields.Integer()
    part = fields.Integer()
    batch_number = fields.String()
    formula = fields.String()
    strength = fields.String(metadata={"examples": ["1 mg/mL"]})
    handed_over_at = fields.AwareDateTime()
    handed_over_on = fields.Date()
    first_dose_on = fields.Date()
    last_dose_on = fields.Date()
    beyond_use_date = fields.Date(attribute="beyond_use", allow_none=True)
    voided = fields.Boolean()


class DispensesAnswer(Schema):
    """What was handed over of one order, the first first."""

    dispenses = fields.List(fields.Nested(DispenseAnswer))


class LabelAnswer(Schema):
    """Where the label of one container stands; the label itself is never sent."""

    fill = fields.Integer()
    part = fields.Integer()
    status = fields.String(metadata={"enum": [status.value for status in FillStatus]})
    label = fields.String(metadata={"enum": ["none", "current", "void"]})
    version = fields.Integer()
    issued_at = fields.AwareDateTime(allow_none=True)
    prints = fields.Integer()


class LabelsAnswer(Schema):
    """The label of each container of one order."""

    labels = fields.List(fields.Nested(LabelAnswer))


class RefusedField(Schema):
    """What is wrong with one field: `pointer` leads to it in the body (RFC 6901); `in` says where it is not the body: query or header."""

    field = fields.String(required=True, metadata={"examples": ["steps.0.dose"]})
    pointer = fields.String(metadata={"examples": ["/steps/0/dose"]})
    place = fields.String(data_key="in", required=True, metadata={"enum": ["body", "query", "header"]})
    message = fields.String(required=True)


class ProblemAnswer(Schema):
    """A refusal (RFC 9457): `code` for programs, `detail` for persons, and each refused field with what to send."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    instance = fields.String()
    code = fields.String()
    errors = fields.List(fields.Nested(RefusedField))
    facts = fields.Dict(keys=fields.String(), values=fields.String())


ANSWER, DISPENSE, LABEL = PrescriptionAnswer(), DispenseAnswer(), LabelAnswer()
