"""The papers of a recall: a letter to each patient in plain words, one to each prescriber with lots and batches, and the call list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from compounding.db.document import decode
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PatientRow
from compounding.db.recalls import recall_row
from compounding.db.traces import in_parts
from compounding.domain.errors import Unknown
from compounding.domain.people import PharmacyProfile
from compounding.domain.recall_case import ContactKind, RecallClass, Scope, ScopeBatch
from compounding.domain.wording import said
from compounding.workflow.act import Look
from compounding.workflow.recall_cases import Contact, contacts, reached_by
from labels.paper import Block, Boxes, Column, Heading, NewPage, Paper, Paragraph, Table

LETTERS_AT_ONCE = 25  # of a page or two each, so that a document is there in a few seconds and far below a hundred pages
CALLS_AT_ONCE = 800  # rows of which about ten stand on a page
_KINDS = (ContactKind.PATIENT, ContactKind.PRESCRIBER)


@dataclass(frozen=True, slots=True)
class Call:
    """One row of the call list: who, how to reach them, what they have."""

    contact: Contact
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class _Case:
    """What every paper of one recall says."""

    number: str
    recall_class: RecallClass
    reason: str
    scope: Scope
    pharmacist: str
    today: date
    profile: PharmacyProfile

    @property
    def batches(self) -> dict[str, ScopeBatch]:
        """The batches by number."""
        return {batch.number: batch for batch in self.scope.batches}


def parts_of(count: int, at_once: int) -> int:
    """Into how many documents so many letters or rows are split."""
    return -(-count // at_once)


def calls(look: Look, recall_id: UUID) -> tuple[Call, ...]:
    """Everybody whom the recall has to reach, with telephone and address, those who are not settled first."""
    everybody = contacts(look, recall_id)
    known = reached_by(look, everybody)
    return tuple(Call(one, *known.get(one.id, ("", ""))) for one in everybody)


def letter(look: Look, recall_id: UUID, contact_id: UUID, profile: PharmacyProfile) -> Paper:
    """The letter to one patient or prescriber; raises `Unknown` for who gets none."""
    found = [call for call in calls(look, recall_id) if call.contact.id == contact_id and call.contact.kind in _KINDS]
    if not found:
        raise Unknown("no-letter", "There is no letter to this contact.")
    case = _case(look, recall_id, profile)
    return _paper(case, "Recall letter", _written(look, case, found[0]))


def letters(look: Look, recall_id: UUID, kind: ContactKind, *, part: int, profile: PharmacyProfile) -> Paper:
    """The letters to all patients or all prescribers, by name, each on a page of its own: the documents are numbered from 1."""
    case = _case(look, recall_id, profile)
    everybody = sorted((call for call in calls(look, recall_id) if call.contact.kind is kind), key=_by_name)
    chosen = _part(everybody, part, LETTERS_AT_ONCE)
    blocks: list[Block] = []
    for call in chosen:
        blocks += ([NewPage()] if blocks else []) + _written(look, case, call)
    return _paper(case, "Recall letters", blocks)


def call_list(look: Look, recall_id: UUID, *, part: int, profile: PharmacyProfile) -> Paper:
    """Who is called, with boxes for what came of it; the documents are numbered from 1."""
    case = _case(look, recall_id, profile)
    chosen = _part(calls(look, recall_id), part, CALLS_AT_ONCE)
    columns = (
        Column("Who", 2.4, bold=True),
        Column("Telephone", 1.5),
        Column("Rx", 1.1),
        Column("Batches", 1.1),
        Column("Result", 1.7),
        Column("Day, hour, initials", 1.6),
    )
    rows = tuple(
        (
            _who(call.contact),
            call.phone or "none on record",
            _several(call.contact.rx_numbers),
            _several(call.contact.batch_numbers),
            Boxes(("reached", "not reached", "returned")),
            "",
        )
        for call in chosen
    )
    blocks: list[Block] = [
        Paragraph(f"{case.scope.start}. {len(chosen)} to call.", bold=True),
        Paragraph("Say who you are, ask for name and birth date, and only then what it is about. Write down every try, also in the program."),
        Table(f"Call list of recall {case.number}", columns, rows, row_mm=12),
    ]
    return _paper(case, "Recall call list", blocks)


def _case(look: Look, recall_id: UUID, profile: PharmacyProfile) -> _Case:
    row = recall_row(look.session, recall_id)
    name = look.session.scalars(select(PersonRow.name).where(PersonRow.id == row.person_id)).one()
    return _Case(str(row.number), RecallClass(row.recall_class), row.reason, decode(Scope, row.document), name, look.today, profile)


def _paper(case: _Case, kind: str, blocks: Sequence[Block]) -> Paper:
    profile = case.profile
    return Paper(
        kind=kind, title=profile.name, subtitle=f"{profile.address}. Telephone {profile.phone}", blocks=tuple(blocks),
        footer=f"Recall {case.number}. {profile.name}, licence {profile.licence}", body_pt=10 if kind == "Recall call list" else 12,
    )  # fmt: skip


def _part(found: Sequence[Call], part: int, at_once: int) -> Sequence[Call]:
    chosen = found[(part - 1) * at_once : part * at_once] if part > 0 else ()
    if not chosen:
        raise Unknown("no-part", "There is no such part of this paper.")
    return chosen


def _by_name(call: Call) -> tuple[str, str]:
    return call.contact.name.casefold(), str(call.contact.id)


def _who(contact: Contact) -> str:
    if contact.birth_date:
        return f"{contact.name}, born {said(contact.birth_date)}"
    return f"{contact.name}, NPI {contact.npi}" if contact.npi else contact.name


def _several(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:4]) + (f" and {len(numbers) - 4} more" if len(numbers) > 4 else "")


def _written(look: Look, case: _Case, call: Call) -> list[Block]:
    return _to_patient(case, call) if call.contact.kind is ContactKind.PATIENT else _to_prescriber(look, case, call)


def _to_patient(case: _Case, call: Call) -> list[Block]:
    """Short words and short sentences: somebody of eleven years can read them (reading age 11)."""
    phone, bottles = case.profile.phone, call.contact.bottles
    these = "this bottle" if len(bottles) == 1 else "these bottles"
    grave = [Paragraph("It may make you very ill. Please call us today.", bold=True)] if case.recall_class is RecallClass.FIRST else []
    rows = tuple((bottle.rx_number, ", ".join(bottle.batch_numbers), said(bottle.handed_on) if bottle.handed_on else "") for bottle in bottles)
    return [
        Paragraph(said(case.today)),
        Paragraph(call.contact.name, bold=True),
        Paragraph(call.address),
        Heading("Please stop taking this medicine and call us"),
        Paragraph(f"Dear {call.contact.name},"),
        Paragraph(f"There may be something wrong with the naltrexone that we made for you. Do not take any more from {these}.", bold=True, boxed=True),
        *grave,
        Table("Look for these numbers on the label", (Column("Rx number"), Column("Batch"), Column("You got it on")), rows),
        Heading("What to do", 2),
        Paragraph(f"1. Stop taking it now. Use nothing more from {these}."),
        Paragraph(f"2. Call us on {phone}. Ask for the pharmacist and say: recall {case.number}."),
        Paragraph(f"3. Keep {these}. Do not throw it away. We will tell you how to bring it back." if len(bottles) == 1
                  else f"3. Keep {these}. Do not throw them away. We will tell you how to bring them back."),
        Paragraph("4. Do you feel ill? Call your doctor. If you feel very ill, call 911 or go to an emergency room."),
        Paragraph("You did nothing wrong. We are telling your doctor too. We will talk with you and your doctor about new medicine."),
        Paragraph("We are sorry for the trouble."),
        Paragraph(f"{case.pharmacist}, pharmacist in charge", bold=True),
    ]  # fmt: skip


def _to_prescriber(look: Look, case: _Case, call: Call) -> list[Block]:
    """Lot, batch and strength, and which of their patients have it."""
    patients = _patients(look, [bottle.patient_id for bottle in call.contact.bottles])
    of_number = case.batches
    batches = [of_number[number] for number in call.contact.batch_numbers]
    made = tuple((one.number, one.name, one.strength, _day(one.made_on), _day(one.beyond_use)) for one in batches)
    given = tuple(
        (*patients[bottle.patient_id], bottle.rx_number, ", ".join(bottle.batch_numbers), _day(bottle.handed_on))
        for bottle in sorted(call.contact.bottles, key=lambda one: (patients[one.patient_id][0].casefold(), one.rx_number))
    )
    lots = ", ".join(f"{lot.product}, lot {lot.lot_number}" for lot in case.scope.lots[:20]) or "none: the fault lies in the making"
    columns = (Column("Patient", 2.2, bold=True), Column("Born", 1.6), Column("Rx"), Column("Batch", 1.2), Column("Handed over", 1.6))
    return [
        Paragraph(said(case.today)),
        Paragraph(f"{call.contact.name}, NPI {call.contact.npi}", bold=True),
        Heading(f"Recall {case.number} of a compounded preparation, class {case.recall_class}"),
        Paragraph(case.reason.replace("\n", " "), boxed=True),
        Table("Batches", (Column("Batch"), Column("Preparation", 3), Column("Strength", 1.2), Column("Made", 1.5), Column("Use through", 1.5)), made),
        Paragraph(f"Lots: {lots}."),
        Table("Your patients who have it", columns, given),
        Paragraph(
            "We ask each patient to stop taking it, to keep the bottle, and to bring it back. Please see to it that they know, "
            "and consider whether they need to be seen. Report adverse events to FDA MedWatch (form 3500, 1-800-FDA-1088) and to us."
        ),
        Paragraph(f"{case.pharmacist}, pharmacist in charge, telephone {case.profile.phone}", bold=True),
    ]


def _day(value: date | None) -> str:
    return said(value) if value else ""


def _patients(look: Look, keys: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    query = select(PatientRow.id, PatientRow.name, PatientRow.birth_date)
    found = {}
    for part in in_parts(set(keys)):
        for key, name, born in look.session.execute(query.where(PatientRow.id.in_(part))):
            look.note_read(patient_id=key)
            found[key] = (name, said(born))
    return found
