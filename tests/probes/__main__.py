"""All probes, with their figures: `python -m tests.probes`. What is wrong is named, and ends it with 1."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from compounding.db import migrate
from compounding.db.session import make_engine
from tests.access import furnished
from tests.adversary import House
from tests.probes.probing import run


def main() -> int:
    with TemporaryDirectory() as folder:
        schema = Path(folder) / "schema.sqlite"
        engine = make_engine(f"sqlite:///{schema}")
        migrate.upgrade(engine)
        engine.dispose()
        house = House.opened(schema, Path(folder))
        keys = furnished(house)
        begun = perf_counter()
        outcome = run(house, keys)
        told = f"{outcome.count} probes in {perf_counter() - begun:.0f} s: {dict(sorted(outcome.answers.items()))}; {len(outcome.wrong)} wrong"
        sys.stdout.write("\n".join([told, *outcome.wrong, ""]))
        house.close()
    return bool(outcome.wrong)


if __name__ == "__main__":
    sys.exit(main())
