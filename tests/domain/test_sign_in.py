"""How long somebody waits after wrong passwords."""

from datetime import timedelta

from compounding.domain.sign_in import wait_after


def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_further() -> None:
    waits = [wait_after(failures, 5) for failures in range(30)]
    assert waits[:5] == [timedelta()] * 5
    assert waits[5:9] == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)
