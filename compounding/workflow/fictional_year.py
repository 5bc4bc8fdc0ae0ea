"""A year of the demonstration pharmacy, day after day, by the acts that staff use and a clock that is moved: for its reports, and to measure the pages.

Orders come in, courses are planned, bottles and capsules made, labelled and handed over, refills asked for; some batches are rejected, some
bottles are never fetched, spilt, filled wrongly or brought back, lots expire, one is recalled, and each month is closed in the next. The dice
fall alike each time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from compounding.domain.authority import ActName, LookName
from compounding.domain.dispense import Counselling, HandOver
from compounding.domain.errors import PharmacyError, Unsafe
from compounding.domain.people import BENCH, PharmacyProfile
from compounding.domain.plan import FillPlan
from compounding.domain.preparation import Line, Take
from compounding.domain.prescription import Order
from compounding.domain.safety import Reply
from compounding.domain.setback import Cause, Setback, SetbackKind
from compounding.workflow import batches, dispenses, month_papers, months, plans, prescriptions, quarantine, seed, setbacks, worksheets
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.fictional import REPLY, Staff, compound, label_and_check, replies, signed_in
from compounding.workflow.fictional_house import House
from compounding.workflow.fictional_people import Course, Dice, once_more, somebody
from compounding.workflow.fictional_shelf import Shelf
from compounding.workflow.label_runs import Renders
from compounding.workflow.seed import Account

T = TypeVar("T")

DAYS = 365
NEWCOMERS = 43  # in four weeks: with refills and later orders about 3,000 hand-overs in a year
_OPENS, _CLOSES = time(8), time(20)
_CLOSING_DAY = 3  # of each month: the one before is closed


class _Agreed(Mapping[str, Reply]):
    """An answer to whatever a rule or a plan may ask."""

    def __getitem__(self, _key: str) -> Reply:
        return REPLY

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


_AGREED = _Agreed()


@dataclass(slots=True)
class MovedClock:
    """A clock that goes on by a minute whenever it is read, a second after closing time, and is set to the next morning by whoever holds it."""

    moment: datetime

    def __call__(self) -> datetime:
        """The moment, after moving on."""
        self.moment += timedelta(minutes=1) if self.moment.time() < _CLOSES else timedelta(seconds=1)
        return self.moment

    def open(self, day: date) -> None:
        """Move to the morning of `day`."""
        self.moment = datetime.combine(day, _OPENS, self.moment.tzinfo)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the year is: the day that is done, of how many, and what was done so far."""

    day: date
    done: int
    days: int
    handed_over: int
    rejected: int
    set_back: int
    refused: int


@dataclass(slots=True)
class _Case:
    """One order of somebody and where its course is: since when it runs, how many refills are left, and whether it was reviewed."""

    id: UUID
    course: Course
    since: date
    refills: int
    reviewed: bool = False


class Prints(Renders, month_papers.PrintsPapers, Protocol):
    """What the labels and the papers of a year are printed by; the application hands one over."""


@dataclass(slots=True)
class _Year:
    """The pharmacy in the middle of its year; `due` is what is to be done on each day."""

    staff: Staff
    renderer: Prints
    clock: MovedClock
    dice: Dice
    shelf: Shelf
    house: House
    due: dict[date, list[Callable[[date], None]]] = field(default_factory=dict)
    people: int = 0
    handed_over: int = 0
    rejected: int = 0
    set_back: int = 0
    refused: int = 0

    def live(self, day: date) -> None:
        """One day, from the morning on."""
        self.clock.open(day)
        seed.morning(self.staff.pharmacy)
        self.house.look_after(day)
        self.shelf.look_after(day)
        if day.day == _CLOSING_DAY:
            before = f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
            if self.handed_over:
                self._close(before)
        for _ in range(NEWCOMERS):
            if self.dice.one_in(28):
                self.people += 1
                self._later(day, partial(self._receive, somebody(self.dice, self.people, day)))
        while tasks := self.due.pop(day, []):
            for task in tasks:
                try:
                    task(day)
                except PharmacyError:  # as at any counter: what the rules stop goes no further, and nothing of it was changed
                    self.refused += 1

    def _close(self, month: str) -> None:
        staff = self.staff
        staff.pharmacy.perform(ActName.MONTH_CLOSE, staff.in_charge, lambda act: months.close(act, month))
        paper = staff.pharmacy.look(
            LookName.COSTS, staff.in_charge, lambda look: month_papers.printed(look, month, name=month, profile=staff.profile, renderer=self.renderer)
        )
        staff.pharmacy.perform(ActName.MONTH_FILE, staff.in_charge, lambda act: month_papers.file(act, month, paper))

    def _receive(self, course: Course, day: date) -> None:
        staff, order = self.staff, course.order
        view = staff.pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, staff.technician, lambda act: prescriptions.receive(act, order, literal="{}"))
        retyped = {place: item.dose for place, item in enumerate(view.retype)}
        staff.pharmacy.perform(ActName.PRESCRIPTION_ACCEPT, staff.in_charge, lambda act: prescriptions.accept(act, view.id, replies(view.open), retyped))
        self._plan(_Case(view.id, course, day, order.refills), day)

    def _plan(self, case: _Case, day: date, *, refill: bool = False) -> None:
        staff, request = self.staff, replace(case.course.request, starts_on=day)
        dose = case.course.order.steps[-1].daily if refill else None

        def make(act: Act) -> tuple[UUID, ...]:
            return plans.make(act, case.id, request, _AGREED, present_dose=dose)

        fills = self._answering(case, lambda: staff.pharmacy.perform(ActName.PLAN_MAKE, staff.in_charge, make))
        plan = staff.pharmacy.look(LookName.PRESCRIPTIONS, staff.technician, lambda look: plans.kept(look, case.id))
        for key, fill in zip(fills, plan.fills if plan else (), strict=True):
            self._later(max(fill.make_by, day), partial(self._serve, case, key, fill, is_last=fill.number == len(fills)))

    def _serve(self, case: _Case, key: UUID, fill: FillPlan, day: date, *, is_last: bool) -> None:
        """Make a fill, label it and hand it over; a few batches go wrong, and a few containers are never fetched."""
        staff = self.staff
        if self.dice.one_in(70):
            batch = self._drawn_up(case, key)
            compound(staff, batch)
            staff.pharmacy.perform(ActName.BATCH_REJECT, staff.in_charge, lambda act: quarantine.reject(act, batch, "clumps after mixing"))
            self.rejected += 1
        self._make(case, key)
        if self.dice.one_in(120):
            self._set_back(key, Setback(SetbackKind.REMAKE, Cause.SPILL, "dropped on the floor"))
            self._make(case, key)
        if self.dice.one_in(90):
            return  # nobody came for it
        self._hand_over(case, key, fill.opens_on)
        if self.dice.one_in(250):
            again = self._set_back(key, Setback(SetbackKind.MISFILL, None, "the label of another", "the patient", reached_patient=False, done="fetched back"))
            self._make(case, again)
            self._hand_over(case, again, max(fill.opens_on, day))
        elif self.dice.one_in(150):
            self._set_back(key, Setback(SetbackKind.RETURN, None, "tastes bitter"))
            staff.pharmacy.perform(ActName.FILL_DESTROY, staff.technician, lambda act: setbacks.destroy(act, key, staff.pharmacist))
        if is_last:
            self._go_on(case, max(fill.closes_on, day) + timedelta(days=1))

    def _make(self, case: _Case, key: UUID) -> None:
        """Draw the fill up, make it, label it and check it."""
        staff, spare = self.staff, case.course.request.overage
        made = self._drawn_up(case, key)
        compound(staff, made, taken=self._taken, broken=spare // 2, kept=spare % 2)
        staff.pharmacy.perform(ActName.BATCH_RELEASE, staff.in_charge, lambda act: batches.verify_and_release(act, made))
        label_and_check(staff, key)

    def _hand_over(self, case: _Case, key: UUID, first_dose: date) -> None:
        order = case.course.order
        told = HandOver(order.patient.birth_date, order.patient.phone, order.opioid, Counselling.GIVEN, first_dose)
        self.staff.pharmacy.perform(ActName.FILL_HAND_OVER, self.staff.in_charge, lambda act: dispenses.hand_over(act, key, told, _AGREED))
        self.handed_over += 1

    def _set_back(self, key: UUID, told: Setback) -> UUID:
        self.set_back += 1
        return self.staff.pharmacy.perform(ActName.FILL_SET_BACK, self.staff.in_charge, lambda act: setbacks.record(act, key, told))

    def _go_on(self, case: _Case, day: date) -> None:
        """A refill, another order, or, one time in twelve, the end."""
        if self.dice.one_in(12):
            return
        if case.refills:
            case.refills -= 1
            self._later(day, partial(self._plan, case, refill=True))
        else:
            self._later(day, partial(self._order_again, case.course.order))

    def _order_again(self, before: Order, day: date) -> None:
        self._receive(once_more(self.dice, before, day), day)

    def _drawn_up(self, case: _Case, fill: UUID) -> UUID:
        staff = self.staff

        def draw_up(act: Act) -> UUID:
            return worksheets.plan_batch(act, fill, _AGREED)

        return self._answering(case, lambda: staff.pharmacy.perform(ActName.BATCH_PLAN, staff.in_charge, draw_up))

    def _answering(self, case: _Case, work: Callable[[], T]) -> T:
        """What `work` gives, done again once what the rules found on the facts of the day is answered."""
        try:
            return work()
        except Unsafe:
            self._answer(case)
            return work()

    def _taken(self, line: Line) -> int:
        """What the balance showed: mostly what was wanted, now and then a little more."""
        if line.take is Take.COUNT or not self.dice.one_in(4):
            return line.target
        return line.target + (line.high - line.target) * self.dice.below(50) // 100

    def _answer(self, case: _Case) -> None:
        """Answer what the rules find on today's facts; the review of about three months is recorded once it is asked for."""
        staff = self.staff
        view = staff.pharmacy.look(LookName.PRESCRIPTIONS, staff.technician, lambda look: prescriptions.prescription(look, case.id))
        if not case.reviewed and any(finding.rule == "R16" for finding in view.findings):
            case.reviewed = True
            staff.pharmacy.perform(
                ActName.REVIEW_RECORD, staff.in_charge, lambda act: prescriptions.record_review(act, case.id, reviewed_on=act.today, outcome_text="goes on")
            )
            view = staff.pharmacy.look(LookName.PRESCRIPTIONS, staff.technician, lambda look: prescriptions.prescription(look, case.id))
        if view.open:
            given = replies(view.open)
            staff.pharmacy.perform(ActName.PRESCRIPTION_OVERRIDE, staff.in_charge, lambda act: prescriptions.answer(act, case.id, given))

    def _later(self, day: date, task: Callable[[date], None]) -> None:
        self.due.setdefault(day, []).append(task)


def year(
    engine: Engine, zone: ZoneInfo, renderer: Prints, profile: PharmacyProfile, *, first: date, days: int, accounts: Callable[[Sequence[Account]], None]
) -> Iterator[Progress]:
    """Live `days` days from `first` on in an empty database, and say after each how far it is; `accounts` is given who signs in there."""
    clock = MovedClock(datetime.combine(first, _OPENS, zone))
    pharmacy = Pharmacy(engine=engine, clock=clock, zone=zone)
    made = seed.demonstration(pharmacy)
    accounts(made)
    staff = Staff(pharmacy, renderer, profile, *(signed_in(pharmacy, account) for account in made if account.role in BENCH))
    dice = Dice(f"{first:%Y-%m-%d}")
    life = _Year(staff, renderer, clock, dice, Shelf(staff, dice), House(staff, dice, first))
    for number in range(days):
        day = first + timedelta(days=number)
        life.live(day)
        yield Progress(day, number + 1, days, life.handed_over, life.rejected, life.set_back, life.refused)
