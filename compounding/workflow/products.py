"""Products: what can be bought, what else is in it, and how much there should be at least."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.document import decode, encode
from compounding.db.inventory import ProductRow
from compounding.db.people import PersonRow
from compounding.db.products import ExcipientsRow, StockLevelRow, least_levels
from compounding.db.products import products as known_products
from compounding.db.values import lots, policy_in_force
from compounding.domain.errors import Invalid, Unknown
from compounding.domain.inventory import Lot, Product
from compounding.domain.levels import Holding, holdings, require_addable
from compounding.workflow.act import Act, Look
from compounding.workflow.benchmarks import Bought, of_product


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that can be bought, and what is at hand of each thing that it stands for."""

    products: tuple[tuple[UUID, Product], ...]
    holdings: dict[str, Holding]
    today: date


@dataclass(frozen=True, slots=True)
class Description:
    """What was said at one time to be in a product, where, by whom, at which moment (UTC)."""

    excipients: tuple[str, ...]
    source: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProductView:
    """One product with what is at hand, the descriptions that it had (the newest first), and its lots, the earliest expiry first.

    `bought` are the lots of this package alone, the last bought first, beside NADAC.
    """

    id: UUID
    product: Product
    holding: Holding
    descriptions: tuple[Description, ...]
    lots: tuple[Lot, ...]
    expiring_days: int
    today: date
    bought: tuple[Bought, ...] = ()


def catalogue(look: Look) -> Catalogue:
    """What can be bought, by name."""
    known = known_products(look.session)
    found = holdings([product for _, product in known], lots(look.session), least_levels(look.session), look.today)
    return Catalogue(known, {holding.stands_for: holding for holding in found}, look.today)


def product(look: Look, product_id: UUID) -> ProductView:
    """One product."""
    known = catalogue(look)
    found = next((item for key, item in known.products if key == product_id), None)
    if found is None:
        raise Unknown("unknown-product", "There is no such product.")
    own = tuple(lot for lot in lots(look.session) if lot.product == found.stands_for)
    days = policy_in_force(look.session).expiring_days
    return ProductView(
        product_id, found, known.holdings[found.stands_for], _descriptions(look, product_id), own, days, look.today, of_product(look, product_id)
    )


def add(act: Act, product: Product) -> UUID:
    """Make a product known, so that lots of it can be received."""
    require_addable(product, [item for _, item in known_products(act.session)])
    row = ProductRow(
        code=product.code, kind=product.kind, name=product.name, labeler=product.labeler, ndc=product.ndc or None, unit=product.unit, document=encode(product)
    )  # fmt: skip
    act.session.add(row)
    return row.id


def describe(act: Act, product_id: UUID, excipients: Sequence[str], source: str) -> None:
    """Record what is in a product from now on; what batches recorded of its lots stays as it was."""
    _require(act, product_id)
    doubled = next((name for place, name in enumerate(excipients) if name.casefold() in {other.casefold() for other in excipients[:place]}), None)
    if doubled is not None:
        message = f"{doubled} stands here twice. Write each substance once."
        raise Invalid("product", message, fields={"excipients": (message,)})
    text = encode(tuple(excipients))
    act.session.add(ExcipientsRow(product_id=product_id, document=text, source=source, person_id=act.actor.id, recorded_at=act.at))


def set_level(act: Act, product_id: UUID, least: int) -> None:
    """Set how much there should be at least, in the unit of its stock, of whatever stands for the same as this product."""
    row = _require(act, product_id)
    stands_for = decode(Product, row.document).stands_for
    act.session.add(StockLevelRow(stands_for=stands_for, least=least, person_id=act.actor.id, set_at=act.at))


def _require(act: Act, product_id: UUID) -> ProductRow:
    row = act.session.get(ProductRow, product_id)
    if row is None:
        raise Unknown("unknown-product", "There is no such product.")
    return row


def _descriptions(look: Look, product_id: UUID) -> tuple[Description, ...]:
    rows = look.session.execute(
        select(ExcipientsRow, PersonRow.name)
        .outerjoin(PersonRow, ExcipientsRow.person_id == PersonRow.id)
        .where(ExcipientsRow.product_id == product_id)
        .order_by(ExcipientsRow.recorded_at.desc())
    )
    return tuple(Description(decode(tuple[str, ...], row.document), row.source, name or "", row.recorded_at) for row, name in rows)
