"""Late entry: which times a paper may say, and that a day is the pharmacy's own."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from compounding.domain.errors import Invalid
from compounding.domain.late import COMPOUND, COUNT, Done, check_done

PRINTED = datetime(2026, 3, 3, 4, tzinfo=UTC)  # eight in the evening of 2 March in California
NOW = datetime(2026, 3, 3, 20, tzinfo=UTC)


def at(hour: int, day: int = 2) -> Done:
    moment = datetime(2026, 3, day, hour, tzinfo=ZoneInfo("America/Los_Angeles"))
    return Done(moment.date(), moment)


def test_nothing_was_done_before_its_worksheet_was_printed_and_the_day_is_the_pharmacys() -> None:
    assert check_done(COUNT, at(20), printed_at=PRINTED, now=NOW, before={}).on == date(2026, 3, 2)
    with pytest.raises(Invalid, match="printed only after that, on 2 March 2026"):
        check_done(COUNT, at(19), printed_at=PRINTED, now=NOW, before={})


@pytest.mark.parametrize(("done", "said"), [(None, "Write when"), (at(13, 3), "still to come")])
def test_a_time_is_told_and_is_not_to_come(done: Done | None, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check_done(COUNT, done, printed_at=PRINTED, now=NOW, before={})


def test_a_step_has_its_place_among_the_others() -> None:
    known = {COUNT: at(21).at}
    assert check_done(COMPOUND, at(21), printed_at=PRINTED, now=NOW, before=known) == at(21)
    with pytest.raises(Invalid, match="before “tablets counted”"):
        check_done(COMPOUND, at(20), printed_at=PRINTED, now=NOW, before=known)
    with pytest.raises(Invalid, match="after “compounded”"):
        check_done(COUNT, at(22), printed_at=PRINTED, now=NOW, before={COMPOUND: at(21).at})
