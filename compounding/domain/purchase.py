"""How a lot came: from whom, on which invoice, in what it came, and which expiry holds where the vendor gives none.

Only a container with lot number and expiry is a source (USP <795>, ingredient selection); loose and returned tablets are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from compounding.domain.errors import Invalid
from compounding.domain.policy import Policy
from compounding.domain.wording import said


class Source(StrEnum):
    """What a delivery came in."""

    MANUFACTURER = "manufacturer"
    REPACKAGER = "repackager"
    LOOSE = "loose"
    RETURNED = "returned"


_NO_SOURCE: Mapping[Source, str] = {
    Source.LOOSE: "Nothing loose and nothing from an opened container is taken in: nobody can say what lot it is of. Set it apart to be destroyed.",
    Source.RETURNED: "What was brought back is never taken in again: nobody can say how it was kept. Set it apart to be destroyed.",
}


@dataclass(frozen=True, slots=True)
class Purchase:
    """One invoice of one wholesaler; what its lots cost stands with the lots."""

    wholesaler: str
    invoice_number: str
    invoiced_on: date


@dataclass(frozen=True, slots=True)
class Origin:
    """How a lot came: in what, on which invoice, and which packs.

    `manufacturer_lot` is the original lot number that a repackager shows beside the one of its own; `no_expiry` says that the vendor gives none.
    """

    source: Source = Source.MANUFACTURER
    purchase: Purchase | None = None
    manufacturer_lot: str = ""
    no_expiry: bool = False
    serials: tuple[str, ...] = ()


def require_source(source: Source) -> None:
    """Let a sealed container pass; refuse anything else in words."""
    if message := _NO_SOURCE.get(source):
        raise Invalid("source", message, fields={"source": (message,)})


def require_origin(origin: Origin, *, today: date) -> None:
    """Refuse what contradicts itself: a serial number twice, an original lot that nobody repackaged, an invoice of tomorrow."""
    require_source(origin.source)
    twice = next((serial for place, serial in enumerate(origin.serials) if serial in origin.serials[:place]), None)
    if twice is not None:
        raise _refused("serials", f"Serial number {twice} stands here twice. Each pack is scanned once.")
    if origin.manufacturer_lot and origin.source is not Source.REPACKAGER:
        raise _refused("manufacturer_lot", "Only a repackager's container shows two lot numbers. Choose what it came in, or leave this empty.")
    if origin.purchase and origin.purchase.invoiced_on > today:
        raise _refused("invoiced_on", "This day is still to come. Enter the day that stands on the invoice.")


def expiry_of(printed: date | None, *, no_expiry: bool, needs_one: bool, received_on: date, policy: Policy) -> date:
    """The last day of use of a lot: what is printed; where the vendor gives none, at most so many years from receipt (USP <795> 6.2).

    `needs_one` is a source product, which is no source without an expiry of its own. Raises `Invalid`.
    """
    if printed is None and not no_expiry:
        raise _refused("expires_on", "Enter day, month and year, or tick that the vendor gives no expiry.")
    if no_expiry and needs_one:
        raise _refused("no_expiry", "Tablets without an expiry of the manufacturer are no source. Set them apart.")
    latest = years_after(received_on, policy.assigned_expiry_years)
    if printed is None:
        return latest
    if printed < received_on:
        raise Invalid("expired", "This lot has expired and cannot be taken in.", fields={"expires_on": ("This date is past.",)})
    if no_expiry and printed > latest:
        raise _refused("expires_on", f"Without an expiry of the vendor, {said(latest)} is the latest that we may give. Enter that day or an earlier one.")
    return printed


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _refused(field: str, message: str) -> Invalid:
    return Invalid("receipt", message, fields={field: (message,)})
