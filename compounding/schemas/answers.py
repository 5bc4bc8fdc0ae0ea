"""What a prescriber's system is told of its orders: plain fields out of what the pharmacy knows."""

from marshmallow import Schema, fields

from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.quantity import decimal_text


class FindingAnswer(Schema):
    """What a rule says: `stop` has no way on, `block`, `warn` and `prompt` wait for the pharmacist; `not_before` is a timed stop's end."""

    rule = fields.String(metadata={"examples": ["R1"]})
    action = fields.String(metadata={"examples": ["stop"]})
    sentence = fields.String()
    source = fields.String()
    not_before = fields.Date()


class FillAnswer(Schema):
    """One container of the course."""

    number = fields.Integer()
    status = fields.String(metadata={"examples": ["due"]})
    make_by = fields.Date()
    opens_on = fields.Date()
    closes_on = fields.Date()
    beyond_use_date = fields.Date(attribute="beyond_use")
    handed_over_on = fields.Date()


class CourseAnswer(Schema):
    """The course as it was understood."""

    days = fields.Integer()
    total_mg = fields.Function(lambda order: decimal_text(order.total.mg), metadata={"type": "string", "examples": ["126"]})


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
    links = fields.Dict(keys=fields.String(), values=fields.String())


class PrescriptionsAnswer(Schema):
    """One page of orders, by number; `links.next` is there while more follow."""

    prescriptions = fields.List(fields.Nested(PrescriptionAnswer))
    links = fields.Dict(keys=fields.String(), values=fields.String())


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


ANSWER = PrescriptionAnswer()
