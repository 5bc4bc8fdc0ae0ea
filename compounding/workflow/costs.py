"""What the month cost: each hand-over's parts, by patient and by batch, beside the article's month."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.costs import ChargeRow, CostRow
from compounding.db.dispenses import DispenseRow
from compounding.db.document import decode
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.values import policy_in_force
from compounding.domain.cost import CostKind, CostPart, monthly
from compounding.domain.money import Money, total
from compounding.workflow.act import Look
from compounding.workflow.ledger import months_with_entries
from compounding.workflow.paging import paged

_PATIENTS = 14  # on one page, which stays under 100 kB with two fills or more each (a month of the lived year had 102 kB with 16)
_KINDS = {kind: place for place, kind in enumerate(CostKind)}


@dataclass(frozen=True, slots=True)
class FillCost:
    """One fill's cost in the month: whose it was, how long it serves, and its parts with their reasons."""

    fill_id: UUID
    prescription_id: UUID
    prescription_number: str
    patient_id: UUID
    patient: str
    birth_date: date
    batch_number: str
    batch_id: UUID
    handed_on: date
    days: int
    parts: tuple[CostPart, ...]
    entries: tuple[UUID, ...] = ()
    charged: Money = Money(0)

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
    """What one patient's fills of the month cost, what was asked for them, and what 30 days of them come to.

    `days` are those of the fills that were handed over in this month; there are none where an earlier month was only corrected,
    and fewer than none where only a hand-over of an earlier month was voided.
    """

    patient_id: UUID
    patient: str
    birth_date: date
    fills: int
    days: int
    total: Money
    charged: Money = Money(0)

    @property
    def month(self) -> Money:
        """What 30 days at this cost come to; the cost itself where no day was served."""
        return monthly(self.total, self.days) if self.days > 0 else self.total

    @property
    def margin(self) -> Money:
        """What was asked less what it cost; below zero where it cost more."""
        return self.charged - self.total


@dataclass(frozen=True, slots=True)
class MonthCost:
    """A month: sums over all of it, and one page of its patients, the dearest 30 days first, with all of their fills.

    `parts` are the sums by kind in their usual order; `elsewhere` is what the patients of the other pages cost and `elsewhere_charged` what they
    were asked, `nobodys` what reached nobody: lots that expired, batches that were rejected or past their date. Pages count from 1.
    """

    month: str
    article_month: Money
    parts: tuple[tuple[CostKind, Money], ...]
    patient_count: int
    fill_count: int
    patients: tuple[PatientCost, ...]
    fills: tuple[FillCost, ...]
    elsewhere: Money
    page: int
    pages: int
    nobodys: Money = Money(0)
    charged: Money = Money(0)
    over_count: int = 0
    elsewhere_charged: Money = Money(0)

    @property
    def total(self) -> Money:
        """The sum of everything."""
        return total([amount for _, amount in self.parts])

    @property
    def margin(self) -> Money:
        """What was asked less what everything cost: the margins of all patients, less what reached nobody."""
        return self.charged - self.total


def month(look: Look, year_month: str, *, page: int = 1, every: bool = False, named: int | None = None, explained: bool = True) -> MonthCost:
    """The costs of `year_month` ("2026-11"); the last page when there are not so many, or `every` patient on one; with each fill only if `explained`.

    Whoever is on the page is noted as read; of a paper that names only the first of them, those `named`.
    """
    everybody = sorted(_patients(look, year_month), key=lambda item: (-item.month.micros, item.patient, item.patient_id))
    page, pages = paged(len(everybody), page, _PATIENTS)
    here = everybody if every else everybody[(page - 1) * _PATIENTS : page * _PATIENTS]
    for item in here[:named]:
        look.note_read(patient_id=item.patient_id)
    parts = _parts(look, year_month)
    article = policy_in_force(look.session).article_month
    whole, theirs = total([amount for _, amount in parts]), total([item.total for item in everybody])
    return MonthCost(
        month=year_month,
        article_month=article,
        parts=parts,
        patient_count=len(everybody),
        fill_count=sum(item.fills for item in everybody),
        patients=tuple(here),
        fills=_fills(look, year_month, here) if explained else (),
        elsewhere=theirs - total([item.total for item in here]),
        page=page,
        pages=pages,
        nobodys=whole - theirs,
        charged=total([item.charged for item in everybody]),
        over_count=sum(item.month.cents > article.cents for item in everybody),
        elsewhere_charged=total([item.charged for item in everybody]) - total([item.charged for item in here]),
    )


def months(look: Look) -> tuple[str, ...]:
    """The months that have costs, the newest first."""
    return months_with_entries(look.session)


def fill_total(look: Look, fill_id: UUID) -> Money:
    """What one fill cost whoever took it; zero before it was handed over, and without what was made for it and reached nobody."""
    theirs = (CostRow.fill_id == fill_id, CostRow.patient_id.is_not(None))
    return Money(look.session.scalars(select(func.sum(CostRow.amount_micros)).where(*theirs)).one() or 0)


def _parts(look: Look, year_month: str) -> tuple[tuple[CostKind, Money], ...]:
    query = select(CostRow.kind, func.sum(CostRow.amount_micros)).where(CostRow.month == year_month).group_by(CostRow.kind)
    found = {CostKind(kind): Money(micros) for kind, micros in look.session.execute(query)}
    return tuple((kind, found.get(kind, Money(0))) for kind in CostKind)


def _patients(look: Look, year_month: str) -> list[PatientCost]:
    query = (
        select(PatientRow.id, PatientRow.name, PatientRow.birth_date, CostRow.fill_id, func.sum(CostRow.amount_micros))
        .join(PatientRow, CostRow.patient_id == PatientRow.id)
        .where(CostRow.month == year_month)
        .group_by(PatientRow.id, PatientRow.name, PatientRow.birth_date, CostRow.fill_id)
    )
    served = _served(look, year_month)
    by_patient: dict[tuple[UUID, str, date], list[tuple[tuple[int, Money], Money]]] = {}
    for patient_id, name, birth_date, fill_id, micros in look.session.execute(query):
        days, charged = served[fill_id] if fill_id in served else (0, Money(0))
        if days or charged.micros or micros:  # nothing is left of a hand-over that was voided within its month
            by_patient.setdefault((patient_id, name, birth_date), []).append(((days, charged), Money(micros)))
    return [
        PatientCost(
            *who,
            fills=len(fills),
            days=sum(days for (days, _), _ in fills),
            total=total([cost for _, cost in fills]),
            charged=total([charged for (_, charged), _ in fills]),
        )
        for who, fills in by_patient.items()
    ]


def _served(look: Look, year_month: str) -> dict[UUID, tuple[int, Money]]:
    """Days served and what was asked, by each fill that was handed over in the month; hand-overs from before prices were kept have none."""
    dates = select(FillRow.id, FillRow.opens_on, FillRow.closes_on).where(
        FillRow.id.in_(select(CostRow.fill_id).where(CostRow.month == year_month, CostRow.corrects_id.is_(None)))
    )
    found = {fill_id: (_days(opens_on, closes_on), Money(0)) for fill_id, opens_on, closes_on in look.session.execute(dates)}
    asked = (
        select(ChargeRow.fill_id, func.sum(ChargeRow.days), func.sum(ChargeRow.amount_micros)).where(ChargeRow.month == year_month).group_by(ChargeRow.fill_id)
    )
    return found | {fill_id: (int(days), Money(int(micros))) for fill_id, days, micros in look.session.execute(asked)}


def _fills(look: Look, year_month: str, patients: Sequence[PatientCost]) -> tuple[FillCost, ...]:
    """The fills of `patients`, in their order, each patient's oldest hand-over first."""
    of = {item.patient_id: item for item in patients}
    entries, served = _explained(look, year_month, of), _served(look, year_month)
    rows = look.session.execute(
        select(FillRow, PrescriptionRow.number, DispenseRow.patient_id, DispenseRow.handed_on, BatchRow.number, BatchRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(DispenseRow, DispenseRow.fill_id == FillRow.id)
        .join(BatchRow, DispenseRow.batch_id == BatchRow.id)
        .where(FillRow.id.in_(entries))
        .order_by(DispenseRow.handed_at)  # of one that was voided and handed over again, the last
    )
    found = {
        fill.id: FillCost(
            fill_id=fill.id,
            prescription_id=fill.prescription_id,
            prescription_number=str(number),
            patient_id=patient_id,
            patient=of[patient_id].patient,
            birth_date=of[patient_id].birth_date,
            batch_number=str(batch_number),
            batch_id=batch_id,
            handed_on=handed_on,
            days=_days(fill.opens_on, fill.closes_on),
            parts=tuple(part for _, part in entries[fill.id]),
            entries=tuple(key for key, _ in entries[fill.id]),
            charged=served.get(fill.id, (0, Money(0)))[1],
        )
        for fill, number, patient_id, handed_on, batch_number, batch_id in rows
    }
    places = {patient_id: place for place, patient_id in enumerate(of)}
    return tuple(sorted(found.values(), key=lambda item: (places[item.patient_id], item.handed_on, int(item.batch_number))))


def _explained(look: Look, year_month: str, patient_ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, CostPart]]]:
    """The entries of the month's fills of these patients with their keys, by fill, in their usual order."""
    wanted = (CostRow.month == year_month, CostRow.patient_id.in_(patient_ids))
    rows = look.session.execute(select(CostRow.fill_id, CostRow.id, CostRow.document).where(*wanted).order_by(CostRow.recorded_at))
    found: dict[UUID, list[tuple[UUID, CostPart]]] = {}
    for fill_id, key, document in rows:
        if fill_id is not None:
            found.setdefault(fill_id, []).append((key, decode(CostPart, document)))
    return {fill_id: sorted(entries, key=lambda entry: _KINDS[entry[1].kind]) for fill_id, entries in found.items()}


def _days(opens_on: date, closes_on: date) -> int:
    return (closes_on - opens_on).days + 1
