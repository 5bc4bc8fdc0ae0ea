"""The shapes of a delivery: a scan of a pack, and a lot as it came, on which invoice and in what."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from marshmallow import post_load

from compounding.domain.beyond_use import month_end
from compounding.domain.money import Money
from compounding.domain.purchase import Origin, Purchase, Source
from compounding.schemas.fields import Choice, Day, Price, YesNo
from compounding.schemas.scan import NothingUnread, ScanField
from compounding.schemas.shapes import Rows, Shape
from compounding.schemas.stock import Positive
from compounding.schemas.texts import Text

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-00", re.ASCII)
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A lot as the form tells it: `quantity` in tablets, g, mL or pieces, whichever the product is counted in."""

    product: str
    lot_number: str
    expires_on: date | None
    quantity: Fraction
    invoice: Money
    origin: Origin


class Expiry(Day):
    """A date on a package; one that is printed as month and year means the last day of that month (USP <7>), its day is sent as 00."""

    def _take(self, value: object) -> date:
        month = _MONTH.fullmatch(value) if isinstance(value, str) else None
        if month and int(month[1]) in _YEARS:
            return month_end(int(month[1]), int(month[2]))
        return super()._take(value)


class ScanSchema(Shape):
    """What a scanner typed into its box."""

    scan = ScanField(required=True)


class ReceiptSchema(Shape):
    """`Delivered`; a scan is read by a step of its own before."""

    scan = NothingUnread()
    product = Text(most=60, required=True, ask="Choose the product that stands on the package.")
    lot_number = Text(most=40, required=True, ask="Write the lot number as it stands on the package.")
    manufacturer_lot = Text(most=40, load_default="")
    expires_on = Expiry(load_default=None)
    no_expiry = YesNo(load_default=False)
    quantity = Positive(required=True, ask='Write how much came, in the unit that stands beside the product, such as "100" or "0.5".')
    invoice = Price(required=True)
    serials = Rows(Text(most=40), least=0, most=200, load_default=[], ask="Write one serial number on each line, at most 200.")
    source = Choice({source.value: source for source in Source}, required=True, ask="Choose what it came in.")
    wholesaler = Text(most=80, required=True, ask="Write who sent the invoice.")
    invoice_number = Text(most=40, required=True, ask="Write the number that stands on the invoice.")
    invoiced_on = Day(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Delivered:
        """The value."""
        purchase = Purchase(data["wholesaler"], data["invoice_number"], data["invoiced_on"])
        origin = Origin(data["source"], purchase, data["manufacturer_lot"], data["no_expiry"], tuple(data["serials"]))
        return Delivered(data["product"], data["lot_number"], data["expires_on"], data["quantity"], data["invoice"], origin)


SCAN = ScanSchema()
RECEIPT = ReceiptSchema()
