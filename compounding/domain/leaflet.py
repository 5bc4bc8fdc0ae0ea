"""The patient's leaflet as finished text: the dated calendar of one container, each dose as the syringe shows it, and what a patient must know.

Every number is that of the label and the plan: what the label of this container does not say in the same words is not printed here.
How it is laid out is no business of the domain.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from compounding.domain.errors import Conflict
from compounding.domain.formula import Formula
from compounding.domain.language import Language
from compounding.domain.leaflet_advice import Section, Told, advice, ahead
from compounding.domain.plan import FillPlan, MeasuredStep, Plan
from compounding.domain.policy import Policy
from compounding.domain.prescription import Order
from compounding.domain.quantity import Mass, Volume, decimal_text
from compounding.domain.sig import Direction, day_text, sig
from compounding.domain.weighing import Syringe, half_up

_LEAST_MG = Fraction(1, 10)  # domain facts 3.1: mcg for less


@dataclass(frozen=True, slots=True)
class Container:
    """A later container of the course: its first day, and what is planned for it."""

    opens_on: date
    fill: FillPlan


@dataclass(frozen=True, slots=True)
class OnLabel:
    """What the label of the container says, word for word."""

    drug_and_strength: str
    salt_line: str
    directions: tuple[str, ...]
    beyond_use: str
    cautions: tuple[str, ...]  # storage first, then the warnings but the one on opioids


@dataclass(frozen=True, slots=True)
class Filling:
    """One filling of the syringe: what stands at its mark, and the picture in words."""

    volume: Volume
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class CalendarStep:
    """One step of the calendar: its days, the direction, the English one beside it where that is another, what a dose holds, and how it is measured."""

    days: str
    direction: str
    beside: str
    holds: str
    before: str  # said above several fillings
    fillings: tuple[Filling, ...]
    drops: int
    capsules: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: its caption, heads, and rows."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """Everything that a leaflet says, in the order in which it is read."""

    language: str
    kind: str
    page: str
    title: str
    whose: str
    medicine: str
    opioids: str  # before all else
    calendar: str
    steps: tuple[CalendarStep, ...]
    syringe: Syringe | None
    scale: str
    drop_how: str
    drops: Rows | None
    use_by: str
    heed: tuple[str, ...]  # what goes with the calendar
    later: Rows | None
    later_note: str
    sections: tuple[Section, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class Printing:
    """What a leaflet is made from: one container of a course with the label that it bears, as of `opens_on`."""

    order: Order
    plan: Plan
    fill: FillPlan
    formula: Formula
    opens_on: date
    label: OnLabel
    later: tuple[Container, ...]
    syringe: Syringe | None
    told: Told


def leaflet(printing: Printing, language: Language, policy: Policy) -> Leaflet:
    """The leaflet in `language`.

    Raises:
        Conflict: the label does not say the same, the syringe is not the one of the plan, or a direction has no sentence in that language.
    """
    told, words, days = printing.told, language.words, language.dates
    found = _directions(printing)
    steps = tuple(_step(direction, printing, language) for direction in found)
    syringe = printing.syringe if any(step.fillings for step in steps) else None
    return Leaflet(
        language=language.code,
        kind=words.kind,
        page=words.page,
        title=words.title,
        whose=words.whose.format(name=printing.order.patient.name, born=days.day(printing.order.patient.birth_date), rx=told.rx),
        medicine=words.on_the_label.format(drug=printing.label.drug_and_strength, salt=printing.label.salt_line),
        opioids=words.opioids_never,
        calendar=words.calendar,
        steps=steps,
        syringe=syringe,
        scale=words.to_scale.format(capacity=decimal_text(syringe.capacity.ml), graduation=decimal_text(syringe.graduation.ml)) if syringe else "",
        drop_how=words.drop_how,
        drops=_drops(found, printing, language),
        use_by=words.use_by.format(day=days.day(told.beyond_use)),
        heed=ahead(printing.plan, language),
        later=_later(printing, language),
        later_note=words.later_note,
        sections=advice(printing.order, printing.plan, printing.formula, told, cautions=printing.label.cautions, language=language, policy=policy),
        footer=f"{told.profile.name}, {told.profile.phone}. Rx {told.rx}",
    )


def _directions(printing: Printing) -> tuple[Direction, ...]:
    """The sig of the container, which its label must say word for word, as the last day of use."""
    found = sig(printing.plan, printing.fill, printing.formula, route=printing.order.route, opens_on=printing.opens_on)
    on_label = printing.label.directions
    if any(direction.text not in on_label for direction in found) or day_text(printing.told.beyond_use) not in printing.label.beyond_use:
        raise Conflict("leaflet-label", "The label of this container says something else than its plan does now. Print the label anew first.")
    return found


def _step(direction: Direction, printing: Printing, language: Language) -> CalendarStep:
    step, words = printing.plan.steps[direction.step - 1], language.words
    act = direction.act(language)
    if act is None:
        raise Conflict("no-translation", f"There is no reviewed sentence in {language.name} for “{direction.standard}”. Print the leaflet in English.")
    volumes = fillings(step, printing.syringe) if _by_syringe(step, printing.formula) else ()
    return CalendarStep(
        days=language.dates.days(direction.first, direction.last),
        direction=act,
        beside="" if act == direction.standard.replace("{}", direction.number) else words.english_beside.format(direction=direction.text),
        holds=words.holds.format(amount=_mass(step.taken, language)),
        before=words.fillings.format(count=len(volumes)) if len(volumes) > 1 else "",
        fillings=tuple(_filling(volume, number, len(volumes), language) for number, volume in enumerate(volumes, start=1)),
        drops=0 if volumes or step.reading is None else step.reading.drops or 0,
        capsules=step.capsules or 0,
    )


def fillings(step: MeasuredStep, syringe: Syringe | None) -> tuple[Volume, ...]:
    """How the syringe is filled for one dose: full as often as need be, then to the mark of the rest.

    Raises:
        Conflict: there is no such syringe, or the dose does not lie on its marks.
    """
    measured = step.reading.measured if step.reading else Volume.of_ml(0)
    if syringe is None or (measured / syringe.graduation).denominator != 1:
        raise Conflict("leaflet-syringe", "The syringe of this plan is not the one that its doses were measured for. Plan the course again.")
    full, rest = divmod(measured.ml, syringe.capacity.ml)
    return (*(syringe.capacity for _ in range(full)), *((Volume(rest),) if rest else ()))


def _filling(volume: Volume, number: int, count: int, language: Language) -> Filling:
    ml, words = decimal_text(volume.ml), language.words
    return Filling(volume, f"{ml} mL" if count == 1 else words.filling.format(number=number, count=count, ml=ml), words.fill_to.format(ml=ml))


def _by_syringe(step: MeasuredStep, formula: Formula) -> bool:
    return step.reading is not None and not (step.reading.drops is not None and formula.liquid is not None and formula.liquid.drops_on_label)


def _mass(mass: Mass, language: Language) -> str:
    """What a dose holds, in micrograms below a tenth of a milligram: no amount reads as none."""
    number, unit = (mass.mg, "mg") if mass.mg >= _LEAST_MG else (mass.mg * 1000, "mcg")
    return _shown(number, unit, language)


def _shown(value: Fraction, unit: str, language: Language) -> str:
    """An amount for a patient, to a thousandth, and as "about" where it is longer: drops seldom hold a short number."""
    rounded = Fraction(half_up(value * 1000), 1000)
    text = f"{decimal_text(rounded)} {unit}"
    return text if rounded == value else language.words.about.format(amount=text)


def _drops(found: tuple[Direction, ...], printing: Printing, language: Language) -> Rows | None:
    words, rows = language.words, []
    for direction in found:
        step = printing.plan.steps[direction.step - 1]
        if step.reading is None or _by_syringe(step, printing.formula):
            return None
        days = language.dates.days(direction.first, direction.last)
        rows.append((days, str(step.reading.drops), _shown(step.reading.measured.ml, "mL", language), _mass(step.taken, language)))
    return Rows("", (words.drop_dates, words.drop_count, words.drop_volume, words.drop_mass), tuple(rows))


def _later(printing: Printing, language: Language) -> Rows | None:
    """What the containers after this one will say; a direction that has no sentence in the language stands in English."""
    words, rows = language.words, []
    for container in printing.later:
        for direction in sig(printing.plan, container.fill, printing.formula, route=printing.order.route, opens_on=container.opens_on):
            act = direction.act(language) or direction.standard.replace("{}", direction.number)
            name = words.later_number.format(number=container.fill.number, count=len(printing.plan.fills))
            rows.append((name, language.dates.days(direction.first, direction.last), act))
    return Rows(words.later, (words.later_container, words.later_dates, words.later_directions), tuple(rows)) if rows else None
