"""What the month cost: each hand-over's parts, by patient and by batch, beside the article's month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.costs import CostRow
from compounding.db.dispenses import DispenseRow
from compounding.db.document import decode
from compounding.db.prescriptions import PatientRow
from compounding.db.values import policy_in_force
from compounding.domain.cost import CostKind, CostPart, monthly
from compounding.domain.money import Money, total
from compounding.workflow.act import Look

_Joined: TypeAlias = tuple[CostRow, FillRow, BatchRow, PatientRow, DispenseRow]


@dataclass(frozen=True, slots=True)
class FillCost:
    """One fill's cost in the month: whose it was, how long it serves, and its parts with their reasons."""

    fill_id: UUID
    patient_id: UUID
    patient: str
    batch_number: str
    batch_id: UUID
    handed_on: date
    days: int
    parts: tuple[CostPart, ...]

    @property
    def total(self) -> Money:
        """The sum of the parts."""
        return total([part.amount for part in self.parts])

    @property
    def month(self) -> Money:
        """What 30 days at this cost come to."""
        return monthly(self.total, self.days)


@dataclass(frozen=True, slots=True)
class PatientCost:
    """What one patient's fills of the month cost, and what 30 days of them come to."""

    patient_id: UUID
    patient: str
    fills: int
    days: int
    total: Money

    @property
    def month(self) -> Money:
        """What 30 days at this cost come to."""
        return monthly(self.total, self.days)


@dataclass(frozen=True, slots=True)
class MonthCost:
    """A month, whole; `parts` are the sums by kind in their usual order."""

    month: str
    article_month: Money
    parts: tuple[tuple[CostKind, Money], ...]
    fills: tuple[FillCost, ...]
    patients: tuple[PatientCost, ...]

    @property
    def total(self) -> Money:
        """The sum of everything."""
        return total([amount for _, amount in self.parts])


def month(look: Look, year_month: str) -> MonthCost:
    """The costs of `year_month` ("2026-11")."""
    rows = look.session.execute(
        select(CostRow, FillRow, BatchRow, PatientRow, DispenseRow)
        .join(FillRow, CostRow.fill_id == FillRow.id)
        .join(BatchRow, CostRow.batch_id == BatchRow.id)
        .join(PatientRow, CostRow.patient_id == PatientRow.id)
        .join(DispenseRow, DispenseRow.fill_id == FillRow.id)
        .where(CostRow.month == year_month)
        .order_by(CostRow.recorded_at, BatchRow.number)
    )
    by_fill: dict[UUID, list[_Joined]] = {}
    for joined in rows:
        by_fill.setdefault(joined[1].id, []).append(joined)
    fills = tuple(_fill_cost(group) for group in by_fill.values())
    for item in fills:
        look.note_read(patient_id=item.patient_id)
    return MonthCost(year_month, policy_in_force(look.session).article_month, _by_kind(fills), fills, _by_patient(fills))


def months(look: Look) -> tuple[str, ...]:
    """The months that have costs, the newest first."""
    return tuple(look.session.scalars(select(CostRow.month).group_by(CostRow.month).order_by(CostRow.month.desc())))


def fill_total(look: Look, fill_id: UUID) -> Money:
    """What one fill cost; zero before it was handed over."""
    return Money(look.session.scalars(select(func.sum(CostRow.amount_micros)).where(CostRow.fill_id == fill_id)).one() or 0)


def _fill_cost(group: Sequence[_Joined]) -> FillCost:
    _, fill, batch, patient, dispense = group[0]
    parts = sorted((decode(CostPart, row.document) for row, *_ in group), key=lambda part: list(CostKind).index(part.kind))
    return FillCost(
        fill_id=fill.id,
        patient_id=patient.id,
        patient=patient.name,
        batch_number=str(batch.number),
        batch_id=batch.id,
        handed_on=dispense.handed_on,
        days=(fill.closes_on - fill.opens_on).days + 1,
        parts=tuple(parts),
    )


def _by_kind(fills: Sequence[FillCost]) -> tuple[tuple[CostKind, Money], ...]:
    return tuple((kind, total([part.amount for item in fills for part in item.parts if part.kind is kind])) for kind in CostKind)


def _by_patient(fills: Sequence[FillCost]) -> tuple[PatientCost, ...]:
    by_patient: dict[UUID, list[FillCost]] = {}
    for item in fills:
        by_patient.setdefault(item.patient_id, []).append(item)
    return tuple(
        PatientCost(group[0].patient_id, group[0].patient, len(group), sum(item.days for item in group), total([item.total for item in group]))
        for group in by_patient.values()
    )
