"""What there is to choose from for a course that nobody ordered: approved formulas, what measures doses, and containers."""

from dataclasses import dataclass
from datetime import date

from compounding.db.values import approved_formulas, containers, measures
from compounding.domain.formula import Formula
from compounding.domain.preparation import Container
from compounding.domain.weighing import Dropper, Syringe
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the pharmacy could make a course of and measure it with, and the pharmacy's own date."""

    formulas: tuple[Formula, ...]
    devices: tuple[Syringe | Dropper, ...]
    containers: tuple[Container, ...]
    today: date


def shelf(look: Look) -> Shelf:
    """All that may be chosen today, whatever the form."""
    return Shelf(tuple(formula for _, formula in approved_formulas(look.session)), measures(look.session), containers(look.session), look.today)
