"""A batch that several fills could share: what it gives each, what it takes, its day and its date, all counted again."""

from collections.abc import Iterator
from datetime import date

from compounding.second.amounts import amount_differences
from compounding.second.dates import good_days, last_good_day, storage_differences
from compounding.second.reading import Document, Paper, differ, on_one_desk, shown

_VESSEL: Document = {"volume": None, "capsules": None, "unusable": "0"}  # each bottle was bounded by its own plan


def check_pool(*, pool: Document, formula: Document, policy: Document, today: str) -> tuple[str, ...]:
    """Recompute one shared batch as it was proposed on `today` (ISO 8601); a sentence for each difference, none when all agree.

    Every argument is the plain JSON of the value of that name.
    """
    fine = on_one_desk(pool, formula, policy)
    papers = Paper(pool, fine), Paper(formula, fine), Paper(policy, fine)
    return (*_shared(*papers), *_dated(*papers, date.fromisoformat(today)))


def _shared(pool: Paper, formula: Paper, policy: Paper) -> Iterator[str]:
    """Nobody gets less than planned, and all of it together is what is made."""
    amounts, shares = pool.paper("amounts"), pool.papers("shares")
    yield from differ("Formula", pool.text("formula"), formula.text("code"))
    yield from differ("Version of the formula", pool.whole("formula_version"), formula.whole("version"))
    yield from differ("Bench minutes", pool.whole("minutes"), formula.whole("minutes"))
    if len({share.text("fill") for share in shares}) != len(shares) or len(shares) < 2:
        yield "A shared batch is for two fills or more, each once."
    if formula.has("liquid") and formula.paper("liquid").yes("made_in_container"):
        yield "It is made in the bottle that is handed over, and no two patients share that."
    used = given = spare = 0
    for share in shares:
        own = share.paper("amounts")
        yield from differ("Method of a share", own.text("method"), amounts.text("method"))
        box = share.paper("container")
        if box.has("volume") and own.parts("dispensed") > box.parts("volume"):
            yield f"{shown(own.parts('dispensed'), own.fine)} mL do not fit their container."
        if box.has("capsules") and own.parts("dispensed") > box.whole("capsules") * own.fine:
            yield f"{shown(own.parts('dispensed'), own.fine)} capsules do not fit their container."
        used += own.parts("used")
        given += own.parts("dispensed")
        spare += own.parts("made") - own.parts("dispensed")
    yield from differ("Taken of the shared batch", shown(amounts.parts("used"), pool.fine), shown(used, pool.fine))
    overage = spare // pool.fine if formula.has("capsules") else 0
    vessel = Paper(_VESSEL, pool.fine)
    yield from amount_differences(amounts, formula, vessel, overfill=given - used, overage=overage)
    if amounts.whole("tablets") > sum(share.paper("amounts").whole("tablets") for share in shares):
        yield "Together the fills take more tablets than apart."
    most = policy.whole("largest_capsule_batch") * pool.fine if formula.has("capsules") else policy.parts("largest_liquid_batch")
    if amounts.parts("made") > most:
        yield f"{shown(amounts.parts('made'), pool.fine)} is more than one batch may be."


def _dated(pool: Paper, formula: Paper, policy: Paper, today: date) -> Iterator[str]:
    """Made in time for each, and good through the last dose of each."""
    storage, made_on = pool.text("storage"), pool.day("made_on")
    yield from storage_differences(formula, storage)
    until = last_good_day(made_on, good_days(formula, storage), made_is_day_one=policy.yes("made_is_day_one"))
    yield from differ("Beyond-use date", str(pool.day("until")), str(until))
    if made_on < today:
        yield "It would be made in the past."
    for share in pool.papers("shares"):
        if made_on > max(share.day("make_by"), today) or made_on > share.day("opens_on"):
            yield f"It is made on {made_on}, too late for the fill that is opened on {share.day('opens_on')}."
        yield from differ("Date of a share", str(share.day("until")), str(min(share.day("until_alone"), until)))
        if share.day("closes_on") > share.day("until"):
            yield f"A fill is used through {share.day('closes_on')} and is good only through {share.day('until')}."
