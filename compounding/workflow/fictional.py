"""Fictional patients of the demonstration, their orders brought as far along as a working day leaves them, by the acts that staff use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from compounding.domain import library
from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import Finished
from compounding.domain.capsule import FillWeight
from compounding.domain.capsule_check import CapsuleWeights, EmptyShells
from compounding.domain.dispense import Counselling, HandOver
from compounding.domain.formula import Method, Storage
from compounding.domain.people import BENCH, Actor, PharmacyProfile, system_actor
from compounding.domain.plan import Request
from compounding.domain.preparation import Line
from compounding.domain.prescription import (
    Answer,
    Form,
    Indication,
    Moment,
    OpioidAnswer,
    Order,
    Origin,
    Patient,
    Pregnancy,
    Prescriber,
    Route,
    Step,
    Supply,
    Therapy,
    Unit,
)
from compounding.domain.quality import Found
from compounding.domain.quantity import Mass
from compounding.domain.safety import Finding, Reply
from compounding.workflow import batch_pages, batches, dispenses, labels, people, plans, prescriptions, worksheets
from compounding.workflow.act import Pharmacy
from compounding.workflow.seed import Account

REPLY = Reply("Confirmed with the prescriber", "by telephone, demonstration")
_STOCK = "thermal-4x3"
_TITRATION = (("1.5", 14), ("3", 14), ("4.5", 14))
_DROPS = tuple((str(Fraction(week, 4)), 7) for week in range(1, 19))


@dataclass(frozen=True, slots=True)
class _Story:
    """Who ordered what, how it is planned, and how far it has come."""

    name: str
    born: date
    doses: tuple[tuple[str, int], ...]
    form: Form
    upto: str
    request: tuple[str, Storage, str, Method, str] = ("", Storage.ROOM, "", Method.POWDER, "")
    condition: tuple[str, str] = ("M79.7", "fibromyalgia")
    opioid_days_ago: int | None = None
    refills: int = 0


_CAPSULES = ("C4.5", Storage.ROOM, "vial-120-capsules", Method.POWDER, "")
_LIQUID = ("L1", Storage.REFRIGERATOR, "bottle-120-ml", Method.WHOLE_TABLETS, "syringe-5-by-0.1")
_GP = ("L5", Storage.REFRIGERATOR, "bottle-10-ml", Method.WHOLE_TABLETS, "dropper-20")
_STAGES = ("received", "accepted", "planned", "compounded", "released", "checked", "handed over")
_STORIES = (
    _Story("Olga Petrenko", date(1961, 4, 2), (("4.5", 30),), Form.CAPSULE, "handed over", _CAPSULES, refills=2),
    _Story("Rosa Delgado", date(1974, 9, 30), _TITRATION, Form.ORAL_LIQUID, "handed over", _LIQUID, ("G35.A", "multiple sclerosis")),
    _Story("Tom Fielding", date(1968, 1, 17), _DROPS, Form.ORAL_DROPS, "checked", _GP, ("E06.3", "Hashimoto thyroiditis")),
    _Story("Nguyễn Thị Hương", date(1985, 7, 8), (("4.5", 30),), Form.CAPSULE, "released", _CAPSULES, ("K50.90", "Crohn disease")),
    _Story("Ada Brightwater", date(1990, 12, 12), _TITRATION, Form.ORAL_LIQUID, "compounded", _LIQUID),
    _Story("Samuel Oyelaran", date(1957, 3, 25), (("4.5", 30),), Form.CAPSULE, "planned", _CAPSULES, refills=1),
    _Story("Ines Marchetti", date(1979, 6, 6), _TITRATION, Form.ORAL_LIQUID, "accepted"),
    _Story("Grace Holloway", date(1982, 10, 3), (("3", 14), ("4.5", 28)), Form.ORAL_LIQUID, "received", condition=("M06.9", "rheumatoid arthritis")),
    _Story("Viktor Lindqvist", date(1971, 2, 14), (("10", 30),), Form.CAPSULE, "received"),
    _Story("Paul Renner", date(1966, 8, 21), (("1.5", 30),), Form.ORAL_LIQUID, "received", opioid_days_ago=5),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """The pharmacy and the three who work in it."""

    pharmacy: Pharmacy
    renderer: labels.Renders
    profile: PharmacyProfile
    in_charge: Actor
    pharmacist: Actor
    technician: Actor


def orders(pharmacy: Pharmacy, accounts: Sequence[Account], renderer: labels.Renders, profile: PharmacyProfile) -> None:
    """Bring every fictional order as far as its story goes."""
    staff = Staff(pharmacy, renderer, profile, *(signed_in(pharmacy, account) for account in accounts if account.role in BENCH))
    today = pharmacy.look(LookName.DAY, staff.technician, lambda look: look.today)
    for story in _STORIES:
        _bring(staff, story, _order(story, today), today)


def signed_in(pharmacy: Pharmacy, account: Account) -> Actor:
    """The person of a demonstration account."""
    found = pharmacy.look(LookName.PEOPLE, system_actor("seed"), lambda look: people.sign_in(look, account.username, account.password))
    if found is None:
        raise LookupError(account.username)
    return found.actor


def _order(story: _Story, today: date) -> Order:
    steps = tuple(Step(Mass.of_mg(dose), Unit.MG, (Moment.BEDTIME,), days) for dose, days in story.doses)
    return Order(
        patient=Patient(story.name, story.born, "12 Oak Street, Sampletown, CA 90001", "555-010-0199", "en", Pregnancy.NO),
        prescriber=Prescriber("Dr Ruth Weiss", "1234567893", "555-010-0123"),
        form=story.form,
        route=Route.ORAL,
        steps=steps,
        therapy=Therapy(naive=False, present_dose=steps[0].daily, last_taken=today),
        supply=Supply(total=sum((step.total for step in steps), Mass.of_mg(0))),
        refills=story.refills,
        indication=Indication(*story.condition, on_label=True),
        opioid=_opioid(story, today),
        written_on=today - timedelta(days=1),
        origin=Origin.ELECTRONIC,
    )


def _opioid(story: _Story, today: date) -> OpioidAnswer:
    if story.opioid_days_ago is None:
        return OpioidAnswer(Answer.NO, Answer.NO, Answer.NO, "the patient", "Dr Ruth Weiss")
    last = today - timedelta(days=story.opioid_days_ago)
    return OpioidAnswer(Answer.YES, Answer.NO, Answer.NO, "the patient", "Dr Ruth Weiss", recent_drug="Suboxone film", recent_last_dose=last)


def _bring(staff: Staff, story: _Story, order: Order, today: date) -> None:
    reached = _STAGES.index(story.upto)
    view = staff.pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, staff.technician, lambda act: prescriptions.receive(act, order, literal="{}"))
    if reached >= _STAGES.index("accepted"):
        retyped = {place: item.dose for place, item in enumerate(view.retype)}
        staff.pharmacy.perform(ActName.PRESCRIPTION_ACCEPT, staff.in_charge, lambda act: prescriptions.accept(act, view.id, replies(view.open), retyped))
    if reached >= _STAGES.index("planned"):
        fill, batch = _plan(staff, view.id, Request(*story.request[:4], today, story.request[4]))
    if reached >= _STAGES.index("compounded"):
        compound(staff, batch)
    if reached >= _STAGES.index("released"):
        staff.pharmacy.perform(ActName.BATCH_RELEASE, staff.in_charge, lambda act: batches.verify_and_release(act, batch))
    if reached >= _STAGES.index("checked"):
        label_and_check(staff, fill)
    if reached >= _STAGES.index("handed over"):
        hand_over(staff, fill, HandOver(order.patient.birth_date, order.patient.phone, order.opioid, Counselling.GIVEN, today))


def replies(findings: Sequence[Finding]) -> dict[str, Reply]:
    """An answer to each finding."""
    return {finding.rule.lower(): REPLY for finding in findings}


def _plan(staff: Staff, order_id: UUID, request: Request) -> tuple[UUID, UUID]:
    draft = staff.pharmacy.look(LookName.PRESCRIPTIONS, staff.technician, lambda look: plans.draft(look, order_id, request))
    given = replies(draft.findings) | {notice.code: REPLY for notice in draft.plan.notices if notice.warning}
    fill, *_ = staff.pharmacy.perform(ActName.PLAN_MAKE, staff.technician, lambda act: plans.make(act, order_id, request, given))
    return fill, staff.pharmacy.perform(ActName.BATCH_PLAN, staff.technician, lambda act: worksheets.plan_batch(act, fill, {}))


def compound(staff: Staff, batch: UUID, *, taken: Callable[[Line], int] = lambda line: line.target, broken: int = 0, kept: int = 0) -> None:
    """Make a batch by its worksheet: `taken` is what is weighed of a line; so many capsules break, or are kept for tests."""
    shown = staff.pharmacy.look(LookName.BATCHES, staff.technician, lambda look: batch_pages.batch(look, batch))
    amounts, weight = shown.preparation.amounts, shown.preparation.weight
    staff.pharmacy.perform(ActName.BATCH_COUNT, staff.technician, lambda act: batches.count(act, batch, amounts.tablets, staff.pharmacist, line_clear=True))
    for line in shown.open_lines:
        _weigh(staff, batch, line, taken(line))
    found = tuple(Found(check.trait, check.expected, present=True) for check in shown.formula.checks)
    capsules = replace(_capsules(shown.shell_lots, weight), kept=kept, broken=broken) if weight else None
    finished = Finished(amounts.made - broken - kept, Fraction(4), (), found, "", capsules)
    staff.pharmacy.perform(ActName.BATCH_WITNESS, staff.technician, lambda act: batches.witness_weights(act, batch, staff.pharmacist))
    staff.pharmacy.perform(ActName.BATCH_COMPOUND, staff.technician, lambda act: batches.compound(act, batch, finished))


def _capsules(shell_lots: Sequence[str], weight: FillWeight) -> CapsuleWeights:
    """Ten capsules on their weight, and the shells' own of a size 3 by the maker's list: 48 mg."""
    tare = EmptyShells(shell_lots[0], 10, Mass.of_mg(480))
    return CapsuleWeights(tare, (weight.net + tare.each,) * 10, balance=library.balances()[1].name)


def _weigh(staff: Staff, batch: UUID, line: Line, taken: int) -> None:
    staff.pharmacy.perform(
        ActName.BATCH_WEIGH,
        staff.technician,
        lambda act: batches.weigh(act, batch, line.number, lot_number=line.lot_number, actual=taken, reason=""),
    )


def label_and_check(staff: Staff, fill: UUID) -> None:
    """Print the label of a made fill, and check the labelled container."""
    composed = staff.pharmacy.look(LookName.LABELS, staff.technician, lambda look: labels.compose(look, fill, staff.profile))
    printed = labels.lay_out(staff.renderer, composed, _STOCK)
    staff.pharmacy.perform(ActName.LABEL_ISSUE, staff.technician, lambda act: labels.issue(act, composed, printed, staff.profile))
    staff.pharmacy.perform(ActName.FILL_CHECK, staff.in_charge, lambda act: dispenses.check(act, fill, composed.value.barcode))


def hand_over(staff: Staff, fill: UUID, told: HandOver) -> None:
    """Hand a checked container over, with an answer to whatever the rules find."""
    found = staff.pharmacy.look(LookName.PRESCRIPTIONS, staff.in_charge, lambda look: dispenses.findings_at_counter(look, fill, told))
    given = replies(found)
    staff.pharmacy.perform(ActName.FILL_HAND_OVER, staff.in_charge, lambda act: dispenses.hand_over(act, fill, told, given))
