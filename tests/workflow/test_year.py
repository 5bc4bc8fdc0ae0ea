"""A fortnight of the demonstration pharmacy, lived as the year is: by the use cases, the same each time."""

from datetime import date
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
from compounding.workflow import fictional_year, people
from compounding.workflow.fictional_people import Dice
from tests.web.conftest import CHEAP
from tests.workflow.bench import renderer

FIRST = date(2025, 11, 1)


def test_a_fortnight_leaves_hand_overs_with_their_costs_and_prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_hasher", CHEAP)
    engine = make_engine(f"sqlite:///{tmp_path / 'year.db'}")
    migrate.upgrade(engine)
    zone = ZoneInfo("America/Los_Angeles")
    *_, last = fictional_year.year(engine, zone, renderer(), DEMONSTRATION_PROFILE, first=FIRST, days=14, accounts=lambda _: None)

    assert (last.done, last.days, last.day) == (14, 14, date(2025, 11, 14))
    with reading(engine) as session:
        handed, asked, batches = (session.scalars(select(func.count()).select_from(row)).one() for row in (DispenseRow, ChargeRow, BatchRow))
        days = set(session.scalars(select(DispenseRow.handed_on)))
        kinds = set(session.scalars(select(CostRow.kind)))
    assert handed == asked == last.handed_over >= 10
    assert batches >= handed + last.rejected
    assert min(days) >= FIRST
    assert max(days) <= last.day
    assert kinds == set(CostKind)
    engine.dispose()


def test_the_dice_fall_alike_each_time_and_on_every_side() -> None:
    first, second = Dice("2025-11-01"), Dice("2025-11-01")
    thrown = [first.below(6) for _ in range(300)]
    assert thrown == [second.below(6) for _ in range(300)]
    assert set(thrown) == set(range(6))
    assert thrown != [Dice("2025-11-02").below(6) for _ in range(300)]
