"""A small version of the run."""

import pytest

from tests.repeats.__main__ import tried


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_key_that_is_sent_many_times_at_once_has_one_effect_and_one_answer(kind: str) -> None:
    found = tried(kind, keys=12, hands=8)
    assert found.wrong == ()
    assert found.statuses[201] == 12 * 8
    assert set(found.statuses) <= {201, 409, 503}
