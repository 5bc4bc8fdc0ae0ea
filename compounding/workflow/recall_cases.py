"""What is seen of recalls: those that are open, one with everybody whom it has to reach, one of these with every try."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.document import decode
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.recalls import RecallContactRow, RecallRow, RecallTryRow, contact_row, recall_row, results_of
from compounding.db.traces import in_parts
from compounding.domain.inventory import StockUnit
from compounding.domain.prescription import Order
from compounding.domain.recall_case import ContactKind, RecallClass, Result, Scope, ScopeBottle, Way, is_settled, state_of
from compounding.workflow.act import Look
from compounding.workflow.paging import paged

ON_A_PAGE = 100
_ORDER = {ContactKind.BOARD: 0, ContactKind.MEDWATCH: 1, ContactKind.PATIENT: 2, ContactKind.PRESCRIBER: 3}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A recall in the list: how many contacts it has, how many are not settled, and the next hour that the law names for one of those."""

    id: UUID
    number: str
    recall_class: RecallClass
    reason: str
    opened_at: datetime
    is_open: bool
    contacts: int
    unsettled: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom a recall has to reach, and where that stands; `state` is None before any try."""

    id: UUID
    kind: ContactKind
    name: str
    birth_date: date | None
    npi: str
    due_at: datetime | None
    bottles: tuple[ScopeBottle, ...]
    state: Result | None
    tries: int

    @property
    def is_settled(self) -> bool:
        """Whether nothing more has to be tried."""
        return is_settled(self.state)

    @property
    def rx_numbers(self) -> tuple[str, ...]:
        """The prescriptions of the bottles, each once."""
        return tuple(sorted({bottle.rx_number for bottle in self.bottles}, key=int))

    @property
    def batch_numbers(self) -> tuple[str, ...]:
        """The batches of the bottles, each once."""
        return tuple(sorted({number for bottle in self.bottles for number in bottle.batch_numbers}, key=int))


@dataclass(frozen=True, slots=True)
class Case:
    """One recall, with one page of its contacts: the unsettled first. `due` is the law's hour by kind; pages count from 1."""

    line: CaseLine
    scope: Scope
    learned_at: datetime | None
    opened_by: str
    sha256: str
    closed_at: datetime | None
    closed_by: str
    closing: str
    contacts: tuple[Contact, ...]
    unsettled: dict[ContactKind, int]
    of_kind: dict[ContactKind, int]
    due: dict[ContactKind, datetime]
    page: int
    pages: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """One try as it was recorded."""

    way: Way
    result: Result
    note: str
    returned: int | None
    unit: StockUnit | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One contact with how to reach it and every try, the newest first."""

    line: CaseLine
    contact: Contact
    phone: str
    address: str
    tried: tuple[Tried, ...]
    now: datetime


def cases(look: Look, *, only_open: bool = False) -> tuple[CaseLine, ...]:
    """Every recall, the open ones first, and of these the oldest first."""
    query = select(RecallRow).order_by(RecallRow.status.desc(), RecallRow.opened_at)
    rows = look.session.scalars(query.where(RecallRow.status == "open") if only_open else query).all()
    contacts: dict[UUID, list[RecallContactRow]] = defaultdict(list)
    for contact in look.session.scalars(select(RecallContactRow).where(RecallContactRow.recall_id.in_([row.id for row in rows]))):
        contacts[contact.recall_id].append(contact)
    results = results_of(look.session, [contact.id for found in contacts.values() for contact in found])
    return tuple(_line(row, contacts[row.id], results) for row in rows)


def case(look: Look, recall_id: UUID, *, page: int = 1) -> Case:
    """One recall; raises `Unknown`."""
    row = recall_row(look.session, recall_id)
    found = decode(Scope, row.document)
    rows = look.session.scalars(select(RecallContactRow).where(RecallContactRow.recall_id == row.id)).all()
    results = results_of(look.session, [contact.id for contact in rows])
    every = _contacts(rows, found, results)
    page, pages = paged(len(every), page, ON_A_PAGE)
    shown = with_births(look, every[(page - 1) * ON_A_PAGE : page * ON_A_PAGE])
    names = dict(look.session.execute(select(PersonRow.id, PersonRow.name)).all())
    return Case(
        line=_line(row, rows, results),
        scope=found,
        learned_at=row.learned_at,
        opened_by=names[row.person_id],
        sha256=row.sha256,
        closed_at=row.closed_at,
        closed_by=names[row.closed_by_id] if row.closed_by_id else "",
        closing=row.closing or "",
        contacts=shown,
        unsettled=dict(Counter(contact.kind for contact in every if not contact.is_settled)),
        of_kind=dict(Counter(contact.kind for contact in every)),
        due={contact.kind: contact.due_at for contact in every if contact.due_at},
        page=page,
        pages=pages,
        now=look.at,
    )


def contacts(look: Look, recall_id: UUID) -> tuple[Contact, ...]:
    """Everybody whom the recall has to reach; whose data it is, is noted."""
    row = recall_row(look.session, recall_id)
    rows = look.session.scalars(select(RecallContactRow).where(RecallContactRow.recall_id == row.id)).all()
    return with_births(look, _contacts(rows, decode(Scope, row.document), results_of(look.session, [contact.id for contact in rows])))


def contact(look: Look, recall_id: UUID, contact_id: UUID) -> ContactPage:
    """One contact of a recall; raises `Unknown`."""
    row, found = recall_row(look.session, recall_id), contact_row(look.session, recall_id, contact_id)
    results = results_of(look.session, [found.id])
    (shown,) = with_births(look, _contacts([found], decode(Scope, row.document), results))
    phone, address = reached_by(look, [shown]).get(shown.id, ("", ""))
    names = dict(look.session.execute(select(PersonRow.id, PersonRow.name)).all())
    tries = look.session.scalars(select(RecallTryRow).where(RecallTryRow.contact_id == found.id).order_by(RecallTryRow.tried_at.desc()))
    tried = tuple(
        Tried(Way(one.way), Result(one.result), one.note, one.returned, StockUnit(one.unit) if one.unit else None, names[one.person_id], one.tried_at)
        for one in tries
    )
    return ContactPage(_line(row, [found], results), shown, phone, address, tried, look.at)


def reached_by(look: Look, contacts: Sequence[Contact]) -> dict[UUID, tuple[str, str]]:
    """The telephone and the address of each contact, as their newest order of this recall has it."""
    numbers = {int(bottle.rx_number) for contact in contacts for bottle in contact.bottles}
    query = select(PrescriptionRow.number, PrescriptionRow.document).where(PrescriptionRow.number.in_(numbers))
    orders = {str(number): decode(Order, document) for number, document in look.session.execute(query)}
    found = {}
    for one in contacts:
        if one.bottles:
            order = orders[max((bottle.rx_number for bottle in one.bottles), key=int)]
            is_patient = one.kind is ContactKind.PATIENT
            found[one.id] = (order.patient.phone, order.patient.address) if is_patient else (order.prescriber.phone, "")
    return found


def with_births(look: Look, contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    """`contacts` with the birth date of each patient, whose data is thereby read."""
    patients = {contact.id: contact.bottles[0].patient_id for contact in contacts if contact.kind is ContactKind.PATIENT}
    for patient_id in patients.values():
        look.note_read(patient_id=patient_id)
    query = select(PatientRow.id, PatientRow.birth_date)
    births = {key: born for part in in_parts(set(patients.values())) for key, born in look.session.execute(query.where(PatientRow.id.in_(part)))}
    return tuple(replace(contact, birth_date=births[patients[contact.id]]) if contact.id in patients else contact for contact in contacts)


def _line(row: RecallRow, contacts: Sequence[RecallContactRow], results: dict[UUID, list[Result]]) -> CaseLine:
    open_ones = [contact for contact in contacts if not is_settled(state_of(results.get(contact.id, [])))]
    due = min((contact.due_at for contact in open_ones if contact.due_at), default=None)
    recall_class = RecallClass(row.recall_class)
    return CaseLine(row.id, str(row.number), recall_class, row.reason, row.opened_at, row.status == "open", len(contacts), len(open_ones), due)


def _contacts(rows: Sequence[RecallContactRow], scope: Scope, results: dict[UUID, list[Result]]) -> tuple[Contact, ...]:
    """The unsettled first; of these the authorities, then patients, then prescribers, by name."""
    of_patient, of_prescriber = defaultdict(list), defaultdict(list)
    for bottle in scope.handed_over:
        of_patient[bottle.patient_id].append(bottle)
        of_prescriber[bottle.npi].append(bottle)
    found = [
        Contact(
            id=row.id,
            kind=ContactKind(row.kind),
            name=row.name,
            birth_date=None,
            npi=row.npi or "",
            due_at=row.due_at,
            bottles=tuple(of_patient[row.patient_id] if row.patient_id else of_prescriber[row.npi] if row.npi else ()),
            state=state_of(results.get(row.id, [])),
            tries=len(results.get(row.id, [])),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda contact: (contact.is_settled, _ORDER[contact.kind], contact.name.casefold(), str(contact.id))))
