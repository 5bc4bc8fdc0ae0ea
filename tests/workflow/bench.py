"""The demonstration pharmacy at work: its staff, and one order's way from the prescription to the counter, step by step, by the real use cases."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Self
from uuid import UUID

from compounding.db.document import encode
from compounding.domain import library
from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import Finished, tablet_lines
from compounding.domain.capsule_check import CapsuleWeights, EmptyShells
from compounding.domain.dispense import Counselling, HandOver
from compounding.domain.formula import Part
from compounding.domain.inventory import Assay
from compounding.domain.people import Actor, PharmacyProfile, Role
from compounding.domain.plan import Plan, Request
from compounding.domain.preparation import Line, Preparation
from compounding.domain.prescription import Order
from compounding.domain.quality import Found
from compounding.domain.quantity import Mass
from compounding.domain.safety import Finding, Reply
from compounding.workflow import batch_pages, batches, costs, dispenses, fill_pages, inventory, labels, plans, prescriptions, quarantine, worksheets
from compounding.workflow.act import Pharmacy
from compounding.workflow.batch_pages import BatchView
from compounding.workflow.inventory import Receipt
from compounding.workflow.labels import Composed
from compounding.workflow.order_views import PrescriptionView
from labels.label import Printed
from tests.application import renderer
from tests.conftest import Clock
from tests.workflow.around import AroundTheBench

PROFILE = PharmacyProfile(name="Demonstration Pharmacy", address="1 Main Street, Los Angeles", phone="555-010-0100", licence="PHY 1")
ANSWER = Reply("confirmed with the prescriber", "called Dr Prescriber today")


@dataclass(frozen=True)
class Bench(AroundTheBench):
    """Who works here, and what they do. A step answers what the rules ask, unless the test answers itself."""

    pharmacy: Pharmacy
    clock: Clock
    maria: Actor  # the pharmacist in charge, who verifies and hands over
    james: Actor  # a pharmacist, who witnesses
    linh: Actor  # a technician, who compounds

    @classmethod
    def staffed(cls, pharmacy: Pharmacy, clock: Clock, people: dict[str, Actor]) -> Self:
        return cls(pharmacy, clock, people["maria"], people["james"], people["linh"])

    @property
    def today(self) -> date:
        return self.pharmacy.look(LookName.DAY, self.linh, lambda look: look.today)

    # The order

    def receive(self, order: Order) -> PrescriptionView:
        return self.pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, self.linh, lambda act: prescriptions.receive(act, order, literal=encode(order)))

    def prescription(self, order_id: UUID) -> PrescriptionView:
        return self.pharmacy.look(LookName.PRESCRIPTIONS, self.linh, lambda look: prescriptions.prescription(look, order_id))

    def accept(self, order_id: UUID, replies: dict[str, Reply] | None = None, *, by: Actor | None = None, retyped: dict[int, Mass] | None = None) -> None:
        """Accept with every finding answered and every dose typed again as it stands in the order, unless the test says otherwise."""
        shown = self.prescription(order_id)
        found = replies if replies is not None else _replies(shown.open)
        doses = retyped if retyped is not None else {place: item.dose for place, item in enumerate(shown.retype)}
        self.pharmacy.perform(ActName.PRESCRIPTION_ACCEPT, by or self.maria, lambda act: prescriptions.accept(act, order_id, found, doses))

    def accepted(self, order: Order) -> UUID:
        order_id = self.receive(order).id
        self.accept(order_id)
        return order_id

    def answer(self, order_id: UUID) -> None:
        """Answer what the rules find in an accepted order on today's facts."""
        found = _replies(self.prescription(order_id).open)
        if found:
            self.pharmacy.perform(ActName.PRESCRIPTION_OVERRIDE, self.maria, lambda act: prescriptions.answer(act, order_id, found))

    def review(self, order_id: UUID) -> None:
        self.pharmacy.perform(
            ActName.REVIEW_RECORD,
            self.maria,
            lambda act: prescriptions.record_review(act, order_id, reviewed_on=act.today, outcome_text="less pain, goes on"),
        )

    # The plan

    def draft(self, order_id: UUID, request: Request) -> Plan:
        return self.pharmacy.look(LookName.PRESCRIPTIONS, self.linh, lambda look: plans.draft(look, order_id, request)).plan

    def choosable(self, order_id: UUID) -> plans.Choosable:
        return self.pharmacy.look(LookName.PRESCRIPTIONS, self.linh, lambda look: plans.choosable(look, order_id))

    def plan(self, order_id: UUID, request: Request, replies: dict[str, Reply] | None = None, *, by: Actor | None = None, dose: str = "") -> tuple[UUID, ...]:
        """The fills of the kept plan; a refill is asked for the `dose` (mg a day) that the patient takes."""
        present = Mass.of_mg(dose) if dose else None
        if replies is None:
            drawn = self.pharmacy.look(LookName.PRESCRIPTIONS, self.linh, lambda look: plans.draft(look, order_id, request))
            replies = _replies(drawn.findings) | {notice.code: ANSWER for notice in drawn.plan.notices}
        return self.pharmacy.perform(ActName.PLAN_MAKE, by or self.linh, lambda act: plans.make(act, order_id, request, replies, present_dose=present))

    def planned(self, order: Order, request: Request) -> tuple[UUID, ...]:
        return self.plan(self.accepted(order), request)

    # The batch

    def draw_up(self, fill_id: UUID) -> UUID:
        """The worksheet of a fill whose lots raise nothing."""
        return self.pharmacy.perform(ActName.BATCH_PLAN, self.linh, lambda act: worksheets.plan_batch(act, fill_id, {}))

    def batch(self, batch_id: UUID) -> BatchView:
        return self.pharmacy.look(LookName.BATCHES, self.linh, lambda look: batch_pages.batch(look, batch_id))

    def count(self, batch_id: UUID, counted: int | None = None, *, by: Actor | None = None, witness: Actor | None = None) -> None:
        wanted = sum(line.target for line in tablet_lines(self.batch(batch_id).preparation)) if counted is None else counted
        self.pharmacy.perform(ActName.BATCH_COUNT, by or self.linh, lambda act: batches.count(act, batch_id, wanted, witness or self.james, line_clear=True))

    def weigh(self, batch_id: UUID, line: Line, actual: int | None = None, *, lot: str = "", reason: str = "", by: Actor | None = None) -> None:
        self.check_balances()
        taken, scanned = line.target if actual is None else actual, lot or line.lot_number
        self.pharmacy.perform(
            ActName.BATCH_WEIGH,
            by or self.linh,
            lambda act: batches.weigh(act, batch_id, line.number, lot_number=scanned, actual=taken, reason=reason),
        )

    def weigh_all(self, batch_id: UUID, *, by: Actor | None = None) -> None:
        for line in self.batch(batch_id).open_lines:
            self.weigh(batch_id, line, by=by)

    def finished(self, batch_id: UUID) -> Finished:
        """The result that every batch should have: all of the theoretical yield, an acid pH, every trait, ten capsules on their weight."""
        shown = self.batch(batch_id)
        weight = shown.preparation.weight
        found = tuple(Found(check.trait, check.expected, present=True) for check in shown.formula.checks)
        return Finished(shown.preparation.amounts.made, Fraction(4), (), found, "", on_weight(shown.preparation) if weight else None)

    def witness(self, batch_id: UUID, *, by: Actor | None = None, witness: Actor | None = None) -> None:
        self.pharmacy.perform(ActName.BATCH_WITNESS, by or self.linh, lambda act: batches.witness_weights(act, batch_id, witness or self.james))

    def compound(self, batch_id: UUID, finished: Finished | None = None, *, by: Actor | None = None) -> None:
        """The weights are witnessed first, unless they were."""
        self.check_balances()
        result = finished or self.finished(batch_id)
        if result.capsules and not result.capsules.balance:
            result = replace(result, capsules=replace(result.capsules, balance="balance by 0.1 mg"))
        if not self.batch(batch_id).weights_witnessed:
            self.witness(batch_id, by=by)
        self.pharmacy.perform(ActName.BATCH_COMPOUND, by or self.linh, lambda act: batches.compound(act, batch_id, result))

    def release(self, batch_id: UUID, *, by: Actor | None = None) -> None:
        self.pharmacy.perform(ActName.BATCH_RELEASE, by or self.maria, lambda act: batches.verify_and_release(act, batch_id))

    def reject(self, batch_id: UUID) -> None:
        self.pharmacy.perform(ActName.BATCH_REJECT, self.maria, lambda act: quarantine.reject(act, batch_id, "a lot was lost"))

    def counted(self, fill_id: UUID) -> UUID:
        batch_id = self.draw_up(fill_id)
        self.count(batch_id)
        return batch_id

    def weighed(self, fill_id: UUID) -> UUID:
        batch_id = self.counted(fill_id)
        self.weigh_all(batch_id)
        return batch_id

    def compounded(self, fill_id: UUID, **changes: object) -> UUID:
        batch_id = self.weighed(fill_id)
        self.compound(batch_id, replace(self.finished(batch_id), **changes))
        return batch_id

    def made(self, fill_id: UUID) -> UUID:
        batch_id = self.compounded(fill_id)
        self.release(batch_id)
        return batch_id

    # The label and the counter

    def compose(self, fill_id: UUID) -> Composed:
        return self.pharmacy.look(LookName.LABELS, self.linh, lambda look: labels.compose(look, fill_id, PROFILE))

    def lay_out(self, composed: Composed, medium: str = "thermal-4x6") -> Printed:
        return labels.lay_out(renderer(), composed, medium)

    def issue(self, composed: Composed, printed: Printed) -> UUID:
        return self.pharmacy.perform(ActName.LABEL_ISSUE, self.linh, lambda act: labels.issue(act, composed, printed, PROFILE)).label_id

    def label(self, fill_id: UUID) -> UUID:
        composed = self.compose(fill_id)
        return self.issue(composed, self.lay_out(composed))

    def check(self, fill_id: UUID, scanned: str = "") -> None:
        wanted = scanned or self.compose(fill_id).value.barcode
        self.pharmacy.perform(ActName.FILL_CHECK, self.maria, lambda act: dispenses.check(act, fill_id, wanted))

    def told(self, fill_id: UUID) -> HandOver:
        """What is said at the counter when everything is right."""
        page = self.fill(fill_id)
        return HandOver(page.order.patient.birth_date, page.order.patient.phone, page.order.opioid, Counselling.GIVEN, page.opens_on)

    def at_counter(self, fill_id: UUID, told: HandOver | None = None) -> tuple[Finding, ...]:
        said = told or self.told(fill_id)
        return self.pharmacy.look(LookName.PRESCRIPTIONS, self.maria, lambda look: dispenses.findings_at_counter(look, fill_id, said))

    def ask(self, fill_id: UUID, told: HandOver) -> None:
        self.pharmacy.perform(ActName.FILL_ASK, self.maria, lambda act: dispenses.ask(act, fill_id, told))

    def hand_over(self, fill_id: UUID, told: HandOver | None = None, replies: dict[str, Reply] | None = None) -> UUID:
        said = told or self.told(fill_id)
        answers = _replies(self.at_counter(fill_id, said)) if replies is None else replies
        return self.pharmacy.perform(ActName.FILL_HAND_OVER, self.maria, lambda act: dispenses.hand_over(act, fill_id, said, answers))

    def redate(self, fill_id: UUID, first_dose_on: date) -> None:
        self.pharmacy.perform(ActName.FILL_HAND_OVER, self.maria, lambda act: dispenses.redate(act, fill_id, first_dose_on))

    def fill(self, fill_id: UUID) -> fill_pages.FillPage:
        return self.pharmacy.look(LookName.PRESCRIPTIONS, self.linh, lambda look: fill_pages.page(look, fill_id))

    def checked(self, fill_id: UUID) -> UUID:
        batch_id = self.made(fill_id)
        self.label(fill_id)
        self.check(fill_id)
        return batch_id

    def handed_over(self, fill_id: UUID) -> UUID:
        batch_id = self.checked(fill_id)
        self.hand_over(fill_id)
        return batch_id

    def month(self, year_month: str) -> costs.MonthCost:
        return self.pharmacy.look(LookName.COSTS, self.maria, lambda look: costs.month(look, year_month))

    # The shelf

    def balance(self, lot_number: str) -> int:
        return self.lot(lot_number).balance

    def lot(self, lot_number: str) -> inventory.Lot:
        stock = self.pharmacy.look(LookName.STOCK, self.linh, inventory.stock)
        return next(lot for lot, _ in stock.lots if lot.lot_number == lot_number)

    def take_in(self, receipt: Receipt, *, release: bool = True, tablet_mg: int = 0) -> UUID:
        """A lot received, its tablets weighed and packed if `tablet_mg` says how heavy one is, and released."""
        lot_id = self.pharmacy.perform(ActName.LOT_RECEIVE, self.linh, lambda act: inventory.receive(act, receipt))
        if tablet_mg:
            self.weigh_tablets(lot_id, library.single_weights(Mass.of_mg(tablet_mg)))
            self.measure_pack(lot_id, library.single_weights(Mass.of_mg(240 + 48)), Mass.of_mg(480))
        if release:
            self.release_lot(lot_id)
        return lot_id

    def weigh_tablets(self, lot_id: UUID, weights: tuple[Mass, ...], assay: Assay | None = None) -> None:
        self.check_balances()
        self.pharmacy.perform(
            ActName.LOT_WEIGH_TABLETS,
            self.linh,
            lambda act: inventory.weigh_tablets(act, lot_id, weights=weights, balance="balance-0.1-mg", assay=assay),
        )

    def measure_pack(self, lot_id: UUID, gross: tuple[Mass, ...], tare: Mass, *, size: str = "3", shell_lot: str = "SH3-20") -> None:
        self.check_balances()
        self.pharmacy.perform(
            ActName.LOT_WEIGH_TABLETS,
            self.linh,
            lambda act: inventory.measure_pack(act, lot_id, size=size, gross=gross, tare=tare, shell_lot=shell_lot, balance="balance-0.1-mg"),
        )

    def release_lot(self, lot_id: UUID) -> None:
        self.pharmacy.perform(ActName.LOT_RELEASE, self.maria, lambda act: inventory.release(act, lot_id))

    def withdraw(self, *lot_numbers: str) -> None:
        for lot_number in lot_numbers:
            lot_id = self.lot(lot_number).id
            self.pharmacy.perform(ActName.LOT_WITHDRAW, self.linh, lambda act, lot_id=lot_id: inventory.withdraw(act, lot_id))

    def actors(self) -> dict[Role, Actor]:
        """Somebody of every role; those who do not work here are known to nobody."""
        staff = {self.maria.role: self.maria, self.james.role: self.james, self.linh.role: self.linh}
        return {role: staff.get(role, Actor(UUID(int=900 + number), f"Somebody {role}", "XX", role)) for number, role in enumerate(Role)}


def on_weight(preparation: Preparation) -> CapsuleWeights:
    """Ten capsules (all, where fewer are made) that weigh what they should, and ten empty shells of 48 mg each from the lot that was filled."""
    assert preparation.weight is not None
    (lot,) = (line.lot_number for line in preparation.lines if line.part is Part.SHELL)
    tare = EmptyShells(lot, 10, Mass.of_mg(480))
    return CapsuleWeights(tare, (preparation.weight.net + tare.each,) * min(10, int(preparation.amounts.made)), balance="balance by 0.1 mg")


def _replies(found: tuple[Finding, ...]) -> dict[str, Reply]:
    return {finding.rule.lower(): ANSWER for finding in found}
