"""Rows as values: what more than one use case reads. Nothing is decided here, and no row leaves `db` and `workflow`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import BatchRow, FillRow, PlanRow, ShareRow, WeighingRow
from compounding.db.document import decode_often
from compounding.db.formulas import FormulaRow, PolicyRow
from compounding.db.inventory import CalibrationRow, DeviceRow, LotRow, PackStatisticRow, ProductRow, TabletWeighingRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.products import newest_excipients, product_of
from compounding.domain.approval import House
from compounding.domain.cost import Used
from compounding.domain.errors import Conflict, Unknown
from compounding.domain.excipients import as_source
from compounding.domain.formula import Formula
from compounding.domain.inventory import Lot, LotStatus, PackStatistic, Product, StockUnit, TabletWeight
from compounding.domain.money import Money
from compounding.domain.owed import part
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.policy import Policy
from compounding.domain.preparation import BatchPlan, Container, Preparation
from compounding.domain.quantity import Mass
from compounding.domain.quote import Price, Prices
from compounding.domain.weighing import Balance, Dropper, Syringe

_DEVICES: dict[str, type[Syringe | Dropper | Balance]] = {"syringe": Syringe, "dropper": Dropper, "balance": Balance}


def policy_in_force(session: Session) -> Policy:
    """The newest approved policy; without one nothing can be screened or planned."""
    row = session.scalars(select(PolicyRow).order_by(PolicyRow.version.desc()).limit(1)).first()
    if row is None:
        raise Conflict("no-policy", "No policy was approved yet. A pharmacist in charge approves one first.")
    return decode_often(Policy, row.document)


def policy_of(session: Session, version: int) -> Policy:
    """The policy of that version, in force or not."""
    return decode_often(Policy, session.scalars(select(PolicyRow).where(PolicyRow.version == version)).one().document)


def prescription_row(session: Session, prescription_id: UUID, *, lock: bool = False) -> PrescriptionRow:
    """The row, or `Unknown`."""
    row = session.get(PrescriptionRow, prescription_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise Unknown("unknown-prescription", "There is no such prescription.")
    return row


def fill_row(session: Session, fill_id: UUID, *, lock: bool = False) -> FillRow:
    """The row, or `Unknown`."""
    row = session.get(FillRow, fill_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise Unknown("unknown-fill", "There is no such fill.")
    return row


def batch_row(session: Session, batch_id: UUID, *, lock: bool = False) -> BatchRow:
    """The row, or `Unknown`."""
    row = session.get(BatchRow, batch_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise Unknown("unknown-batch", "There is no such batch.")
    return row


def current_plan_row(session: Session, prescription_id: UUID) -> PlanRow | None:
    """The plan that is worked on, if there is one: the last, since a refill has a plan of its own."""
    plans = select(PlanRow).where(PlanRow.prescription_id == prescription_id, PlanRow.status == "current")
    return session.scalars(plans.order_by(PlanRow.made_at.desc()).limit(1)).first()


def live_batch_row(session: Session, fill_id: UUID) -> BatchRow | None:
    """The batch of a fill that was not rejected, if there is one."""
    of_fill = select(BatchRow).join(ShareRow, ShareRow.batch_id == BatchRow.id).where(ShareRow.fill_id == fill_id, ShareRow.status == "live")
    return session.scalars(of_fill).first()


def fill_rows(session: Session, batch_id: UUID, *, lock: bool = False) -> tuple[FillRow, ...]:
    """The fills that have a share in a batch, rejected or not, in the order of their keys; none where it is made for stock."""
    query = select(FillRow).join(ShareRow, ShareRow.fill_id == FillRow.id).where(ShareRow.batch_id == batch_id).order_by(FillRow.id)
    if lock:
        query = query.with_for_update(of=FillRow).execution_options(populate_existing=True)
    return tuple(session.scalars(query))


def dealt(session: Session, batch_id: UUID, fill_id: UUID) -> tuple[tuple[tuple[int, ...], int], ...]:
    """How a batch is dealt out, and which share `fill_id` has: by amount among its containers, or alike among those of stock; then among a container's parts.

    Each level is its shares and the place of the fill's own, so that a container that is cut changes nothing for the others.
    """
    rows = session.execute(select(ShareRow, FillRow).join(FillRow, ShareRow.fill_id == FillRow.id).where(ShareRow.batch_id == batch_id)).all()
    own, mine = next((share, fill) for share, fill in rows if share.fill_id == fill_id)
    parts = sorted((share for share, fill in rows if (fill.plan_id, fill.number, share.place) == (mine.plan_id, mine.number, own.place)), key=_by_fill)
    within = tuple(share.amount for share in parts), parts.index(own)
    if own.place is not None:
        shelved = select(LotRow.invoice_quantity).where(LotRow.batch_id == batch_id)
        return ((1,) * session.scalars(shelved).one(), own.place), within
    containers: dict[tuple[UUID, int], list[ShareRow]] = {}
    for share, fill in rows:
        containers.setdefault((fill.plan_id, fill.number), []).append(share)
    groups = sorted(containers.values(), key=lambda group: min(share.fill_id for share in group))
    return (tuple(sum(share.amount for share in group) for group in groups), next(place for place, group in enumerate(groups) if own in group)), within


def _by_fill(share: ShareRow) -> UUID:
    return share.fill_id


def used_of(session: Session, batch_id: UUID, preparation: Preparation) -> list[Used]:
    """What really left each lot for a batch, by the readings at the bench."""
    by_line = {line.number: line for line in preparation.lines if line.stock}
    rows = session.scalars(select(WeighingRow).where(WeighingRow.batch_id == batch_id).order_by(WeighingRow.line)).all()
    known = {lot.id: lot for lot in lots(session, only=[row.lot_id for row in rows])}
    return [Used(known[row.lot_id], by_line[row.line].part, row.actual, max(0, row.actual - row.target)) for row in rows if row.line in by_line]


def good_through(session: Session, fill: FillRow, batch: BatchRow) -> date | None:
    """The last day of use of `fill`, which `batch` serves: the batch's date, and never a later one than its own plan gave it, where it shares."""
    no_later = session.scalars(select(ShareRow.no_later).where(ShareRow.batch_id == batch.id, ShareRow.fill_id == fill.id)).first()
    return earlier(batch.beyond_use, no_later)


def earlier(beyond_use: date | None, no_later: date | None) -> date | None:
    """A batch's date for one of its fills; None where the batch has none yet."""
    return beyond_use if beyond_use is None or no_later is None else min(beyond_use, no_later)


def approved_formulas(session: Session) -> tuple[tuple[UUID, Formula], ...]:
    """The newest approved version of every formula with its key, by code."""
    rows = session.scalars(select(FormulaRow).where(FormulaRow.status == "approved").order_by(FormulaRow.code, FormulaRow.version))
    newest = {row.code: row for row in rows}
    return tuple((row.id, decode_often(Formula, row.document)) for row in newest.values())


def formula_row(session: Session, code: str, version: int, *, lock: bool = False) -> FormulaRow:
    """One version of a formula, whatever its status, or `Unknown`."""
    query = select(FormulaRow).where(FormulaRow.code == code, FormulaRow.version == version)
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        raise Unknown("unknown-formula", "There is no such formula. Choose one from the list of formulas.")
    return row


def product_names(session: Session) -> dict[str, str]:
    """What a formula may call for as bought, by what it stands for, with the name of the first product that does: no tablets, nothing made here."""
    rows = session.scalars(select(ProductRow).where(ProductRow.kind.in_(("ingredient", "container"))).order_by(ProductRow.code.desc()))
    found = [decode_often(Product, row.document) for row in rows]
    return {item.stands_for: item.name for item in found if not item.made_here}


def at_hand(session: Session) -> House:
    """What a formula may name."""
    book = {formula.code: formula for _, formula in approved_formulas(session)}
    return House(book, product_names(session), {item.product: item.name for item in containers(session)})


def formula_by_id(session: Session, formula_id: UUID) -> Formula:
    """The formula version with this key, whatever its status."""
    return decode_often(Formula, session.scalars(select(FormulaRow).where(FormulaRow.id == formula_id)).one().document)


def formula_sha256(session: Session, formula_id: UUID) -> str:
    """The hash of the formula version with this key."""
    return session.scalars(select(FormulaRow.sha256).where(FormulaRow.id == formula_id)).one()


def plan_of(session: Session, fill: FillRow) -> Plan:
    """The plan that a fill belongs to."""
    return decode_often(Plan, session.scalars(select(PlanRow).where(PlanRow.id == fill.plan_id)).one().document)


def planned(session: Session, fill: FillRow, plan: Plan) -> FillPlan:
    """What is planned for a fill: a container of the plan, or the part of one that it serves."""
    whole = plan.fills[fill.number - 1]
    if fill.opens is None or fill.closes is None:
        return whole
    return part(plan, whole, fill.opens, fill.closes, formula_of(session, fill)[1])


def formula_of(session: Session, fill: FillRow) -> tuple[UUID, Formula]:
    """The formula version that a fill is made by, with its key."""
    key = session.scalars(select(PlanRow.formula_id).where(PlanRow.id == fill.plan_id)).one()
    return key, formula_by_id(session, key)


def devices(session: Session) -> tuple[Syringe | Dropper | Balance, ...]:
    """Every active syringe, dropper and balance, by code; a dropper by its newest calibration."""
    rows = session.scalars(select(DeviceRow).where(DeviceRow.active).order_by(DeviceRow.kind, DeviceRow.code))
    newest = {row.device_id: row.document for row in session.scalars(select(CalibrationRow).order_by(CalibrationRow.counted_at))}
    return tuple(decode_often(_DEVICES[row.kind], newest.get(row.id, row.document)) for row in rows)


def measures(session: Session) -> tuple[Syringe | Dropper, ...]:
    """What measures a dose: every active syringe and dropper."""
    return tuple(device for device in devices(session) if not isinstance(device, Balance))


def balances(session: Session) -> tuple[Balance, ...]:
    """What weighs at the bench."""
    return tuple(device for device in devices(session) if isinstance(device, Balance))


def containers(session: Session) -> tuple[Container, ...]:
    """Every bottle and vial, the smallest first."""
    rows = session.scalars(select(ProductRow).where(ProductRow.kind == "container").order_by(ProductRow.code))
    found = {item.stands_for: item for item in (decode_often(Product, row.document) for row in rows)}  # whoever made it
    made = [Container(item.stands_for, item.name, item.container_volume, item.container_capsules, item.unusable_volume) for item in found.values()]
    return tuple(sorted(made, key=lambda item: (item.volume.ml if item.volume else 0, item.capsules or 0)))


def lots(session: Session, *, only: Iterable[UUID] | None = None) -> tuple[Lot, ...]:
    """Lots as they stand, with what was measured of each last; `only` narrows them to those keys."""
    query = select(LotRow, ProductRow).join(ProductRow, LotRow.product_id == ProductRow.id).order_by(LotRow.expires_on, LotRow.lot_number)
    if only is not None:
        query = query.where(LotRow.id.in_(list(only)))
    found = session.execute(query).all()
    weights = _tablet_weights(session)
    packs = _pack_statistics(session)
    described = newest_excipients(session)
    bought = (_lot(row, product_of(product, described), weights.get(row.id), packs.get(row.id, ())) for row, product in found)
    drawn_up = _stock_solutions(session, [row for row, product in found if product.unit == StockUnit.NANOLITRE])
    return tuple(_as_made(lot, *drawn_up[lot.batch_id]) if lot.batch_id in drawn_up else lot for lot in bought)


def prices(session: Session) -> Prices:
    """What was paid for the newest available lot of each product; of two that came on one day, for that of the later number."""
    query = select(LotRow, ProductRow).join(ProductRow, LotRow.product_id == ProductRow.id).where(LotRow.status == LotStatus.AVAILABLE)
    found = session.execute(query.order_by(LotRow.received_on, LotRow.lot_number)).all()
    packs = _pack_statistics(session)
    bought = [_lot(row, decode_often(Product, product.document), None, packs.get(row.id, ())) for row, product in found]
    return Prices({lot.product: Price.of_lot(lot) for lot in bought})


def _lot(row: LotRow, product: Product, weight: TabletWeight | None, packs: tuple[PackStatistic, ...]) -> Lot:
    return Lot(
        id=row.id,
        product=product.stands_for,
        name=product.name,
        lot_number=row.lot_number,
        expires_on=row.expires_on,
        status=LotStatus(row.status),
        unit=StockUnit(product.unit),
        balance=row.balance,
        invoice=Money(row.invoice_micros),
        invoice_quantity=row.invoice_quantity,
        excipients=product.excipients,
        tablet_weight=weight,
        packs=packs,
        batch_id=row.batch_id,
    )


def _stock_solutions(session: Session, rows: Iterable[LotRow]) -> dict[UUID | None, tuple[Formula, BatchPlan]]:
    """The batches that became these lots, each with its formula; nothing is asked where all were bought."""
    keys = {row.batch_id for row in rows if row.batch_id}
    found = session.execute(select(BatchRow.id, BatchRow.formula_id, BatchRow.document).where(BatchRow.id.in_(keys))) if keys else ()
    return {key: (formula_by_id(session, formula_id), decode_often(BatchPlan, document)) for key, formula_id, document in found}


def _as_made(lot: Lot, formula: Formula, drawn: BatchPlan) -> Lot:
    """A stock solution as a source of the drug: its strength, and the excipients of all that went into it."""
    return replace(lot, made=as_source(formula, drawn.preparation, drawn.lots), excipients=drawn.preparation.excipients)


def _tablet_weights(session: Session) -> dict[UUID, TabletWeight]:
    newest = {row.lot_id: row for row in session.scalars(select(TabletWeighingRow).order_by(TabletWeighingRow.weighed_at))}
    return {lot_id: _tablet_weight(row) for lot_id, row in newest.items()}


def _tablet_weight(row: TabletWeighingRow) -> TabletWeight:
    if row.document.startswith("{"):
        return decode_often(TabletWeight, row.document)
    return TabletWeight(row.tablets, Mass.of_nanograms(row.total_ng))  # from before single weights were kept


def _pack_statistics(session: Session) -> dict[UUID, tuple[PackStatistic, ...]]:
    latest: dict[UUID, dict[str, PackStatisticRow]] = {}
    for row in session.scalars(select(PackStatisticRow).order_by(PackStatisticRow.measured_at)):
        latest.setdefault(row.lot_id, {})[row.capsule_size] = row
    return {lot_id: tuple(map(_pack_statistic, by_size.values())) for lot_id, by_size in latest.items()}


def _pack_statistic(row: PackStatisticRow) -> PackStatistic:
    if row.document is not None:
        return decode_often(PackStatistic, row.document)
    return PackStatistic(row.capsule_size, row.shells, Mass.of_nanograms(row.total_ng))  # from before the shells were weighed one by one
