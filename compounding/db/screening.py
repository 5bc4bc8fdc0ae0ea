"""What screening found and what a pharmacist decided about it, kept with the order; and the way to a `Cleared` prescription."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import FillRow, PlanRow
from compounding.db.document import decode
from compounding.db.history import history
from compounding.db.prescriptions import FindingRow, OverrideRow, PrescriptionRow
from compounding.db.signing import sign
from compounding.domain.batch import Meaning
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.people import PHARMACISTS, Actor
from compounding.domain.policy import Policy
from compounding.domain.prescription import Order
from compounding.domain.safety import Action, Cleared, CounterStop, Finding, OrderFacts, Override, Reply, Stage, clear, open_findings, screen_order

_FINAL = frozenset({Action.STOP, Action.HOLD})  # nobody can answer these


def order_in_work(session: Session, row: PrescriptionRow) -> Order:
    """The order as it is now worked on: as written, or, once its course was handed over, what a refill repeats."""
    order = decode(Order, row.document)
    return order.refill if refills_now(session, row.id) else order


def refills_now(session: Session, prescription_id: UUID) -> bool:
    """Whether what comes next, or is being made, is a refill: the first course was handed over whole."""
    first = session.scalars(
        select(PlanRow.id).where(PlanRow.prescription_id == prescription_id, PlanRow.status == "current").order_by(PlanRow.made_at).limit(1)
    ).first()
    if first is None:
        return False
    waiting = session.scalars(select(FillRow.id).where(FillRow.plan_id == first, FillRow.status.not_in(["handed_over", "cancelled"])).limit(1)).first()
    return waiting is None


def order_findings(session: Session, row: PrescriptionRow, *, today: date, policy: Policy) -> tuple[Finding, ...]:
    """The order rules, asked again on today's facts."""
    order = order_in_work(session, row)
    return screen_order(OrderFacts(order, today, history(session, order, today=today, but=row.id), policy))


def overrides(session: Session, prescription_id: UUID) -> tuple[Override, ...]:
    """Every override that was signed for the order."""
    rows = session.scalars(select(OverrideRow).where(OverrideRow.prescription_id == prescription_id))
    return tuple(Override(row.rule, row.facts_sha256, row.reason, row.contact) for row in rows)


def cleared_order(session: Session, row: PrescriptionRow, *, today: date, policy: Policy) -> Cleared:
    """The accepted order, cleared on today's facts; raises `Conflict` when it is not accepted and `Unsafe` when a rule is open."""
    if row.status != "accepted":
        raise Conflict("prescription-state", f"This prescription is {row.status}; only an accepted one can be planned and made.")
    findings = order_findings(session, row, today=today, policy=policy)
    return clear(order_in_work(session, row), findings, overrides(session, row.id))


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
