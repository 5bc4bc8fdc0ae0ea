"""Upkeep: what is due around the bench today, and the balances."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.errors import Invalid
from compounding.domain.quantity import Mass
from compounding.domain.upkeep import SOON
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.upkeep import CALIBRATION, CHECKS, TEST_WEIGHT, Calibrated, TestWeight
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import climate, routines, upkeep

blueprint = Blueprint("upkeep", __name__, url_prefix="/upkeep")

_BALANCES = "/upkeep/balances"


@blueprint.get("")
def overview() -> str:
    """What is due today first, then how everything stands."""
    found = pharmacy().look(LookName.UPKEEP, actor(), upkeep.balances)
    cleaned = pharmacy().look(LookName.UPKEEP, actor(), routines.cleanings)
    people = pharmacy().look(LookName.UPKEEP, actor(), routines.staff)
    places = pharmacy().look(LookName.UPKEEP, actor(), climate.climate)
    return render("upkeep.html", climate=places, balances=found, cleanings=cleaned, training=people, soon=found.today + SOON, zone=pharmacy().zone)


@blueprint.get("/balances")
def balances() -> str:
    """The balances: one reading for each, the first task of the day."""
    return _balances({})


@blueprint.post("/balances")
def check() -> Answer:
    """Record what the balances show."""
    return attempt(_checked, _balances)


@blueprint.post("/balances/calibration")
def calibrate() -> Answer:
    """Record a certificate."""
    return attempt(lambda: _within("calibration", _calibrated), _balances)


@blueprint.post("/balances/weight")
def set_weight() -> Answer:
    """Another test weight."""
    return attempt(lambda: _within("weight", _weight_set), _balances)


def _balances(errors: Errors) -> str:
    found = pharmacy().look(LookName.UPKEEP, actor(), upkeep.balances)
    may = {name.value: actor().role in ACTS[name] for name in (ActName.BALANCE_CHECK, ActName.BALANCE_CALIBRATE, ActName.BALANCE_SET_WEIGHT)}
    return render("upkeep_balances.html", values=request.form, errors=errors, it=found, may=may, zone=pharmacy().zone)


def _checked() -> str:
    told = from_form(unflatten(request.form))
    readings = cast("dict[str, Mass]", read(CHECKS, told))
    try:
        found = pharmacy().perform(ActName.BALANCE_CHECK, actor(), lambda act: upkeep.check_balances(act, readings))
    except Invalid as error:
        raise _beside_rows(error, told) from error
    if any(not check.passed for check in found):
        return _BALANCES  # which says what is wrong
    flash("What the balances show is recorded.")
    return "/upkeep"


def _beside_rows(error: Invalid, told: dict[str, Any]) -> Invalid:
    """`error` beside the row of its balance: a use case knows the code, the form its place."""
    places = {row["balance"]: number for number, row in enumerate(told.get("checks", []))}
    fields = {f"checks.{places[name]}.reading" if name in places else name: messages for name, messages in error.fields.items()}
    return Invalid(error.code, error.sentence, fields=fields)


def _within(form: str, act: Callable[[], str]) -> str:
    """Do `act`, whose refusals name fields of the form called `form`."""
    try:
        return act()
    except Invalid as error:
        fields = {path if path.startswith(f"{form}.") else f"{form}.{path}": messages for path, messages in error.fields.items()}
        raise Invalid(error.code, error.sentence, fields=fields) from error


def _calibrated() -> str:
    told: Calibrated = cast("dict[str, Any]", read(CALIBRATION, from_form(unflatten(request.form))))["calibration"]
    pharmacy().perform(ActName.BALANCE_CALIBRATE, actor(), lambda act: upkeep.calibrate(act, told.balance, told.calibration))
    flash("The calibration is recorded.")
    return _BALANCES


def _weight_set() -> str:
    told: TestWeight = cast("dict[str, Any]", read(TEST_WEIGHT, from_form(unflatten(request.form))))["weight"]
    pharmacy().perform(
        ActName.BALANCE_SET_WEIGHT, actor(), lambda act: upkeep.set_test_weight(act, told.balance, nominal=told.nominal, tolerance=told.tolerance)
    )
    flash("The test weight is recorded. Check the balance with it.")
    return _BALANCES
