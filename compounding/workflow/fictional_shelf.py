"""What the demonstration pharmacy buys in a year: a lot when the shelf runs low, at a price that moves, now and then one that expires soon."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from compounding.domain import library
from compounding.domain.authority import ActName, LookName
from compounding.domain.inventory import LotStatus
from compounding.domain.money import Money
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass
from compounding.workflow import inventory
from compounding.workflow.act import Act
from compounding.workflow.fictional import Staff
from compounding.workflow.fictional_people import Dice
from compounding.workflow.inventory import Receipt

_SHELL = Mass.of_mg(48)  # one empty shell of size 3
_GRAM, _LITRE = 1000 * NANOGRAMS, 1000 * NANOLITRES
_WEIGHS = "balance-0.1-mg"
_SHELLS_FIRST = "SH3-20"  # the seed's lot of shells, which packs are measured with


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a product is bought: how much at once, for how many cents, when less than `least` is left, and how many days it is good for."""

    product: str
    quantity: int
    cents: int
    least: int
    days: int
    tablet: bool = False
    packs: bool = False


_WANTED = (
    _Wanted("tablet-sun-100", 300, 21_000, 90, 400, tablet=True, packs=True),
    _Wanted("ascorbic-acid", 500 * _GRAM, 2_400, 50 * _GRAM, 600),
    _Wanted("sodium-benzoate", 500 * _GRAM, 1_800, 50 * _GRAM, 600),
    _Wanted("glycerol", 8 * _LITRE, 10_400, 2 * _LITRE, 500),
    _Wanted("purified-water", 40 * _LITRE, 6_000, 10 * _LITRE, 200),
    _Wanted("saline", 5 * _LITRE, 2_000, _LITRE, 300),
    _Wanted("microcrystalline-cellulose", 1000 * _GRAM, 4_000, 300 * _GRAM, 600, packs=True),
    _Wanted("shell-3", 10_000, 40_000, 2_000, 900),
    _Wanted("bottle-10-ml", 300, 10_500, 40, 1500),
    _Wanted("bottle-120-ml", 300, 13_500, 40, 1500),
    _Wanted("bottle-180-ml", 300, 15_600, 40, 1500),
    _Wanted("vial-120-capsules", 600, 21_000, 60, 1500),
)
_OFFER = _Wanted("tablet-accord-30", 60, 3_000, 0, 60, tablet=True, packs=True)  # cheap, and good for two months only


@dataclass(slots=True)
class Shelf:
    """What is bought, with how many lots of each came already."""

    staff: Staff
    dice: Dice
    came: dict[str, int] = field(default_factory=dict)

    def look_after(self, today: date) -> None:
        """Buy what runs low, and every six weeks or so the offer of the day."""
        stock = self.staff.pharmacy.look(LookName.STOCK, self.staff.technician, inventory.stock)
        held: dict[str, int] = {}
        for lot, product in stock.lots:
            if lot.status is LotStatus.AVAILABLE and lot.expires_on >= today + timedelta(days=45):
                held[product.code] = held.get(product.code, 0) + lot.balance
        tablets = held.get("tablet-sun-100", 0)
        for wanted in _WANTED:
            if (tablets if wanted.tablet else held.get(wanted.product, 0)) < wanted.least:
                self._buy(wanted, today)
        if self.dice.one_in(42):
            self._buy(_OFFER, today)

    def _buy(self, wanted: _Wanted, today: date) -> None:
        number = self.came[wanted.product] = self.came.get(wanted.product, 0) + 1
        paid = Money.of(Fraction(wanted.cents * (90 + self.dice.below(25)), 10_000))  # 90 to 114 % of the usual price, in cents
        name = f"{wanted.product.upper()[:10]}-{today:%y}{number:02d}"
        receipt = Receipt(wanted.product, name, today + timedelta(days=wanted.days - self.dice.below(20)), wanted.quantity, paid)
        staff = self.staff
        lot: UUID = staff.pharmacy.perform(ActName.LOT_RECEIVE, staff.technician, lambda act: inventory.receive(act, receipt))
        if wanted.tablet:
            staff.pharmacy.perform(ActName.LOT_WEIGH_TABLETS, staff.technician, lambda act: _weigh(act, lot))
        if wanted.packs:
            mean = Mass.of_mg(240 if wanted.tablet else 225)
            staff.pharmacy.perform(ActName.LOT_WEIGH_TABLETS, staff.technician, lambda act: _pack(act, lot, mean))
        staff.pharmacy.perform(ActName.LOT_RELEASE, staff.in_charge, lambda act: inventory.release(act, lot))


def _weigh(act: Act, lot: UUID) -> None:
    inventory.weigh_tablets(act, lot, weights=library.single_weights(Mass.of_mg(250)), balance=_WEIGHS)


def _pack(act: Act, lot: UUID, mean: Mass) -> None:
    gross = library.single_weights(mean + _SHELL)
    inventory.measure_pack(act, lot, size="3", gross=gross, tare=_SHELL * len(gross), shell_lot=_SHELLS_FIRST, balance=_WEIGHS)
