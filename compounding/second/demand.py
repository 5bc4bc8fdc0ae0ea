"""A batch in advance, counted again container by container: days are walked one by one, and what may still be made is counted down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from compounding.second.dates import good_days, last_good_day
from compounding.second.reading import Document, Paper, differ, on_one_desk, shown

_SURE = ("confirmed", "nothing to confirm")
_DAY = timedelta(days=1)


@dataclass
class _Left:
    """What may still be made of one formula: in all, and in each batch; `closed` once somebody could not be served any more."""

    room: int
    batches: dict[str, int] = field(default_factory=dict)
    closed: bool = False


def check_demand(*, proposals: Sequence[Document], formulas: Sequence[Document], policy: Document, today: str) -> tuple[str, ...]:
    """Decide again about every container of `proposals`, and add up each batch; a sentence for each difference, none when all agree.

    Every argument is the plain JSON of the values of that name; `formulas` are the approved ones and `today` is ISO 8601.
    """
    fine = on_one_desk(proposals, formulas, policy)
    newest = {paper.text("code"): paper for paper in (Paper(item, fine) for item in formulas)}
    papers = [Paper(item, fine) for item in proposals]
    return tuple(_differences(papers, newest, Paper(policy, fine), date.fromisoformat(today)))


def _differences(proposals: Sequence[Paper], formulas: dict[str, Paper], policy: Paper, today: date) -> Iterator[str]:
    for code in sorted({proposal.text("formula") for proposal in proposals}):
        own = [proposal for proposal in proposals if proposal.text("formula") == code]
        yield from _decided(own, formulas.get(code), policy, today)
    for proposal in proposals:
        yield from _added_up(proposal)
        formula = formulas.get(proposal.text("formula"))
        if proposal.papers("sizes") and formula is not None:
            until = last_good_day(today, good_days(formula, proposal.text("storage")), made_is_day_one=policy.yes("made_is_day_one"))
            yield from differ("Good through", str(proposal.day("until")), str(until))


def _decided(proposals: Sequence[Paper], formula: Paper | None, policy: Paper, today: date) -> Iterator[str]:
    """Go through the containers of one formula in the order of their days, as somebody with a pencil would."""
    supply = proposals[0].paper("supply")
    left = _Left(supply.parts("handed_over") - supply.parts("in_stock"))
    waiting = [(decision.paper("wanted"), decision, at) for at, proposal in enumerate(proposals) for decision in proposal.papers("decisions")]
    waiting.sort(key=lambda item: (item[0].day("make_by"), item[0].day("closes_on"), item[0].parts("amount"), item[0].text("fill")))
    for wanted, decision, at in waiting:
        takes = formula is not None and _may(wanted, formula, policy, today) and _bears(wanted, left, str(at), formula, policy)
        if takes != decision.yes("taken"):
            yield f"Fill {wanted.text('fill')}: {'taken' if takes else 'left out'} by the second count."


def _may(wanted: Paper, formula: Paper, policy: Paper, today: date) -> bool:
    """Whether the container could come from a batch of today, were there no other."""
    if wanted.yes("begun") or wanted.text("barrier") or wanted.text("standing") not in _SURE or wanted.whole("version") != formula.whole("version"):
        return False
    if formula.has("liquid") and formula.paper("liquid").yes("made_in_container"):
        return False
    if (wanted.day("make_by") - today).days >= 7 * policy.whole("demand_weeks"):
        return False
    last = last_good_day(today, good_days(formula, wanted.text("storage")), made_is_day_one=policy.yes("made_is_day_one"))
    day = max(today, wanted.day("make_by"))
    for _ in range(policy.whole("lead_days")):
        day += _DAY
    taken_on = wanted.day("opens_on")
    while taken_on < wanted.day("closes_on"):  # one day's doses after the other, the first on the day that was reached
        taken_on += _DAY
        day += _DAY
    return max(day, taken_on) <= last


def _bears(wanted: Paper, left: _Left, batch: str, formula: Paper, policy: Paper) -> bool:
    """Count the container down from what may be made; who cannot be served closes the formula for everybody after."""
    amount = wanted.parts("amount")
    if left.closed or amount > left.room:
        left.closed = True
        return False
    most = policy.whole("largest_capsule_batch") * wanted.fine if formula.has("capsules") else policy.parts("largest_liquid_batch")
    free = left.batches.get(batch, most)
    if amount > free:
        return False
    left.room -= amount
    left.batches[batch] = free - amount
    return True


def _added_up(proposal: Paper) -> Iterator[str]:
    """The sizes and the amount of a batch are those of the containers that are in it."""
    taken = [decision.paper("wanted") for decision in proposal.papers("decisions") if decision.yes("taken")]
    held: dict[str, list[int]] = {}
    for wanted in taken:
        held.setdefault(wanted.text("container"), []).append(wanted.parts("amount"))
    sizes = {size.text("container"): (size.whole("containers"), size.parts("most")) for size in proposal.papers("sizes")}
    yield from differ("Sizes of the batch", sizes, {name: (len(parts), max(parts)) for name, parts in held.items()})
    amount = proposal.parts("amount")
    counted = sum(sum(parts) for parts in held.values())
    if amount != counted:
        yield f"The batch holds {shown(amount, proposal.fine)}, and its containers {shown(counted, proposal.fine)}."
