"""Which of its orders a prescriber's system asks for: an allow-list of filters, one of a few orders of the list, and the place of a page in it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from marshmallow import post_load, validates_schema

from compounding.domain.listing import After, Sort, Wanted
from compounding.domain.prescription import Form, PrescriptionStatus
from compounding.schemas.fields import Choice, Day, Guard, Instant, Whole, shown
from compounding.schemas.shapes import Filled, refuse
from compounding.schemas.texts import Npi

_PLACE = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})\.)?(0|[1-9][0-9]{0,8})", re.ASCII)
_RANGES = (("written_from", "written_to"), ("received_from", "received_to"))


class Place(Guard[After]):
    """Where a page begins: a number, with a day of writing before it where the list goes by that. `links.next` has the right one."""

    ask = "Take it as it stands in links.next, or leave it out for the first page."
    openapi: ClassVar = {"type": "string", "pattern": r"^([0-9]{4}-[0-9]{2}-[0-9]{2}\.)?(0|[1-9][0-9]{0,8})$", "examples": ["100020"]}

    def _take(self, value: object) -> After:
        found = _PLACE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise self.refuse(f'"{shown(value)}" is no place in a list.')
        try:
            return After(int(found[2]), date.fromisoformat(found[1]) if found[1] else None)
        except ValueError as error:
            raise self.refuse(f"There is no day {found[1]}.") from error

    def _give(self, value: After) -> str:
        return str(value.number) if value.written_on is None else f"{value.written_on}.{value.number}"


class WantedQuery(Filled):
    """`Wanted`, from a query."""

    status = Choice.of(PrescriptionStatus)
    form = Choice.of(Form)
    npi = Npi()
    written_from = Day()
    written_to = Day()
    received_from = Day()
    received_to = Day()
    updated_since = Instant()
    sort = Choice.of(Sort, load_default=Sort.NUMBER)
    limit = Whole(least=1, most=100, load_default=20)
    after = Place()

    @validates_schema
    def ends_agree(self, data: Mapping[str, Any], **_: object) -> None:
        """A range that ends before it begins holds nothing, and is a slip."""
        wrong = [(first, last) for first, last in _RANGES if first in data and last in data and data[first] > data[last]]
        refuse({last: [f"This is before {first}. Correct one of them."] for first, last in wrong})

    @validates_schema
    def place_agrees(self, data: Mapping[str, Any], **_: object) -> None:
        """A place of a list by day names its day, and of one by number none."""
        if "after" in data and data["sort"].by_day != (data["after"].written_on is not None):
            refuse({"after": [f"This place belongs to another list than sort={data['sort'].value}. {Place.ask}"]})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Wanted:
        """The value."""
        return Wanted(**data)


WANTED = WantedQuery()
