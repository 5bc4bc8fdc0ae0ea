"""What changed between two versions of a master formula, field by field and line by line, in the order of USP <795> 7.1."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compounding.domain.formula import Capsules, Characteristics, Formula, Ingredient, Liquid, Stability
from compounding.domain.quantity import decimal_text

Pair = tuple[str, str]  # what a line is known by within its section, and what it says


class Verdict(StrEnum):
    """What became of a line."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of both versions side by side; the side on which it does not stand is empty."""

    name: str
    before: str
    after: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the formula with its lines."""

    title: str
    lines: tuple[Line, ...]

    @property
    def changed(self) -> int:
        """How many of its lines differ."""
        return sum(line.verdict is not Verdict.SAME for line in self.lines)


def changes(before: Formula, after: Formula) -> tuple[Section, ...]:
    """Every section of the two versions, each line beside its other; what is the same stands there too."""
    old, new = dict(_sections(before)), dict(_sections(after))
    texts = {"Making", "Equipment", "Supplies", "On the label, for handling", "Labelling"}
    return tuple(Section(title, tuple(_compared(old[title], new[title], pairing=title in texts))) for title in old if old[title] or new[title])


def _compared(old: Sequence[Pair], new: Sequence[Pair], *, pairing: bool) -> Iterator[Line]:
    """The lines of both in one order; `pairing`: what was removed and what was added at one place are one line that changed."""
    gone: list[Pair] = []
    come: list[Pair] = []
    for left, right in _aligned(old, new):
        if left is not None and right is not None:
            yield from _between(gone, come, pairing=pairing)
            gone, come = [], []
            yield Line(right[0] if not pairing else "", left[1], right[1], Verdict.SAME if left[1] == right[1] else Verdict.CHANGED)
        elif left is not None:
            gone.append(left)
        elif right is not None:
            come.append(right)
    yield from _between(gone, come, pairing=pairing)


def _between(gone: Sequence[Pair], come: Sequence[Pair], *, pairing: bool) -> Iterator[Line]:
    both = min(len(gone), len(come)) if pairing else 0
    for left, right in zip(gone[:both], come[:both], strict=True):
        yield Line("", left[1], right[1], Verdict.CHANGED)
    yield from (Line("" if pairing else name, text, "", Verdict.REMOVED) for name, text in gone[both:])
    yield from (Line("" if pairing else name, "", text, Verdict.ADDED) for name, text in come[both:])


def _aligned(old: Sequence[Pair], new: Sequence[Pair]) -> list[tuple[Pair | None, Pair | None]]:
    """The longest common order of names in both; lists of a formula are short, so the whole table is filled."""
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = best[i + 1][j + 1] + 1 if old[i][0] == new[j][0] else max(best[i + 1][j], best[i][j + 1])
    found: list[tuple[Pair | None, Pair | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i][0] == new[j][0]:
            found.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and best[i + 1][j] >= best[i][j + 1]):
            found.append((old[i], None))
            i += 1
        else:
            found.append((None, new[j]))
            j += 1
    return found


def _sections(of: Formula) -> Iterator[tuple[str, Sequence[Pair]]]:
    yield "Name, strength, dosage form", (("Name", of.name), ("Strength", of.strength_text), ("Dosage form", of.dosage_form), ("Source", of.source))
    yield "Components", tuple(_components(of))
    yield "Containers and closures", tuple((item.container, f"{item.material}; {item.closure}") for item in of.containers)
    yield "Usual container", (("Usual container", of.usual_container),)
    yield "Equipment", _texts(of.equipment)
    yield "Supplies", _texts(of.supplies)
    yield "Method and time", (("Method", str(of.method)), ("Standard bench time", f"{of.minutes} minutes"), *_volume(of.liquid))
    yield "Making", _texts(of.instructions)
    yield "The finished preparation", (("Description", of.description),)
    yield "Beyond-use date and storage", (("Class", str(of.beyond_use_class)), *((str(place), "kept there") for place in of.storages))
    yield "Source of the date", (("Reference", of.date_source),)
    yield "Evidence", tuple((f"{item.source}, {item.storage}", _study(item)) for item in of.stability)
    yield "Calculations", tuple((item.what, item.rule) for item in of.calculations)
    yield "On the label, for handling", _texts(of.handling)
    yield "Labelling", _texts(of.labelling)
    yield "Quality control", tuple((item.trait, f"{item.expected}{'; ' if item.procedure else ''}{item.procedure}") for item in of.checks)
    yield "Anything else", tuple((item.what, item.value) for item in of.conditions)


def _texts(lines: Sequence[str]) -> tuple[Pair, ...]:
    return tuple((line, line) for line in lines)


def _components(of: Formula) -> Iterator[Pair]:
    if of.stock_solution is None:
        yield "Naltrexone hydrochloride, from 50 mg tablets", said(of.active) or "no characteristics"
    if of.liquid:
        yield from ((item.name, _ingredient(item)) for item in of.liquid.ingredients)
        kept_by = of.liquid.preservative
        if kept_by:
            works = f"between pH {decimal_text(kept_by.ph_low)} and {decimal_text(kept_by.ph_high)}"
            yield "Preserved by", f"{kept_by.name} {decimal_text(kept_by.percent)} %, {works}"
    if of.capsules:
        yield from _shells(of.capsules)


def _shells(capsules: Capsules) -> Iterator[Pair]:
    yield capsules.filler.name, ", ".join(filter(None, (capsules.filler.part, "to fill", said(capsules.filler.characteristics))))
    yield "Shell", ", ".join(filter(None, (capsules.shell, f"size {capsules.size}", said(capsules.shell_characteristics))))
    yield "Made beyond those dispensed", str(capsules.overage)


def _ingredient(item: Ingredient) -> str:
    amount = str(item.mass_in_100_ml or item.volume_in_100_ml or "to volume")
    made = f"made here by {item.made_here.formula}, version {item.made_here.version} or later" if item.made_here else ""
    return ", ".join(filter(None, (item.part, amount, made, said(item.characteristics))))


def _volume(liquid: Liquid | None) -> tuple[Pair, ...]:
    if liquid is None:
        return ()
    yes = {True: "yes", False: "no"}
    return (
        ("Made up to a mark every", str(liquid.made_up_to_mark)),
        ("Made up in the container that is handed over", yes[liquid.made_in_container]),
        ("Doses in drops on the label", yes[liquid.drops_on_label]),
    )


def _study(item: Stability) -> str:
    indicating = {True: "stability-indicating", False: "not stability-indicating", None: "method not read"}[item.stability_indicating]
    tested = "USP <51> passed" if item.antimicrobial_test else "USP <51> not done"
    return ", ".join(filter(None, (f"{item.days} days", indicating, tested, item.container, item.vehicle, item.remark)))


def said(what: Characteristics) -> str:
    """The characteristics of a component as one line; empty where there are none."""
    return "; ".join(filter(None, (what.salt_form, what.particle_size, what.grade, what.other)))
