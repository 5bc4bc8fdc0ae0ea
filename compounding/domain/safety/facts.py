"""The facts that the rules look at: the order, the day, what the pharmacy knows of the patient, and what is planned or handed over."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from compounding.domain.policy import Policy
from compounding.domain.prescription import OpioidAnswer, Order
from compounding.domain.quantity import Concentration, Mass


@dataclass(frozen=True, slots=True)
class ActiveOrder:
    """Another naltrexone order of the patient that is not yet used up: `daily` is its present daily dose, `days` its days' supply.

    `starts_on` is the day of its first dose, planned or real. The order under screening is not one of them.
    """

    number: str
    starts_on: date
    daily: Mass
    days: int

    @property
    def ends_on(self) -> date:
        """The last day that its supply serves."""
        return self.starts_on + timedelta(self.days - 1)


@dataclass(frozen=True, slots=True)
class LastFill:
    """The container that the patient was handed last: the daily dose at its end, its strength, and its last day of use.

    `of_this_order`: it belongs to the order under screening, whose steps then already say how the dose goes on.
    """

    daily: Mass
    handed_on: date
    runs_out_on: date
    strength: Concentration | None = None
    capsule_strength: Mass | None = None
    of_this_order: bool = False


@dataclass(frozen=True, slots=True)
class StoppedOrder:
    """An earlier order of the same patient that met a stop; `doses` is the daily dose of each of its steps.

    `other_name` is the name that it bore, where that is another; the birth date and the telephone are then the same.
    """

    number: str
    rule: str
    received_on: date
    opioid: OpioidAnswer
    doses: tuple[Mass, ...]
    birth_date: date
    other_name: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What the pharmacy itself knows of the patient. `review_on` is the day of the recorded three-month review, if there was one."""

    active_orders: tuple[ActiveOrder, ...] = ()
    last_fill: LastFill | None = None
    stopped_orders: tuple[StoppedOrder, ...] = ()
    therapy_start: date | None = None
    review_on: date | None = None

    def therapy_day(self, day: date) -> int | None:
        """The day of the therapy on `day`, the day of its first dose being 1; None before it began here."""
        return None if self.therapy_start is None else (day - self.therapy_start).days + 1


class Case(Protocol):
    """What the rules of order and counter share; `opioid` is the answer that counts at that moment."""

    @property
    def order(self) -> Order:
        """The prescription."""
        ...

    @property
    def today(self) -> date:
        """The pharmacy's local date."""
        ...

    @property
    def history(self) -> History:
        """What the pharmacy knows."""
        ...

    @property
    def policy(self) -> Policy:
        """The numbers in force."""
        ...

    @property
    def opioid(self) -> OpioidAnswer:
        """The answer that counts now."""
        ...


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order on the facts of `today`: when it is received, and again at every later step."""

    order: Order
    today: date
    history: History
    policy: Policy

    @property
    def opioid(self) -> OpioidAnswer:
        """The answer that came with the order."""
        return self.order.opioid


@dataclass(frozen=True, slots=True)
class FillUse:
    """One planned container: its last day of use and the last day of its beyond-use date."""

    number: int
    last_used_on: date
    until: date


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan on the facts of `today`. One of `strength` and `capsule_strength` is that of the chosen formula.

    `fillers` are the products in the part of filler, `excipients` everything that the chosen lots contain, by name.
    """

    order: Order
    today: date
    policy: Policy
    strength: Concentration | None = None
    capsule_strength: Mass | None = None
    last_fill: LastFill | None = None
    fillers: tuple[str, ...] = ()
    excipients: tuple[str, ...] = ()
    fills: tuple[FillUse, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """A container at the counter: `opioid` as answered now, `first_day` and `last_day` the course days of its first and last dose."""

    order: Order
    today: date
    history: History
    policy: Policy
    opioid: OpioidAnswer
    first_day: int
    last_day: int
