"""Formulas for tests of approval and of versions: one of the library as a pharmacist would have written it, and what a house may name."""

from dataclasses import replace

from compounding.domain import library
from compounding.domain.approval import House
from compounding.domain.formula import Formula
from tests.domain.examples import FORMULAS

NAMES = {product.stands_for: product.name for product in library.products()}
CONTAINERS = {code: name for code, name in NAMES.items() if code.startswith(("bottle-", "vial-"))}
HOUSE = House(FORMULAS, NAMES, CONTAINERS)


def written(code: str) -> Formula:
    """A formula of the library, no demonstration any more."""
    return replace(FORMULAS[code], demonstration=False)
