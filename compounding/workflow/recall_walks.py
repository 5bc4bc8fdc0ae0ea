"""The recall page: from anything that has a number or a name to everything that it went into, and back to what is in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.dispenses import LEFT_THE_HOUSE, DispenseRow
from compounding.db.document import decode
from compounding.db.formulas import FormulaRow
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.traces import among, as_key, back_graph, onward_graph
from compounding.domain.batch import BatchStatus
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Formula
from compounding.domain.inventory import LotStatus, StockUnit
from compounding.domain.recall import Days, Graph, Key, Kind, Link, Things, back, onward, together
from compounding.domain.recall_case import Scope, ScopeBatch, ScopeBottle, ScopeLot
from compounding.workflow.act import Look
from compounding.workflow.paging import paged
from compounding.workflow.recall_starts import Start, start_of

ON_A_PAGE = 40  # bottles of one page: below 100 kB with the longest names, beside forty batches


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot on the page; `left` is what is on the shelf, in `unit`."""

    id: Key
    product: str
    lot_number: str
    status: LotStatus
    expires_on: date
    left: int
    unit: StockUnit


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch on the page: how many bottles of it were handed over, and how many are in the house."""

    id: Key
    number: str
    name: str
    status: BatchStatus
    made_on: date | None
    beyond_use: date | None
    handed_over: int
    in_house: int


@dataclass(frozen=True, slots=True)
class Bottle:
    """A fill that was reached, as little of it as is known of each of ten thousand; `handed_on` is None while it is in the house."""

    fill_id: Key
    rx_number: int
    prescription_id: Key
    patient_id: Key
    npi: str
    handed_on: date | None
    closes_on: date


@dataclass(frozen=True, slots=True)
class BottleLine:
    """A bottle on the page, with whose it is."""

    bottle: Bottle
    status: FillStatus
    patient: str
    birth_date: date
    prescriber: str
    batches: tuple[tuple[Key, str], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was reached; `in_use` are bottles handed over whose last day has not passed."""

    lots: int
    batches: int
    handed_over: int
    in_house: int
    in_use: int
    patients: int
    prescribers: int


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk both ways. `origins` are the layers back, `layers` those onwards, the start first in both; `page` counts bottles from 1.

    `lots` are all that were reached, `sources` all that are in the start; `named` gives the words of every lot and batch of both.
    """

    start: Start
    days: Days
    layers: tuple[Things, ...]
    origins: tuple[Things, ...]
    graph: Graph
    lots: tuple[LotLine, ...]
    batches: tuple[BatchLine, ...]
    sources: tuple[LotLine, ...]
    source_batches: tuple[BatchLine, ...]
    bottles: tuple[BottleLine, ...]
    patients_of: Mapping[Key, int]
    tally: Tally
    page: int
    pages: int
    today: date


@dataclass(frozen=True, slots=True)
class _Reached:
    start: Start
    layers: tuple[Things, ...]
    graph: Graph
    lots: tuple[LotLine, ...]
    batches: tuple[BatchLine, ...]
    bottles: tuple[Bottle, ...]


def walk(look: Look, kind: Kind, key: UUID, *, days: Days, page: int = 1) -> Walk:
    """Everything that `key` went into, and what is in it, with one page of the bottles; raises `Unknown`."""
    reached = _reached(look, kind, key, days)
    behind = back_graph(look.session, reached.start.things)
    origins = back(behind, reached.start.things)
    sources = together(origins[1:])
    source_batches = _batch_lines(look, sources.batches, {}, {})
    page, pages = paged(len(reached.bottles), page, ON_A_PAGE)
    shown = reached.bottles[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return Walk(
        start=reached.start,
        days=days,
        layers=reached.layers,
        origins=origins,
        graph=reached.graph | behind,
        lots=reached.lots,
        batches=reached.batches,
        sources=lot_lines(look, sources.lots),
        source_batches=source_batches,
        bottles=_bottle_lines(look, shown, reached.graph | behind, {batch.id: batch.number for batch in (*reached.batches, *source_batches)}),
        patients_of=_patients_of(reached),
        tally=_tally(reached, look.today),
        page=page,
        pages=pages,
        today=look.today,
    )


def scope(look: Look, kind: Kind, key: UUID, *, days: Days) -> Scope:
    """What a recall from there would cover, whole."""
    reached = _reached(look, kind, key, days)
    numbers = {batch.id: batch.number for batch in reached.batches}
    batches_of, strengths = _batches_of(reached.graph.filled), _strengths(look, numbers)
    return Scope(
        kind=kind,
        start_id=key,
        start=reached.start.words,
        since=days.since,
        until=days.until,
        lots=tuple(ScopeLot(UUID(lot.id), lot.product, lot.lot_number, lot.left, lot.unit) for lot in reached.lots),
        batches=tuple(ScopeBatch(UUID(batch.id), batch.number, batch.name, batch.made_on, batch.beyond_use, strengths[batch.id]) for batch in reached.batches),
        bottles=tuple(
            ScopeBottle(
                UUID(one.fill_id),
                str(one.rx_number),
                tuple(sorted(numbers[batch] for batch in batches_of[one.fill_id] if batch in numbers)),
                UUID(one.patient_id),
                one.npi,
                one.handed_on,
            )
            for one in reached.bottles
        ),
    )


def lot_lines(look: Look, keys: Iterable[Key]) -> tuple[LotLine, ...]:
    """These lots as they stand, by product and number."""
    query = select(LotRow, ProductRow.name, ProductRow.unit).join(ProductRow, LotRow.product_id == ProductRow.id)
    found = (
        LotLine(str(row.id), name, row.lot_number, LotStatus(row.status), row.expires_on, row.balance, StockUnit(unit))
        for row, name, unit in look.session.execute(query.where(among(look.session, LotRow.id, keys)))
    )
    return tuple(sorted(found, key=lambda lot: (lot.product, lot.lot_number)))


def batch_numbers(look: Look, keys: Iterable[Key]) -> dict[Key, str]:
    """The number of each batch, as people say it."""
    query = select(as_key(BatchRow.id), BatchRow.number).where(among(look.session, BatchRow.id, keys))
    return {key: str(number) for key, number in look.session.execute(query)}


def _reached(look: Look, kind: Kind, key: UUID, days: Days) -> _Reached:
    start = start_of(look, kind, key, days)
    graph = onward_graph(look.session, start.things, days)
    layers = onward(graph, start.things)
    found = together(layers)
    bottles = _bottles(look, found.fills)
    given = {bottle.fill_id for bottle in bottles if bottle.handed_on}
    links = [(batch, fill) for batch, fill in graph.filled if batch in found.batches]
    handed_over = Counter(batch for batch, fill in links if fill in given)
    in_house = Counter(batch for batch, fill in links if fill not in given)
    return _Reached(start, layers, graph, lot_lines(look, found.lots), _batch_lines(look, found.batches, handed_over, in_house), bottles)


def _batch_lines(look: Look, keys: Iterable[Key], handed_over: Mapping[Key, int], in_house: Mapping[Key, int]) -> tuple[BatchLine, ...]:
    columns = (as_key(BatchRow.id), BatchRow.number, FormulaRow.name, BatchRow.status, BatchRow.made_on, BatchRow.beyond_use)
    query = select(*columns).join(FormulaRow, BatchRow.formula_id == FormulaRow.id).where(among(look.session, BatchRow.id, keys)).order_by(BatchRow.number)
    return tuple(
        BatchLine(key, str(number), name, BatchStatus(status), made_on, beyond_use, handed_over.get(key, 0), in_house.get(key, 0))
        for key, number, name, status, made_on, beyond_use in look.session.execute(query)
    )


def _strengths(look: Look, keys: Iterable[Key]) -> dict[Key, str]:
    """The strength of each batch as its label claims it; a formula is read once."""
    made_by = look.session.execute(select(as_key(BatchRow.id), BatchRow.formula_id).where(among(look.session, BatchRow.id, keys))).all()
    formulas = select(FormulaRow.id, FormulaRow.document).where(FormulaRow.id.in_({formula for _, formula in made_by}))
    said = {key: decode(Formula, document).strength_text for key, document in look.session.execute(formulas)}
    return {batch: said[formula] for batch, formula in made_by}


def _bottles(look: Look, keys: Iterable[Key]) -> tuple[Bottle, ...]:
    """The fills that were handed over, the newest first, and after them those in the house."""
    left = select(DispenseRow.fill_id, func.max(DispenseRow.handed_on).label("handed_on")).where(LEFT_THE_HOUSE).group_by(DispenseRow.fill_id).subquery()
    rx, handed_on = PrescriptionRow.number, left.c.handed_on
    columns = (as_key(FillRow.id), rx, as_key(FillRow.prescription_id), as_key(PrescriptionRow.patient_id), PrescriptionRow.prescriber_npi)
    query = (
        select(*columns, handed_on, FillRow.closes_on)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .outerjoin(left, left.c.fill_id == FillRow.id)
        .where(among(look.session, FillRow.id, keys))
        .order_by(handed_on.is_(None), handed_on.desc(), rx, FillRow.closes_on, FillRow.id)
    )
    return tuple(Bottle(*row) for row in look.session.execute(query))


def _bottle_lines(look: Look, shown: Sequence[Bottle], graph: Graph, numbers: Mapping[Key, str]) -> tuple[BottleLine, ...]:
    wanted = {bottle.fill_id for bottle in shown}
    batches_of = _batches_of(link for link in graph.filled if link[1] in wanted)
    query = (
        select(as_key(FillRow.id), FillRow.status, PatientRow.name, PatientRow.birth_date, PrescriptionRow.prescriber_name)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .where(among(look.session, FillRow.id, wanted))
    )
    known = {fill: (FillStatus(status), name, born, prescriber) for fill, status, name, born, prescriber in look.session.execute(query)}
    for bottle in shown:
        look.note_read(patient_id=UUID(bottle.patient_id), prescription_id=UUID(bottle.prescription_id))
    return tuple(
        BottleLine(bottle, *known[bottle.fill_id], tuple((batch, numbers[batch]) for batch in batches_of[bottle.fill_id] if batch in numbers))
        for bottle in shown
    )


def _batches_of(links: Iterable[Link]) -> dict[Key, list[Key]]:
    found: dict[Key, list[Key]] = defaultdict(list)
    for batch, fill in sorted(links):
        found[fill].append(batch)
    return found


def _patients_of(reached: _Reached) -> dict[Key, int]:
    """How many patients have, or will have, a bottle of each batch."""
    whose = {bottle.fill_id: bottle.patient_id for bottle in reached.bottles}
    found: dict[Key, set[Key]] = defaultdict(set)
    for batch, fill in reached.graph.filled:
        if fill in whose:
            found[batch].add(whose[fill])
    return {batch: len(patients) for batch, patients in found.items()}


def _tally(reached: _Reached, today: date) -> Tally:
    given = [bottle for bottle in reached.bottles if bottle.handed_on]
    return Tally(
        lots=len(reached.lots),
        batches=len(reached.batches),
        handed_over=len(given),
        in_house=len(reached.bottles) - len(given),
        in_use=sum(bottle.closes_on >= today for bottle in given),
        patients=len({bottle.patient_id for bottle in given}),
        prescribers=len({bottle.npi for bottle in given}),
    )
