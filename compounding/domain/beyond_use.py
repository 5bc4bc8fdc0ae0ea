"""The beyond-use date of a preparation: the earliest of several candidates, all kept, with the one that decided (USP <795> 10)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from compounding.domain.errors import Unsafe
from compounding.domain.formula import BeyondUseClass, Formula, Stability, Storage
from compounding.domain.wording import said

# USP <795> 10.3 Table 4, official since 1 November 2023: most days without a monograph or a stability study of the preparation itself.
TABLE_4: Mapping[BeyondUseClass, int] = {
    BeyondUseClass.AQUEOUS_UNPRESERVED: 14,
    BeyondUseClass.AQUEOUS_PRESERVED: 35,
    BeyondUseClass.NONAQUEOUS_LIQUID: 90,
    BeyondUseClass.NONAQUEOUS_SOLID: 180,
}
MOST_DAYS = 180  # USP <795> 10.5: the ceiling of every extension
_AQUEOUS = frozenset({BeyondUseClass.AQUEOUS_PRESERVED, BeyondUseClass.AQUEOUS_UNPRESERVED})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reason to stop using the preparation: valid through `until`, that day included."""

    name: str
    until: date
    source: str


@dataclass(frozen=True, slots=True)
class BeyondUse:
    """A beyond-use date with all that was weighed for it, the earliest first; `made_is_day_one` says how days were counted."""

    made_on: date
    candidates: tuple[Candidate, ...]
    made_is_day_one: bool

    @property
    def until(self) -> date:
        """The last day of use."""
        return self.candidates[0].until

    @property
    def decided_by(self) -> Candidate:
        """The candidate that decided."""
        return self.candidates[0]


def assigned_class(formula: Formula, *, preserved: bool = True) -> BeyondUseClass:
    """The class that holds for a batch: preserved only with a named preservative whose pH was not found outside its range."""
    claims_preserved = formula.beyond_use_class is BeyondUseClass.AQUEOUS_PRESERVED
    named = formula.liquid is not None and formula.liquid.preservative is not None
    if claims_preserved and not (named and preserved):
        return BeyondUseClass.AQUEOUS_UNPRESERVED
    return formula.beyond_use_class


def shelf_days(formula: Formula, storage: Storage, *, preserved: bool = True) -> tuple[int, str]:
    """How many days the formula allows at `storage`, and why; raises `Unsafe` where it may not be kept there.

    A study always shortens, whatever another one says; it lengthens only with a stability-indicating method, only a nonaqueous
    preparation or one that passed USP <51>, and never beyond 180 days.
    """
    kind = assigned_class(formula, preserved=preserved)
    if storage not in formula.storages or (kind is BeyondUseClass.AQUEOUS_UNPRESERVED and storage is not Storage.REFRIGERATOR):
        message = f"{formula.name} may not be kept at {storage}. Choose another storage or formula."
        raise Unsafe("storage", message, source="USP <795> 10.3")
    table = TABLE_4[kind]
    studies = [study for study in formula.stability if study.storage is storage]
    shorter = [study for study in studies if study.days < table]
    longer = [study for study in studies if study.days > table and _extends(study, kind)]
    if not shorter and not longer:
        return table, f"USP <795> Table 4: {kind}, {table} days"
    study = min(shorter, key=_days_of) if shorter else max(longer, key=_days_of)
    days = min(study.days, MOST_DAYS)
    return days, f"Stability study, {days} days at {storage}: {study.source}"


def _extends(study: Stability, kind: BeyondUseClass) -> bool:
    microbes = kind not in _AQUEOUS or (study.antimicrobial_test and kind is BeyondUseClass.AQUEOUS_PRESERVED)
    return study.stability_indicating is True and microbes


def _days_of(study: Stability) -> int:
    return study.days


def last_day(made_on: date, days: int, *, made_is_day_one: bool) -> date:
    """The last day of use of something that is good for `days` days."""
    return made_on + timedelta(days=days - made_is_day_one)


def month_end(year: int, month: int) -> date:
    """The day that an expiry printed as month and year means: the last one of that month (USP <7>)."""
    return date(year, month, monthrange(year, month)[1])


def beyond_use(
    formula: Formula,
    storage: Storage,
    *,
    made_on: date,
    components: Iterable[tuple[str, date]],
    made_is_day_one: bool,
    preserved: bool = True,
    made_here: Iterable[tuple[str, date]] = (),
) -> BeyondUse:
    """The beyond-use date of a batch made on `made_on` from `components` (name and expiry of each lot) and from what was `made_here` before."""
    days, why = shelf_days(formula, storage, preserved=preserved)
    candidates = [Candidate(f"{days} days at {storage}", last_day(made_on, days, made_is_day_one=made_is_day_one), why)]
    for name, expires_on in components:
        candidates.append(Candidate(f"Expiry of {name}", expires_on, "USP <795> 10.4: never later than the soonest expiry of a component"))
    for name, until in made_here:
        candidates.append(Candidate(f"Beyond-use date of {name}, made here", until, "USP <795> 10.4: never outlives a compounded component"))
    candidates.sort(key=lambda candidate: candidate.until)
    return BeyondUse(made_on, tuple(candidates), made_is_day_one)


def refuse_short(until: date, last_dose: date) -> None:
    """Refuse a preparation whose beyond-use date lies before its last dose (rule R23): never a longer date."""
    if until < last_dose:
        message = f"The beyond-use date would be {said(until)}, before the last dose on {said(last_dose)}. Make it nearer to its use, or plan the course again."
        raise Unsafe("R23", message, rule="R23")
