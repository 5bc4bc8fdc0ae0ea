"""Every candidate for how long a preparation is good, before lots are chosen: the class's ceiling and each study, and which one decides.

`beyond_use.shelf_days` gives the decision alone; a person who doubts it wants to see what else was weighed.
"""

from dataclasses import dataclass, replace

from compounding.domain.beyond_use import shelf_days
from compounding.domain.formula import Formula, Stability, Storage

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
