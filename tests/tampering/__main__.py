"""Thousands of changes behind the program's back, each found at its first row, and a thousand clean trails in which nothing is found.

Run: python -m tests.tampering [--tampers 5000] [--clean 1000]
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sqlalchemy import URL

from compounding.db import migrate
from compounding.db.session import make_engine
from tests.histories import Chance
from tests.keys import VAULT
from tests.tampering.house import House, built
from tests.tampering.tampers import TAMPERS, again, scene

SCENES = 50  # histories; each is changed in many ways


def empty(place: Path) -> Path:
    """A migrated and empty file."""
    engine = make_engine(f"sqlite:///{place / 'empty.db'}", vault=VAULT)
    migrate.upgrade(engine)
    engine.dispose()
    return place / "empty.db"


def house(template: Path, place: Path, chance: Chance) -> House:
    """A house with a history of its own."""
    place.mkdir(parents=True)
    path = place / "pharmacy.db"
    shutil.copy(template, path)
    return built(URL.create("sqlite", database=str(path)), place, chance, acts=chance.between(6, 14))


def main() -> int:
    """Change and verify, and print what was found of each way; 1 where anything was not, or was where nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.tampering")
    parser.add_argument("--tampers", type=int, default=5000)
    parser.add_argument("--clean", type=int, default=1000)
    given = parser.parse_args()
    chance, done, missed, alarms = Chance(20261129), Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        template = empty(place)
        for number in range(given.clean):
            own = place / f"clean {number}"
            alarms += house(template, own, chance).verdict().fault is not None
            shutil.rmtree(own)
        for number in range(SCENES):
            own = place / f"scene {number}"
            before = scene(house(template, own, chance), own, chance)
            for count in range(given.tampers // SCENES):
                tamper = TAMPERS[count % len(TAMPERS)]
                there = again(before, own / "changed")
                named, fault = tamper(there, chance), there.house.verdict().fault
                done[tamper.__name__] += 1
                missed[tamper.__name__] += fault is None or not any(one in fault.sentence for one in named)
            shutil.rmtree(own)
    for name, count in done.items():
        sys.stdout.write(f"{name:12} {count:6} times, {missed[name]} not found at its first row\n")
    sys.stdout.write(f"{given.clean} clean trails, {alarms} false alarms\n")
    return int(bool(alarms or missed.total()))


if __name__ == "__main__":
    sys.exit(main())
