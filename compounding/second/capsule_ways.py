"""The ways to take a course in capsules, counted again step by step, with no division: what is swallowed, made, crushed and left."""

from collections.abc import Iterator

from compounding.second.reading import Document, Paper, on_one_desk


def check_way(*, way: Document, regimen: Document) -> tuple[str, ...]:
    """Recompute one way; a sentence for each difference, none when all agree. Arguments are the plain JSON of the values."""
    fine = on_one_desk(way, regimen)
    paper = Paper(way, fine)
    return () if paper.text("refused") else tuple(_differences(paper, Paper(regimen, fine)))


def _differences(way: Paper, regimen: Paper) -> Iterator[str]:
    doses, steps = way.papers("doses"), regimen.papers("steps")
    if [dose.content["step"] for dose in doses] != [step.content for step in steps]:
        yield "The way is not for this course."
        return
    swallowed: dict[int, int] = {}
    for dose, step in zip(doses, steps, strict=True):
        count, strength = dose.whole("count"), dose.parts("strength")
        if count < 1 or count * strength != step.parts("dose"):
            yield f"{count} capsules are not the dose of a step."
        swallowed[strength] = swallowed.get(strength, 0) + count * len(step.texts("moments")) * step.whole("days")
    supplied = {supply.parts("strength"): supply.whole("taken") for supply in way.papers("supplies")}
    if supplied != swallowed:
        yield "The capsules that are taken are others."
    for supply in way.papers("supplies"):
        yield from _supply_differences(supply)


def _supply_differences(supply: Paper) -> Iterator[str]:
    strength, fine, fills = supply.parts("strength"), supply.fine, supply.papers("fills")
    if supply.has("formula") and sum(fill.parts("used") for fill in fills) != supply.whole("taken") * fine:
        yield "The bottles do not hold what is taken."
    for fill in fills:
        made, tablets = fill.parts("made"), fill.whole("tablets")
        if fill.parts("active") * fine != made * strength or made < fill.parts("used"):
            yield "A bottle is not made of its capsules."
        if not 50 * fine * (tablets - 1) < fill.parts("active") <= 50 * fine * tablets:
            yield "The tablets are not the fewest that hold what is made."
        if (50 * fine * tablets - fill.parts("left")) * fine != fill.parts("used") * strength:
            yield "What is left of the tablets is another amount."
