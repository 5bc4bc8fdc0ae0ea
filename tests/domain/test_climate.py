"""What a thermometer showed, and what an excursion is."""

from fractions import Fraction

import pytest

from compounding.domain.climate import Decision, Temperatures, check_decision, check_likely, limits_of, refuse_held
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.formula import Storage
from compounding.domain.policy import Policy


def showed(lowest: str, highest: str, now: str = "") -> Temperatures:
    return Temperatures(Fraction(lowest), Fraction(highest), Fraction(now or lowest))


@pytest.mark.parametrize(
    ("storage", "lowest", "highest", "within"),
    [
        (Storage.REFRIGERATOR, "2", "8", True), (Storage.REFRIGERATOR, "1.9", "5", False), (Storage.REFRIGERATOR, "4", "8.1", False),
        (Storage.ROOM, "15", "30", True), (Storage.ROOM, "14.9", "22", False), (Storage.ROOM, "20", "30.1", False),
    ],
)  # fmt: skip
def test_the_limits_of_usp_659_are_within_and_the_next_tenth_is_not(storage: Storage, lowest: str, highest: str, within: bool) -> None:
    assert showed(lowest, highest).within(limits_of(storage, Policy())) is within


@pytest.mark.parametrize(("lowest", "highest", "now", "field"), [("4", "5", "6", "now"), ("5", "4", "5", "now"), ("4", "400", "5", "highest")])
def test_a_reading_that_no_thermometer_shows_is_refused(lowest: str, highest: str, now: str, field: str) -> None:
    found = Temperatures(Fraction(lowest), Fraction(highest), Fraction(now))
    with pytest.raises(Invalid) as refused:
        check_likely(found)
    assert set(refused.value.fields) == {field}


def test_nothing_that_is_held_is_used_and_a_decision_is_made_once_with_its_reason() -> None:
    refuse_held(())
    with pytest.raises(Conflict, match="held since an excursion of temperature in refrigerator") as held:
        refuse_held(("refrigerator",))
    assert held.value.facts == {"where": "/upkeep/climate"}
    check_decision(Decision.RELEASED, Decision.HELD, "ten minutes")
    with pytest.raises(Invalid, match="Give the reason"):
        check_decision(Decision.RELEASED, Decision.HELD, "")
    with pytest.raises(Invalid, match="release or reject"):
        check_decision(Decision.HELD, Decision.HELD, "later")
    with pytest.raises(Conflict, match="was rejected already"):
        check_decision(Decision.RELEASED, Decision.REJECTED, "ten minutes")
