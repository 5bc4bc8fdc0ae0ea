"""The recall page equals a walk by hand, over 200 random histories, from every kind of start, on both databases."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from compounding.domain.authority import LookName
from compounding.domain.errors import Unknown
from compounding.domain.people import Actor
from compounding.domain.recall import Days, Kind, Things, together
from compounding.workflow import recall_walks
from compounding.workflow.act import Look, Pharmacy
from compounding.workflow.recall_walks import Walk
from tests.histories import Chance, History

HISTORIES = 200
EVERY_DAY = Days()
FIRST, SECOND = date(2026, 2, 2), date(2026, 2, 20)


@dataclass
class Told:
    """One history in plain words: pairs of what went into what, as whoever wrote it down would tell it."""

    lots: list[UUID] = field(default_factory=list)
    batches: list[UUID] = field(default_factory=list)
    fills: list[UUID] = field(default_factory=list)
    went: list[tuple[str, UUID, str, UUID]] = field(default_factory=list)  # kind and key of what went in, kind and key of where
    made_on: dict[UUID, date] = field(default_factory=dict)
    handed_on: dict[UUID, date] = field(default_factory=dict)
    whose: dict[UUID, UUID] = field(default_factory=dict)

    def every_start(self) -> list[tuple[str, Kind, UUID]]:
        found = [("lot", Kind.LOT, key) for key in self.lots] + [("batch", Kind.BATCH, key) for key in self.batches]
        return found + [("fill", Kind.BOTTLE, key) for key in self.fills]

    def starts(self, chance: Chance) -> list[tuple[str, Kind, UUID]]:
        """One of each kind, as far as there is one."""
        of_kind = [[start for start in self.every_start() if start[1] is kind] for kind in (Kind.LOT, Kind.BATCH, Kind.BOTTLE)]
        return [chance.one(starts) for starts in of_kind if starts]

    def stands_for(self, word: str, key: UUID) -> list[tuple[str, UUID]]:
        """A lot that was made here is its batch too."""
        return [(word, key)] + [(of_kind, of) for of_kind, of, kind, lot in self.went if kind == "lot" == word and lot == key]

    def forward(self, *start: tuple[str, UUID], days: tuple[date, date] | None = None) -> set[tuple[str, UUID]]:
        """Everything that is reached from `start`, by going through all pairs until nothing is new."""
        reached = set(start)
        while True:
            new = {
                (kind, key)
                for of_kind, of, kind, key in self.went
                if (of_kind, of) in reached and (days is None or (of_kind, of) not in start or kind != "batch" or days[0] <= self.made_on[key] <= days[1])
            } - reached
            if not new:
                return reached
            reached |= new

    def backward(self, *start: tuple[str, UUID]) -> set[tuple[str, UUID]]:
        reached = set(start)
        while new := {(of_kind, of) for of_kind, of, kind, key in self.went if (kind, key) in reached} - reached:
            reached |= new
        return reached


def tell(history: History, chance: Chance) -> Told:
    """A random history: lots into batches, batches into lots and bottles; what a bottle holds is what was handed over or stands on its label."""
    told = Told(lots=[history.add_lot() for _ in range(chance.between(1, 4))])
    for _ in range(chance.between(1, 5)):
        made_on = chance.one((FIRST, SECOND))
        batch = history.add_batch(made_on=made_on, status=chance.one(("released", "released", "quarantined", "recalled")))
        told.batches.append(batch)
        told.made_on[batch] = made_on
        for line, lot in enumerate(chance.some(told.lots, chance.between(0, min(3, len(told.lots)))), start=1):
            ways = chance.one(("plan", "weigh", "move", "plan weigh", "plan weigh move"))
            if "plan" in ways:
                history.plan(batch, lot, line)
            if "weigh" in ways:
                history.weigh(batch, lot, line)
            if "move" in ways:
                history.move(lot, 5)
                history.move(lot, -1, batch)
            told.went.append(("lot", lot, "batch", batch))
        if chance.below(5) < 2:
            made = history.add_lot(batch_id=batch)
            told.lots.append(made)
            told.went.append(("batch", batch, "lot", made))
    patients = [history.add_patient() for _ in range(2)]
    for _ in range(chance.between(0, 4)):
        _bottle(history, told, chance, chance.one(patients))
    return told


def _bottle(history: History, told: Told, chance: Chance, patient: UUID) -> None:
    prescription = history.add_prescription(patient)
    fill = history.add_fill(prescription)
    told.fills.append(fill)
    told.whose[fill] = patient
    stage = chance.one(("nothing", "planned", "labelled", "handed over", "made again"))
    batch, earlier = chance.one(told.batches), chance.one(told.batches)
    if stage == "nothing":
        return
    if stage == "made again" and earlier != batch:  # its label and its share are void: what is in the bottle is the later batch
        history.share(earlier, fill, "void")
        history.label(earlier, fill, "void")
    history.share(batch, fill)
    if stage in {"labelled", "handed over", "made again"}:
        history.label(batch, fill)
    if stage in {"handed over", "made again"}:
        told.handed_on[fill] = date(2026, 2, 21) + timedelta(days=chance.between(0, 9))
        history.dispense(batch, fill, prescription, patient, told.handed_on[fill])
    told.went.append(("batch", batch, "fill", fill))


@pytest.fixture
def told(database: URL) -> list[Told]:
    history, chance = History(), Chance(20260302)
    found = [tell(history, chance) for _ in range(HISTORIES)]
    history.write(database)
    return found


def found_by(pharmacy: Pharmacy, actor: Actor, kind: Kind, key: UUID, days: Days = EVERY_DAY) -> Walk:
    return pharmacy.look(LookName.RECALLS, actor, lambda look: recall_walks.walk(look, kind, key, days=days))


def pairs(things: Things) -> set[tuple[str, UUID]]:
    return {(kind, UUID(key)) for kind, keys in (("lot", things.lots), ("batch", things.batches), ("fill", things.fills)) for key in keys}


@pytest.mark.campaign
def test_a_walk_by_hand_over_200_histories_equals_the_recall_page(pharmacy: Pharmacy, technician: Actor, told: list[Told]) -> None:
    """One start of each history, of every kind in turn; on PostgreSQL a fifth of them, and all in the marathon."""
    some = told if pharmacy.engine.dialect.name == "sqlite" else told[::5]

    def compare(look: Look) -> None:
        for number, history in enumerate(some):
            starts = history.starts(Chance(number))
            _as_by_hand(look, history, *starts[number % len(starts)])

    pharmacy.look(LookName.RECALLS, technician, compare)


@pytest.mark.marathon
def test_from_every_lot_batch_and_bottle_of_200_histories_the_walk_equals_one_by_hand(pharmacy: Pharmacy, technician: Actor, told: list[Told]) -> None:
    def compare(look: Look) -> None:
        for history in told:
            for start in history.every_start():
                _as_by_hand(look, history, *start)

    pharmacy.look(LookName.RECALLS, technician, compare)


def _as_by_hand(look: Look, history: Told, word: str, kind: Kind, key: UUID) -> None:
    walk = recall_walks.walk(look, kind, key, days=EVERY_DAY)
    start = history.stands_for(word, key)
    ahead = history.forward(*start)
    assert pairs(together(walk.layers)) == ahead
    assert pairs(together(walk.origins)) == history.backward(*start)
    _shown_as_walked(walk, history, ahead)


def _shown_as_walked(walk: Walk, history: Told, ahead: set[tuple[str, UUID]]) -> None:
    """What stands on the page is what was reached: rows, counts and whose it is."""
    fills = {key for kind, key in ahead if kind == "fill"}
    given = fills & set(history.handed_on)
    lots, batches = frozenset(lot.id for lot in walk.lots), frozenset(batch.id for batch in walk.batches)
    shown = Things(lots, batches, frozenset(one.bottle.fill_id for one in walk.bottles))
    assert pairs(shown) == ahead
    assert {UUID(one.bottle.fill_id): one.bottle.handed_on for one in walk.bottles} == {fill: history.handed_on.get(fill) for fill in fills}
    assert (walk.tally.handed_over, walk.tally.in_house) == (len(given), len(fills - given))
    assert walk.tally.patients == len({history.whose[fill] for fill in given})
    for batch in walk.batches:
        of_batch = {key for of_kind, of, kind, key in history.went if kind == "fill" and of == UUID(batch.id)}
        assert (batch.handed_over, batch.in_house) == (len(of_batch & given), len(of_batch & fills - given))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_days_narrow_the_first_batches_and_not_what_came_of_them(pharmacy: Pharmacy, technician: Actor, told: list[Told]) -> None:
    days = (FIRST, FIRST + timedelta(days=1))

    def compare(look: Look) -> list[bool]:
        return [_narrowed(look, history, days) for history in told[:25]]

    assert sum(pharmacy.look(LookName.RECALLS, technician, compare)) > 5


def _narrowed(look: Look, history: Told, days: tuple[date, date]) -> bool:
    start = history.stands_for("lot", history.lots[0])
    walk = recall_walks.walk(look, Kind.LOT, history.lots[0], days=Days(*days))
    assert pairs(together(walk.layers)) == history.forward(*start, days=days)
    return history.forward(*start, days=days) != history.forward(*start)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_read_log_names_every_patient_that_is_shown(pharmacy: Pharmacy, technician: Actor, told: list[Told]) -> None:
    history = max(told, key=lambda one: len(one.handed_on))
    with_reads: list[UUID | None] = []

    def question(look: Look) -> Walk:
        walk = recall_walks.walk(look, Kind.BATCH, history.batches[0], days=EVERY_DAY)
        with_reads.extend(read.patient_id for read in look.reads)
        return walk

    walk = pharmacy.look(LookName.RECALLS, technician, question)
    assert set(with_reads) == {UUID(line.bottle.patient_id) for line in walk.bottles}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_start_that_is_not_there_is_unknown(pharmacy: Pharmacy, technician: Actor) -> None:
    for kind in Kind:
        with pytest.raises(Unknown):
            found_by(pharmacy, technician, kind, uuid4())


def test_back_from_more_batches_than_a_picture_draws_every_lot_is_found_and_all_links_of_those_that_are_drawn(
    database: URL, pharmacy: Pharmacy, technician: Actor
) -> None:
    history = History()
    shared = history.add_lot()
    own = [(history.add_batch(), history.add_lot()) for _ in range(90)]
    for number, (batch, lot) in enumerate(own):
        history.plan(batch, shared, 1)
        (history.weigh if number % 2 else history.plan)(batch, lot, 2)
    history.write(database)
    walk = found_by(pharmacy, technician, Kind.FORMULA, history.formula)
    assert {UUID(lot.id) for lot in walk.sources} == {shared, *(lot for _, lot in own)}
    first = {(UUID(lot), UUID(batch)) for lot, batch in walk.graph.taken} & {(lot, batch) for batch, own_lot in own[:40] for lot in (own_lot, shared)}
    assert len(first) == 80
