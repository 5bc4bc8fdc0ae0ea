"""Prints how long the recall page takes at 10,000 dispenses, on SQLite, from a lot, from a vehicle in every batch, and from one bottle.

Run: python -m tests.benchmarks.recall [rounds]

Every bottle has a batch of its own with seven lots, each planned and weighed: 140,000 rows that say what went into what. The page
is asked for by a browser's client, whole, with its picture and the read log that it writes. Times are the processor's, since the wall's
depend on who else is at work; the median of the rounds is printed, with the size of the page.
"""

import shutil
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import URL

from compounding.app import create_app, settle
from compounding.domain.inventory import StockUnit
from compounding.settings import DEMONSTRATION_PROFILE, Settings
from tests.conftest import Clock
from tests.histories import History
from tests.keys import DATA_KEY
from tests.web.demonstration import Shop, furnished

DISPENSES, PATIENTS = 10_000, 2_500
LINES = 7  # tablets, vehicle and five more
TABLET_LOTS = 20  # each in 500 batches


def written(path: Path) -> dict[str, tuple[str, UUID]]:
    """Ten thousand bottles, each of its own batch; the starts that are measured, by what they are."""
    history = History()
    tablets = [history.add_lot() for _ in range(TABLET_LOTS)]
    vehicle = history.add_product("purified water", StockUnit.NANOLITRE)
    others = [history.add_lot(vehicle)] + [history.add_lot() for _ in range(LINES - 2)]
    prescriptions = [(patient, history.add_prescription(patient)) for patient in (history.add_patient(f"Patient {n}") for n in range(PATIENTS))]
    fill = UUID(int=0)
    for number in range(DISPENSES):
        patient, prescription = prescriptions[number % PATIENTS]
        made_on = date(2025, 3, 1) + timedelta(days=number % 365)
        batch = history.add_batch(made_on=made_on)
        for line, lot in enumerate((tablets[number % TABLET_LOTS], *others), start=1):
            history.plan(batch, lot, line)
            history.weigh(batch, lot, line)
        fill = history.add_fill(prescription, status="handed_over", opens_on=made_on)
        history.share(batch, fill)
        history.label(batch, fill)
        history.dispense(batch, fill, prescription, patient, handed_on=made_on)
    history.write(URL.create("sqlite", database=str(path)))
    return {
        "a lot in 500 batches": ("lot", tablets[0]),
        "a vehicle in all 10,000 batches": ("product", vehicle),
        "a formula of all 10,000 batches": ("formula", history.formula),
        "one bottle": ("bottle", fill),
    }


def seconds(task: Callable[[], object], rounds: int) -> float:
    """The median of the processor's time for `task`, after one round to warm up."""
    task()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return median(times)


def main(rounds: int) -> None:
    """Fill a database of its own, sign in, and ask for each page."""
    with TemporaryDirectory() as folder:
        shop: Shop = furnished(Path(folder) / "pharmacy.db")
        starts = written(shop.path)
        shutil.copy(shop.path, Path(folder) / "served.db")
        settings = Settings(
            database_url=f"sqlite:///{folder}/served.db", secret_key="a secret of the benchmark alone, long enough", pharmacy=DEMONSTRATION_PROFILE,
            data_key=DATA_KEY,
            audit_key="a key of the tests alone, long enough to be one", audit_anchor=Path(folder) / "audit.anchor", var=Path(folder),
            time_zone=ZoneInfo("America/Los_Angeles"), is_demonstration=True,
            public_url="http://localhost",
        )  # fmt: skip
        settle()  # as a server's worker does
        visitor = shop.visit(create_app(settings, clock=Clock()), "maria")
        for words, (kind, key) in starts.items():
            address = f"/recall/from/{kind}/{key}"
            answer = visitor.client.get(address)
            assert answer.status_code == 200
            taken = seconds(lambda address=address: visitor.client.get(address), rounds)
            sys.stdout.write(f"{words:32} {taken * 1000:6.0f} ms, a page of {len(answer.data) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
