"""Whether a course that was refused had to be: the second pharmacist's own counting says so, or there is no container that would do."""

from collections.abc import Callable
from datetime import date

from compounding.second.amounts import TABLET
from compounding.second.course import Dose, Emptied, doses_of, empty_day_by_day, mark_of, strength_of
from compounding.second.dates import good_days, storage_differences
from compounding.second.reading import Document, Paper, on_one_desk
from tests.deep.grid import SOON

LEAST = 2  # mg: the least that the finer balance weighs, twenty times its digit of 0.1 mg
TABLET_WEIGHT = 247  # mg, of the lightest lot, rounded down


def is_right(code: str, order: Document, choices: Document, policy: Document, *, short: bool) -> bool:
    """Whether the second pharmacist cannot do it either; `short` where the lots cut the first container. An unknown code is never right."""
    fine = on_one_desk(order, choices, policy)
    written, chosen, bounds = Paper(order, fine), Paper(choices, fine), Paper(policy, fine)
    doses = doses_of(written, chosen)
    formula = chosen.paper("formula")
    reasons: dict[str, Callable[[], bool]] = {
        "below-first-mark": lambda: any(dose.marks == 0 for dose in doses),
        "rounding": lambda: any(_too_far(dose, chosen, bounds) for dose in doses),
        "capsule-dose": lambda: any(dose.wanted % strength_of(formula) for dose in doses),
        "storage": lambda: any(storage_differences(formula, chosen.text("storage"))),
        "container": lambda: _no_container(doses, chosen, bounds),
        "not-weighable": lambda: _not_weighable(doses, chosen, bounds, short=short),
    }
    return code in reasons and reasons[code]()


def _too_far(dose: Dose, choices: Paper, policy: Paper) -> bool:
    mark, fine = mark_of(choices), choices.fine
    off = abs(dose.marks * mark.parts * strength_of(choices.paper("formula")) - dose.wanted * mark.share * fine)
    return off > policy.parts("rounding_refuse") * dose.wanted * mark.share


def _soon(choices: Paper) -> int:
    return (SOON - date.fromisoformat(choices.text("starts_on"))).days + 1


def _room(choices: Paper) -> int:
    box = choices.paper("container")
    if box.has("capsules"):
        return box.whole("capsules") * choices.fine
    return box.parts("volume") - box.parts("unusable") - choices.parts("overfill")


def _emptied(doses: list[Dose], choices: Paper, policy: Paper, *, first_closes: int | None = None) -> list[Emptied]:
    good_for = good_days(choices.paper("formula"), choices.text("storage")) - choices.whole("lead_days") + (not policy.yes("made_is_day_one"))
    return empty_day_by_day(doses, room=_room(choices), mark=mark_of(choices), good_for=good_for, first_closes=first_closes)


def _no_container(doses: list[Dose], choices: Paper, policy: Paper) -> bool:
    """A day that no container gives, or, where a liquid is made up in its bottle, a volume of whole tablets above the bottle's."""
    containers = _emptied(doses, choices, policy)
    if not containers or containers[-1].closes < sum(dose.days for dose in doses):
        return True
    liquid = choices.paper("formula").paper("liquid")
    volume = choices.paper("container").parts("volume")
    return liquid.yes("made_in_container") and any(_made(container, choices) > volume for container in containers)


def _made(container: Emptied, choices: Paper) -> int:
    """The volume made for one container, in fine units: marks of the graduate, with whole tablets one by one."""
    liquid, mark, fine = choices.paper("formula").paper("liquid"), mark_of(choices), choices.fine
    strength, line = liquid.parts("strength"), liquid.parts("made_up_to_mark")
    extra = choices.parts("overfill") + choices.paper("container").parts("unusable")
    made = 0
    while made * mark.share < container.marks * mark.parts + extra * mark.share or (
        choices.text("method") == "whole tablets" and made * strength % (TABLET * fine * fine)
    ):
        made += line
    return made


def _not_weighable(doses: list[Dose], choices: Paper, policy: Paper, *, short: bool) -> bool:
    ends = (None, _soon(choices)) if short else (None,)
    return any(_too_little(_made(_emptied(doses, choices, policy, first_closes=end)[0], choices), choices) for end in ends)


def _too_little(made: int, choices: Paper) -> bool:
    """Whether a solid of the formula, or the powder of a batch that is weighed, is less than the finer balance weighs."""
    fine, formula = choices.fine, choices.paper("formula")
    powder = made * formula.paper("liquid").parts("strength") * TABLET_WEIGHT < LEAST * TABLET * fine * fine
    solids = [item.parts("mass_in_100_ml") for item in formula.paper("liquid").papers("ingredients") if item.has("mass_in_100_ml")]
    return (choices.text("method") == "weighed powder" and powder) or any(mass * made < LEAST * 100 * fine * fine for mass in solids)
