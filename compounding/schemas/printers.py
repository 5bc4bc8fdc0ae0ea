"""The shapes of what is told about printers: how one is set, and on which one is printed."""

import re
from fractions import Fraction
from typing import Any, ClassVar

from marshmallow import fields, post_load

from compounding.domain.printer import Offset, Printer, PrintsFor, Reach, Way
from compounding.schemas.fields import Choice, Guard, Whole, YesNo, shown
from compounding.schemas.shapes import Rows, Shape
from compounding.schemas.texts import Text

_MILLIMETRES = re.compile(r"-?(0|[1-9][0-9]?)(\.[0-9]{1,2})?", re.ASCII)
_TICK = "Tick the containers whose labels are printed."
_CHOOSE = "Choose the printer from the list."


class Millimetres(Guard[int]):
    """A length in millimetres with a sign, as micrometres."""

    ask: ClassVar = 'Write millimetres, such as "1.5" or "-0.5".'

    def _take(self, value: object) -> int:
        text = self.text(value)
        if not _MILLIMETRES.fullmatch(text):
            raise self.refuse(f'"{shown(text)}" is no length.')
        return int(Fraction(text) * 1000)


class PrinterSchema(Shape):
    """`Printer`."""

    name = Text(most=40, required=True, ask="Write the name that stands on the printer, such as Counter 1.")
    medium = Text(most=40, required=True, ask="Choose the labels that are loaded.")
    way = Choice.of(Way, required=True, ask="Choose how it is reached.")
    address = Text(most=400, load_default="")
    right = Millimetres(load_default=0)
    down = Millimetres(load_default=0)
    purposes = Rows(Choice.of(PrintsFor), least=1, most=len(PrintsFor), required=True, ask="Tick what this printer is for.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Printer:
        """The value; raises `Invalid` for an address that is no plain host and port."""
        offset = Offset(data["right"], data["down"])
        return Printer(data["name"], data["medium"], offset, Reach.of(data["way"], data["address"]), frozenset(data["purposes"]))


class ChosenSchema(Shape):
    """The printer that was chosen, and whether this screen keeps it."""

    printer = fields.UUID(required=True, error_messages={"required": _CHOOSE, "invalid_uuid": _CHOOSE})
    keep = YesNo(load_default=False)


class RunSchema(Shape):
    """The containers of a run, its printer, and the first free label of a sheet."""

    printer = fields.UUID(required=True, error_messages={"required": _CHOOSE, "invalid_uuid": _CHOOSE})
    fills = Rows(fields.UUID(error_messages={"invalid_uuid": _TICK}), least=0, most=1000, load_default=(), ask=_TICK)
    first = Whole(least=1, most=1000, load_default=1, ask="Choose a place of the sheet.")


RUN = RunSchema()
PRINTER = PrinterSchema()
CHOSEN = ChosenSchema()
