"""The shape of what a patient said about the next step."""

from typing import Any

from marshmallow import post_load

from compounding.domain.going_on import Going, Said, Way
from compounding.schemas.fields import Choice, Day, Whole
from compounding.schemas.shapes import Shape


class SaidSchema(Shape):
    """`Said`."""

    step = Whole(least=2, most=60, required=True, ask="Choose the step that was asked about.")
    going = Choice({item.value: item for item in Going}, required=True, ask="Say whether the patient goes on, stays or steps back.")
    way = Choice({item.value: item for item in Way}, required=True, ask="Say whether it was by phone or at the counter.")
    told_on = Day(required=True, ask="Give the day on which the patient said so.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Said:
        """The value."""
        return Said(**data)


SAID = SaidSchema()
