"""Rules R15, R16, R20, R27, R29 and R30: surgery, the review, the route, and how the order stands to its date and to other orders."""

from collections.abc import Iterator
from datetime import timedelta

from compounding.domain.prescription import Answer, OpioidAnswer, Route
from compounding.domain.quantity import Mass
from compounding.domain.safety.doses import last_known_day, off_therapy
from compounding.domain.safety.facts import Case, HandOverFacts, OrderFacts, StoppedOrder
from compounding.domain.safety.finding import Action, Concern, Fact
from compounding.domain.safety.wording import listed, months_later
from compounding.domain.wording import said

_MOUTH = frozenset({Route.ORAL, Route.SUBLINGUAL})


def surgery(case: Case) -> Iterator[Concern]:
    """R15: surgery or dental work within 30 days, or on a day not yet known."""
    answer = case.opioid
    if answer.surgery is not Answer.YES:
        return
    day = answer.surgery_date
    if day is not None and abs(day - case.today) > timedelta(case.policy.surgery_window_days):
        return
    when = f"on {said(day)}" if day else "on a day not yet known"
    sentence = (
        f"Surgery or dental work is planned {when}. Agree with patient and surgeon to stop naltrexone {case.policy.surgery_stop_hours} hours before, "
        "and to start again only when free of opioids."
    )
    yield Concern(Action.WARN, sentence, (day,))


def review_due(facts: OrderFacts) -> Iterator[Concern]:
    """R16 on the order: from day 84 of the therapy until the three-month review is recorded."""
    day = facts.history.therapy_day(facts.today)
    if facts.history.review_on is None and day is not None and day >= facts.policy.review_due_day:
        yield _review_prompt()


def review_at_hand_over(facts: HandOverFacts) -> Iterator[Concern]:
    """R16 at the counter: a prompt from day 84; nothing is handed over past day 104 without a review."""
    if facts.history.review_on is not None:
        return
    day = max(facts.first_day, facts.history.therapy_day(facts.today) or 0)
    if day > facts.policy.review_block_day:
        sentence = (
            f"The three-month review is not recorded, and this container begins after day {facts.policy.review_block_day}. "
            "Ask patient and prescriber whether the therapy goes on, and record the review."
        )
        yield Concern(Action.BLOCK, sentence, ("no review",))
    elif day >= facts.policy.review_due_day:
        yield _review_prompt()


def sterile_route(facts: OrderFacts) -> Iterator[Concern]:
    """R20: every route that needs a sterile preparation."""
    route = facts.order.route
    if route not in _MOUTH:
        sentence = f"The route is {route}: that is sterile work (USP <797>) and is not made here. Refer the order to a sterile compounding pharmacy."
        yield Concern(Action.STOP, sentence, (route,))


def written_date(facts: OrderFacts) -> Iterator[Concern]:
    """R27: written in the future, or more than 12 months ago."""
    written, months = facts.order.written_on, facts.policy.written_months
    if written > facts.today:
        sentence = f"The order is dated {said(written)}, which is still to come. Ask the prescriber for the day of writing."
        yield Concern(Action.BLOCK, sentence, (written, "future"))
    elif months_later(written, months) < facts.today:
        sentence = f"The order was written on {said(written)}, more than {months} months ago. Ask the prescriber whether it still holds."
        yield Concern(Action.BLOCK, sentence, (written, "old"))


def early_or_lapsed(facts: OrderFacts) -> Iterator[Concern]:
    """R29 on the order: an overlap with another active order, or a patient who has been off naltrexone."""
    yield from _overlaps(facts)
    if not facts.order.therapy.naive:
        yield from _lapsed(facts)


def early_or_lapsed_at_hand_over(facts: HandOverFacts) -> Iterator[Concern]:
    """R29 at the counter: the same, and a container that is handed over long before the last one is used up."""
    yield from _overlaps(facts)
    last, early = facts.history.last_fill, facts.policy.early_refill_days
    if last is not None and last.runs_out_on - facts.today > timedelta(early):
        sentence = (
            f"The last container was handed over on {said(last.handed_on)} and lasts until {said(last.runs_out_on)}: this is more than "
            f"{early} days early. Ask why, and write it into the reason."
        )
        yield Concern(Action.WARN, sentence, (last.handed_on, last.runs_out_on))
    begun = facts.first_day > 1 and last is not None
    if begun or not facts.order.therapy.naive:
        yield from _lapsed(facts)


def sent_again(facts: OrderFacts) -> Iterator[Concern]:
    """R30: an order that comes again within 90 days of a stop with another opioid answer, dose, birth date or name."""
    days = timedelta(facts.policy.repeat_after_stop_days)
    recent = [stopped for stopped in facts.history.stopped_orders if facts.today - stopped.received_on <= days]
    for number in dict.fromkeys(stopped.number for stopped in recent):
        same = [stopped for stopped in recent if stopped.number == number]
        stopped, rules = same[0], list(dict.fromkeys(item.rule for item in same))
        changes = _changes(facts, stopped)
        if changes:
            told = listed([f"{name}: then {before}, now {after}" for name, before, after in changes])
            sentence = (
                f"Order {number} of {said(stopped.received_on)} was stopped ({listed(rules)}) and comes again with other facts "
                f"({told}). Ask prescriber and patient which are true."
            )
            yield Concern(Action.BLOCK, sentence, (number, *changes))


def _review_prompt() -> Concern:
    return Concern(Action.PROMPT, "The three-month review is due: ask how the therapy works, and record the review.", ("no review",))


def _overlaps(case: Case) -> Iterator[Concern]:
    policy = case.policy
    if case.order.therapy.naive:
        return
    for other in case.history.active_orders:
        left = (other.ends_on - case.today).days + 1
        if other.starts_on <= case.today and policy.early_refill_days < left <= policy.second_order_days:
            sentence = (
                f"Order {other.number} for {other.daily} a day still lasts until {said(other.ends_on)}: this one is more than "
                f"{policy.early_refill_days} days early. Ask why, and write it into the reason."
            )
            yield Concern(Action.WARN, sentence, (other.number, other.daily, other.ends_on))


def _lapsed(case: Case) -> Iterator[Concern]:
    last_fill = case.history.last_fill
    day = last_known_day(case.order, last_fill)
    if day is not None and off_therapy(case.order, last_fill, case.policy, today=case.today):
        sentence = (
            f"The last naltrexone was taken on or before {said(day)}, more than {case.policy.off_therapy_days} days ago. "
            "Treat the patient as new: ask the prescriber for a titration from the start."
        )
        yield Concern(Action.BLOCK, sentence, (day, *(step.daily for step in case.order.steps[:1])))


def _changes(facts: OrderFacts, stopped: StoppedOrder) -> tuple[tuple[str, str, str], ...]:
    doses, name = tuple(step.daily for step in facts.order.steps), facts.order.patient.name
    compared: tuple[tuple[str, Fact, Fact, str, str], ...] = (
        ("opioid answer", _essence(stopped.opioid), _essence(facts.opioid), _answer_text(stopped.opioid), _answer_text(facts.opioid)),
        ("dose a day", stopped.doses, doses, _doses_text(stopped.doses), _doses_text(doses)),
        ("name", stopped.other_name or name, name, stopped.other_name, name),
        ("birth date", stopped.birth_date, facts.order.patient.birth_date, said(stopped.birth_date), said(facts.order.patient.birth_date)),
    )
    return tuple((name, then, now) for name, before, after, then, now in compared if before != after)


def _essence(answer: OpioidAnswer) -> tuple[Fact, ...]:
    return answer.recent.value, answer.depot.value, " ".join(answer.recent_drug.casefold().split()), answer.recent_last_dose


def _answer_text(answer: OpioidAnswer) -> str:
    last = f", last dose {said(answer.recent_last_dose)}" if answer.recent_last_dose else ""
    drug = f" ({answer.recent_drug}{last})" if answer.recent_drug or last else ""
    depot = f", injection or implant {answer.depot}" if answer.depot is not Answer.NO else ""
    return f"{answer.recent}{drug}{depot}"


def _doses_text(doses: tuple[Mass, ...]) -> str:
    return ", ".join(str(dose) for dose in doses)
