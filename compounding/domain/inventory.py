"""Lots: what was bought, how much of it is left, and which lot goes first.

A lot is picked by the earliest expiry that still covers the supply; another only with a reason. `expired` and `depleted` follow
from the date and the balance and are never stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from compounding.domain.errors import Conflict
from compounding.domain.gs1 import Scan, gtin_of_ndc, ndc_11
from compounding.domain.money import MICROS, Money
from compounding.domain.quantity import NANOLITRES, Concentration, Mass, Volume
from compounding.domain.wording import said

FEWEST_WEIGHED, MOST_WEIGHED = 10, 20  # tablets for a lot's average weight (USP <905> weighs single units; one tablet says little of its lot)
TABLET_STRENGTH = Mass.of_mg(50)  # naltrexone hydrochloride in every naltrexone tablet that is made (founding article; FDA label)


class LotStatus(StrEnum):
    """Where a lot stands: quarantined > available > withdrawn | recalled."""

    QUARANTINED = "quarantined"
    AVAILABLE = "available"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"


class StockUnit(StrEnum):
    """What a balance counts: whole things, nanograms or nanolitres."""

    TABLET = "tablet"
    NANOGRAM = "ng"
    NANOLITRE = "nL"
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class Product:
    """Something that can be bought: `stands_for` is what a formula calls it, so that formulas are not tied to one NDC.

    `container_volume` (mL) and `container_capsules` say what a bottle or vial holds; `unusable_volume` is what stays behind in it.
    `gtin` is the GTIN-14 of what has no NDC to derive it from. What is `made_here` comes on the shelf by a batch and is never received.
    """

    code: str
    stands_for: str
    name: str
    labeler: str
    unit: StockUnit
    ndc: str = ""
    excipients: tuple[str, ...] = ()
    container_volume: Volume | None = None
    container_capsules: int | None = None
    unusable_volume: Volume = Volume(Fraction(0))
    gtin: str = ""
    made_here: bool = False

    @property
    def kind(self) -> str:
        """What it is to the pharmacy: the tablets that are the source, a container, an ingredient, or what it made itself."""
        if self.made_here:
            return "made"
        if self.unit is StockUnit.TABLET:
            return "tablet"
        return "container" if self.container_volume or self.container_capsules else "ingredient"

    @property
    def pack_code(self) -> str:
        """The GTIN-14 that stands on its pack; empty where none is known."""
        return self.gtin or (gtin_of_ndc(self.ndc) if self.ndc else "")

    def is_named_by(self, scan: Scan) -> bool:
        """Whether the code that was scanned or typed is this product's."""
        if scan.gtin:
            return scan.gtin == self.pack_code
        return bool(self.ndc) and scan.ndc in {self.ndc, ndc_11(self.ndc)}


@dataclass(frozen=True, slots=True)
class Assay:
    """What a lot's tablets really hold, in percent of their claim of 50 mg, and the certificate or report that says so."""

    percent: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class Weighing:
    """On which balance, on which day and by whom something was weighed."""

    balance: str
    day: date
    by: str


@dataclass(frozen=True, slots=True)
class TabletWeight:
    """The measured weight of `tablets` tablets of one lot: `together` is the sum of the single `weights`; the average is never stored as a quotient.

    Records from before single weights were kept have the sum alone. Without an assay the tablets hold their claim.
    """

    tablets: int
    together: Mass
    weights: tuple[Mass, ...] = ()
    weighed: Weighing | None = None
    assay: Assay | None = None

    @property
    def average(self) -> Mass:
        """The average weight of one tablet."""
        return self.together / self.tablets

    @property
    def content(self) -> Fraction:
        """What a tablet holds, in percent of its claim."""
        return self.assay.percent if self.assay else Fraction(100)


@dataclass(frozen=True, slots=True)
class PackStatistic:
    """How much of a powder lot packs one capsule of `size`: `together` in `shells` shells, net of the shells.

    `gross` are the filled shells one by one, `tare` as many empty ones of `shell_lot` together, so that the net sum is exact; `empties` are
    those empty shells where they were weighed one by one, and `tare` is then their sum; records
    from before that have the net sum alone.
    """

    size: str
    shells: int
    together: Mass
    gross: tuple[Mass, ...] = ()
    tare: Mass | None = None
    shell_lot: str = ""
    weighed: Weighing | None = None
    empties: tuple[Mass, ...] = ()

    @property
    def each(self) -> Mass:
        """The net weight that packs one shell."""
        return self.together / self.shells

    @property
    def weights(self) -> tuple[Mass, ...]:
        """The net weight of each shell: gross less an average empty one."""
        return tuple(gross - self.tare / self.shells for gross in self.gross) if self.tare else ()


@dataclass(frozen=True, slots=True)
class Held:
    """How much of one ingredient one mL of what was made here holds beside the naltrexone: a mass or a volume."""

    name: str
    mass: Mass | None = None
    volume: Volume | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a lot is that was made here as a source of the drug: by which version of which formula, and what one mL of it holds."""

    formula: str
    version: int
    strength: Concentration
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot of one product, as it stands now; `balance` is in `unit`. `invoice` paid for `invoice_quantity` units.

    `batch_id` is the batch that was made here for stock and became this lot, and `made` what it then is as a source of the drug; None for
    what was bought. Its `excipients` are those of all that went into it.
    """

    id: UUID
    product: str
    name: str
    lot_number: str
    expires_on: date
    status: LotStatus
    unit: StockUnit
    balance: int
    invoice: Money
    invoice_quantity: int
    excipients: tuple[str, ...] = ()
    tablet_weight: TabletWeight | None = None
    packs: tuple[PackStatistic, ...] = ()
    batch_id: UUID | None = None
    made: Made | None = None

    def cost_of(self, amount: Fraction) -> Money:
        """The acquisition cost of `amount` units of this very lot."""
        return Money.of(Fraction(self.invoice.micros, self.invoice_quantity) * amount / MICROS)

    def usable_through(self, day: date) -> bool:
        """Whether the lot is released and does not expire before `day`."""
        return self.status is LotStatus.AVAILABLE and self.expires_on >= day


@dataclass(frozen=True, slots=True)
class Pick:
    """So many units of one lot."""

    lot: Lot
    amount: int


class Shortage(Conflict):
    """No lots of a product cover the need; `longest` is the last day through which they would, or None when there is not enough at all."""

    def __init__(self, product: str, needed: str, longest: date | None, *, name: str, todo: str = "Receive or release a lot.", where: str = "") -> None:
        until = f" Enough of it expires on {said(longest)}." if longest else ""
        sentence = f"There is not enough usable stock of {name}: {needed} needed.{until} {todo}"
        super().__init__("shortage", sentence, product=product, **({"where": where} if where else {}))
        self.longest = longest


def pick(stock: Sequence[Lot], product: str, amount: int, *, made_on: date, through: date) -> tuple[Pick, ...]:
    """Lots of `product` for `amount` units, made on `made_on` and used through `through`: the earliest expiry that covers it goes first.

    One lot that holds enough is preferred to two. Ties go to the lot number. Raises `Shortage`.
    """
    usable, covering = usable_lots(stock, product, made_on=made_on, through=through)
    for lot in covering:
        if lot.balance >= amount:
            return (Pick(lot, amount),)
    if sum(lot.balance for lot in covering) < amount:
        unit = next((lot.unit for lot in stock if lot.product == product), StockUnit.PIECE)
        raise Shortage(product, said_amount(amount, unit), longest_cover(usable, amount), name=name_of(stock, product))
    picks = []
    for lot in covering:
        taken = min(lot.balance, amount)
        amount -= taken
        picks.append(Pick(lot, taken))
        if amount == 0:
            break
    return tuple(picks)


def usable_lots(stock: Sequence[Lot], product: str, *, made_on: date, through: date) -> tuple[list[Lot], list[Lot]]:
    """The lots of `product` that may be used on `made_on`, and those of them that last through `through`, in the order in which they go."""
    usable = [lot for lot in stock if lot.product == product and lot.usable_through(made_on) and lot.balance > 0]
    return usable, sorted((lot for lot in usable if lot.usable_through(through)), key=_soonest)


def without(stock: Sequence[Lot], picks: Sequence[Pick]) -> tuple[Lot, ...]:
    """The stock after `picks` have been taken from it."""
    taken = {pick.lot.id: pick.amount for pick in picks}
    return tuple(replace(lot, balance=lot.balance - taken.get(lot.id, 0)) for lot in stock)


def name_of(stock: Sequence[Lot], product: str) -> str:
    """What persons call `product`: the name on its lots; its code in words where the house never had one."""
    return next((lot.name for lot in stock if lot.product == product), product.replace("-", " "))


def longest_cover(usable: Sequence[Lot], amount: int | Fraction, *, gives: Callable[[Lot], int | Fraction] = lambda lot: lot.balance) -> date | None:
    """The last day through which the `usable` lots give `amount` together, each what `gives` says; None where they never do."""
    for lot in sorted(usable, key=_soonest, reverse=True):
        if sum(gives(other) for other in usable if other.expires_on >= lot.expires_on) >= amount:
            return lot.expires_on
    return None


def _soonest(lot: Lot) -> tuple[date, str]:
    return lot.expires_on, lot.lot_number


def said_amount(amount: int, unit: StockUnit) -> str:
    """An amount of a stock unit as the bench says it: "641.25 mg", "80 mL", "3 tablets"."""
    match unit:
        case StockUnit.NANOGRAM:
            return str(Mass.of_nanograms(amount))
        case StockUnit.NANOLITRE:
            return str(Volume(Fraction(amount, NANOLITRES)))
        case _:
            return f"{amount} {unit}{'s' if amount != 1 else ''}"
