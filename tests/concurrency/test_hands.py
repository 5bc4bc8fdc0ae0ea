"""A small version of the run, and a verdict that sees what it is there for."""

from uuid import UUID

import pytest
from sqlalchemy import URL

from tests.concurrency.__main__ import tried
from tests.concurrency.hands import Tally, Try
from tests.concurrency.run import judge
from tests.concurrency.server import Shelf

LOT = UUID(int=1)
SHELF = Shelf(0, URL.create("sqlite"), {LOT: 2})


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_eight_hands_over_http_share_what_there_is_to_the_last_tablet(kind: str) -> None:
    found = tried(kind, hands=8, tablets=12, lots=4)

    assert found.wrong == ()
    assert found.given == 48
    assert found.refused == 8 * 4
    assert found.readings > 0
    assert found.pages > 0


def told(*tries: tuple[float, float, bool]) -> list[Tally]:
    return [Tally([Try(LOT, asked, answered, given) for asked, answered, given in tries])]


@pytest.mark.parametrize(
    ("tries", "wrong"),
    [
        ([(0, 1, True), (1, 2, True), (2, 3, False)], 0),
        ([(0, 1, True), (0, 3, True), (1, 2, False)], 0),  # both were under way: either order is right
        ([(0, 1, True), (1, 2, False), (3, 4, True)], 1),  # refused while one was there
        ([(0, 1, True), (2, 3, False)], 1),  # one is lost
        ([(0, 1, True), (0, 1, True), (0, 1, True)], 1),  # two winners for the last
    ],
)
def test_the_verdict_sees_a_false_refusal_a_lost_tablet_and_a_second_winner(tries: list[tuple[float, float, bool]], wrong: int) -> None:
    assert len(judge(SHELF, told(*tries))) == wrong
