"""What is measured with: balances, syringes, and droppers with every calibration that they had."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from compounding.db.document import decode, encode
from compounding.db.inventory import CalibrationRow, DeviceRow
from compounding.db.values import approved_formulas, policy_in_force
from compounding.db.values import devices as devices_in_use
from compounding.domain.errors import Invalid
from compounding.domain.formula import Formula
from compounding.domain.measurement import calibrated
from compounding.domain.policy import Policy
from compounding.domain.weighing import Balance, DropCount, Dropper, Syringe
from compounding.workflow.act import Act, Look

_NO_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Calibration:
    """One calibration of a dropper; `holds` says that it is the newest, by which plans are made until it lapses."""

    dropper: Dropper
    holds: bool


@dataclass(frozen=True, slots=True)
class Cabinet:
    """Everything that is measured with, every calibration (the newest first), and the liquids whose drops may be counted."""

    balances: tuple[Balance, ...]
    syringes: tuple[Syringe, ...]
    calibrations: tuple[Calibration, ...]
    liquids: tuple[Formula, ...]
    policy: Policy
    today: date


def cabinet(look: Look) -> Cabinet:
    """What is measured with today."""
    found = devices_in_use(look.session)
    return Cabinet(
        tuple(device for device in found if isinstance(device, Balance)),
        tuple(device for device in found if isinstance(device, Syringe)),
        _calibrations(look),
        _liquids(look),
        policy_in_force(look.session),
        look.today,
    )


def calibrate(act: Act, *, name: str, formula: str, counts: Sequence[DropCount]) -> None:
    """Keep the counted drops of one formula by the dropper called `name`: a new dropper, or a new calibration that takes the place of the last."""
    if formula not in {liquid.code for liquid in _liquids(act)}:
        raise Invalid("formula", "Choose a liquid from the list.", fields={"formula": ("Choose a liquid from the list.",)})
    known = next((row for row, dropper in _droppers(act) if (dropper.name.casefold(), dropper.formula) == (name.casefold(), formula)), None)
    code = known.code if known else _NO_LETTER.sub("-", f"{name} {formula}".casefold()).strip("-")
    dropper = calibrated(code, known.name if known else name, formula, counts, on=act.today, by=act.actor.name, policy=policy_in_force(act.session))
    text = encode(dropper)
    row = known or DeviceRow(code=code, kind="dropper", name=name, document=text, active=True)
    act.session.add(row)
    act.session.add(CalibrationRow(device_id=row.id, document=text, person_id=act.actor.id, counted_at=act.at))


def _calibrations(look: Look) -> tuple[Calibration, ...]:
    """Those of each dropper in use; one from before calibrations were kept apart has its counts in the device's own document."""
    found = []
    for row, first in _droppers(look):
        texts = look.session.scalars(select(CalibrationRow.document).where(CalibrationRow.device_id == row.id).order_by(CalibrationRow.counted_at.desc()))
        droppers = [decode(Dropper, text) for text in texts] or [first]
        found += [Calibration(dropper, holds=place == 0) for place, dropper in enumerate(droppers)]
    return tuple(found)


def _droppers(look: Look) -> list[tuple[DeviceRow, Dropper]]:
    rows = look.session.scalars(select(DeviceRow).where(DeviceRow.kind == "dropper", DeviceRow.active).order_by(DeviceRow.code))
    return [(row, decode(Dropper, row.document)) for row in rows]


def _liquids(look: Look) -> tuple[Formula, ...]:
    return tuple(formula for _, formula in approved_formulas(look.session) if formula.liquid is not None)
