"""The languages that there are, and in which one the papers of a container are printed: what its patient wants, where its directions can be said in it."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from compounding.db.batches import FillRow
from compounding.db.document import decode
from compounding.db.values import formula_of, plan_of, planned, policy_in_force, prescription_row
from compounding.domain import languages as folder
from compounding.domain.language import ENGLISH, Language
from compounding.domain.prescription import Order
from compounding.domain.sig import Direction, sig
from compounding.domain.translation import chosen, preferred
from compounding.workflow.act import Look


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its code, English first, the others by name: each file of the folder is one."""
    found = [import_module(f"{folder.__name__}.{item.name}").LANGUAGE for item in iter_modules(folder.__path__)]
    return {language.code: language for language in sorted(found, key=_english_first)}


def _english_first(language: Language) -> tuple[bool, str]:
    return language.code != ENGLISH, language.name


def directions_of(look: Look, fill: FillRow) -> tuple[Direction, ...]:
    """The sig of a container, as it is planned and dated now."""
    order, plan = decode(Order, prescription_row(look.session, fill.prescription_id).document), plan_of(look.session, fill)
    return sig(plan, planned(look.session, fill, plan), formula_of(look.session, fill)[1], route=order.route, opens_on=fill.opens_on)


def wanted(look: Look, fill: FillRow) -> tuple[Language, str]:
    """The language of the patient, or English with the reason why."""
    order = decode(Order, prescription_row(look.session, fill.prescription_id).document)
    return preferred(languages(), order.patient.language, directions_of(look, fill), policy_in_force(look.session))


def language_of(look: Look, fill: FillRow, code: str) -> Language:
    """The language of that code; raises `Invalid` where this container's directions cannot be printed in it."""
    return chosen(languages(), code, directions_of(look, fill), policy_in_force(look.session))
