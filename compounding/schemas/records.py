"""The shape of what is asked of batches' records."""

import re
from datetime import time
from typing import ClassVar

from compounding.domain.blank import MOST
from compounding.schemas.fields import Day, Guard, Whole, shown
from compounding.schemas.shapes import Shape
from compounding.schemas.texts import Text

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class PageSchema(Shape):
    """Which page of a long list: the batches before a number."""

    before = Whole(least=1, most=999_999_999, load_default=None, ask="Go on by the link at the foot of the page.")


class SheetsSchema(Shape):
    """Which page of the numbers of blank worksheets."""

    page = Whole(least=1, most=999_999, load_default=1, ask="Go on by the link at the foot of the page.")


class BlanksSchema(Shape):
    """How many blank worksheets of which formula."""

    formula = Text(most=40, required=True, ask="Choose the formula.")
    count = Whole(least=1, most=MOST, required=True, ask="Write how many.")


class LateSchema(Shape):
    """From which blank worksheet a batch is entered late, and why."""

    blank = Text(most=20, required=True, ask="Scan the barcode at the head of the blank worksheet.")
    reason = Text(most=500, required=True, ask="Say why it was made on paper.")


class ClockTime(Guard[time]):
    """A time of day by 24 hours, "14:05"."""

    ask = "Write the time by 24 hours, such as 14:05."
    openapi: ClassVar = {"type": "string", "examples": ["14:05"]}

    def _take(self, value: object) -> time:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise self.refuse(f'"{shown(value)}" is not a time.')
        return time.fromisoformat(value)

    def _give(self, value: time) -> str:
        return f"{value:%H:%M}"


class DoneSchema(Shape):
    """When a step was done, as the paper says."""

    on = Day(required=True)
    at = ClockTime(required=True)


DONE = DoneSchema()
LATE = LateSchema()
BLANKS = BlanksSchema()
SHEETS = SheetsSchema()
PAGE = PageSchema()
