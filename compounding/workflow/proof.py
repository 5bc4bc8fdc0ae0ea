"""The second pharmacist's word: every plan and every batch is computed again by other means before it is kept."""

import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from compounding import second
from compounding.db.document import encode
from compounding.domain.bench import Answer
from compounding.domain.bench_serial import Intermediate
from compounding.domain.capsule_check import CapsuleWeights, WeightStatistics
from compounding.domain.capsule_ways import Way
from compounding.domain.container_choice import Contained
from compounding.domain.demand import Proposal
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Storage
from compounding.domain.inventory import Lot
from compounding.domain.plan import Choices, FillPlan, Plan, Sketch
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, Container, ForStock, Packed, Pool, Preparation
from compounding.domain.prescription import Order, Regimen
from compounding.domain.trial import Trial, trial
from compounding.domain.weighing import Balance, Syringe


class Disagreement(Exception):
    """Two computations of one plan differ: a defect of this program. The work stops and nothing is stored."""


def prove(plan: Plan, order: Order, choices: Choices, *, lots: Sequence[Lot], balances: Sequence[Balance], policy: Policy, today: date) -> None:
    """Let the second implementation compute `plan` again; raises `Disagreement` naming what differs."""
    differences = second.check(
        plan=_plain(plan),
        order=_plain(order),
        choices=_plain(choices),
        lots=[_plain(lot) for lot in lots],
        balances=[_plain(balance) for balance in balances],
        policy=_plain(policy),
        today=today.isoformat(),
    )
    _agree(differences)


def prove_sketch(sketch: Sketch, regimen: Regimen, choices: Choices, *, policy: Policy, today: date) -> None:
    """The same for a course that nobody keeps: whoever reads it may act on it."""
    differences = second.check(
        plan=_plain(sketch.course),
        order=_plain(regimen),
        choices=_plain(choices),
        lots=[],
        balances=[],
        policy=_plain(policy),
        today=today.isoformat(),
        sketched=True,
    )
    _agree(differences)


def prove_container(found: Contained, regimen: Regimen, choices: Choices, *, containers: Sequence[Container], policy: Policy) -> None:
    """The same for the container that a course goes into, by `choices` in that container."""
    differences = second.check_container(
        contained=_plain(found),
        regimen=_plain(regimen),
        choices=_plain(choices),
        containers=[_plain(item) for item in containers],
        policy=_plain(policy),
    )
    _agree(differences)


def prove_preparation(
    preparation: Preparation,
    formula: Formula,
    *,
    packed: Sequence[Packed],
    storage: Storage,
    amounts: Amounts,
    lots: Sequence[Lot],
    balances: Sequence[Balance],
    policy: Policy,
    made_on: date,
    through: date,
) -> None:
    """The same for one batch, drawn up on its own day."""
    differences = second.check_preparation(
        preparation=_plain(preparation),
        amounts=_plain(amounts),
        formula=_plain(formula),
        packed=[_plain(item) for item in packed],
        storage=storage,
        lots=[_plain(lot) for lot in lots],
        balances=[_plain(balance) for balance in balances],
        policy=_plain(policy),
        made_on=made_on.isoformat(),
        through=through.isoformat(),
    )
    _agree(differences)


def tried(formula: Formula, containers: Sequence[Container], balances: Sequence[Balance], *, policy: Policy, today: date) -> Trial:
    """A trial batch of `formula` in its usual container, computed by both; raises `Unsafe` or `Conflict` where it cannot be made."""
    container = next((item for item in containers if item.product == formula.usual_container), None)
    if container is None:
        raise Unsafe("container", f"The usual container, {formula.usual_container}, is none of this pharmacy. Add it to stock, or choose another.")
    made = trial(formula, container, balances, policy=policy, today=today)
    for storage, preparation in made.kept:
        prove_preparation(
            preparation, formula, packed=made.packed, storage=storage, amounts=made.amounts, lots=made.lots, balances=balances, policy=policy,
            made_on=today, through=today,
        )  # fmt: skip
    return made


def prove_pool(pool: Pool, formula: Formula, *, policy: Policy, today: date) -> None:
    """The same for a batch that several fills could share."""
    differences = second.check_pool(pool=_plain(pool), formula=_plain(formula), policy=_plain(policy), today=today.isoformat())
    _agree(differences)


def prove_demand(found: Sequence[Proposal], formulas: Sequence[Formula], *, policy: Policy, today: date) -> None:
    """The same for the batches that could be made in advance."""
    differences = second.check_demand(
        proposals=[_plain(item) for item in found], formulas=[_plain(item) for item in formulas], policy=_plain(policy), today=today.isoformat()
    )  # fmt: skip
    _agree(differences)


def prove_stock(stock: ForStock, amounts: Amounts, formula: Formula, *, policy: Policy) -> None:
    """The same for what is made for stock."""
    differences = second.check_stock(stock=_plain(stock), amounts=_plain(amounts), formula=_plain(formula), policy=_plain(policy))
    _agree(differences)


def prove_share(pool: Pool, fill: UUID, amounts: Amounts) -> None:
    """That a shared batch holds for `fill` what its own plan gives it; raises `Disagreement`."""
    held = [share.amounts for share in pool.shares if share.fill == fill]
    _agree(() if held == [amounts] else (f"The share of fill {fill} is not what was planned for it.",))


def prove_parts(plan: Plan, container: FillPlan, parts: Sequence[FillPlan], formula: Formula) -> None:
    """The same for the parts that a container is given in."""
    whole = plan.fills[container.number - 1]
    differences = second.check_parts(
        plan=_plain(plan), whole=_plain(whole), container=_plain(container), parts=[_plain(item) for item in parts], formula=_plain(formula)
    )  # fmt: skip
    _agree(differences)


def prove_bench(
    question: object,
    answer: Answer,
    *,
    device: Syringe | Balance | None = None,
    intermediates: Sequence[Intermediate] = (),
    policy: Policy,
    today: date,
) -> None:
    """The same for a calculation at the bench, which is weighed and measured by."""
    differences = second.check_bench(
        type(question).__name__,
        question=_plain(question),
        answer=_plain(answer),
        device=_plain(device) if device else None,
        policy=_plain(policy),
        today=today.isoformat(),
        made=[_plain(item) for item in intermediates],
    )
    _agree(differences)


def prove_weights(capsules: CapsuleWeights, found: WeightStatistics, preparation: Preparation) -> None:
    """The same for the weights of single capsules."""
    differences = second.check_weights(capsules=_plain(capsules), statistics=_plain(found), preparation=_plain(preparation))
    _agree(differences)


def prove_way(way: Way, regimen: Regimen) -> None:
    """The same for one way to take a course in capsules, which somebody chooses by."""
    differences = second.check_way(way=_plain(way), regimen=_plain(regimen))
    _agree(differences)


def _agree(differences: Sequence[str]) -> None:
    if differences:
        raise Disagreement("; ".join(differences))


def _plain(value: object) -> dict[str, object]:
    plain: dict[str, object] = json.loads(encode(value))
    return plain
