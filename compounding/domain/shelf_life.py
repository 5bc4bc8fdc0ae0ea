"""Every candidate for how long a preparation is good, before lots are chosen: the class's ceiling and each study, and which one decides.

`beyond_use.shelf_days` gives the decision alone; a person who doubts it wants to see what else was weighed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from compounding.domain.beyond_use import MOST_DAYS, TABLE_4, assigned_class, shelf_days
from compounding.domain.formula import BeyondUseClass, Formula, Stability, Storage

DECIDES = "decides"
NO_SOONER = "comes no sooner"
LENGTHENED = "is lengthened by the study that decides (USP <795> 10.5)"
NO_LONGER = "lengthens nothing: no stability-indicating method, microbes not tested (USP <51>), or nothing preserves (USP <795> 10.5)"


@dataclass(frozen=True, slots=True)
class Claim:
    """One reason to stop after `days` days, and what became of it."""

    days: int
    source: str
    verdict: str


def claims(formula: Formula, storage: Storage) -> tuple[Claim, ...]:
    """The claims on the shelf life of `formula` at `storage`, the one that decides first; raises `Unsafe` where it may not be kept there."""
    decided = shelf_days(formula, storage)
    table = shelf_days(replace(formula, stability=()), storage)
    ceiling = Claim(*table, DECIDES if table == decided else LENGTHENED if table[0] < decided[0] else NO_SOONER)
    found = [ceiling, *(_claim(study, formula, decided, table) for study in formula.stability if study.storage is storage)]
    return tuple(sorted(found, key=lambda claim: (claim.verdict != DECIDES, claim.days)))


def _claim(study: Stability, formula: Formula, decided: tuple[int, str], table: tuple[int, str]) -> Claim:
    """A study that changes nothing were it the only one lengthens nothing, unless it is as long as the ceiling."""
    days, source = shelf_days(replace(formula, stability=(study,)), study.storage)
    if (days, source) != table:
        return Claim(days, source, DECIDES if (days, source) == decided else NO_SOONER)
    return Claim(study.days, f"Stability study, {study.days} days at {study.storage}: {study.source}", NO_LONGER if study.days > table[0] else NO_SOONER)


class Does(StrEnum):
    """What a study does to the beyond-use date."""

    EXTENDS = "extends"
    SHORTENS = "shortens"
    NOTHING = "changes nothing"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one study does to the date of its storage, and why."""

    does: Does
    why: str


def effect(study: Stability, formula: Formula) -> Effect:
    """What `study` does among all that `formula` cites."""
    kind = assigned_class(formula)
    table = TABLE_4[kind]
    if study.storage not in formula.storages or (kind is BeyondUseClass.AQUEOUS_UNPRESERVED and study.storage is not Storage.REFRIGERATOR):
        return Effect(Does.NOTHING, f"The preparation is not kept at {study.storage}.")
    decided, _ = shelf_days(formula, study.storage)
    if study.days < table:
        return _shorter(study, decided, table)
    against = _why_no_longer(study, kind, table)
    return Effect(Does.NOTHING, against) if against else _longer(study, decided, table)


def _why_no_longer(study: Stability, kind: BeyondUseClass, table: int) -> str:
    """Why a study that is no shorter than Table 4 extends nothing; empty where it may."""
    read = "is not stability-indicating" if study.stability_indicating is False else "is not known to be stability-indicating"
    reasons = (
        (study.days == table, f"It is as long as the {table} days of Table 4."),
        (table == MOST_DAYS, f"{MOST_DAYS} days are the ceiling of every extension (USP <795> 10.5), and Table 4 gives them already."),
        (
            study.stability_indicating is not True,
            f"Longer than the {table} days of Table 4, but its method {read}: potency over time is not stability (USP <795> 10.5).",
        ),
        (kind is BeyondUseClass.AQUEOUS_UNPRESERVED, f"Nothing preserves the preparation: the {table} days of Table 4 stay (USP <795> 10.5)."),
        (
            kind is BeyondUseClass.AQUEOUS_PRESERVED and not study.antimicrobial_test,
            f"Longer than the {table} days of Table 4, but USP <51> was not passed (USP <795> 10.5).",
        ),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _shorter(study: Stability, decided: int, table: int) -> Effect:
    if study.days == decided:
        return Effect(Does.SHORTENS, f"To {decided} days from the {table} of Table 4: evidence may always shorten.")
    return Effect(Does.NOTHING, f"Shorter than Table 4, but another study gives {decided} days.")


def _longer(study: Stability, decided: int, table: int) -> Effect:
    reach = min(study.days, MOST_DAYS)
    if decided < table:
        return Effect(Does.NOTHING, f"It could extend, but a shorter study gives {decided} days.")
    if reach < decided:
        return Effect(Does.NOTHING, f"It could extend to {reach} days, and another study gives {decided}.")
    capped = f"; its {study.days} days are cut at the ceiling of {MOST_DAYS}" if study.days > MOST_DAYS else ""
    return Effect(Does.EXTENDS, f"To {decided} days from the {table} of Table 4 (USP <795> 10.5){capped}.")
