"""What the demonstration pharmacy looks after in a year beside its orders: cleaning, temperatures, what lapses, counts, expired stock, one recall."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from uuid import UUID

from compounding.domain.authority import ActName, LookName
from compounding.domain.cleaning import Area
from compounding.domain.climate import Temperatures
from compounding.domain.inventory import Lot, LotStatus, StockUnit
from compounding.domain.recall import Days, Kind
from compounding.domain.recall_case import Notice, RecallClass, Result, Try, Way
from compounding.domain.stock_count import Cause
from compounding.domain.upkeep import Calibration
from compounding.workflow import climate, devices, inventory, recall_cases, recall_walks, recalls, routines, stock_counts, upkeep
from compounding.workflow.fictional import Staff
from compounding.workflow.fictional_people import Dice
from compounding.workflow.stock_counts import Destroyed

_AHEAD = timedelta(days=30)  # what lapses within a month is renewed
_RECALLED_AFTER = timedelta(days=200)  # the wholesaler writes about a lot of tablets
_SETTLED = timedelta(days=12)  # then everybody was tried until settled, and the case is closed
_COUNTING_DAY = 12  # of each month: one lot is counted, and expired stock is destroyed


@dataclass(slots=True)
class House:
    """The routines of the house, from `first` on; `recalled` is the recall of the year once it is opened."""

    staff: Staff
    dice: Dice
    first: date
    recalled: UUID | None = None

    def look_after(self, day: date) -> None:
        """What is done on `day`, before the first order."""
        staff = self.staff
        areas = (Area.SURFACES, Area.FLOORS, Area.SHELVES) if day.day == 1 else (Area.SURFACES, Area.FLOORS)
        staff.pharmacy.perform(ActName.CLEANING_RECORD, staff.technician, lambda act: routines.clean(act, areas, "70 % isopropyl alcohol"))
        for place, usual in (("refrigerator", 4), ("room", 21)):
            now = usual + Fraction(self.dice.below(11) - 5, 10)
            found = Temperatures(now - Fraction(1, 2), now + Fraction(1, 2), now)
            staff.pharmacy.perform(ActName.TEMPERATURE_READ, staff.technician, partial(climate.read, place=place, found=found))
        if day.weekday() == 0:
            self._renew(day)
        if day.day == _COUNTING_DAY:
            self._count(day)
        if day == self.first + _RECALLED_AFTER:
            self._recall(day)
        elif self.recalled is not None and day <= self.first + _RECALLED_AFTER + _SETTLED:
            self._reach(self.recalled, last=day == self.first + _RECALLED_AFTER + _SETTLED)

    def _renew(self, day: date) -> None:
        """Who or what was found fit until a day within the next month is found so again."""
        staff = self.staff
        for person in staff.pharmacy.look(LookName.UPKEEP, staff.in_charge, routines.staff).people:
            due = sorted(topic for topic, training in person.held.items() if training.due_on <= day + _AHEAD)
            if due:
                staff.pharmacy.perform(
                    ActName.TRAINING_RECORD,
                    staff.in_charge,
                    partial(routines.train, person_id=person.id, topics=due, done_on=day, assessor="Maria Garcia", how="watched at work"),
                )
        for view in staff.pharmacy.look(LookName.UPKEEP, staff.in_charge, upkeep.balances).balances:
            held = view.care.calibration
            if held is not None and held.due_on <= day + _AHEAD:
                renewed = Calibration(day, day + timedelta(days=365), "Sampletown Scales", f"certificate {day:%Y}-{view.care.balance.code}", passed=True)
                staff.pharmacy.perform(ActName.BALANCE_CALIBRATE, staff.in_charge, partial(upkeep.calibrate, balance=view.care.balance.code, found=renewed))
        for calibration in staff.pharmacy.look(LookName.STOCK, staff.technician, devices.cabinet).calibrations:
            dropper = calibration.dropper
            if calibration.holds and dropper.valid_through <= day + _AHEAD:
                again = partial(devices.calibrate, name=dropper.name, formula=dropper.formula, counts=dropper.counts)
                staff.pharmacy.perform(ActName.DEVICE_CALIBRATE, staff.technician, again)

    def _count(self, day: date) -> None:
        """One lot is counted, and where it differs the book follows; what has expired is destroyed by two."""
        staff = self.staff
        held = [lot for lot, _ in staff.pharmacy.look(LookName.STOCK, staff.technician, inventory.stock).lots if lot.balance]
        for lot in held:
            if lot.expires_on < day:
                told = Destroyed(lot.balance, Cause.EXPIRED, "into the bin for incineration")
                staff.pharmacy.perform(
                    ActName.LOT_DESTROY, staff.technician, partial(stock_counts.destroy, lot_id=lot.id, destroyed=told, witness=staff.pharmacist)
                )
        whole = [lot for lot in held if lot.unit in {StockUnit.TABLET, StockUnit.PIECE} and lot.expires_on >= day]
        if whole:
            self._count_one(self.dice.choice(whole))

    def _count_one(self, lot: Lot) -> None:
        staff, counted = self.staff, max(0, lot.balance - self.dice.below(3))
        key = staff.pharmacy.perform(ActName.LOT_COUNT, staff.technician, lambda act: stock_counts.count(act, lot.id, counted))
        if counted != lot.balance:
            staff.pharmacy.perform(ActName.LOT_ADJUST, staff.in_charge, lambda act: stock_counts.adjust(act, lot.id, key, "found short on the shelf"))

    def _recall(self, day: date) -> None:
        """The wholesaler withdraws the lot of tablets that most patients take today: everything from there onwards is recalled."""
        staff = self.staff
        stock = staff.pharmacy.look(LookName.STOCK, staff.technician, inventory.stock).lots
        tablets = [lot for lot, _ in stock if lot.unit is StockUnit.TABLET and lot.status is LotStatus.AVAILABLE and lot.expires_on >= day]
        if not tablets:
            return
        lot = max(tablets, key=lambda lot: (self._taken_today(lot), lot.lot_number))
        notice = Notice(RecallClass.SECOND, "The wholesaler writes that tablets of this lot may crumble", None)
        self.recalled = staff.pharmacy.perform(
            ActName.RECALL_OPEN, staff.in_charge, lambda act: recalls.recall(act, Kind.LOT, lot.id, days=Days(), notice=notice)
        )

    def _taken_today(self, lot: Lot) -> int:
        staff = self.staff
        return staff.pharmacy.look(LookName.RECALLS, staff.in_charge, lambda look: recall_walks.walk(look, Kind.LOT, lot.id, days=Days())).tally.in_use

    def _reach(self, case: UUID, *, last: bool) -> None:
        """Try everybody who is not settled: by telephone, most are reached; on the last day who was not is given up, and the case is closed."""
        staff = self.staff
        for contact in staff.pharmacy.look(LookName.RECALLS, staff.technician, lambda look: recall_cases.contacts(look, case)):
            if contact.is_settled:
                continue
            gone = Try(Way.LETTER, Result.GIVEN_UP, "three letters came back") if last and contact.tries else None
            met = Try(Way.PHONE, Result.UNREACHED if self.dice.one_in(4) and not last else Result.REACHED, "")
            staff.pharmacy.perform(
                ActName.RECALL_CONTACT, staff.technician, partial(recalls.try_contact, recall_id=case, contact_id=contact.id, attempt=gone or met)
            )
        if last:
            staff.pharmacy.perform(ActName.RECALL_CLOSE, staff.in_charge, lambda act: recalls.close(act, case, "The wholesaler took the rest back."))
