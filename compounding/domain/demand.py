"""Demand: what the open titration plans will ask for in the coming weeks, and which batch may be made for it in advance.

Only a patient who confirmed the next step is counted: about 30 % tolerate 4.5 mg, and a bottle that nobody comes for is waste. Whoever
was not asked yet stands apart, with the share that is expected to come (policy), of which nothing is ever made.
A batch in advance is a limited one (503A): it never holds more than was handed over of that formula in the last days, less what is in stock.
Each of its containers must still last its days' supply when it is handed over, so that none is made that would have to be thrown away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from compounding.domain.beyond_use import last_day, shelf_days
from compounding.domain.formula import Formula, Storage
from compounding.domain.going_on import Standing
from compounding.domain.policy import Policy, sources
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.wording import said
from compounding.domain.working import Working

_WEEK = timedelta(days=7)
_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A container of an open plan that was not handed over yet; `amount` (mL, or capsules) goes into it.

    `dose` is the largest daily dose that it serves, `begun` says that it has a batch, and `barrier` why it may not come from a
    batch for others, empty if it may.
    """

    fill: UUID
    formula: str
    version: int
    storage: Storage
    container: str
    amount: Fraction
    dose: Mass
    make_by: date
    opens_on: date
    closes_on: date
    standing: Standing
    begun: bool = False
    barrier: str = ""

    @property
    def days(self) -> int:
        """Its days' supply."""
        return (self.closes_on - self.opens_on).days + 1


@dataclass(frozen=True, slots=True)
class Week:
    """What is to be handed over in the week that begins on Monday `starts_on`: containers and their amounts.

    `expected` is how many of the unconfirmed ones with a known share will come (policy); `unknown` are those for whose step none is known.
    """

    starts_on: date
    confirmed: int
    amount: Fraction
    unconfirmed: int
    unconfirmed_amount: Fraction
    expected: Fraction
    unknown: int


@dataclass(frozen=True, slots=True)
class Demand:
    """The coming weeks of one formula version."""

    formula: str
    version: int
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """What bounds a batch in advance of one formula: what was handed over of it in the last days, and what of it is in stock already."""

    handed_over: Fraction = _NOTHING
    in_stock: Fraction = _NOTHING

    @property
    def room(self) -> Fraction:
        """How much may be made in advance."""
        return max(self.handed_over - self.in_stock, _NOTHING)


@dataclass(frozen=True, slots=True)
class House:
    """The newest approved formulas by code, what bounds each, the policy, and today: the day on which a batch would be made."""

    formulas: Mapping[str, Formula]
    supplies: Mapping[str, Supply]
    policy: Policy
    today: date


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a container goes into the batch, and why or why not; it must last through `through`."""

    wanted: Wanted
    taken: bool
    reason: str
    through: date


@dataclass(frozen=True, slots=True)
class Size:
    """So many containers of one size, the fullest of which holds `most`."""

    container: str
    containers: int
    most: Fraction


@dataclass(frozen=True, slots=True)
class Proposal:
    """The batch to make on `made_on` from one formula version at one storage, good through `until`; without sizes there is nothing to make."""

    formula: str
    version: int
    storage: Storage
    made_on: date
    until: date
    supply: Supply
    sizes: tuple[Size, ...]
    amount: Fraction
    decisions: tuple[Decision, ...]
    workings: tuple[Working, ...]

    @property
    def containers(self) -> int:
        """All containers of the batch."""
        return sum(size.containers for size in self.sizes)


def weeks_of(wanted: Iterable[Wanted], *, today: date, policy: Policy) -> tuple[Demand, ...]:
    """What is still to be made for the weeks that the policy looks ahead, by formula version; what is overdue counts in this week.

    A container that has a batch is no demand, and neither is one of whom the patient said that it is not wanted.
    """
    first = today - timedelta(days=today.weekday())
    starts = [first + _WEEK * number for number in range(policy.demand_weeks)]
    counted = [item for item in wanted if not item.begun and item.standing is not Standing.DECLINED and item.make_by < starts[-1] + _WEEK]
    found = []
    for code, version in sorted({(item.formula, item.version) for item in counted}):
        own = [item for item in counted if (item.formula, item.version) == (code, version)]
        weeks = tuple(_week(start, [item for item in own if start <= max(item.make_by, today) < start + _WEEK], policy) for start in starts)
        found.append(Demand(code, version, weeks))
    return tuple(found)


def _week(start: date, items: Sequence[Wanted], policy: Policy) -> Week:
    sure = [item for item in items if item.standing is not Standing.UNASKED]
    unsure = [item for item in items if item.standing is Standing.UNASKED]
    high = sum(item.dose >= policy.dose_usual for item in unsure)
    return Week(
        start,
        len(sure),
        _sum(sure),
        len(unsure),
        _sum(unsure),
        expected=policy.share_reaching_usual * high,
        unknown=len(unsure) - high,
    )


def proposals(wanted: Iterable[Wanted], house: House) -> tuple[Proposal, ...]:
    """The batch to make today of each formula version and storage, with why each container is in it or not.

    Containers are taken in the order in which they are needed, and of one formula none after the first that its history does not bear:
    who needs it sooner is never left out for somebody later.
    """
    order = sorted(wanted, key=lambda item: (item.formula, item.make_by, item.closes_on, item.amount, item.fill))
    made: dict[tuple[str, int, Storage], list[Decision]] = {}
    borne: dict[str, Fraction] = {}
    closed: set[str] = set()
    for item in order:
        key = item.formula, item.version, item.storage
        decisions = made.setdefault(key, [])
        through = _through(item, house)
        reason = _unfit(item, through, house)
        if not reason and item.formula not in closed and borne.get(item.formula, _NOTHING) + item.amount > _supply(item, house).room:
            closed.add(item.formula)
        if not reason and item.formula in closed:
            reason = f"more than the last {house.policy.history_days} days support: {_history(_supply(item, house))}"
        batch = _sum(decision.wanted for decision in decisions if decision.taken)
        if not reason and batch + item.amount > _largest(house.formulas[item.formula], house.policy):
            reason = "it does not fit the largest batch any more (policy)"
        if not reason:
            borne[item.formula] = borne.get(item.formula, _NOTHING) + item.amount
        decisions.append(Decision(item, not reason, reason or _fit(item, through, house), through))
    return tuple(_proposal(key, decisions, house) for key, decisions in sorted(made.items()))


def _through(item: Wanted, house: House) -> date:
    """The day through which it must last: its last dose, or its days' supply after the lead days from the day on which it is handed over."""
    handed_over = max(item.make_by, house.today)
    return max(item.closes_on, handed_over + timedelta(days=house.policy.lead_days + item.days - 1))


def _unfit(item: Wanted, through: date, house: House) -> str:
    """Why the container cannot come from a batch made today, the first thing that speaks against it; empty if it can."""
    policy, formula = house.policy, house.formulas.get(item.formula)
    if formula is None or formula.version != item.version:
        return "it has a batch already" if item.begun else f"version {item.version} of its formula is no longer the approved one: plan the course again"
    until = _until(formula, item.storage, house)
    against = (
        (item.begun, "it has a batch already"),
        (item.standing is Standing.DECLINED, "the patient does not go on to this step: ask the prescriber, and plan the course again"),
        (item.standing is Standing.UNASKED, "the patient has not confirmed the step: ask first"),
        (item.make_by >= house.today + _WEEK * policy.demand_weeks, f"needed on {said(item.make_by)}, after the {policy.demand_weeks} weeks looked ahead"),
        (formula.liquid is not None and formula.liquid.made_in_container, "it is made in the container that is handed over, one at a time"),
        (bool(item.barrier), item.barrier),
        (through > until, f"made today it would be good through {said(until)}, and it must last through {said(through)}: make it nearer to its use"),
    )
    return next((reason for holds, reason in against if holds), "")


def _fit(item: Wanted, through: date, house: House) -> str:
    until = _until(house.formulas[item.formula], item.storage, house)
    known = "confirmed" if item.standing is Standing.CONFIRMED else "nothing to confirm"
    return f"{known}; used through {said(through)}, good through {said(until)}"


def _until(formula: Formula, storage: Storage, house: House) -> date:
    days, _ = shelf_days(formula, storage)
    return last_day(house.today, days, made_is_day_one=house.policy.made_is_day_one)


def _largest(formula: Formula, policy: Policy) -> Fraction:
    return Fraction(policy.largest_capsule_batch) if formula.capsules is not None else policy.largest_liquid_batch.ml


def _supply(item: Wanted, house: House) -> Supply:
    return house.supplies.get(item.formula, Supply())


def _history(supply: Supply) -> str:
    stocked = f", {decimal_text(supply.in_stock)} in stock" if supply.in_stock else ""
    return f"{decimal_text(supply.handed_over)} handed over{stocked}"


def _sum(items: Iterable[Wanted]) -> Fraction:
    return sum((item.amount for item in items), _NOTHING)


def _proposal(key: tuple[str, int, Storage], decisions: Sequence[Decision], house: House) -> Proposal:
    code, version, storage = key
    taken = [decision.wanted for decision in decisions if decision.taken]
    formula = house.formulas.get(code)
    supply = house.supplies.get(code, Supply())
    until = _until(formula, storage, house) if formula is not None and formula.version == version else house.today
    sizes = tuple(
        Size(product, len(own), max(item.amount for item in own))
        for product in sorted({item.container for item in taken})
        if (own := [item for item in taken if item.container == product])
    )
    amount = _sum(taken)
    workings = _workings(amount, len(taken), formula, supply, house.policy) if formula is not None and taken else ()
    return Proposal(code, version, storage, house.today, until, supply, sizes, amount, tuple(decisions), workings)


def _workings(amount: Fraction, count: int, formula: Formula, supply: Supply, policy: Policy) -> tuple[Working, ...]:
    unit = "capsules" if formula.capsules is not None else "mL"
    limited = sources()["history_days"]
    return (
        Working(
            "containers",
            "the containers that are confirmed, in the order of their days, while history and date bear them",
            (("in all", f"{decimal_text(amount)} {unit}"),),
            Fraction(count),
            "containers",
            limited,
        ),
        Working(
            "room",
            f"handed over in the last {policy.history_days} days, less what is in stock",
            (("handed over", f"{decimal_text(supply.handed_over)} {unit}"), ("in stock", f"{decimal_text(supply.in_stock)} {unit}")),
            supply.room,
            unit,
            limited,
        ),
    )
