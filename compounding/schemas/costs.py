"""The shape of a correction in the ledger of costs."""

from dataclasses import dataclass
from typing import Any

from marshmallow import post_load

from compounding.domain.money import Money
from compounding.schemas.fields import Price, Whole
from compounding.schemas.shapes import Shape
from compounding.schemas.texts import Text


@dataclass(frozen=True, slots=True)
class Correction:
    """What an entry should have been, and why."""

    amount: Money
    reason: str


class CorrectionSchema(Shape):
    """`Correction`."""

    amount = Price(required=True, ask="Write what it should have been, such as 12.40.")
    reason = Text(most=500, required=True, ask="Say why the entry is wrong.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Correction:
        """The value."""
        return Correction(**data)


class TogetherSchema(Shape):
    """With how many courses alike a batch is shared, this one among them."""

    together = Whole(least=2, most=20, load_default=3, ask="Write how many courses share a batch, from 2 to 20.")


CORRECTION = CorrectionSchema()
TOGETHER = TogetherSchema()
