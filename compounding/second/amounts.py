"""How much is made, and of how many tablets: found by counting up, one tablet and one mark at a time."""

from collections.abc import Iterator

from compounding.second.course import strength_of
from compounding.second.reading import Paper, differ, shown
from compounding.second.source import DRAWN, method_of, stock_of

TABLET = 50  # mg of naltrexone hydrochloride in every tablet (founding article; FDA label)


def mass_differences(amounts: Paper, formula: Paper) -> Iterator[str]:
    """Nothing comes from nowhere: what goes in is what is made times its strength, and tablets, or what is drawn, are either taken or left."""
    fine, strength = amounts.fine, strength_of(formula)
    active, tablets = amounts.parts("active"), amounts.whole("tablets")
    if amounts.parts("made") * strength != active * fine:
        yield f"The amount made times the strength is not the {shown(active, fine)} mg that go in."
    stock = stock_of(formula) is not None
    source = active * fine if stock else TABLET * tablets * fine * fine
    if amounts.parts("used") * strength + amounts.parts("left") * fine != source:
        yield f"{'What is drawn is' if stock else f'{tablets} tablets of {TABLET} mg are'} not what is taken and what is left together."
    if amounts.parts("left") < 0:
        yield "More is taken than the source holds."
    enough = 0
    while not stock and TABLET * enough * fine < active:
        enough += 1
    yield from differ("Tablets", tablets, enough)


def amount_differences(amounts: Paper, formula: Paper, container: Paper, *, overfill: int, overage: int) -> Iterator[str]:
    """Compare the amounts of one batch; `overfill` in fine units of a mL, `overage` in capsules."""
    yield from mass_differences(amounts, formula)
    method = amounts.text("method")
    yield from differ("Method", method, method_of(formula, "whole tablets" if method == DRAWN else method))
    if formula.has("capsules"):
        yield from _capsules(amounts, container, overage)
    else:
        yield from _liquid(amounts, formula.paper("liquid"), container, needed=amounts.parts("used") + overfill + container.parts("unusable"))


def _capsules(amounts: Paper, container: Paper, overage: int) -> Iterator[str]:
    fine, used = amounts.fine, amounts.parts("used")
    if used % fine or amounts.parts("dispensed") != used:
        yield "The capsules dispensed are not the whole number that is taken."
    yield from differ("Capsules made", shown(amounts.parts("made"), fine), shown(used + overage * fine, fine))
    if container.has("capsules") and used > container.whole("capsules") * fine:
        yield f"{shown(used, fine)} capsules do not fit the container."


def _liquid(amounts: Paper, liquid: Paper, container: Paper, *, needed: int) -> Iterator[str]:
    fine = amounts.fine
    made = _whole_tablets(liquid, needed, amounts) if amounts.text("method") == "whole tablets" else _to_a_mark(liquid, needed)
    yield from differ("Volume made (mL)", shown(amounts.parts("made"), fine), shown(made, fine))
    dispensed = made if liquid.yes("made_in_container") else needed
    yield from differ("Volume dispensed (mL)", shown(amounts.parts("dispensed"), fine), shown(dispensed, fine))
    if amounts.parts("dispensed") > amounts.parts("made"):
        yield "More is dispensed than is made."
    if container.has("volume") and amounts.parts("dispensed") > container.parts("volume"):
        yield f"{shown(amounts.parts('dispensed'), fine)} mL do not fit the container."


def _whole_tablets(liquid: Paper, needed: int, amounts: Paper) -> int:
    """Crush one more tablet until their volume is enough and stands on a mark; then that volume, in fine units."""
    fine, strength, mark = liquid.fine, liquid.parts("strength"), liquid.parts("made_up_to_mark")
    tablets = 1
    while TABLET * tablets * fine * fine < needed * strength or TABLET * tablets * fine * fine % (strength * mark):
        tablets += 1
        if tablets > 10 * amounts.whole("tablets") + 1000:
            raise ValueError("No number of whole tablets comes to a mark of the graduate.")
    return TABLET * tablets * fine * fine // strength


def _to_a_mark(liquid: Paper, needed: int) -> int:
    mark = liquid.parts("made_up_to_mark")
    made = 0
    while made < needed:
        made += mark
    return made
