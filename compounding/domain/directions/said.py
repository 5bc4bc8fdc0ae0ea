"""What was read, in plain words for a person: "Step 1: one point five milligrams (1.5 mg) by mouth at bedtime for 14 days"."""

from compounding.domain.directions.reading import Reading, ReadStep
from compounding.domain.prescription import Route, Unit
from compounding.domain.quantity import decimal_text
from compounding.domain.spoken import in_words

_WAYS = {Route.ORAL: " by mouth", Route.SUBLINGUAL: " under the tongue"}
_TIMES = {1: "once a day", 2: "twice a day", 3: "three times a day", 4: "four times a day"}


def in_plain_words(reading: Reading) -> tuple[str, ...]:
    """One sentence for each step."""
    way = _WAYS[reading.route] if reading.route else ""
    return tuple(f"Step {number}: {dose_said(step)}{way} {when_said(step)}{_length_said(step)}" for number, step in enumerate(reading.steps, 1))


def dose_said(step: ReadStep) -> str:
    """The dose in words and in digits."""
    number, unit = (step.dose.mg, "milligram") if step.unit is Unit.MG else (step.dose.mg * 1000, "microgram")
    return f"{in_words(number)} {unit}{'' if number == 1 else 's'} ({decimal_text(number)} {step.unit})"


def when_said(step: ReadStep) -> str:
    """When in the day, or how often if no more is told."""
    return " and ".join(step.moments) if step.moments else _TIMES[step.times]


def _length_said(step: ReadStep) -> str:
    if step.days is None:
        return ", with no end told"
    days = f" for {step.days} day{'' if step.days == 1 else 's'}"
    return f"{days}, {step.dates}" if step.dates else days
