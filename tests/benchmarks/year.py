"""Prints the processor's time and the size of each report of a lived year, and each as a ratio to the page of the day in the same run.

Run: python -m tests.benchmarks.year FOLDER [rounds]

FOLDER is what `./run year` made (`var/year`); its database is brought to the newest migration, and its read log grows. Each report is
asked for once to warm up and then so many times; the least time counts, since whatever else the machine does only adds to it.
Ratios travel between machines, the seconds beside them do not.
"""

import re
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select

from compounding.app import create_app, settle
from compounding.db import migrate
from compounding.db.costs import ClosingRow, CostRow
from compounding.db.dispenses import DispenseRow
from compounding.db.inventory import MovementRow
from compounding.db.session import make_engine, reading
from compounding.settings import Settings
from tests.browserlike import Browserlike

ROUNDS = 3
REFERENCE = "/"


class Ticking:
    """A clock that goes on by a second each time that it is read."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def addresses(settings: Settings) -> tuple[datetime, list[str]]:
    """When the last bottle of the year was handed over, and the addresses of its reports: those of its last closed month, its busiest lot."""
    engine = make_engine(settings.database_url, vault=settings.vault)
    migrate.upgrade(engine)
    with reading(engine) as session:
        last = session.scalars(select(func.max(DispenseRow.handed_at))).one()
        month = session.scalars(select(func.max(ClosingRow.month))).one() or session.scalars(select(func.max(CostRow.month))).one()
        lot = session.scalars(select(MovementRow.lot_id).group_by(MovementRow.lot_id).order_by(func.count().desc()).limit(1)).one()
        order = session.scalars(select(DispenseRow.prescription_id).group_by(DispenseRow.prescription_id).order_by(func.count().desc()).limit(1)).one()
    engine.dispose()
    if last is None:
        raise SystemExit("Nothing was handed over in this folder's pharmacy. Live a year first: ./run year")
    pages = [REFERENCE, "/batches", "/stock", f"/stock/{lot}", "/demand", "/pooling", f"/recall/from/lot/{lot}", f"/prescriptions/{order}"]
    of_month = ["", "/batches", "/patients.csv", "/fills.csv", "/batches.csv", ".xlsx", ".pdf"]
    return last + timedelta(minutes=30), pages + [f"/costs/{month}{end}" for end in of_month]


def signed_in(settings: Settings, moment: datetime) -> FlaskClient:
    """The first of the folder's accounts, the pharmacist in charge, at the door."""
    app = create_app(settings, clock=Ticking(moment))
    app.testing = True
    settle()  # as a server's worker does
    client = Browserlike(app)
    accounts = (settings.var / "accounts.txt").read_text()
    name, password = (re.findall(rf"{what} +(\S+)", accounts)[0] for what in ("user name", "password"))
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    answer = client.post("/sign-in", data={"username": name, "password": password, "csrf_token": token[1]})
    assert answer.status_code == 302, answer.status_code
    return client


def measured(client: FlaskClient, pages: list[str], rounds: int) -> Iterator[tuple[str, float, int]]:
    """Each address, the least seconds of the processor, and the bytes of its answer."""
    for address in pages:
        taken = []
        for number in range(rounds + 1):
            start = time.process_time()
            answer = client.get(address)
            if number:  # the first round warms up
                taken.append(time.process_time() - start)
        assert answer.status_code == 200, (address, answer.status_code)
        yield address, min(taken), len(answer.get_data())


def main(folder: Path, rounds: int) -> None:
    """Ask for each report and print what it took."""
    settings = Settings.demonstration(folder)
    moment, pages = addresses(settings)
    base = 0.0
    for address, taken, size in measured(signed_in(settings, moment), pages, rounds):
        base = base or taken
        sys.stdout.write(f"{taken:6.2f} s {taken / base:6.2f} times the day {size / 1000:7.1f} kB  {address}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
