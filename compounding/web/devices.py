"""What is measured with: balances, syringes, droppers; and the count of a dropper's drops."""

from typing import cast

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid
from compounding.domain.measurement import FEWEST_COUNTS, spread_of
from compounding.domain.weighing import percent
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.stock import COUNTED, Counted
from compounding.web.page import actor, pharmacy, render, reshow, unflatten
from compounding.workflow import devices

blueprint = Blueprint("devices", __name__, url_prefix="/devices")

_ROWS = 5  # counts that the form has room for
_NAMES = {"name": "Dropper", "formula": "Liquid", "counts": "Counts"} | {
    f"counts.{row}.{part}": f"{part.capitalize()} of count {row + 1}" for row in range(_ROWS) for part in ("drops", "volume")
}


@blueprint.get("")
def index() -> str:
    """Every device with its marks or its calibrations."""
    return render("devices.html", **_cabinet())


@blueprint.post("/droppers")
def calibrate() -> Response | tuple[str, int]:
    """Keep the counted drops of a dropper."""
    try:
        told = cast("Counted", read(COUNTED, from_form(unflatten(request.form))))
        pharmacy().perform(ActName.DEVICE_CALIBRATE, actor(), lambda act: devices.calibrate(act, name=told.name, formula=told.formula, counts=told.counts))
    except Invalid as error:
        return reshow("devices.html", error, **_cabinet())
    flash(f"The drops of {told.name} are recorded. From now on, plans are made by this count.")
    return redirect("/devices", code=303)


def _cabinet() -> dict[str, object]:
    found = pharmacy().look(LookName.STOCK, actor(), devices.cabinet)
    spreads = [percent(spread_of(item.dropper.counts).relative).removeprefix("+") for item in found.calibrations]
    liquids = [(formula.code, f"{formula.code}: {formula.name}") for formula in found.liquids]
    calibrations = list(zip(found.calibrations, spreads, strict=True))
    return {"cabinet": found, "calibrations": calibrations, "liquids": liquids, "names": _NAMES, "rows": _ROWS, "fewest": FEWEST_COUNTS}
