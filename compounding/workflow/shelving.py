"""On the shelf: a batch that was made for stock becomes a lot like any other, at what really went into it."""

from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow
from compounding.db.document import encode
from compounding.db.inventory import LotRow, MovementRow, ProductRow
from compounding.db.values import policy_of, used_of
from compounding.domain.cost import made_cost
from compounding.domain.errors import Conflict
from compounding.domain.formula import Formula
from compounding.domain.inventory import LotStatus, Product
from compounding.domain.preparation import BatchPlan
from compounding.domain.stocking import product_of, shelved
from compounding.workflow.act import Act

MADE = "made"  # the reason of the movement by which it came


def shelve(act: Act, batch: BatchRow, drawn: BatchPlan, formula: Formula, made: Fraction) -> None:
    """Put what was made for stock on the shelf: `made` mL or good capsules, in whole containers or as a volume; nothing for a batch of fills."""
    if drawn.stock is None:
        return
    if batch.beyond_use is None:
        raise Conflict("no-date", "The batch has no beyond-use date yet. Compound it first.")
    count = shelved(drawn.stock, made)
    cost = made_cost(formula, drawn.preparation.amounts, used_of(act.session, batch.id, drawn.preparation), policy_of(act.session, drawn.policy_version))
    lot = LotRow(
        product_id=_product_id(act, product_of(drawn.stock, formula)),
        lot_number=str(batch.number),
        expires_on=batch.beyond_use,
        received_on=act.today,
        status=LotStatus.AVAILABLE,
        invoice_micros=cost.micros,
        invoice_quantity=count,
        batch_id=batch.id,
    )
    act.session.add(lot)
    act.session.add(MovementRow(lot_id=lot.id, amount=count, reason=MADE, person_id=act.actor.id, moved_at=act.at))


def _product_id(act: Act, product: Product) -> UUID:
    known = act.session.scalars(select(ProductRow.id).where(ProductRow.code == product.code)).first()
    if known is not None:
        return known
    row = ProductRow(code=product.code, kind=product.kind, name=product.name, labeler=product.labeler, unit=product.unit, document=encode(product))
    act.session.add(row)
    return row.id
