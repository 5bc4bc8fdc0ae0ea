"""Refrigerators and rooms: what their thermometers showed, and what is held since an excursion."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.climate import Temperatures
from compounding.domain.errors import Invalid
from compounding.domain.quantity import decimal_text
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read as loaded
from compounding.schemas.upkeep import DECISION, PUT, TEMPERATURE
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import climate

blueprint = Blueprint("climate", __name__, url_prefix="/upkeep/climate")

_PAGE = "/upkeep/climate"


@blueprint.get("")
def page() -> str:
    """The places, what was read, what is held."""
    return _page({})


@blueprint.post("")
def read() -> Answer:
    """Record what a thermometer showed."""
    return attempt(_read, _page)


@blueprint.post("/place")
def put() -> Answer:
    """Record where a lot stands."""
    return attempt(_put, _page)


@blueprint.post("/decision")
def decide() -> Answer:
    """Release or reject what is held."""
    return attempt(_decided, _page)


def _page(errors: Errors) -> str:
    found = pharmacy().look(LookName.UPKEEP, actor(), climate.climate)
    may = {name.value: actor().role in ACTS[name] for name in (ActName.TEMPERATURE_READ, ActName.EXCURSION_DECIDE)}
    return render("upkeep_climate.html", values=request.form, errors=errors, it=found, may=may, degrees=decimal_text, zone=pharmacy().zone)


def _read() -> str:
    told = cast("dict[str, Any]", loaded(TEMPERATURE, from_form(unflatten(request.form))))["read"]
    found = Temperatures(told["lowest"], told["highest"], told["now"])
    try:
        held = pharmacy().perform(ActName.TEMPERATURE_READ, actor(), lambda act: climate.read(act, told["place"], found))
    except Invalid as error:
        raise _within("read", error) from error
    flash(f"The reading is recorded. It is out of the limits: {held} lots and batches are held." if held else "The reading is recorded.")
    return _PAGE


def _put() -> str:
    told = cast("dict[str, Any]", loaded(PUT, from_form(unflatten(request.form))))["put"]
    try:
        pharmacy().perform(ActName.LOT_PUT, actor(), lambda act: climate.put(act, told["lot"], told["place"]))
    except Invalid as error:
        raise _within("put", error) from error
    flash("The place of the lot is recorded.")
    return _PAGE


def _decided() -> str:
    told = cast("dict[str, Any]", loaded(DECISION, from_form(unflatten(request.form))))
    person = sign()
    pharmacy().perform(ActName.EXCURSION_DECIDE, person, lambda act: climate.decide(act, UUID(told["hold"]), told["decision"], told["reason"]))
    flash("The decision is recorded and signed.")
    return _PAGE


def _within(form: str, error: Invalid) -> Invalid:
    """`error` beside the fields of the form called `form`."""
    return Invalid(error.code, error.sentence, fields={f"{form}.{name}": messages for name, messages in error.fields.items()})
