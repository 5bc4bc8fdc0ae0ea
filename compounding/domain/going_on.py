"""Whether a patient goes on to the next step: what was asked and answered, and what it means for each container that is still to come.

About 30 % tolerate 4.5 mg (practice; one clinic's figure), so that nobody is taken to go on because a plan says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from compounding.domain.errors import Conflict
from compounding.domain.wording import said


class Going(StrEnum):
    """What the patient said when asked about going on to a step."""

    ON = "on"
    STAYS = "stays"
    BACK = "back"


class Way(StrEnum):
    """How the patient was asked."""

    PHONE = "phone"
    COUNTER = "counter"


WORDS: Mapping[Going | Way, str] = {
    Going.ON: "goes on to this step",
    Going.STAYS: "stays on the dose before it",
    Going.BACK: "steps back to a lower dose",
    Way.PHONE: "by phone",
    Way.COUNTER: "at the counter",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a patient said on `told_on` about going on to `step` of the course."""

    step: int
    going: Going
    way: Way
    told_on: date


class Standing(StrEnum):
    """How a container that was not handed over stands to what its patient said."""

    NOTHING_TO_CONFIRM = "nothing to confirm"
    CONFIRMED = "confirmed"
    UNASKED = "not asked yet"
    DECLINED = "not wanted as planned"


def standing(steps: Sequence[int], answers: Mapping[int, Going], *, first: bool) -> Standing:
    """How a container stands that serves `steps` of its course, by the newest answer to each step; `first` is the one that opens the course.

    Whoever goes on to a step goes on to all before it. Whoever stays takes neither that step nor a later one; whoever steps back,
    not the step before it either. The first container holds what was ordered to begin with, and needs no answer.
    """
    last = max(steps)
    if refusing(last, answers) is not None:
        return Standing.DECLINED
    through = max((step for step, going in answers.items() if going is Going.ON), default=1)
    if first or last == 1:
        return Standing.NOTHING_TO_CONFIRM
    return Standing.CONFIRMED if last <= through else Standing.UNASKED


def refusing(step: int, answers: Mapping[int, Going]) -> int | None:
    """The step whose answer says that `step` is not taken; None if there is none."""
    declined = [asked for asked, going in answers.items() if (going is Going.STAYS and step >= asked) or (going is Going.BACK and step >= asked - 1)]
    return min(declined, default=None)


def what_to_do(going: Going) -> str:
    """What an answer asks of the pharmacy; empty where the plan holds."""
    if going is Going.STAYS:
        return "Ask the prescriber for an order of the dose that the patient stays on, then plan again or cancel: what is planned holds the next step."
    if going is Going.BACK:
        return "Ask the prescriber for an order of the lower dose, then plan again or cancel: what is planned holds more than the patient takes."
    return ""


def refuse_declined(steps: Sequence[int], answers: Mapping[int, Said]) -> None:
    """Refuse to make or hand over a container that holds a step which its patient does not take: `Conflict`, with what to do."""
    found = refusing(max(steps), {step: item.going for step, item in answers.items()})
    if found is not None:
        item = answers[found]
        message = f"Asked about step {found}, the patient {WORDS[item.going]} (told {WORDS[item.way]} on {said(item.told_on)}). {what_to_do(item.going)}"
        raise Conflict("step-declined", message)
