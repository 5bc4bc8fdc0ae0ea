"""Who may compound and verify, and a line that is clear."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from compounding.domain.cleaning import Area, Cleaned, duties, require_clear
from compounding.domain.competency import COMPOUNDING, VERIFYING, Topic, Training, check_day, holds_until, require_competent
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.policy import Policy

TODAY = date(2026, 3, 2)


def held(**changes: date) -> dict[Topic, Training]:
    due = {Topic[name]: day for name, day in changes.items()}
    return {topic: Training(topic, date(2025, 3, 2), due.get(topic, TODAY), "Maria", "watched") for topic in COMPOUNDING}


@pytest.mark.parametrize(
    ("done", "months", "due"),
    [("2025-03-02", 12, "2026-03-02"), ("2024-02-29", 12, "2025-02-28"), ("2026-01-31", 1, "2026-02-28"), ("2025-12-15", 1, "2026-01-15")],
)
def test_a_competency_holds_for_so_many_months(done: str, months: int, due: str) -> None:
    assert holds_until(date.fromisoformat(done), months) == date.fromisoformat(due)


def test_a_competency_holds_through_its_day_and_the_refusal_names_topic_and_day() -> None:
    require_competent("Tess", held(), COMPOUNDING, TODAY)
    with pytest.raises(Conflict, match="garbing was due again on 1 March 2026") as refused:
        require_competent("Tess", held(GARBING=TODAY - timedelta(days=1)), COMPOUNDING, TODAY)
    assert refused.value.facts == {"where": "/upkeep/training"}


def test_who_compounds_may_not_verify_by_that() -> None:
    with pytest.raises(Conflict, match="checks in process and final verification is not on record"):
        require_competent("Tess", held(), VERIFYING, TODAY)


def test_a_training_that_is_to_come_is_none() -> None:
    check_day(TODAY, TODAY)
    with pytest.raises(Invalid, match="still to come"):
        check_day(TODAY + timedelta(days=1), TODAY)


def test_each_area_is_due_after_its_own_days_and_at_once_where_nothing_is_on_record() -> None:
    last = {Area.SURFACES: Cleaned(Area.SURFACES, TODAY, "alcohol", "Tess"), Area.SHELVES: Cleaned(Area.SHELVES, TODAY, "detergent", "Tess")}
    assert [(duty.area, duty.due_on) for duty in duties(last, Policy(), TODAY)] == [
        (Area.FLOORS, TODAY), (Area.SURFACES, TODAY + timedelta(days=1)), (Area.SHELVES, TODAY + timedelta(days=90)),
    ]  # fmt: skip


def test_a_batch_begins_on_a_clear_line_and_where_policy_asks_at_a_clean_bench() -> None:
    with pytest.raises(Conflict, match="no label of the last batch"):
        require_clear(clear=False, last={}, policy=Policy(), today=TODAY)
    require_clear(clear=True, last={}, policy=Policy(), today=TODAY)
    require_clear(clear=False, last={}, policy=replace(Policy(), line_clearance=False), today=TODAY)
    strict = replace(Policy(), clean_first=True)
    with pytest.raises(Conflict, match="not cleaned today"):
        require_clear(clear=True, last={Area.SURFACES: Cleaned(Area.SURFACES, TODAY - timedelta(days=1), "alcohol", "Tess")}, policy=strict, today=TODAY)
    require_clear(clear=True, last={Area.SURFACES: Cleaned(Area.SURFACES, TODAY, "alcohol", "Tess")}, policy=strict, today=TODAY)
