"""The demonstration pharmacy with orders as far along as a test wants them, brought there by the acts that staff use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from compounding.db import migrate
from compounding.db.session import make_engine
from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import Finished
from compounding.domain.dispense import Counselling, HandOver
from compounding.domain.formula import Method, Storage
from compounding.domain.people import Actor, PharmacyProfile, system_actor
from compounding.domain.plan import Request
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
from compounding.domain.safety import Reply
from compounding.workflow import batch_pages, batches, dispenses, labels, passwords, people, plans, prescriptions, seed, worksheets
from compounding.workflow.act import Pharmacy
from labels.media import MEDIA
from labels.render import Renderer
from tests.conftest import Clock
from tests.keys import VAULT
from tests.web.conftest import CHEAP, Visitor
from tests.workflow.bench import on_weight

STAGES = ("received", "accepted", "planned", "batch planned", "in process", "compounded", "released", "checked", "handed over")
CAPSULES = Request("C4.5", Storage.ROOM, "vial-120-capsules", Method.POWDER, date(2026, 3, 2))
LIQUID = Request("L1", Storage.REFRIGERATOR, "bottle-120-ml", Method.WHOLE_TABLETS, date(2026, 3, 2), "syringe-5-by-0.1")
PROFILE = PharmacyProfile(name="Demonstration Pharmacy", address="1 Main Street", phone="555-010-0100", licence="PHY 1")
_NO_OPIOID = OpioidAnswer(Answer.NO, Answer.NO, Answer.NO, "the patient", "Linh Tran")
renderer = cache(Renderer)


def order(
    name: str = "Ann Sample", *, doses: tuple[tuple[str, int], ...] = (("4.5", 30),), form: Form = Form.CAPSULE, opioid: OpioidAnswer = _NO_OPIOID
) -> Order:
    """An order of `doses` (mg and days) at bedtime; capsules unless said."""
    steps = tuple(Step(Mass.of_mg(dose), Unit.MG, (Moment.BEDTIME,), days) for dose, days in doses)
    return Order(
        patient=Patient(name, date(1970, 5, 5), "12 Oak Street, Los Angeles 90001", "555-010-0199", "en", Pregnancy.NO),
        prescriber=Prescriber("Dr Paula Prescriber", "1234567893", "555-010-0123"),
        form=form,
        route=Route.ORAL,
        steps=steps,
        therapy=Therapy(naive=False, present_dose=steps[0].dose, last_taken=date(2026, 3, 1)),
        supply=Supply(total=sum((step.total for step in steps), Mass.of_mg(0))),
        refills=0,
        indication=Indication("M79.7", "fibromyalgia", on_label=True),
        opioid=opioid,
        written_on=date(2026, 3, 1),
        origin=Origin.ELECTRONIC,
    )


@dataclass(frozen=True)
class Demonstration:
    """The pharmacy, its accounts, and three who work there: a pharmacist in charge, a pharmacist and a technician."""

    pharmacy: Pharmacy
    passwords: dict[str, str]
    maria: Actor
    james: Actor
    linh: Actor

    @classmethod
    def opened(cls, pharmacy: Pharmacy) -> Self:
        accounts = {account.username: account.password for account in seed.demonstration(pharmacy)}
        return cls(pharmacy, accounts, *(_person(pharmacy, name, accounts[name]) for name in ("maria", "james", "linh")))

    def bring(self, what: Order, request: Request = CAPSULES, *, to: str = "handed over") -> UUID:
        """A new prescription brought to one of `STAGES`, its first fill as far as that; gives the prescription's id."""
        view = self.pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, self.maria, lambda act: prescriptions.receive(act, what, literal="{}"))
        stage = STAGES.index(to)
        if stage >= STAGES.index("accepted"):
            replies = {finding.rule.lower(): Reply("established patient", "called today") for finding in view.open}
            retyped = {place: item.dose for place, item in enumerate(view.retype)}
            self.pharmacy.perform(ActName.PRESCRIPTION_ACCEPT, self.maria, lambda act: prescriptions.accept(act, view.id, replies, retyped))
        if stage >= STAGES.index("planned"):
            fill = self._plan(view.id, request)
            if stage >= STAGES.index("batch planned"):
                self._make(fill, stage)
            if stage >= STAGES.index("checked"):
                self._give(fill, what, stage)
        return view.id

    def _plan(self, order_id: UUID, request: Request) -> UUID:
        draft = self.pharmacy.look(LookName.PRESCRIPTIONS, self.linh, lambda look: plans.draft(look, order_id, request))
        codes = [notice.code for notice in draft.plan.notices] + [finding.rule.lower() for finding in draft.findings]
        replies = {code: Reply("as the prescriber wishes", "called today") for code in codes}
        return self.pharmacy.perform(ActName.PLAN_MAKE, self.maria, lambda act: plans.make(act, order_id, request, replies))[0]

    def _make(self, fill: UUID, stage: int) -> None:
        batch = self.pharmacy.perform(ActName.BATCH_PLAN, self.linh, lambda act: worksheets.plan_batch(act, fill, {}))
        self.make(batch, stage)

    def make(self, batch: UUID, stage: int = STAGES.index("released")) -> None:
        """A batch that was drawn up, from the count on."""
        shown = self.pharmacy.look(LookName.BATCHES, self.linh, lambda look: batch_pages.batch(look, batch))
        amounts, weight = shown.preparation.amounts, shown.preparation.weight
        if stage >= STAGES.index("in process"):
            self._begin(batch, amounts.tablets)
        if stage < STAGES.index("compounded"):
            return
        for line in shown.open_lines:
            lot, actual = line.lot_number, line.target
            self.pharmacy.perform(
                ActName.BATCH_WEIGH,
                self.linh,
                lambda act, n=line.number, lot=lot, actual=actual: batches.weigh(act, batch, n, lot_number=lot, actual=actual, reason=""),
            )
        found = tuple(Found(check.trait, check.expected, present=True) for check in shown.formula.checks)
        finished = Finished(amounts.made, Fraction(4), (), found, "", on_weight(shown.preparation) if weight else None)
        self.pharmacy.perform(ActName.BATCH_WITNESS, self.linh, lambda act: batches.witness_weights(act, batch, self.james))
        self.pharmacy.perform(ActName.BATCH_COMPOUND, self.linh, lambda act: batches.compound(act, batch, finished))
        if stage >= STAGES.index("released"):
            self.pharmacy.perform(ActName.BATCH_RELEASE, self.maria, lambda act: batches.verify_and_release(act, batch))

    def _begin(self, batch: UUID, tablets: int) -> None:
        if tablets:
            self.pharmacy.perform(ActName.BATCH_COUNT, self.linh, lambda act: batches.count(act, batch, tablets, self.james, line_clear=True))
        else:
            self.pharmacy.perform(ActName.BATCH_BEGIN, self.linh, lambda act: batches.begin(act, batch, line_clear=True))

    def _give(self, fill: UUID, what: Order, stage: int) -> None:
        composed = self.pharmacy.look(LookName.LABELS, self.linh, lambda look: labels.compose(look, fill, PROFILE))
        printed = renderer().dispensing(composed.value, MEDIA["thermal-4x6"])
        self.pharmacy.perform(ActName.LABEL_ISSUE, self.linh, lambda act: labels.issue(act, composed, printed, PROFILE))
        self.pharmacy.perform(ActName.FILL_CHECK, self.maria, lambda act: dispenses.check(act, fill, composed.value.barcode))
        if stage < STAGES.index("handed over"):
            return
        told = HandOver(what.patient.birth_date, what.patient.phone, what.opioid, Counselling.GIVEN, date(2026, 3, 2))
        found = self.pharmacy.look(LookName.PRESCRIPTIONS, self.maria, lambda look: dispenses.findings_at_counter(look, fill, told))
        replies = {finding.rule.lower(): Reply("asked again", "called today") for finding in found}
        self.pharmacy.perform(ActName.FILL_HAND_OVER, self.maria, lambda act: dispenses.hand_over(act, fill, told, replies))


def furnished(path: Path, fill: Callable[["Demonstration"], None] = lambda _: None) -> "Shop":
    """A database of the demonstration pharmacy at `path`, made once for a module's tests, with what `fill` brings in."""
    engine = make_engine(f"sqlite:///{path}", vault=VAULT)
    migrate.upgrade(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP)
        demonstration = Demonstration.opened(Pharmacy(engine=engine, clock=Clock(), zone=ZoneInfo("America/Los_Angeles")))
    fill(demonstration)
    engine.dispose()
    return Shop(path, demonstration.passwords)


@dataclass(frozen=True)
class Shop:
    """Where the furnished database is, and who may sign in with which password."""

    path: Path
    passwords: dict[str, str]

    def visit(self, app: Flask, username: str) -> Visitor:
        """`username` at work, at a browser of their own."""
        visitor = Visitor(app.test_client(), app.extensions["pharmacy"].clock)
        assert visitor.sign_in(username, self.passwords[username]).status == 302
        return visitor


def _person(pharmacy: Pharmacy, username: str, password: str) -> Actor:
    staff = pharmacy.look(LookName.PEOPLE, system_actor("sign-in"), lambda look: people.sign_in(look, username, password))
    assert staff is not None
    return staff.actor
