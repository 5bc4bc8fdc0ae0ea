"""The container of a course, chosen again by living through the course in every one that the pharmacy has."""

from collections.abc import Iterator, Sequence

from compounding.second.course import doses_of, empty_day_by_day, mark_of
from compounding.second.dates import good_days
from compounding.second.reading import Document, Paper, on_one_desk


def check_container(*, contained: Document, regimen: Document, choices: Document, containers: Sequence[Document], policy: Document) -> tuple[str, ...]:
    """Whether another container would take fewer, or a smaller one as few; a sentence for each, none when the choice stands.

    Every argument is the plain JSON of the value of that name; `choices` are those for the course in the container that was chosen.
    """
    fine = on_one_desk(contained, regimen, choices, containers, policy)
    boxes = [Paper(item, fine) for item in containers]
    return tuple(_differences(Paper(contained, fine).paper("container"), Paper(regimen, fine), Paper(choices, fine), boxes, Paper(policy, fine)))


def _differences(chosen: Paper, regimen: Paper, choices: Paper, boxes: Sequence[Paper], policy: Paper) -> Iterator[str]:
    formula = choices.paper("formula")
    usual, drops = formula.text("usual_container"), choices.has("device") and "counts" in choices.paper("device").content
    if drops or (formula.has("liquid") and formula.paper("liquid").yes("made_in_container")):
        if chosen.text("product") != usual:
            yield f"It can only be {usual}, and {chosen.text('product')} was chosen."
        return
    by_one = _taken(chosen, regimen, choices, policy)
    for box in boxes:
        if box.has("volume") if formula.has("capsules") else box.has("capsules"):
            continue
        taken = _taken(box, regimen, choices, policy)
        if taken and (not by_one or taken < by_one):
            yield f"{box.text('product')} takes the course in {taken}, and {chosen.text('product')} in {by_one or 'none'}."
        elif taken and taken == by_one and _smaller(box, chosen):
            yield f"{box.text('product')} is smaller than {chosen.text('product')} and takes as many."


def _taken(box: Paper, regimen: Paper, choices: Paper, policy: Paper) -> int:
    """How many are emptied to the end of the course; 0 where one cannot give a single day."""
    doses, room = doses_of(regimen, choices), _room(box)
    good_for = good_days(choices.paper("formula"), choices.text("storage")) - choices.whole("lead_days") + (0 if policy.yes("made_is_day_one") else 1)
    if room is not None and box.has("volume"):
        room -= choices.parts("overfill")
    emptied = empty_day_by_day(doses, room=room, mark=mark_of(choices), good_for=good_for, first_closes=None)
    return len(emptied) if emptied and emptied[-1].closes == sum(dose.days for dose in doses) else 0


def _room(box: Paper) -> int | None:
    """What it gives out, in fine units; None without bound."""
    if box.has("volume"):
        return box.parts("volume") - box.parts("unusable")
    return box.whole("capsules") * box.fine if box.has("capsules") else None


def _smaller(one: Paper, other: Paper) -> bool:
    least, most = _room(one), _room(other)
    return least is not None and (most is None or least < most)
