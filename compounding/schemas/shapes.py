"""What an order's schemas are put together from: parts, lists, and what they refuse."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing, post_dump


class Part(fields.Nested):
    """A part of an order with fields of its own. A compulsory part that is missing is answered with each field that it lacks."""

    default_error_messages = {"null": "This is null. Send an object with named fields."}  # declared so by marshmallow

    def deserialize(self, value: object, *positional: Any, **named: Any) -> object:  # passed on as marshmallow sent it
        """Load `value`; a compulsory part that is absent is loaded as an empty one."""
        return super().deserialize({} if value is missing and self.required else value, *positional, **named)


class Rows(fields.List[Any]):
    """A list of at least `least` and at most `most` entries."""

    def __init__(self, inner: fields.Field[Any], *, least: int, most: int, ask: str, required: bool = False, load_default: object = missing) -> None:
        self.least, self.most = least, most
        self.ask = ask
        messages: dict[str, Any] = {
            "required": f"This is missing. {ask}",
            "null": f"This is null. {ask}",
            "invalid": f"This is not a list. {ask}",
        }
        super().__init__(inner, error_messages=messages, required=required, load_default=load_default)

    def _deserialize(self, value: object, *positional: Any, **named: Any) -> list[Any]:  # the same
        if not isinstance(value, list):
            raise self.make_error("invalid")
        if not self.least <= len(value) <= self.most:
            raise ValidationError(f"There are {len(value)} entries. {self.ask}")
        return super()._deserialize(value, *positional, **named)


class Shape(Schema):
    """A schema of this house: what it does not know is refused, with a sentence."""

    error_messages: dict[str, str] = {  # declared so by marshmallow
        "unknown": "There is no such field here. Check its spelling, or leave it out.",
        "type": "Send an object with named fields.",
    }


class Filled(Shape):
    """A part whose empty fields are left out when it is written."""

    @post_dump
    def without_nothing(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The fields that have a value."""
        return {key: value for key, value in data.items() if value not in (None, "", [])}


def refuse(errors: Mapping[str, object]) -> None:
    """Raise what a comparison of fields found wrong, by field; nothing if it found nothing."""
    if errors:
        raise ValidationError(dict(errors))
