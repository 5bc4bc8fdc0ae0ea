"""Ten ways to change records behind the program's back, by whoever owns the database and not the key: each by SQL on the file itself."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from compounding.domain.trail import START, Seal, next_seal
from tests.histories import Chance
from tests.tampering.house import House

Where: TypeAlias = tuple[str, ...]  # the first bad row is one of these
_TRAIL = ("audit_entry", "read_entry")
_FAR = 1_000_000


@dataclass(frozen=True, slots=True)
class Scene:
    """What a tamper has at hand: the house that is changed, the same house some acts ago, and one that went another way since."""

    house: House
    earlier: House
    other: House


@contextmanager
def _opened(house: House) -> Iterator[sqlite3.Connection]:
    """The file without its triggers: who owns it may drop them."""
    with closing(sqlite3.connect(house.path, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("BEGIN")
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        yield file
        file.execute("COMMIT")


def edited(scene: Scene, chance: Chance) -> Where:
    """A value of the trail, or of a row that it tells of."""
    with _opened(scene.house) as file:
        if chance.below(2):
            table, column = chance.one([("product", "labeler"), ("lot", "lot_number"), ("movement", "reason")])
            key = _any(file, table, chance)
            file.execute(f"UPDATE {table} SET {column} = {column} || ' ' WHERE id = ?", (key,))
            return (f"{table} {UUID(key)}",)
        table, column = chance.one([("audit_entry", "new"), ("audit_entry", "actor_name"), ("audit_entry", "act_name"), ("read_entry", "actor_name")])
        key = _any(file, table, chance)
        file.execute(f"UPDATE {table} SET {column} = {column} || ' ' WHERE id = ?", (key,))
        return (f"row {UUID(key)}",)


def deleted(scene: Scene, chance: Chance) -> Where:
    """A row of the trail, or one that it tells of."""
    with _opened(scene.house) as file:
        table = chance.one([*_TRAIL, "movement"])
        key = _any(file, table, chance)
        file.execute(f"DELETE FROM {table} WHERE id = ?", (key,))
        return (f"{'movement' if table == 'movement' else 'row'} {UUID(key)}",)


def inserted(scene: Scene, chance: Chance) -> Where:
    """A copy of a row of the trail, as of its own act or of another; or a row that nobody wrote."""
    with _opened(scene.house) as file:
        new = str(UUID(int=chance.below(2**62)))
        kind = chance.one(["own", "fresh", "read", "live"])
        if kind == "live":
            key = _any(file, "product", chance)
            columns = _columns(file, "product")
            file.execute(
                f"INSERT INTO product ({', '.join(columns)}) SELECT {', '.join(_but(columns, code='code || ?', id='?'))} FROM product WHERE id = ?",
                _in_order(columns, {"code": "X", "id": _stored(file, new)}, key),
            )
            return (f"product {new}",)
        table = "read_entry" if kind == "read" else "audit_entry"
        key, columns = _any(file, table, chance), _columns(file, table)
        told = {"id": _stored(file, new)} | ({"place": 999} if kind == "own" else {"act_id": _stored(file, str(UUID(int=5)))} if kind == "fresh" else {})
        file.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(_but(columns, **dict.fromkeys(told, '?')))} FROM {table} WHERE id = ?",
            _in_order(columns, told, key),
        )
        return (f"row {new}",)


def swapped(scene: Scene, chance: Chance) -> Where:
    """What two rows of the trail say, or the places of two seals."""
    with _opened(scene.house) as file:
        if chance.below(2):
            one, other = sorted(chance.some([row[0] for row in file.execute("SELECT number FROM seal")], 2))
            for number, place in ((one, -one), (other, one), (-one, other)):
                file.execute("UPDATE seal SET number = ? WHERE number = ?", (_FAR - place if place < 0 else place, _FAR - number if number < 0 else number))
            return (f"seal {one}:",)
        rows = file.execute("SELECT id, new FROM audit_entry").fetchall()
        ((one, first),) = chance.some(rows, 1)
        ((other, second),) = chance.some([row for row in rows if row[1] != first], 1)  # two that say the same would be no change
        file.execute("UPDATE audit_entry SET new = ? WHERE id = ?", (second, one))
        file.execute("UPDATE audit_entry SET new = ? WHERE id = ?", (first, other))
        return f"row {UUID(one)}", f"row {UUID(other)}"


def cut(scene: Scene, chance: Chance) -> Where:
    """The newest acts, with all that they wrote in the trail."""
    with _opened(scene.house) as file:
        newest = file.execute("SELECT max(number) FROM seal").fetchone()[0]
        keep = chance.between(1, newest - 1)
        for table, act in (("audit_entry", "act_id"), ("read_entry", "look_id")):
            file.execute(f"DELETE FROM {table} WHERE {act} IN (SELECT act_id FROM seal WHERE number > ?)", (keep,))
        file.execute("DELETE FROM seal WHERE number > ?", (keep,))
        return (f"seal {keep + 1}:",)


def recomputed(scene: Scene, chance: Chance) -> Where:
    """An edited row, and every seal from there on made anew, with another key."""
    with _opened(scene.house) as file:
        seals = _seals(file)
        place = chance.below(len(seals))
        _made_again(file, seals[place:], b"a guess", last=(place, seals[place - 1].code if place else START))
        return (f"seal {place + 1}:",)


def forged(scene: Scene, chance: Chance) -> Where:
    """A further act at the end, sealed with another key."""
    with _opened(scene.house) as file:
        last = _seals(file)[-1]
        act = str(UUID(int=chance.below(2**62)))
        made = next_seal(b"a guess", (last.number, last.code), act_id=act, at=last.at, entries=(("1", "0" * 64),))
        _write(file, made)
        return (f"seal {made.number}:",)


def spliced(scene: Scene, chance: Chance) -> Where:
    """The end of another history of the same house, which went on from an older copy: its seals have the right key."""
    del chance
    same = sum(1 for one, other in zip(_of(scene.house), _of(scene.other), strict=False) if one == other)
    shutil.copy(scene.other.path, scene.house.path)
    return (f"seal {same + 1}:",)


def rewritten(scene: Scene, chance: Chance) -> Where:
    """The moment of a row or of a seal."""
    with _opened(scene.house) as file:
        table = chance.one([*_TRAIL, "seal"])
        key, at = chance.one(file.execute(f"SELECT id, at FROM {table}").fetchall())
        later = (datetime.fromisoformat(at) + timedelta(seconds=chance.one([-3600, -1, 1, 86_400]))).isoformat(timespec="microseconds")
        file.execute(f"UPDATE {table} SET at = ? WHERE id = ?", (later, key))
        return ("seal" if table == "seal" else f"row {UUID(key)}",)


def rolled_back(scene: Scene, chance: Chance) -> Where:
    """The whole database as it was some acts ago."""
    del chance
    known = len(_of(scene.earlier))
    shutil.copy(scene.earlier.path, scene.house.path)
    return (f"seal {known + 1}:",)


TAMPERS: tuple[Callable[[Scene, Chance], Where], ...] = (edited, deleted, inserted, swapped, cut, recomputed, forged, spliced, rewritten, rolled_back)


def scene(house: House, place: Path, chance: Chance) -> Scene:
    """The house with its past and another future, each in a folder below `place`; the anchors are those of each."""
    earlier = house.copied(place / "earlier")
    other = house.copied(place / "other")
    other.live(chance, 6)
    house.live(chance, 6)
    return Scene(house, earlier, other)


def again(before: Scene, place: Path) -> Scene:
    """The same scene with a house of its own to be changed."""
    return replace(before, house=before.house.copied(place))


def _any(file: sqlite3.Connection, table: str, chance: Chance) -> str:
    return str(chance.one(file.execute(f"SELECT id FROM {table}").fetchall())[0])


def _columns(file: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in file.execute(f"PRAGMA table_info({table})")]


def _but(columns: list[str], **other: str) -> list[str]:
    return [other.get(column, column) for column in columns]


def _in_order(columns: list[str], told: dict[str, object], key: str) -> list[object]:
    return [*(told[column] for column in columns if column in told), key]


def _stored(file: sqlite3.Connection, key: str) -> str:
    """A key as this database writes it."""
    some = str(file.execute("SELECT id FROM audit_entry LIMIT 1").fetchone()[0])
    return key if "-" in some else UUID(key).hex


def _of(house: House) -> list[Seal]:
    with closing(sqlite3.connect(house.path)) as file:
        return _seals(file)


def _seals(file: sqlite3.Connection) -> list[Seal]:
    rows = file.execute("SELECT number, act_id, at, entries, previous, code FROM seal ORDER BY number")
    return [
        Seal(number, str(UUID(act)), at, tuple((one, hashed) for one, hashed in json.loads(entries)), previous, code)
        for number, act, at, entries, previous, code in rows
    ]


def _made_again(file: sqlite3.Connection, seals: list[Seal], key: bytes, *, last: tuple[int, str]) -> None:
    for seal in seals:
        made = next_seal(key, last, act_id=seal.act_id, at=seal.at, entries=seal.entries)
        file.execute("UPDATE seal SET previous = ?, code = ? WHERE number = ?", (made.previous, made.code, made.number))
        last = (made.number, made.code)


def _write(file: sqlite3.Connection, seal: Seal) -> None:
    values = (_stored(file, str(UUID(int=seal.number))), seal.number, _stored(file, seal.act_id), seal.at, json.dumps(seal.entries), seal.previous, seal.code)
    file.execute("INSERT INTO seal (id, number, act_id, at, entries, previous, code) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
