"""Drops that were ordered as a number: what they hold by the dropper that is chosen, beside what the steps say."""

from collections.abc import Iterator, Sequence

from compounding.second.course import Dose, mark_of, strength_of
from compounding.second.reading import Paper


def drop_differences(plan: Paper, order: Paper, choices: Paper, doses: Sequence[Dose], *, refuse: int, warn: int) -> Iterator[str]:
    """`refuse` and `warn` are the policy's bounds, in fine units; an order in mL, and doses by syringe, count no drops."""
    drops = _ordered(order)
    if not drops or not choices.has("device") or "counts" not in choices.paper("device").content:
        return
    fine, mark = plan.fine, mark_of(choices)
    # so many drops, each a share of the volume counted, at so many mg in a mL: all three in fine units
    stepped = sum(dose.wanted * dose.times * dose.days for dose in doses) * mark.share * fine * fine
    off = abs(drops * mark.parts * strength_of(choices.paper("formula")) - stepped)
    if off * fine > refuse * stepped:
        yield "The drops that the order counts hold another dose than its steps, further off than the policy lets pass."
    if off * fine > warn * stepped and not any(notice.text("code") == "drops_ordered" and notice.yes("warning") for notice in plan.papers("notices")):
        yield "The drops that the order counts hold another dose than its steps, and the plan does not warn of it."


def _ordered(order: Paper) -> int:
    """The drops of the whole course in fine units, 0 where none are counted; an order has its supply, a regimen its drops."""
    if order.has("drops"):
        return order.parts("drops")
    if not order.has("supply") or not order.paper("supply").has("quantity") or order.paper("supply").content["quantity_unit"] != "drop":
        return 0
    return order.paper("supply").parts("quantity")
