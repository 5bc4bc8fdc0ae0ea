"""Where a walk begins: what a scan or some typed words mean, and the lots, batches or bottles that they stand for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from compounding.db.batches import BatchRow, FillRow, WeighingRow
from compounding.db.formulas import FormulaRow
from compounding.db.history import is_named_so, named_so
from compounding.db.inventory import DeviceRow, LotRow, ProductRow
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.traces import as_key, made_within, onward_graph
from compounding.domain.errors import Unknown
from compounding.domain.recall import Days, Kind, Things
from compounding.domain.wording import said
from compounding.workflow.act import Look

MOST_FOUND = 40  # starts to choose from
_RX_OR_LABEL = re.compile(r"(?:rx ?)?([0-9]{1,9})(?:-([0-9]{1,9}))?", re.ASCII)  # a number, or prescription and batch as on a label's barcode


@dataclass(frozen=True, slots=True)
class Start:
    """What a walk begins with: its words for a person, and the lots, batches or fills that it stands for."""

    kind: Kind
    id: UUID
    words: str
    things: Things


@dataclass(frozen=True, slots=True)
class Found:
    """A start that some words may mean; `more` tells it from another of the same name."""

    kind: Kind
    id: UUID
    words: str
    more: str = ""


def find(look: Look, text: str) -> tuple[Found, ...]:
    """Every start that a scan or some typed words may mean, the surest first; raises `Unknown` when there is none."""
    wanted = " ".join(text.casefold().split())
    found = tuple(_found(look, wanted)) if wanted else ()
    if not found:
        missed = f"Nothing was found for “{text.strip()[:60]}”." if wanted else "There was nothing to look for."
        raise Unknown("nothing-found", f"{missed} Scan a label or a package, or type a lot, batch or Rx number, an NDC, or a name.")
    return found[:MOST_FOUND]


def start_of(look: Look, kind: Kind, key: UUID, days: Days) -> Start:
    """The start with this key; raises `Unknown`. Batches that it stands for were made within `days`."""
    return _STARTS[kind](look, key, days)


def _found(look: Look, wanted: str) -> Iterator[Found]:
    if number := _RX_OR_LABEL.fullmatch(wanted):
        yield from _numbered(look, int(number[1]), int(number[2]) if number[2] else None)
    yield from _lots(look, wanted)
    yield from _products(look, wanted)
    yield from _formulas(look, wanted)
    yield from _balances(look, wanted)
    yield from _people(look, wanted)
    yield from _patients(look, wanted)


def _numbered(look: Look, first: int, second: int | None) -> Iterator[Found]:
    """A label's barcode is prescription and batch, and means that bottle; a number alone may be a batch or a prescription."""
    rx = look.session.execute(select(PrescriptionRow.id, PatientRow.id).join(PatientRow).where(PrescriptionRow.number == first)).first()
    if second is not None:
        yield from _bottles(look, rx[0], second) if rx else ()
        return
    batch = look.session.scalars(select(BatchRow.id).where(BatchRow.number == first)).first()
    if batch:
        yield Found(Kind.BATCH, batch, f"batch {first}")
    if rx:
        look.note_read(patient_id=rx[1], prescription_id=rx[0])
        yield Found(Kind.PRESCRIPTION, rx[0], f"Rx {first}", "every bottle of this prescription")


def _bottles(look: Look, prescription_id: UUID, batch_number: int) -> Iterator[Found]:
    batch = look.session.scalars(select(BatchRow.id).where(BatchRow.number == batch_number)).first()
    if batch is None:
        return
    fills = onward_graph(look.session, Things(batches=frozenset({str(batch)})), Days()).filled
    query = select(FillRow.id, FillRow.number).where(as_key(FillRow.id).in_([fill for _, fill in fills]), FillRow.prescription_id == prescription_id)
    for key, number in look.session.execute(query.order_by(FillRow.number)):
        look.note_read(prescription_id=prescription_id)
        yield Found(Kind.BOTTLE, key, f"bottle {number} of batch {batch_number}")


def _lots(look: Look, wanted: str) -> Iterator[Found]:
    number = func.lower(LotRow.lot_number)
    query = select(LotRow.id, LotRow.lot_number, ProductRow.name, ProductRow.labeler).join(ProductRow, LotRow.product_id == ProductRow.id)
    rows = look.session.execute(query.where(number.startswith(wanted, autoescape=True)).order_by(number != wanted, number).limit(MOST_FOUND))
    yield from (Found(Kind.LOT, key, f"lot {number} of {name}", labeler) for key, number, name, labeler in rows)


def _products(look: Look, wanted: str) -> Iterator[Found]:
    digits = wanted.replace("-", "")
    named: list[ColumnElement[bool]] = [func.lower(ProductRow.code) == wanted, func.lower(ProductRow.name).contains(wanted, autoescape=True)]
    if digits.isdigit():
        named.append(func.replace(ProductRow.ndc, "-", "") == digits)
    query = select(ProductRow.id, ProductRow.name, ProductRow.labeler, ProductRow.ndc).where(or_(*named)).order_by(ProductRow.name, ProductRow.code)
    for key, name, labeler, ndc in look.session.execute(query.limit(MOST_FOUND)):
        yield Found(Kind.PRODUCT, key, f"every lot of {name}", f"{labeler}{', NDC ' + ndc if ndc else ''}")


def _formulas(look: Look, wanted: str) -> Iterator[Found]:
    named = or_(func.lower(FormulaRow.code) == wanted, func.lower(FormulaRow.name).contains(wanted, autoescape=True))
    query = select(FormulaRow.id, FormulaRow.code, FormulaRow.version, FormulaRow.name).where(named).order_by(FormulaRow.code, FormulaRow.version.desc())
    rows = look.session.execute(query.limit(MOST_FOUND))
    yield from (Found(Kind.FORMULA, key, f"every batch of {name}", f"formula {code}, version {version}") for key, code, version, name in rows)


def _balances(look: Look, wanted: str) -> Iterator[Found]:
    named = or_(func.lower(DeviceRow.code) == wanted, func.lower(DeviceRow.name).contains(wanted, autoescape=True))
    rows = look.session.execute(select(DeviceRow.id, DeviceRow.name).where(DeviceRow.kind == "balance", named).order_by(DeviceRow.name))
    yield from (Found(Kind.BALANCE, key, f"every batch weighed on {name}") for key, name in rows)


def _people(look: Look, wanted: str) -> Iterator[Found]:
    named = or_(func.lower(PersonRow.username) == wanted, func.lower(PersonRow.name).contains(wanted, autoescape=True))
    rows = look.session.execute(select(PersonRow.id, PersonRow.name, PersonRow.role).where(named).order_by(PersonRow.name).limit(MOST_FOUND))
    yield from (Found(Kind.PERSON, key, f"every batch that {name} made or verified", role) for key, name, role in rows)


def _patients(look: Look, wanted: str) -> Iterator[Found]:
    """The prescriptions of the patients one of whose names begins so, the newest first."""
    columns = (PrescriptionRow.id, PrescriptionRow.number, PatientRow.id, PatientRow.name, PatientRow.birth_date)
    query = select(*columns).join(PatientRow, PrescriptionRow.patient_id == PatientRow.id).where(named_so(wanted)).order_by(PrescriptionRow.number.desc())
    for key, number, patient, name, born in look.session.execute(query.limit(MOST_FOUND)):
        if not is_named_so(name, wanted):
            continue
        look.note_read(patient_id=patient, prescription_id=key)
        yield Found(Kind.PRESCRIPTION, key, f"Rx {number}", f"{name}, born {said(born)}")


def _lot(look: Look, key: UUID, _days: Days) -> Start:
    """A lot that was made here is its batch too: bottles are served from the one and labelled with the other."""
    query = select(LotRow.lot_number, ProductRow.name, LotRow.batch_id).join(ProductRow, LotRow.product_id == ProductRow.id).where(LotRow.id == key)
    found = look.session.execute(query).first()
    if found is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    number, name, batch = found
    return Start(Kind.LOT, key, f"Lot {number} of {name}", Things(lots=frozenset({str(key)}), batches=frozenset({str(batch)} if batch else ())))


def _product(look: Look, key: UUID, _days: Days) -> Start:
    name = look.session.scalars(select(ProductRow.name).where(ProductRow.id == key)).first()
    if name is None:
        raise Unknown("unknown-product", "There is no such product.")
    lots = look.session.execute(select(as_key(LotRow.id), as_key(LotRow.batch_id)).where(LotRow.product_id == key)).all()
    things = Things(lots=frozenset(lot for lot, _ in lots), batches=frozenset(batch for _, batch in lots if batch))
    return Start(Kind.PRODUCT, key, f"Every lot of {name}", things)


def _batch(look: Look, key: UUID, _days: Days) -> Start:
    number = look.session.scalars(select(BatchRow.number).where(BatchRow.id == key)).first()
    if number is None:
        raise Unknown("unknown-batch", "There is no such batch.")
    return Start(Kind.BATCH, key, f"Batch {number}", Things(batches=frozenset({str(key)})))


def _formula(look: Look, key: UUID, days: Days) -> Start:
    found = look.session.execute(select(FormulaRow.name, FormulaRow.version).where(FormulaRow.id == key)).first()
    if found is None:
        raise Unknown("unknown-formula", "There is no such formula.")
    return Start(Kind.FORMULA, key, f"{found[0]}, formula version {found[1]}", _made(look, days, BatchRow.formula_id == key))


def _bottle(look: Look, key: UUID, _days: Days) -> Start:
    query = select(FillRow.number, PrescriptionRow.number, PrescriptionRow.id).join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
    found = look.session.execute(query.where(FillRow.id == key)).first()
    if found is None:
        raise Unknown("unknown-fill", "There is no such bottle.")
    look.note_read(prescription_id=found[2])
    return Start(Kind.BOTTLE, key, f"Bottle {found[0]} of Rx {found[1]}", Things(fills=frozenset({str(key)})))


def _prescription(look: Look, key: UUID, _days: Days) -> Start:
    number = look.session.scalars(select(PrescriptionRow.number).where(PrescriptionRow.id == key)).first()
    if number is None:
        raise Unknown("unknown-prescription", "There is no such prescription.")
    look.note_read(prescription_id=key)
    fills = look.session.scalars(select(as_key(FillRow.id)).where(FillRow.prescription_id == key))
    return Start(Kind.PRESCRIPTION, key, f"Rx {number}", Things(fills=frozenset(fills)))


def _balance(look: Look, key: UUID, days: Days) -> Start:
    name = look.session.scalars(select(DeviceRow.name).where(DeviceRow.id == key, DeviceRow.kind == "balance")).first()
    if name is None:
        raise Unknown("unknown-balance", "There is no such balance.")
    weighed = select(WeighingRow.batch_id).where(WeighingRow.device_id == key)
    return Start(Kind.BALANCE, key, f"Batches weighed on {name}", _made(look, days, BatchRow.id.in_(weighed)))


def _person(look: Look, key: UUID, days: Days) -> Start:
    name = look.session.scalars(select(PersonRow.name).where(PersonRow.id == key)).first()
    if name is None:
        raise Unknown("unknown-person", "Nobody of this kind works here.")
    weighed = select(WeighingRow.batch_id).where(or_(WeighingRow.person_id == key, WeighingRow.witness_id == key))
    worked = or_(BatchRow.compounder_id == key, BatchRow.verifier_id == key, BatchRow.id.in_(weighed))
    return Start(Kind.PERSON, key, f"Batches that {name} made or verified", _made(look, days, worked))


def _made(look: Look, days: Days, which: ColumnElement[bool]) -> Things:
    return Things(batches=frozenset(look.session.scalars(select(as_key(BatchRow.id)).where(which, *made_within(days)))))


_STARTS = {
    Kind.LOT: _lot,
    Kind.PRODUCT: _product,
    Kind.BATCH: _batch,
    Kind.FORMULA: _formula,
    Kind.BOTTLE: _bottle,
    Kind.PRESCRIPTION: _prescription,
    Kind.BALANCE: _balance,
    Kind.PERSON: _person,
}
