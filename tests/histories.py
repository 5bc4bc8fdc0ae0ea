"""Histories of a pharmacy as plain rows, for walks through thousands of bottles: written past the use cases, into a database of a test alone.

Everything is as the tables want it and no more: documents are empty, people and formula are one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import URL, create_engine, event, insert

from compounding.db.base import Base
from compounding.db.batches import BatchLotRow, BatchRow, FillRow, PlanRow, ShareRow, WeighingRow
from compounding.db.dispenses import DispenseRow
from compounding.db.document import encode
from compounding.db.formulas import FormulaRow, PolicyRow
from compounding.db.inventory import LotRow, MovementRow, ProductRow
from compounding.db.labels import LabelRow
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.private import give_vault
from compounding.domain import library
from compounding.domain.inventory import Product, StockUnit
from tests.keys import VAULT

NOON = datetime(2026, 3, 2, 20, tzinfo=UTC)
HASH = sha256(b"").hexdigest()
Values = Mapping[str, Any]
T = TypeVar("T")


@dataclass
class Chance:
    """Numbers by chance, the same ones for the same seed on every machine."""

    seed: int
    drawn: int = 0

    def below(self, bound: int) -> int:
        self.drawn += 1
        return int.from_bytes(sha256(f"{self.seed}.{self.drawn}".encode()).digest()[:8]) % bound

    def between(self, least: int, most: int) -> int:
        return least + self.below(most - least + 1)

    def one(self, of: Sequence[T]) -> T:
        return of[self.below(len(of))]

    def some(self, of: Sequence[T], count: int) -> list[T]:
        left = list(of)
        return [left.pop(self.below(len(left))) for _ in range(count)]


@dataclass
class History:
    """Rows by table, in the order in which they may be written; each method adds one and gives its key."""

    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(lambda: 500_000))

    def __post_init__(self) -> None:
        named = {"username": "h", "name": "Hana History", "initials": "HH", "role": "technician", "licence": "", "password_hash": "x", "pin_hash": "x"}
        self.person = self._add(PersonRow, named | {"active": True, "created_at": NOON})
        self.verifier = self._add(PersonRow, named | {"username": "v", "name": "Vera Verifier", "role": "pharmacist", "active": True, "created_at": NOON})
        written = next(item for item in library.formulas() if item.code == "L1")
        formula = {"code": "H1", "version": 1, "name": written.name, "status": "approved", "document": encode(written), "sha256": HASH, "approved_at": NOON}
        self.formula = self._add(FormulaRow, formula)
        self.policy = 900
        self._add(PolicyRow, {"version": self.policy, "document": "{}", "sha256": HASH, "approved_at": NOON})
        self.product = self.add_product("naltrexone 50 mg tablets")

    def add_product(self, name: str, unit: StockUnit = StockUnit.TABLET) -> UUID:
        code = f"h-{self._number('product')}"
        document = encode(Product(code, code, name, "Maker", unit))
        return self._add(ProductRow, {"code": code, "kind": "tablet", "name": name, "labeler": "Maker", "unit": unit, "document": document})

    def add_lot(self, product: UUID | None = None, **changes: object) -> UUID:
        values = {
            "product_id": product or self.product, "lot_number": f"H{self._number('lot')}", "expires_on": date(2028, 1, 31), "received_on": date(2026, 1, 2),
            "status": "available", "invoice_micros": 1, "invoice_quantity": 1, "balance": 0, "batch_id": None,
        }  # fmt: skip
        return self._add(LotRow, values | changes)

    def add_batch(self, **changes: object) -> UUID:
        made_on = changes.get("made_on", date(2026, 2, 2))
        assert isinstance(made_on, date)
        values = {
            "number": self._number("batch"), "formula_id": self.formula, "status": "released", "made_on": made_on, "beyond_use": made_on + timedelta(days=35),
            "document": "{}", "sha256": HASH, "planned_at": NOON, "compounder_id": self.person, "verifier_id": self.verifier,
        }  # fmt: skip
        return self._add(BatchRow, values | changes)

    def plan(self, batch: UUID, lot: UUID, line: int = 1) -> None:
        self._add(BatchLotRow, {"batch_id": batch, "lot_id": lot, "line": line, "amount": 1})

    def weigh(self, batch: UUID, lot: UUID, line: int = 1, **changes: object) -> None:
        values = {"batch_id": batch, "lot_id": lot, "line": line, "target": 1, "actual": 1, "unit": "tablet", "reason": "", "weighed_at": NOON}
        self._add(WeighingRow, values | {"person_id": self.person} | changes)

    def move(self, lot: UUID, amount: int, batch: UUID | None = None) -> None:
        self._add(MovementRow, {"lot_id": lot, "amount": amount, "reason": "history", "batch_id": batch, "moved_at": NOON})

    def add_patient(self, name: str = "Ann Sample", born: date = date(1970, 5, 5)) -> UUID:
        number = self._number("patient")
        return self._add(PatientRow, {"name": name, "match_key": f"{name.casefold()} {number}", "birth_date": born, "created_at": NOON})

    def add_prescription(self, patient: UUID, npi: str = "1234567893", prescriber: str = "Dr Paula Prescriber", document: str = "{}") -> UUID:
        values = {
            "number": self._number("prescription"), "patient_id": patient, "prescriber_npi": npi, "prescriber_name": prescriber, "status": "completed",
            "form": "oral_liquid", "received_at": NOON, "received_on": date(2026, 2, 1), "written_on": date(2026, 2, 1), "literal": "{}", "document": document,
            "sha256": HASH, "refills_left": 0,
        }  # fmt: skip
        key = self._add(PrescriptionRow, values)
        plan = {"prescription_id": key, "status": "current", "document": "{}", "sha256": HASH, "policy_version": self.policy, "formula_id": self.formula}
        self.plans[key] = self._add(PlanRow, plan | {"made_at": NOON})
        return key

    plans: dict[UUID, UUID] = field(default_factory=dict)

    def add_fill(self, prescription: UUID, status: str = "due", opens_on: date = date(2026, 2, 3), days: int = 30) -> UUID:
        values = {
            "plan_id": self.plans[prescription], "prescription_id": prescription, "number": self._number("fill"), "status": status,
            "make_by": opens_on, "opens_on": opens_on, "closes_on": opens_on + timedelta(days=days - 1),
        }  # fmt: skip
        return self._add(FillRow, values)

    def share(self, batch: UUID, fill: UUID, status: str = "live") -> None:
        self._add(ShareRow, {"batch_id": batch, "fill_id": fill, "amount": 1, "status": status})

    def label(self, batch: UUID, fill: UUID, status: str = "current") -> None:
        values = {
            "fill_id": fill, "batch_id": batch, "version": self._number("label"), "media": "x", "status": status, "value": "{}", "value_sha256": HASH,
            "pdf": b"", "pdf_sha256": HASH, "template_version": "1", "issued_at": NOON,
        }  # fmt: skip
        self._add(LabelRow, values)

    def dispense(self, batch: UUID, fill: UUID, prescription: UUID, patient: UUID, handed_on: date = date(2026, 2, 3)) -> None:
        values = {
            "fill_id": fill, "batch_id": batch, "prescription_id": prescription, "patient_id": patient, "handed_at": NOON, "handed_on": handed_on,
            "first_dose_on": handed_on, "document": "{}", "person_id": self.verifier,
        }  # fmt: skip
        self._add(DispenseRow, values)

    def write(self, address: URL) -> None:
        """All rows, each table at once, past the audit: the histories are nobody's acts."""
        engine = create_engine(address.set(drivername="postgresql+psycopg") if address.get_backend_name() == "postgresql" else address)
        give_vault(engine, VAULT)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = 1"))
        with engine.begin() as connection:
            for table in Base.metadata.sorted_tables:
                for kind, rows in self.rows.items():
                    if kind.__table__ is table:
                        connection.execute(insert(table), rows)
        engine.dispose()

    def _number(self, name: str) -> int:
        self.numbers[name] += 1
        return self.numbers[name]

    def _add(self, kind: type[Base], values: Values) -> UUID:
        key = uuid4()
        self.rows[kind].append({"id": key, **values})
        return key
