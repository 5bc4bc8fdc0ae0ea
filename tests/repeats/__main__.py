"""2,000 keys, each sent by eight hands at once to a real server of several workers: one effect and one answer each, on either database.

Run: python -m tests.repeats [--database sqlite] [--keys 2000] [--hands 8]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.concurrency.__main__ import database
from tests.concurrency.server import WORKERS, furnish, serving
from tests.repeats.run import Figures, run, token


def tried(kind: str, *, keys: int, hands: int) -> Figures:
    """One run on one kind of database."""
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as address:
        shelf = furnish(address, lots=0, tablets=1)
        bearer = token(address)
        with serving(address, shelf, Path(folder), PHARMACY_API_RATE="10000000") as running:
            return run(running.port, address, bearer, keys=keys, hands=hands)


def main() -> int:
    """Run on each database and print the figures; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.repeats")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--keys", type=int, default=2000)
    parser.add_argument("--hands", type=int, default=8)
    given = parser.parse_args()
    wrong = 0
    for kind in given.database or ("sqlite", "postgresql"):
        found = tried(kind, keys=given.keys, hands=given.hands)
        wrong += len(found.wrong)
        statuses = ", ".join(f"{count} times {status}" for status, count in sorted(found.statuses.items()))
        sys.stdout.write(f"{kind}: {given.keys} keys by {given.hands} hands, {WORKERS} workers: {statuses}; {found.seconds:.0f} s, {len(found.wrong)} wrong\n")
        sys.stderr.writelines(f"{line}\n" for line in found.wrong[:20])
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
