"""The picture of a walk: what it came from on the left, the start, what it went into, and at the right who has how much of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TypeAlias

from compounding.domain.recall import Key, Things
from compounding.domain.wording import said
from compounding.workflow.recall_walks import BatchLine, LotLine, Walk

MOST = 40  # boxes of one column; the others are one box with their number
_ROOMY = 14  # boxes up to which each of a column has a second line
_WIDE, _GAP, _TOP, _SPACE = 176, 60, 32, 6  # pixels: a box, between columns, above them, between boxes
_ONE_LINE, _TWO_LINES = 24, 40  # pixels: heights of boxes
_LETTERS, _SMALL_LETTERS = 23, 27  # of the first and of the second line of a box
_MORE, _HELD = "more", "held"
_Key: TypeAlias = Key | tuple[str, Key]  # a lot, batch or bottle; who has a batch; the rest of a column


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its place, its words, and what it stands for (`lot`, `batch`, `bottle`, `people` or `more`)."""

    x: int
    y: int
    height: int
    words: str
    small: str
    look: str
    is_start: bool

    @property
    def middle(self) -> int:
        """Where lines end."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Tree:
    """The picture: its columns with their heads, its boxes, the lines between them as one path, and the whole in words."""

    width: int
    height: int
    heads: tuple[tuple[int, str], ...]
    boxes: tuple[Box, ...]
    lines: str
    words: str
    box_width: int = _WIDE


@dataclass(frozen=True, slots=True)
class _Said:
    words: str
    small: str
    look: str


class _Known:
    """What stands behind each key: words are made only of what is drawn, which is little of ten thousand batches."""

    def __init__(self, walk: Walk) -> None:
        self.own, self.start = str(walk.start.id), walk.start.words
        self.lots = {lot.id: lot for lot in (*walk.lots, *walk.sources)}
        self.batches = {batch.id: batch for batch in (*walk.batches, *walk.source_batches)}
        self.patients_of = walk.patients_of
        self.more: dict[_Key, int] = {}

    def rank(self, key: _Key) -> tuple[int, str]:
        """Numbers by their size: batch 999 before batch 1000, and lots before batches."""
        one = key[1] if isinstance(key, tuple) else key
        number = self.batches[one].number if one in self.batches else self.lots[one].lot_number if one in self.lots else ""
        return (len(number) + (one in self.batches) * 100, number)

    def rest(self, column: int, count: int) -> _Key:
        """What stands for all in a column that are not drawn."""
        key: _Key = (_MORE, str(column))
        self.more[key] = count
        return key

    def said(self, key: _Key) -> _Said:
        """The words of one box."""
        if key in self.more:
            return _Said(f"and {self.more[key]} more", "", "more")
        if isinstance(key, tuple):
            return _people(self.batches[key[1]], self.patients_of.get(key[1], 0))
        if key in self.lots:
            return _lot(self.lots[key])
        return _batch(self.batches[key]) if key in self.batches else _Said(self.start, "", "bottle")


def tree(walk: Walk) -> Tree:
    """The picture of `walk`."""
    known = _Known(walk)
    held: list[_Key] = [(_HELD, batch.id) for batch in walk.batches if batch.handed_over or batch.in_house]
    links = _links(walk) + [(key[1], key) for key in held]
    columns = [column for layer in reversed(walk.origins[1:]) if (column := _keys(layer))]
    first = _keys(walk.start.things) or [known.own]
    columns += [first, *(column for layer in walk.layers[1:] if (column := _keys(layer)))]
    if held:
        columns.append(held)
    return _drawn(_ordered(columns, links, known), links, known, starts=frozenset(first), words=_words(walk))


def _links(walk: Walk) -> list[tuple[_Key, _Key]]:
    into: list[tuple[_Key, _Key]] = [*walk.graph.taken, *walk.graph.became]
    return into + [(batch, str(walk.start.id)) for batch, fill in walk.graph.filled if fill in walk.start.things.fills]


def _keys(layer: Things) -> list[_Key]:
    return [*layer.lots, *layer.batches]


def _ordered(columns: Sequence[Sequence[_Key]], links: Sequence[tuple[_Key, _Key]], known: _Known) -> list[list[_Key]]:
    """Each column in the order of what leads to it, then of its numbers, so that few lines cross; one that is folded by its numbers alone."""
    before: dict[_Key, list[_Key]] = {key: [] for column in columns if len(column) <= MOST for key in column}
    for first, second in links:
        if second in before:
            before[second].append(first)
    place: dict[_Key, int] = {}
    found = []
    for number, column in enumerate(columns):
        if len(column) > MOST:
            ranked = [*nsmallest(MOST - 1, column, key=known.rank), known.rest(number, len(column) - MOST + 1)]
        else:
            ranked = sorted(column, key=lambda key: (min((place[one] for one in before[key] if one in place), default=0), known.rank(key)))
        place |= {key: number for number, key in enumerate(ranked)}
        found.append(ranked)
    return found


def _drawn(columns: Sequence[Sequence[_Key]], links: Sequence[tuple[_Key, _Key]], known: _Known, *, starts: frozenset[_Key], words: str) -> Tree:
    heights = [_TWO_LINES if len(column) <= _ROOMY else _ONE_LINE for column in columns]
    tall = max(len(column) * (height + _SPACE) for column, height in zip(columns, heights, strict=True))
    said = {key: known.said(key) for column in columns for key in column}
    boxes: dict[_Key, Box] = {}
    heads = []
    for number, (column, height) in enumerate(zip(columns, heights, strict=True)):
        x = number * (_WIDE + _GAP) + 1
        y = _TOP + (tall - len(column) * (height + _SPACE)) // 2
        heads.append((x, _head(said[key] for key in column)))
        for key in column:
            it = said[key]
            small = _short(it.small, _SMALL_LETTERS) if height == _TWO_LINES else ""
            boxes[key] = Box(x, y, height, _short(it.words, _LETTERS), small, it.look, key in starts)
            y += height + _SPACE
    lines = "".join(sorted({_line(boxes[one], boxes[other]) for one, other in links if one in boxes and other in boxes}))
    width = len(columns) * (_WIDE + _GAP) - _GAP + 2
    return Tree(width, _TOP + tall, tuple(heads), tuple(boxes.values()), lines, words)


def _line(one: Box, other: Box) -> str:
    x1, y1, x2, y2 = one.x + _WIDE, one.middle, other.x, other.middle
    half = (x1 + x2) // 2
    return f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}"


def _head(column: Iterable[_Said]) -> str:
    looks = {one.look for one in column} - {"more"}
    names = {"lot": "lots", "batch": "batches", "bottle": "bottle", "people": "who has it"}
    return " and ".join(names[look] for look in ("lot", "batch", "bottle", "people") if look in looks).capitalize()


def _lot(lot: LotLine) -> _Said:
    return _Said(f"Lot {lot.lot_number}", lot.product, "lot")


def _batch(batch: BatchLine) -> _Said:
    return _Said(f"Batch {batch.number}", f"{said(batch.made_on) if batch.made_on else 'not made'}, {batch.status.replace('_', ' ')}", "batch")


def _people(batch: BatchLine, patients: int) -> _Said:
    bottles = batch.handed_over + batch.in_house
    where = f"{batch.handed_over} handed over, {batch.in_house} here" if batch.in_house else f"{counted(bottles, 'bottle')} handed over"
    return _Said(counted(patients, "patient"), where, "people")


def counted(number: int, word: str) -> str:
    """A number with its word: "1 patient", "2 patients"."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _words(walk: Walk) -> str:
    tally = walk.tally
    came = f"It came from {counted(len(walk.sources), 'lot')}. " if walk.sources else ""
    batches = f"{tally.batches} batch{'' if tally.batches == 1 else 'es'}"
    bottles = f"{counted(tally.handed_over, 'bottle')} handed over to {counted(tally.patients, 'patient')}"
    return f"{walk.start.words}. {came}It went into {batches}: {bottles}, {tally.in_house} in the house. The tables below have every number."
