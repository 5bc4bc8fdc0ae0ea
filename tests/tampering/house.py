"""A small house whose records are sealed, with a history of random acts and looks."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import URL, select

from compounding.db.inventory import LotRow, ProductRow
from compounding.db.seals import Seals
from compounding.db.session import make_engine
from compounding.domain.authority import ActName, LookName
from compounding.domain.people import Actor, Role, system_actor
from compounding.workflow.act import Act, Look, Pharmacy
from compounding.workflow.verification import Verdict, verify
from tests.conftest import Clock
from tests.histories import Chance
from tests.keys import VAULT
from tests.stock import lot, movement, tablets

KEY = b"the key of the tests alone"
TESS = Actor(UUID(int=1), "Tess Technician", "TT", Role.TECHNICIAN)


class ChangedMind(Exception):
    """An act that ends in nothing."""


@dataclass(frozen=True, slots=True)
class House:
    """The records of one house, and its anchor beside them."""

    database: URL
    seals: Seals
    clock: Clock

    @property
    def path(self) -> Path:
        """The file of the records, on SQLite."""
        return Path(str(self.database.database))

    def copied(self, place: Path) -> "House":
        """The same house again in the folder `place`, records and anchor."""
        place.mkdir(parents=True, exist_ok=True)
        path, anchor = place / "pharmacy.db", place / "anchor"
        shutil.copy(self.path, path)
        shutil.copy(self.seals.anchor, anchor)
        return replace(self, database=URL.create("sqlite", database=str(path)), seals=replace(self.seals, anchor=anchor))

    def live(self, chance: Chance, count: int, *, sealed: bool = True) -> None:
        """So many acts and looks, some of which end in nothing."""
        engine = make_engine(self.database, seals=self.seals if sealed else None, vault=VAULT)
        pharmacy = Pharmacy(engine=engine, clock=self.clock, zone=ZoneInfo("America/Los_Angeles"))
        for number in range(count):
            self.clock.moment += timedelta(seconds=chance.between(1, 4999))
            with suppress(ChangedMind):
                (_EACH[number] if number < len(_EACH) else chance.one(_DEEDS))(pharmacy, chance)
        engine.dispose()

    def verdict(self) -> Verdict:
        """What `verify` says of it."""
        engine = make_engine(self.database, seals=self.seals, vault=VAULT)
        pharmacy = Pharmacy(engine=engine, clock=self.clock, zone=ZoneInfo("America/Los_Angeles"))
        try:
            return pharmacy.look(LookName.TRAIL, system_actor("tests"), lambda look: verify(look, self.seals))
        finally:
            engine.dispose()


def built(database: URL, place: Path, chance: Chance, *, acts: int) -> House:
    """A house with a history, in a migrated and empty database."""
    place.mkdir(parents=True, exist_ok=True)
    house = House(database, Seals(KEY, place / "anchor"), Clock())
    house.live(chance, acts)
    return house


def _receive(pharmacy: Pharmacy, chance: Chance) -> None:
    product = tablets(f"TABLET-{chance.below(2**60)}")
    bought = lot(product, f"L{chance.below(2**40)}")
    rows = [product, bought, *(movement(bought, chance.between(1, 499)) for _ in range(chance.between(1, 3)))]
    pharmacy.perform(ActName.LOT_RECEIVE, TESS, lambda act: act.session.add_all(rows))


def _rename(pharmacy: Pharmacy, chance: Chance) -> None:
    def change(act: Act) -> None:
        for product in act.session.scalars(select(ProductRow).order_by(ProductRow.code).limit(chance.between(1, 3))):
            product.labeler = f"Maker {chance.below(2**30)}"

    pharmacy.perform(ActName.LOT_RECEIVE, TESS, change)


def _set_aside(pharmacy: Pharmacy, chance: Chance) -> None:
    def change(act: Act) -> None:
        with suppress(ChangedMind), act.session.begin_nested():
            act.session.add(tablets(f"TABLET-{chance.below(2**60)}"))
            act.session.flush()
            raise ChangedMind
        for row in act.session.scalars(select(LotRow).order_by(LotRow.lot_number).limit(2)):
            row.status = chance.one(("available", "quarantined"))

    pharmacy.perform(ActName.LOT_RECEIVE, TESS, change)


def _nothing(pharmacy: Pharmacy, chance: Chance) -> None:
    def change(act: Act) -> None:
        act.session.add(tablets(f"TABLET-{chance.below(2**60)}"))
        act.session.flush()
        raise ChangedMind

    pharmacy.perform(ActName.LOT_RECEIVE, TESS, change)


def _look(pharmacy: Pharmacy, chance: Chance) -> None:
    def question(look: Look) -> None:
        for _ in range(chance.between(1, 3)):
            look.note_read(patient_id=UUID(int=chance.below(2**62)))

    pharmacy.look(LookName.PRESCRIPTIONS, TESS, question)


_EACH = (_receive, _look)  # so that no table that is tampered with is empty
_DEEDS: tuple[Callable[[Pharmacy, Chance], None], ...] = (_receive, _receive, _receive, _rename, _set_aside, _nothing, _look, _look)
