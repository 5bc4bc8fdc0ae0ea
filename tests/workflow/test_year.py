"""The first days, and a fortnight, of the demonstration pharmacy, lived as the year is: by the use cases, the same each time."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from compounding.db import migrate
from compounding.db.batches import BatchRow
from compounding.db.costs import ChargeRow, CostRow
from compounding.db.dispenses import DispenseRow
from compounding.db.session import make_engine, reading
from compounding.domain.cost import CostKind
from compounding.settings import DEMONSTRATION_PROFILE
from compounding.workflow import fictional_year, passwords
from compounding.workflow.fictional_people import Dice
from tests.application import renderer
from tests.keys import VAULT
from tests.web.conftest import CHEAP

FIRST = date(2025, 11, 1)


@pytest.mark.parametrize(("days", "least"), [(2, 3), pytest.param(14, 10, marks=pytest.mark.campaign)])
def test_some_days_leave_hand_overs_with_their_costs_and_prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, least: int) -> None:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    engine = make_engine(f"sqlite:///{tmp_path / 'year.db'}", vault=VAULT)
    migrate.upgrade(engine)
    zone = ZoneInfo("America/Los_Angeles")
    *_, last = fictional_year.year(engine, zone, renderer(), DEMONSTRATION_PROFILE, first=FIRST, days=days, accounts=lambda _: None)

    assert (last.done, last.days, last.day) == (days, days, FIRST + timedelta(days=days - 1))
    with reading(engine) as session:
        handed, asked, batches = (session.scalars(select(func.count()).select_from(row)).one() for row in (DispenseRow, ChargeRow, BatchRow))
        on = set(session.scalars(select(DispenseRow.handed_on)))
        kinds = set(session.scalars(select(CostRow.kind)))
    assert handed == asked == last.handed_over >= least
    assert batches >= handed + last.rejected
    assert min(on) >= FIRST
    assert max(on) <= last.day
    assert kinds == set(CostKind)
    engine.dispose()


def test_the_dice_fall_alike_each_time_and_on_every_side() -> None:
    first, second = Dice("2025-11-01"), Dice("2025-11-01")
    thrown = [first.below(6) for _ in range(300)]
    assert thrown == [second.below(6) for _ in range(300)]
    assert set(thrown) == set(range(6))
    assert thrown != [Dice("2025-11-02").below(6) for _ in range(300)]
