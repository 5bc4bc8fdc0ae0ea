"""A batch that is made for stock: what is asked for, what is made of it, and that the containers hold it."""

from collections.abc import Iterator

from compounding.second.amounts import amount_differences
from compounding.second.reading import Document, Paper, differ, on_one_desk, shown

_VESSEL: Document = {"volume": None, "capsules": None, "unusable": "0"}  # each container that is filled from it is bounded below


def check_stock(*, stock: Document, amounts: Document, formula: Document, policy: Document) -> tuple[str, ...]:
    """Recompute what a batch for stock makes; a sentence for each difference, none when all agree.

    Every argument is the plain JSON of the value of that name.
    """
    fine = on_one_desk(stock, amounts, formula, policy)
    return tuple(_differences(Paper(stock, fine), Paper(amounts, fine), Paper(formula, fine), Paper(policy, fine)))


def _differences(stock: Paper, amounts: Paper, formula: Paper, policy: Paper) -> Iterator[str]:
    fine, count, total = stock.fine, stock.whole("count"), stock.parts("total")
    capsules = formula.has("capsules")
    yield from differ("Formula", (stock.text("formula"), stock.whole("formula_version")), (formula.text("code"), formula.whole("version")))
    if formula.has("liquid") and formula.paper("liquid").yes("made_in_container"):
        yield "It is made in the bottle that is handed over, and never for stock."
    yield from differ("Taken of the batch", shown(amounts.parts("used"), fine), shown(total, fine))
    if not capsules and stock.whole("overage"):
        yield "Only capsules are made for loss."
    yield from amount_differences(amounts, formula, Paper(_VESSEL, fine), overfill=0, overage=stock.whole("overage"))
    room = _room(stock.paper("container"), capsules=capsules)
    if total > room * count:
        yield f"{count} containers do not hold {shown(total, fine)}."
    if capsules and total % (count * fine):
        yield "The capsules cannot be dealt out evenly."
    if stock.yes("bulk") and (capsules or total <= room * (count - 1)):
        yield "A stock solution is a liquid, in no more containers than it needs."
    most = policy.whole("largest_capsule_batch") * fine if capsules else policy.parts("largest_liquid_batch")
    if amounts.parts("made") > most:
        yield f"{shown(amounts.parts('made'), fine)} is more than one batch may be."


def _room(box: Paper, *, capsules: bool) -> int:
    """What can be got out of a container, in fine units; nothing where it is for the other form."""
    if capsules:
        return box.whole("capsules") * box.fine if box.has("capsules") else 0
    return box.parts("volume") - box.parts("unusable") if box.has("volume") else 0
