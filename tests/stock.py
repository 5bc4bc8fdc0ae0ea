"""Rows of a shelf, for tests of the ledger: one product, its lots, what moves."""

from datetime import UTC, date, datetime

from compounding.db.inventory import LotRow, MovementRow, ProductRow

MOMENT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def tablets(code: str = "TABLET-50") -> ProductRow:
    return ProductRow(code=code, kind="tablet", name="naltrexone 50 mg tablets", labeler="Maker", unit="tablet", document="{}")


def lot(product: ProductRow, lot_number: str = "A1") -> LotRow:
    return LotRow(
        product_id=product.id,
        lot_number=lot_number,
        expires_on=date(2027, 6, 30),
        received_on=date(2026, 3, 1),
        status="available",
        invoice_micros=7_120_000,
        invoice_quantity=100,
    )


def movement(of: LotRow, amount: int) -> MovementRow:
    return MovementRow(lot_id=of.id, amount=amount, reason="received" if amount > 0 else "crushed", moved_at=MOMENT)
