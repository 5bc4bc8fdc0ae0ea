"""What screening found and what a pharmacist decided about it, kept with the order; and the way to a `Cleared` prescription."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import FillRow, PlanRow
from compounding.db.document import decode
from compounding.db.history import histories, history
from compounding.db.prescriptions import FindingRow, OverrideRow, PrescriptionRow
from compounding.db.signing import sign
from compounding.domain.batch import Meaning
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.people import PHARMACISTS, Actor
from compounding.domain.policy import Policy
from compounding.domain.prescription import Order
from compounding.domain.safety import Action, Cleared, CounterStop, Finding, OrderFacts, Override, Reply, Stage, clear, open_findings, screen_order

_FINAL = frozenset({Action.STOP, Action.HOLD})  # nobody can answer these


def order_in_work(session: Session, row: PrescriptionRow) -> Order:
    """The order as it is now worked on: as written, or, once its course was handed over, what a refill repeats."""
    return _in_work(row, refilling(session, [row.id]))


def refills_now(session: Session, prescription_id: UUID) -> bool:
    """Whether what comes next, or is being made, is a refill: the first course was handed over whole."""
    return prescription_id in refilling(session, [prescription_id])


def refilling(session: Session, prescription_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these orders are refilled now."""
    current = select(PlanRow.prescription_id, PlanRow.id).where(PlanRow.prescription_id.in_(prescription_ids), PlanRow.status == "current")
    first = dict(session.execute(current.order_by(PlanRow.made_at.desc())).all())  # the oldest is the last to be written
    waiting = select(FillRow.plan_id).where(FillRow.plan_id.in_(first.values()), FillRow.status.not_in(["handed_over", "cancelled"])).distinct()
    still = set(session.scalars(waiting))
    return frozenset(prescription_id for prescription_id, plan_id in first.items() if plan_id not in still)


def order_findings(session: Session, row: PrescriptionRow, *, today: date, policy: Policy) -> tuple[Finding, ...]:
    """The order rules, asked again on today's facts."""
    order = order_in_work(session, row)
    return screen_order(OrderFacts(order, today, history(session, order, today=today, but=row.id), policy))


def overrides(session: Session, prescription_id: UUID) -> tuple[Override, ...]:
    """Every override that was signed for the order."""
    return _overrides(session, [prescription_id]).get(prescription_id, ())


def cleared_order(session: Session, row: PrescriptionRow, *, today: date, policy: Policy) -> Cleared:
    """The accepted order, cleared on today's facts; raises `Conflict` when it is not accepted and `Unsafe` when a rule is open."""
    found = cleared_orders(session, [row], today=today, policy=policy)[row.id]
    if not isinstance(found, Cleared):
        raise found
    return found


def cleared_orders(session: Session, rows: Iterable[PrescriptionRow], *, today: date, policy: Policy) -> dict[UUID, Cleared | Conflict | Unsafe]:
    """As `cleared_order`, of many orders in as many queries as of one: each cleared, or what it would be refused with."""
    found: dict[UUID, Cleared | Conflict | Unsafe] = {}
    accepted = {}
    for row in rows:
        if row.status == "accepted":
            accepted[row.id] = row
        else:
            found[row.id] = Conflict("prescription-state", f"This prescription is {row.status}; only an accepted one can be planned and made.")
    refills, answered = refilling(session, accepted), _overrides(session, accepted)
    orders = {key: _in_work(row, refills) for key, row in accepted.items()}
    known = histories(session, [(order, key) for key, order in orders.items()], today=today)
    for (key, order), past in zip(orders.items(), known, strict=True):
        try:
            found[key] = clear(order, screen_order(OrderFacts(order, today, past, policy)), answered.get(key, ()))
        except Unsafe as error:
            found[key] = error
    return found


def _in_work(row: PrescriptionRow, refills: Collection[UUID]) -> Order:
    order = decode(Order, row.document)
    return order.refill if row.id in refills else order


def _overrides(session: Session, prescription_ids: Collection[UUID]) -> dict[UUID, tuple[Override, ...]]:
    """Every override that was signed, by its order."""
    found: dict[UUID, tuple[Override, ...]] = {}
    for row in session.scalars(select(OverrideRow).where(OverrideRow.prescription_id.in_(prescription_ids))):
        found[row.prescription_id] = (*found.get(row.prescription_id, ()), Override(row.rule, row.facts_sha256, row.reason, row.contact))
    return found


def keep_findings(session: Session, prescription_id: UUID, found: Sequence[Finding], *, at: datetime, fill_id: UUID | None = None) -> None:
    """Keep what is new: a finding on facts that were seen before stands once."""
    known = set(session.execute(select(FindingRow.rule, FindingRow.facts_sha256).where(FindingRow.prescription_id == prescription_id)))
    session.add_all(
        FindingRow(
            prescription_id=prescription_id,
            fill_id=fill_id,
            rule=finding.rule,
            stage=finding.stage,
            action=finding.action,
            sentence=finding.sentence,
            source=finding.source,
            facts_sha256=finding.facts_sha256,
            not_before=finding.not_before,
            found_at=at,
        )
        for finding in found
        if (finding.rule, finding.facts_sha256) not in known
    )


def keep_answers(
    session: Session, prescription_id: UUID, found: Sequence[Finding], answers: Mapping[str, Reply], *, person: Actor, at: datetime
) -> tuple[Override, ...]:
    """Sign an override for each open finding, by its rule in small letters; raises `Invalid` naming each that lacks its answer.

    A stop and a hold take no answer, and a block only a pharmacist's, at every stage: else `Forbidden`. Gives all overrides of the order.
    """
    answered = overrides(session, prescription_id)
    waiting = [finding for finding in open_findings(found, answered) if finding.action not in _FINAL]
    _refuse_missing(waiting, answers)
    _refuse_other_roles(waiting, person)
    for finding in waiting:
        answer = answers[finding.rule.lower()]
        override = Override(finding.rule, finding.facts_sha256, answer.reason, answer.contact)
        keep_override(session, prescription_id, override, person=person, at=at)
    session.flush()
    return overrides(session, prescription_id)


def keep_override(session: Session, prescription_id: UUID, override: Override, *, person: Actor, at: datetime) -> None:
    """Keep one signed decision of `person`, who has proved to be it."""
    content = f"{override.rule} {override.facts_sha256} {override.reason} {override.contact}"
    signature = sign(session, prescription_id, meaning=Meaning.OVERRIDE, person=person, content=content, at=at)
    session.add(
        OverrideRow(
            prescription_id=prescription_id,
            rule=override.rule,
            facts_sha256=override.facts_sha256,
            reason=override.reason,
            contact=override.contact,
            person_id=person.id,
            signature_id=signature,
            made_at=at,
        )
    )


def _refuse_other_roles(waiting: Sequence[Finding], person: Actor) -> None:
    blocked = [finding for finding in waiting if finding.action is Action.BLOCK]
    if blocked and person.role not in PHARMACISTS:
        message = f"{blocked[0].sentence} A {person.role} cannot decide this. Ask a pharmacist, who signs for it."
        raise Forbidden("override-role", message, rule=blocked[0].rule)


def _refuse_missing(waiting: Sequence[Finding], answers: Mapping[str, Reply]) -> None:
    missing: dict[str, tuple[str, ...]] = {}
    for finding in waiting:
        answer = answers.get(finding.rule.lower(), Reply(""))
        if not answer.reason:
            wanted = "Tick that you have read this." if finding.action is Action.PROMPT else "Give your reason, or decline the order."
            missing[f"answers.{finding.rule.lower()}.chosen"] = (wanted,)
        if finding.action is Action.BLOCK and not answer.contact:
            missing[f"answers.{finding.rule.lower()}.contact"] = ("Say when and how the prescriber was reached.",)
    if missing:
        raise Invalid("answers", "Some findings are not answered yet.", fields=missing)


def counter_stops(session: Session, prescription_id: UUID, *, since: datetime) -> tuple[CounterStop, ...]:
    """The stops that were met at the counter since then, when this order was to be handed over."""
    rows = session.scalars(
        select(FindingRow).where(
            FindingRow.prescription_id == prescription_id,
            FindingRow.stage == Stage.HAND_OVER,
            FindingRow.action == Action.STOP,
            FindingRow.found_at >= since,
        )
    )
    return tuple(CounterStop(row.rule, row.sentence, row.facts_sha256) for row in rows)
