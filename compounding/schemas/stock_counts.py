"""The shapes of a count, of the adjustment that follows it, and of a destruction."""

from compounding.domain.stock_count import Cause
from compounding.schemas.fields import Choice, Reading
from compounding.schemas.shapes import Part, Shape
from compounding.schemas.stock import Positive
from compounding.schemas.texts import Text

_REASON = "Write what explains it, or that nothing was found."


class CountSchema(Shape):
    """How much was counted, in the unit that persons use; 0 where nothing is there."""

    counted = Reading(required=True, ask='Write how much is there, such as "97" or "0.5"; 0 if nothing is.')


class AdjustmentSchema(Shape):
    """Why the book follows the count."""

    reason = Text(most=200, required=True, ask=_REASON)


class DestructionSchema(Shape):
    """How much is destroyed, and why."""

    amount = Positive(required=True, ask='Write how much is destroyed, such as "30" or "0.5".')
    cause = Choice({cause.value: cause for cause in Cause}, required=True, ask="Choose why it is destroyed.")
    reason = Text(most=200, required=True, ask="Write how it was destroyed, and what else is to be known.")


COUNT = CountSchema()
ADJUSTMENT = Shape.from_dict({"adjustment": Part(AdjustmentSchema, required=True)})()
DESTRUCTION = DestructionSchema()
