"""Whatever is changed behind the program's back is found, and its first row named; what the program does itself never is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL

from compounding.db.seals import Seals
from compounding.domain.trail import Harm
from tests.conftest import Clock
from tests.histories import Chance
from tests.tampering.house import KEY, House, built
from tests.tampering.tampers import TAMPERS, Scene, again, cut, rolled_back, scene

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ACTS = 12


def found(house: House) -> str:
    fault = house.verdict().fault
    return fault.sentence if fault else ""


def test_what_acts_and_looks_wrote_is_as_it_was_written(database: URL, tmp_path: Path) -> None:
    verdict = built(database, tmp_path, Chance(1), acts=ACTS).verdict()
    assert verdict.fault is None
    assert verdict.seals > 5
    assert f"{verdict.seals} seals over {verdict.changes} changes and {verdict.reads} reads" in verdict.sentence


@on_sqlite
def test_each_way_of_tampering_is_found_at_its_first_row(database: URL, tmp_path: Path) -> None:
    chance = Chance(2)
    before = scene(built(database, tmp_path, chance, acts=ACTS), tmp_path, chance)
    assert not found(before.house)
    for number, tamper in enumerate(TAMPERS):
        there = again(before, tmp_path / str(number))
        named = tamper(there, chance)
        assert any(place in found(there.house) for place in named), (tamper.__name__, named, found(there.house))


@on_sqlite
@pytest.mark.parametrize("tamper", [cut, rolled_back])
def test_an_end_that_is_gone_shows_against_the_anchor_alone(database: URL, tmp_path: Path, tamper: type) -> None:
    chance = Chance(3)
    there: Scene = scene(built(database, tmp_path, chance, acts=ACTS), tmp_path, chance)
    tamper(there, chance)
    assert Harm.CUT in found(there.house)
    there.house.seals.anchor.unlink()
    assert Harm.CUT not in found(there.house)


def test_what_is_older_than_the_seals_is_covered_by_the_first_of_them(database: URL, tmp_path: Path) -> None:
    unsealed = House(database, Seals(KEY, tmp_path / "anchor"), built(database, tmp_path / "none", Chance(4), acts=0).clock)
    unsealed.live(Chance(4), ACTS, sealed=False)
    assert "no seal knows it" in found(unsealed)
    unsealed.live(Chance(5), ACTS)
    assert not found(unsealed)


@on_sqlite
def test_an_older_row_that_was_changed_shows_in_the_first_seal(database: URL, tmp_path: Path) -> None:
    chance = Chance(6)
    house = House(database, Seals(KEY, tmp_path / "anchor"), built(database, tmp_path / "none", chance, acts=0).clock)
    house.live(chance, 3, sealed=False)
    before = scene(house_sealed(house, chance), tmp_path, chance)
    there = again(before, tmp_path / "changed")
    TAMPERS[1](there, Chance(1))
    assert found(there.house)


def house_sealed(house: House, chance: Chance) -> House:
    house.live(chance, 3)
    return house


@on_sqlite
def test_an_anchor_that_cannot_be_written_is_told_and_undoes_no_act(database: URL, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    house = House(database, Seals(KEY, tmp_path / "no folder" / "anchor"), built(database, tmp_path / "none", Chance(7), acts=0).clock)
    house.live(Chance(7), 4)
    assert house.verdict().changes
    assert "The anchor of the audit trail cannot be written" in caplog.text


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_acts_at_the_same_time_make_one_chain(database: URL, tmp_path: Path) -> None:
    house = built(database, tmp_path, Chance(8), acts=2)
    hands = [replace(house, clock=Clock()) for _ in range(4)]
    with ThreadPoolExecutor(len(hands)) as threads:
        list(threads.map(lambda one: hands[one].live(Chance(100 + one), 8), range(len(hands))))
    verdict = house.verdict()
    assert verdict.fault is None
    assert verdict.seals > 20
