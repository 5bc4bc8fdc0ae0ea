"""Every candidate for how long a preparation is good, before lots are chosen: the class's ceiling and each study, and which one decides.

`beyond_use.shelf_days` gives the decision alone; a person who doubts it wants to see what else was weighed.
"""

from dataclasses import dataclass, replace

from compounding.domain.beyond_use import shelf_days
from compounding.domain.formula import Formula, Storage


@dataclass(frozen=True, slots=True)
class Claim:
    """One reason to stop after `days` days; it may decide, come later than what decides, or not count at all."""

    days: int
    source: str
    decides: bool
    counts: bool = True


def claims(formula: Formula, storage: Storage) -> tuple[Claim, ...]:
    """The claims on the shelf life of `formula` at `storage`, the one that decides first; raises `Unsafe` where it may not be kept there.

    A study counts if it would decide were it the only one: by that the class's ceiling, too, is no more than one claim.
    """
    decided = shelf_days(formula, storage)
    table = shelf_days(replace(formula, stability=()), storage)
    studies = [study for study in formula.stability if study.storage is storage]
    alone = [shelf_days(replace(formula, stability=(study,)), storage) for study in studies]
    found = [Claim(*table, decides=table == decided, counts=table == decided or table[0] > decided[0])]
    found += [
        Claim(*by, decides=by == decided)
        if by != table
        else Claim(study.days, f"Stability study, {study.days} days at {storage}: {study.source}", decides=False, counts=study.days == table[0])
        for study, by in zip(studies, alone, strict=True)
    ]
    return tuple(sorted(found, key=lambda claim: (not claim.decides, not claim.counts, claim.days)))
