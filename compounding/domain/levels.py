"""What runs low and what expires soon. Both follow from the lots of today and are never stored.

A least level belongs to what a product stands for, not to one labeler's package: a tablet that is short is replaced by another maker's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from compounding.domain.errors import Invalid
from compounding.domain.gs1 import gtin_of_ndc
from compounding.domain.inventory import Lot, LotStatus, Product, StockUnit
from compounding.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Holding:
    """What is at hand of everything that stands for one thing: `at_hand` and `least` in `unit`; `least` is None where nobody set one."""

    stands_for: str
    name: str
    unit: StockUnit
    at_hand: int
    least: int | None

    @property
    def is_low(self) -> bool:
        """Whether less is at hand than there should be at least."""
        return self.least is not None and self.at_hand < self.least


def holdings(products: Sequence[Product], lots: Sequence[Lot], least: Mapping[str, int], today: date) -> tuple[Holding, ...]:
    """What is at hand of each thing that can be bought, by name: the balances of its lots that are released and not expired today."""
    kinds = {product.stands_for: product for product in reversed(products)}
    at_hand = dict.fromkeys(kinds, 0)
    for lot in lots:
        if lot.usable_through(today) and lot.product in at_hand:
            at_hand[lot.product] += lot.balance
    found = [Holding(key, product.name, product.unit, at_hand[key], least.get(key)) for key, product in kinds.items()]
    return tuple(sorted(found, key=lambda holding: (holding.name, holding.stands_for)))


def expiring(lots: Sequence[Lot], today: date, policy: Policy) -> tuple[Lot, ...]:
    """The released lots with something left that may be used today and expire within the policy's days, the soonest first."""
    found = [lot for lot in lots if lot.balance and is_expiring(lot, today, policy.expiring_days)]
    return tuple(sorted(found, key=lambda lot: (lot.expires_on, lot.lot_number)))


def is_expiring(lot: Lot, today: date, days: int) -> bool:
    """Whether a released lot is in the last `days` of its use."""
    return lot.status is LotStatus.AVAILABLE and today <= lot.expires_on < today + timedelta(days=days)


def require_addable(product: Product, known: Sequence[Product]) -> None:
    """Let a new product pass; raises `Invalid` at the field that contradicts the product itself or those that are `known`."""
    _require_own_code(product, known)
    peer = next((other for other in known if other.stands_for == product.stands_for), None)
    if peer and peer.unit is not product.unit:
        raise _refused("unit", f"{peer.name} stands for the same and is counted in another unit. Balances of the two could not be added.")
    if product.unit is StockUnit.TABLET and not product.ndc:
        raise _refused("ndc", "Tablets are a source only by their NDC. Write it with the hyphens of the package.")
    if product.ndc and product.gtin not in {"", gtin_of_ndc(product.ndc)}:
        raise _refused("gtin", f"The bar code number of NDC {product.ndc} is {gtin_of_ndc(product.ndc) or 'not known'}. Leave this empty, or correct the NDC.")
    holds = product.container_volume is not None or product.container_capsules is not None
    if holds and product.unit is not StockUnit.PIECE:
        raise _refused("unit", "A container is counted in pieces.")
    if product.container_volume is not None and product.container_capsules is not None:
        raise _refused("container_capsules", "A container holds a volume or capsules. Leave one of the two empty.")
    if product.unusable_volume.ml and (product.container_volume is None or product.unusable_volume.ml >= product.container_volume.ml):
        raise _refused("unusable_volume", "What stays behind is less than what the container holds.")


def _require_own_code(product: Product, known: Sequence[Product]) -> None:
    for other in known:
        if other.code == product.code:
            raise _refused("code", f"{other.name} of {other.labeler} has this code already. Choose another.")
        if product.pack_code and other.pack_code == product.pack_code:
            field = "gtin" if product.gtin else "ndc"
            raise _refused(field, f"{other.name} of {other.labeler} has this bar code number already. It is that product, or one of the two is mistyped.")


def _refused(field: str, message: str) -> Invalid:
    return Invalid("product", message, fields={field: (message,)})
