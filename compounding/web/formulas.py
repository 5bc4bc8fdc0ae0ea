"""The book: master formulas as printed forms, the decisions in force, the instruments."""

from dataclasses import dataclass

from flask import Blueprint

from compounding.domain.authority import LookName
from compounding.domain.beyond_use import TABLE_4, assigned_class, shelf_days
from compounding.domain.formula import Formula
from compounding.domain.weighing import Balance, Dropper, Syringe
from compounding.web.decisions import decisions
from compounding.web.page import actor, pharmacy, render
from compounding.workflow import formulas as work

blueprint = Blueprint("formulas", __name__, url_prefix="/formulas")


@dataclass(frozen=True, slots=True)
class Kept:
    """How long the preparation may be used when it is kept at `storage`, and by what rule."""

    storage: str
    days: int
    why: str


@blueprint.get("")
def book() -> str:
    """Every approved formula, the policy in force and the instruments."""
    found = pharmacy().look(LookName.FORMULAS, actor(), work.book)
    kinds = {"syringes": Syringe, "droppers": Dropper, "balances": Balance}
    instruments = {name: [item for item in found.instruments if isinstance(item, kind)] for name, kind in kinds.items()}
    formulas = [(formula, kept(formula)) for formula in found.formulas]
    return render("formulas.html", book=found, formulas=formulas, groups=decisions(found.policy), zone=pharmacy().zone, **instruments)


@blueprint.get("/<code>/<int(max=9999):version>")
def formula(code: str, version: int) -> str:
    """One version of a master formula."""
    found = pharmacy().look(LookName.FORMULAS, actor(), lambda look: work.entry(look, code, version))
    table_days = TABLE_4[assigned_class(found.formula)]
    return render("formula.html", entry=found, formula=found.formula, kept=kept(found.formula), table_days=table_days, zone=pharmacy().zone)


def kept(formula: Formula) -> tuple[Kept, ...]:
    """The days that hold at each storage that the formula allows."""
    return tuple(Kept(storage, *shelf_days(formula, storage)) for storage in formula.storages)
