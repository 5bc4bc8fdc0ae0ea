"""A batch from its worksheet to release: what is drawn up, counted, weighed, made, verified and released, by whom, from which lots."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from compounding.db.batches import BatchRow
from compounding.db.changes import refuse_unsupplied
from compounding.db.document import decode, encode
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.readiness import capsules_weighed_on, clear_line, weighed_on
from compounding.db.records import is_held, keep_event, lost_lots
from compounding.db.signing import sign, signed, signed_content
from compounding.db.values import batch_row, fill_rows, formula_by_id, plan_of, policy_in_force
from compounding.domain import late
from compounding.domain.batch import (
    BatchStatus,
    Finished,
    Meaning,
    Record,
    advance,
    bench_lines,
    check_alone,
    check_begin,
    check_count,
    check_weighed,
    other_person,
    refuse_unsettled,
    tablet_lines,
)
from compounding.domain.beyond_use import beyond_use, refuse_short
from compounding.domain.capsule_check import (
    CAPSULES_WEIGHED,
    Remedy,
    WeightStatistics,
    accounted,
    check_assay,
    check_lot,
    check_weights,
    limits_of,
    statistics,
)
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.fill import advance as advance_fill
from compounding.domain.gs1 import Scan
from compounding.domain.inventory import Product
from compounding.domain.late import Done
from compounding.domain.people import BENCH, Actor
from compounding.domain.policy import Policy
from compounding.domain.preparation import BatchPlan, Line, Preparation
from compounding.domain.quality import acid_enough, check_traits, check_yield
from compounding.domain.stocking import shelved
from compounding.workflow.act import Act
from compounding.workflow.bench_records import all_recorded, record, recorded, take
from compounding.workflow.late import noted
from compounding.workflow.proof import prove_weights
from compounding.workflow.shelving import shelve


def count(act: Act, batch_id: UUID, counted: int, witness: Actor, *, line_clear: bool = False, done: Done | None = None) -> None:
    """The witnessed tablet count: from here the tablets have left their lots, and who counts is the compounder.

    `done` is told of a batch that was made on paper, here and at every later step.
    """
    row = batch_row(act.session, batch_id, lock=True)
    lines = tablet_lines(decode(BatchPlan, row.document).preparation)
    _begin(act, row, lines, counts=True, line_clear=line_clear)
    _witnessed(act, witness)
    check_count(lines, counted)
    row.made_on = on = noted(act, row, late.COUNT, done)
    for line in lines:
        take(act, row, line, line.target, on=on)
        record(act, row, line, line.target, witness=witness)
    _sign(act, row, witness, Meaning.WITNESS_COUNT)


def begin(act: Act, batch_id: UUID, *, line_clear: bool = False, done: Done | None = None) -> None:
    """A batch whose drug is drawn from stock begins without a count, and who begins it is the compounder; each lot is left when its line is recorded."""
    row = batch_row(act.session, batch_id, lock=True)
    _begin(act, row, tablet_lines(decode(BatchPlan, row.document).preparation), counts=False, line_clear=line_clear)
    row.made_on = noted(act, row, late.BEGIN, done)


def weigh(
    act: Act, batch_id: UUID, line_number: int, *, lot_number: str, actual: int, reason: str, gtin: str = "", balance: str = "",
    allowed_by: Actor | None = None, done: Done | None = None,
) -> None:  # fmt: skip
    """Record what was really taken for one line, from the lot that was scanned, on the worksheet's balance or the one named; `actual` is in the line's unit.

    `gtin` is the product that the pack's code named, if that was scanned: another product may have a lot of the same number.
    """
    row = batch_row(act.session, batch_id, lock=True)
    _in_process(act, row)
    preparation = decode(BatchPlan, row.document).preparation
    line = next((line for line in bench_lines(preparation) if line.number == line_number), None)
    if line is None:
        raise Invalid("line", "There is no such line on this worksheet.", fields={"line": ("Choose a line of this worksheet.",)})
    if lot_number != line.lot_number:
        message = f"{line.name}: the worksheet takes lot {line.lot_number}, and {lot_number} was scanned. Fetch the right lot."
        raise Invalid("wrong-lot", message, fields={"lot": (message,)})
    if gtin and not _product_of(act, line).is_named_by(Scan(gtin)):
        message = f"{line.name}: the pack that was scanned is another product, though its lot number is {lot_number} too. Fetch the right one."
        raise Invalid("wrong-lot", message, fields={"lot": (message,)})
    if any(number == line.number for number in recorded(act, row)):
        raise Conflict("line-recorded", f"{line.name} is recorded already.")
    check_weighed(line, actual, reason, policy_in_force(act.session), allowed_by=allowed_by)
    day = noted(act, row, late.line(line.number), done)
    if line.stock:
        take(act, row, line, actual, on=day)
    on = weighed_on(act.session, line, balance, today=act.today)
    judge = None if line.low <= actual <= line.high else allowed_by
    record(act, row, line, actual, reason=reason, witness=judge if judge is not None and judge.id != act.actor.id else None, on=on)
    if judge is not None:
        _sign(act, row, judge, Meaning.ALLOW)


def witness_weights(act: Act, batch_id: UUID, witness: Actor, *, done: Done | None = None) -> None:
    """Every line is recorded and a second person has seen what lies there, before mixing: afterwards nobody can."""
    row = batch_row(act.session, batch_id, lock=True)
    _in_process(act, row)
    _witnessed(act, witness)
    all_recorded(act, row, decode(BatchPlan, row.document).preparation)
    if signed(act.session, row.id, Meaning.WITNESS_WEIGHTS):
        raise Conflict("weights-witnessed", "The weights of this batch were witnessed already.")
    noted(act, row, late.WITNESS, done)
    _sign(act, row, witness, Meaning.WITNESS_WEIGHTS)


def compound(act: Act, batch_id: UUID, finished: Finished, *, done: Done | None = None) -> None:
    """Sign that the batch was compounded: yield, pH, capsule weights and traits recorded, after the weights were witnessed.

    A batch of which a capsule was out may be set aside with a reason; it comes back once every capsule was weighed, and keeps what was found before.
    """
    row = batch_row(act.session, batch_id, lock=True)
    before = _set_aside(act, row)
    row.status = advance(BatchStatus(row.status), BatchStatus.COMPOUNDED)
    drawn = decode(BatchPlan, row.document)
    preparation = drawn.preparation
    formula = formula_by_id(act.session, row.formula_id)
    all_recorded(act, row, preparation)
    if not signed(act.session, row.id, Meaning.WITNESS_WEIGHTS):
        raise Conflict("weights-unseen", "Nobody witnessed the weights before mixing. Call a second person to the bench first.")
    policy = policy_in_force(act.session)
    capsules_weighed_on(act.session, finished.capsules, today=act.today)
    weighed = _capsules(preparation, finished, policy, again=before is not None)
    may_be_short = _is_set_aside(finished) or drawn.stock is not None
    check_yield(finished.made, preparation.amounts, policy, deviations=finished.deviations, set_aside=may_be_short)
    if drawn.stock is not None and not _is_set_aside(finished):
        shelved(drawn.stock, finished.made)
    lacking = check_traits(formula, finished.found, finished.deviations)
    earlier = (*before.before, before.finished) if before else ()
    record = Record(finished, acid_enough(formula, finished.ph), weighed, earlier)
    row.record = encode(record)
    row.beyond_use = _date_after(act, row, preparation, record)
    if before is None:  # taken up again after it was set aside, it has its time
        noted(act, row, late.COMPOUND, done)
    _sign(act, row, act.actor, Meaning.COMPOUND)
    if lacking or _is_set_aside(finished):
        row.status = advance(BatchStatus.COMPOUNDED, BatchStatus.QUARANTINED)
    if lacking:
        keep_event(act.session, row.id, "quarantined", reason=f"It lacks: {lacking}. {finished.deviations}", person=act.actor, at=act.at)


def verify_and_release(act: Act, batch_id: UUID, alone: str = "", *, done: Done | None = None) -> tuple[UUID, ...]:
    """A pharmacist who did not compound verifies and releases: one entry, two signatures; the fills, whose keys are given, are then made.

    What was made for stock becomes a lot. Where the policy allows it, `alone` is the reason why the compounder does this too: recorded, and signed.
    """
    row = batch_row(act.session, batch_id, lock=True)
    if is_held(act.session, row.id):
        raise Conflict("held", "This batch was set aside. Lift its quarantine or reject it: it cannot be released so.")
    row.status = advance(BatchStatus(row.status), BatchStatus.VERIFIED)
    if row.compounder_id == act.actor.id:
        row.alone_reason = check_alone(policy_in_force(act.session), alone)
        keep_event(act.session, row.id, "alone", reason=alone, person=act.actor, at=act.at)
    row.verifier_id = act.actor.id
    fills = fill_rows(act.session, row.id, lock=True)
    if row.beyond_use is None:
        raise Conflict("no-date", "The batch has no beyond-use date yet. Compound it first.")
    if row.record is not None:
        refuse_unsettled(decode(Record, row.record))
    for fill in fills:
        refuse_short(row.beyond_use, fill.closes_on)
    _refuse_lost_lots(act, row)
    noted(act, row, late.VERIFY, done)
    if row.alone_reason:
        _sign(act, row, act.actor, Meaning.ALONE)
    _sign(act, row, act.actor, Meaning.VERIFY)
    row.status = advance(BatchStatus(row.status), BatchStatus.RELEASED)
    _sign(act, row, act.actor, Meaning.RELEASE)
    if row.record is not None:
        shelve(act, row, decode(BatchPlan, row.document), formula_by_id(act.session, row.formula_id), decode(Record, row.record).finished.made)
    for fill in fills:
        fill.status = advance_fill(FillStatus(fill.status), FillStatus.MADE)
    return tuple(fill.id for fill in fills)


def _begin(act: Act, row: BatchRow, tablets: Sequence[Line], *, counts: bool, line_clear: bool) -> None:
    row.status = advance(BatchStatus(row.status), BatchStatus.IN_PROCESS)
    refuse_unsupplied(act.session, fill_rows(act.session, row.id))
    check_begin(tablets, counts=counts)
    clear_line(act.session, row, clear=line_clear, person=act.actor, at=act.at, today=act.today)
    row.compounder_id = act.actor.id
    row.made_on = act.today


def _witnessed(act: Act, witness: Actor) -> None:
    other_person(act.actor.id, witness.id, acts="compound and witness")
    if witness.role not in BENCH:
        raise Forbidden("witness-role", f"A {witness.role} cannot witness at the bench. Ask a technician or a pharmacist.")


def _in_process(act: Act, row: BatchRow) -> None:
    if row.status != BatchStatus.IN_PROCESS:
        raise Conflict("batch-state", f"This batch is {row.status.replace('_', ' ')}; only a batch in process is weighed and compounded.")
    _own_batch(act, row)


def _product_of(act: Act, line: Line) -> Product:
    return decode(Product, act.session.get_one(ProductRow, act.session.get_one(LotRow, line.lot_id).product_id).document)


def _own_batch(act: Act, row: BatchRow) -> None:
    if row.compounder_id != act.actor.id:
        raise Forbidden("compounder", "Somebody else began this batch and compounds it. One person does both.")


def _set_aside(act: Act, row: BatchRow) -> Record | None:
    """What was recorded of a batch that was set aside before anybody verified it; None for one that is still in process."""
    if row.status != BatchStatus.QUARANTINED or row.record is None or is_held(act.session, row.id):
        _in_process(act, row)
        return None
    _own_batch(act, row)
    return decode(Record, row.record)


def _capsules(preparation: Preparation, finished: Finished, policy: Policy, *, again: bool) -> WeightStatistics | None:
    """What the weights of the capsules say, computed twice; None for a liquid."""
    limits, capsules = limits_of(preparation), finished.capsules
    if limits is None:
        return None
    if capsules is None:
        message = f"Weigh {CAPSULES_WEIGHED} capsules one by one, and empty shells of the same lot."
        raise Invalid("weights-missing", message, fields={"capsules.gross": (message,)})
    check_lot(capsules, preparation)
    found = statistics(capsules, limits)
    prove_weights(capsules, found, preparation)
    where = accounted(capsules, found, good=_whole(finished.made), started=_whole(preparation.amounts.made))
    check_weights(capsules, found, where, deviations=finished.deviations, again=again)
    check_assay(capsules, found, policy)
    return found


def _whole(count: Fraction) -> int:
    if count.denominator != 1:
        raise Invalid("yield", "Count whole capsules.", fields={"made": ("Count whole capsules.",)})
    return count.numerator


def _is_set_aside(finished: Finished) -> bool:
    return finished.capsules is not None and finished.capsules.remedy is Remedy.SET_ASIDE


def _date_after(act: Act, row: BatchRow, preparation: Preparation, record: Record) -> date:
    """The beyond-use date on what was really found: a preservative out of its pH gives the date of an unpreserved preparation."""
    formula = formula_by_id(act.session, row.formula_id)
    storage = decode(BatchPlan, row.document).storage or plan_of(act.session, fill_rows(act.session, row.id)[0]).storage
    kept = preparation.beyond_use
    preserved = record.preserved or formula.liquid is None
    components = [(f"{line.name}, lot {line.lot_number}", line.expires_on) for line in preparation.lines]
    made_on = row.made_on or act.today
    return beyond_use(formula, storage, made_on=made_on, components=components, made_is_day_one=kept.made_is_day_one, preserved=preserved).until


def _refuse_lost_lots(act: Act, row: BatchRow) -> None:
    """A lot that was withdrawn or recalled while the batch was made keeps it from being released."""
    if lost := lost_lots(act.session, row.id):
        raise Unsafe("lot-lost", f"A lot of this batch is no longer available: {', '.join(lost)}. Quarantine or reject the batch.")


def _sign(act: Act, row: BatchRow, person: Actor, meaning: Meaning) -> None:
    """Put a name to the batch as it stands now: its plan, its formula, what was recorded."""
    sign(act.session, row.id, meaning=meaning, person=person, content=signed_content(act.session, row, meaning), at=act.at)
