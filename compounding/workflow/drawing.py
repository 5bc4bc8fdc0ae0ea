"""Drawing up a worksheet: lots of the day, the second pharmacist's word, and the batch that is kept with what it was drawn from.

Use cases of several rooms draw up batches: one for a fill, one that several fills share, one for stock. So this stands below them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from compounding.db.batches import BatchLotRow, BatchRow, ShareRow
from compounding.db.counters import next_number
from compounding.db.document import encode, sha256
from compounding.db.values import balances, lots
from compounding.domain.batch import BatchStatus
from compounding.domain.beyond_use import refuse_short
from compounding.domain.formula import Formula, Storage
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, BatchPlan, ForStock, Packed, Pool
from compounding.domain.worksheet import Bench, prepare
from compounding.workflow.act import Act, Look
from compounding.workflow.proof import prove_preparation


@dataclass(frozen=True, slots=True)
class Portion:
    """What one fill is to get: `amount` in nanolitres or capsules; `no_later` is the date that its own plan gave it, where it shares."""

    fill_id: UUID
    amount: int
    no_later: date | None = None


def drawn_up(
    look: Look,
    formula: Formula,
    amounts: Amounts,
    *,
    packed: Sequence[Packed],
    storage: Storage,
    through: date,
    policy: Policy,
    pool: Pool | None = None,
    stock: ForStock | None = None,
) -> BatchPlan:
    """The batch as it would be made today and used through `through`, computed twice; raises what `prepare` raises, and `Unsafe` (rule R23)."""
    at_hand, weighs = lots(look.session), balances(look.session)
    made = prepare(formula, amounts, packed=packed, storage=storage, bench=Bench(at_hand, weighs, look.today, through, policy))
    refuse_short(made.beyond_use.until, through)  # too early for the last dose, or too late: a sentence, before the second pharmacist is alarmed
    prove_preparation(
        made, formula, packed=packed, storage=storage, amounts=amounts, lots=at_hand, balances=weighs, policy=policy, made_on=look.today, through=through
    )
    asked = {line.product for line in made.lines}
    taken = tuple(lot for lot in at_hand if lot.product in asked)
    return BatchPlan(made, taken, weighs, policy.version, through, storage=storage, packed=tuple(packed), pool=pool, stock=stock)


def keep(act: Act, plan: BatchPlan, formula_id: UUID, portions: Sequence[Portion]) -> UUID:
    """Keep a batch that was drawn up, with its lines and a share for each fill that it serves. Gives its key."""
    text = encode(plan)
    row = BatchRow(
        number=next_number(act.session, "batch"),
        formula_id=formula_id,
        status=BatchStatus.PLANNED,
        document=text,
        sha256=sha256(text),
        planned_at=act.at,
    )
    act.session.add(row)
    act.session.add_all(ShareRow(batch_id=row.id, fill_id=one.fill_id, amount=one.amount, status="live", no_later=one.no_later) for one in portions)
    act.session.add_all(BatchLotRow(batch_id=row.id, lot_id=line.lot_id, line=line.number, amount=line.target) for line in plan.preparation.lines)
    return row.id
