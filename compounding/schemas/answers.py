"""What a prescriber's system is told of its orders: plain fields out of what the pharmacy knows."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, post_load

from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.quantity import decimal_text
from compounding.schemas.fields import Choice, Whole
from compounding.schemas.shapes import Shape


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


@dataclass(frozen=True, slots=True)
class Page:
    """Which orders are wanted: those of one status (or of all), at most `limit` of them, with a number above `after`."""

    status: PrescriptionStatus | None
    limit: int
    after: int


class PageQuery(Shape):
    """`Page`, from a query."""

    status = Choice.of(PrescriptionStatus, load_default=None)
    limit = Whole(least=1, most=100, load_default=20)
    after = Whole(least=0, most=999_999_999, load_default=0)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Page:
        """The value."""
        return Page(**data)


class ProblemAnswer(Schema):
    """A refusal (RFC 9457): `code` for programs, `detail` for persons, and each refused field with what to send."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    instance = fields.String()
    code = fields.String()
    errors = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
    facts = fields.Dict(keys=fields.String(), values=fields.String())


ANSWER = PrescriptionAnswer()
