"""The source of the drug: tablets, or lots of a stock solution that were made here, each by its own strength. Whole numbers only.

Masses are counted in nanolitres times the strength of what is drawn, so that nothing is divided: a million of them is one mg/mL for one mL.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compounding.second.desk import Desk
from compounding.second.reading import Paper, differ

_MILLION = 1_000_000  # nanolitres in a millilitre
ACTIVE = "source of the active ingredient"
DRAWN = "drawn from stock"
_FILLINGS = 2  # of one graduate, at most
_SHARE = 5  # a graduate measures no less than a fifth of what it holds


def stock_of(formula: Paper) -> Paper | None:
    """The ingredient that brings the drug where no tablets do."""
    items = formula.paper("liquid").papers("ingredients") if formula.has("liquid") else []
    return next((item for item in items if item.text("part") == ACTIVE), None)


def method_of(formula: Paper, chosen: str) -> str:
    """How the drug goes in: as the formula has it, and for a liquid from tablets as it was chosen."""
    if formula.has("capsules"):
        return "weighed powder"
    return DRAWN if stock_of(formula) else chosen


def drawn_differences(lines: Sequence[Paper], desk: Desk) -> Iterator[str]:
    """Compare the lines of a stock solution with what its lots give, the soonest date first; none may stand on the worksheet of a batch from tablets."""
    item = stock_of(desk.formula)
    if item is None:
        if lines:
            yield "A stock solution is drawn, though tablets are the source."
        return
    wanted = desk.amounts.parts("active") * _MILLION
    if sum(_mass(line, desk) for line in lines) != wanted * desk.fine:
        yield "What is drawn does not hold the naltrexone that goes in."
    planned = [(line.text("lot_id"), _mass(line, desk), line.whole("target") * desk.fine, line.text("instrument")) for line in lines]
    expected = _expected(wanted, _lots(item, desk), _graduates(desk.policy))
    yield from differ("Drawn from lots", planned, [(lot, mass * desk.fine, mark * desk.fine, name) for lot, mass, mark, name in expected])
    for line in lines:
        off = abs(line.parts("exact") - line.whole("target") * desk.fine)
        if off * desk.fine > desk.policy.parts("weighing_tolerance") * line.parts("exact"):
            yield f"Line {line.whole('number')}: the mark is further from the exact volume than the policy lets pass."
        if line.whole("stock") != line.whole("target"):
            yield f"Line {line.whole('number')}: what leaves stock is not what is drawn."


@dataclass(frozen=True, slots=True)
class _Graduate:
    """What is drawn with: its name, what it holds and one of its marks, in nanolitres."""

    name: str
    holds: int
    mark: int

    def fillings(self, amount: int) -> int:
        return -(-amount // self.holds)


def _graduates(policy: Paper) -> list[_Graduate]:
    found = []
    for one in policy.papers("graduates"):
        holds, mark = one.parts("capacity") * _MILLION, one.parts("graduation") * _MILLION
        if holds % policy.fine or mark % policy.fine:
            raise ValueError("A graduate is marked in whole nanolitres.")
        found.append(_Graduate(one.text("name"), holds // policy.fine, mark // policy.fine))
    return found


def _lots(item: Paper, desk: Desk) -> list[Paper]:
    """The lots that may be drawn from, in their order: of the formula that is named, and of that version or a later one."""
    named = item.paper("made_here")
    covering = [lot for lot in desk.covering(item.text("product")) if lot.has("made")]
    return [lot for lot in covering if lot.paper("made").text("formula") == named.text("formula") and _version(lot) >= named.whole("version")]


def _mass(line: Paper, desk: Desk) -> int:
    """What a line holds of the drug, in fine units of a nanolitre times the strength of its lot."""
    return line.parts("exact") * _strength(desk.lots[line.text("lot_id")])


def _version(lot: Paper) -> int:
    return lot.paper("made").whole("version")


def _strength(lot: Paper) -> int:
    return lot.paper("made").parts("strength") if lot.has("made") else 0


def _expected(wanted: int, lots: Sequence[Paper], graduates: Sequence[_Graduate]) -> list[tuple[str, int, int, str]]:
    """Lot, mass, mark in nanolitres and graduate: the first lot that gives all, or else all that each gives until it is enough."""
    for lot in lots:
        if wanted <= lot.whole("balance") * _strength(lot):
            mark, name = _nearest(wanted, _strength(lot), graduates)
            if mark <= lot.whole("balance"):
                return [(lot.text("id"), wanted, mark, name)]
    found: list[tuple[str, int, int, str]] = []
    for lot in lots:
        most, by = _most(lot.whole("balance"), graduates)
        if most * _strength(lot) >= wanted:
            mark, name = _nearest(wanted, _strength(lot), graduates)
            return [*found, (lot.text("id"), wanted, mark, name)]
        if most:
            found.append((lot.text("id"), most * _strength(lot), most, by))
            wanted -= most * _strength(lot)
    return found


def _nearest(wanted: int, strength: int, graduates: Sequence[_Graduate]) -> tuple[int, str]:
    """The mark next to wanted / strength nanolitres, and whose it is: walked from the mark below to the one above."""
    tried = []
    for one in graduates:
        if not one.holds * strength <= _SHARE * wanted or wanted > _FILLINGS * one.holds * strength:
            continue
        mark = wanted // strength // one.mark * one.mark
        if 2 * (wanted - mark * strength) >= one.mark * strength:
            mark += one.mark
        tried.append((abs(mark * strength - wanted), one.fillings(mark), one.holds, mark, one.name))
    *_, mark, name = min(tried, default=(0, ""))
    return mark, name


def _most(balance: int, graduates: Sequence[_Graduate]) -> tuple[int, str]:
    """The largest mark that a lot still fills, and whose it is; nothing where it fills none."""
    best: tuple[int, int, int, str] = (0, 0, 0, "")
    for one in graduates:
        mark = min(balance, _FILLINGS * one.holds) // one.mark * one.mark
        if _SHARE * mark >= one.holds:
            best = max(best, (mark, -one.fillings(mark), -one.holds, one.name))
    return best[0], best[3]
