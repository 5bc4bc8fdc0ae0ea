"""Demand of open plans, and the batch in advance: nobody who did not confirm, nothing out of date, nothing beyond history; against brute force."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compounding import second
from compounding.domain.demand import House, Proposal, Size, Supply, Wanted, proposals, weeks_of
from compounding.domain.formula import Storage
from compounding.domain.going_on import Going, Standing, refusing, standing, what_to_do
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass, Volume
from tests.domain.examples import FORMULAS, POLICY, TODAY, plain

HOUSE = House(FORMULAS, {code: Supply(Fraction(10_000)) for code in FORMULAS}, POLICY, TODAY)


def wanted(number: int, opens: int = 0, days: int = 14, **changes: object) -> Wanted:
    """A container of 1 mg/mL that is opened in `opens` days, of a patient who confirmed the step."""
    opened = TODAY + timedelta(days=opens)
    closes = opened + timedelta(days=days - 1)
    plain_one = Wanted(
        UUID(int=number), "L1", 1, Storage.REFRIGERATOR, "bottle-60-ml", Fraction(60), Mass.of_mg(3), opened, opened, closes, Standing.CONFIRMED
    )  # fmt: skip
    return replace(plain_one, **changes)


def with_room(much: int, in_stock: int = 0, **policy: object) -> House:
    return replace(HOUSE, supplies={"L1": Supply(Fraction(much), Fraction(in_stock))}, policy=Policy(**policy))  # type: ignore[arg-type]


def only(found: Iterable[Proposal]) -> Proposal:
    (one,) = found
    return one


def why(proposal: Proposal) -> list[str]:
    return [decision.reason for decision in proposal.decisions]


def agreed(found: tuple[Proposal, ...], house: House) -> tuple[Proposal, ...]:
    formulas = [plain(formula) for formula in house.formulas.values()]
    papers = [plain(item) for item in found]
    assert second.check_demand(proposals=papers, formulas=formulas, policy=plain(house.policy), today=house.today.isoformat()) == ()
    return found


# What the patient said


@pytest.mark.parametrize(
    ("steps", "answers", "expected"),
    [
        ([1], {}, Standing.NOTHING_TO_CONFIRM),
        ([2], {}, Standing.UNASKED),
        ([1, 2], {}, Standing.UNASKED),
        ([2], {2: Going.ON}, Standing.CONFIRMED),
        ([2, 3], {2: Going.ON}, Standing.UNASKED),
        ([2], {3: Going.ON}, Standing.CONFIRMED),
        ([3], {2: Going.STAYS}, Standing.DECLINED),
        ([1], {2: Going.STAYS}, Standing.NOTHING_TO_CONFIRM),
        ([2], {3: Going.BACK}, Standing.DECLINED),
        ([1], {3: Going.BACK}, Standing.NOTHING_TO_CONFIRM),
        ([1], {2: Going.BACK}, Standing.DECLINED),
        ([2], {2: Going.ON, 3: Going.STAYS}, Standing.CONFIRMED),
        ([2, 3], {2: Going.ON, 3: Going.STAYS}, Standing.DECLINED),
    ],
)
def test_a_container_stands_as_the_newest_answers_say(steps: list[int], answers: dict[int, Going], expected: Standing) -> None:
    assert standing(steps, answers, first=False) is expected


def test_the_first_container_holds_what_was_ordered_to_begin_with() -> None:
    assert standing([1, 2, 3], {}, first=True) is Standing.NOTHING_TO_CONFIRM
    assert standing([1, 2, 3], {2: Going.STAYS}, first=True) is Standing.DECLINED
    assert refusing(3, {2: Going.STAYS}) == 2


def test_an_answer_says_what_to_do() -> None:
    assert what_to_do(Going.ON) == ""
    assert "stays on" in what_to_do(Going.STAYS)
    assert "lower dose" in what_to_do(Going.BACK)


# The weeks


def test_weeks_count_the_confirmed_and_the_others_apart_and_expect_thirty_percent_at_the_usual_dose() -> None:
    """TODAY is a Monday. 30 % of three is 9/10 of a patient: an expectation, and no bottle."""
    usual = {"dose": Mass.of_mg("4.5"), "standing": Standing.UNASKED}
    items = [wanted(1), wanted(2, 6, standing=Standing.NOTHING_TO_CONFIRM), wanted(3, 7, **usual), wanted(4, 8, **usual), wanted(5, 13, **usual)]
    items += [wanted(6, 8, standing=Standing.UNASKED, dose=Mass.of_mg(3)), wanted(7, standing=Standing.DECLINED), wanted(8, begun=True)]
    (found,) = weeks_of(items, today=TODAY, policy=POLICY)
    assert (found.formula, found.version, len(found.weeks)) == ("L1", 1, POLICY.demand_weeks)
    this, following, third, *_ = found.weeks
    assert (this.starts_on, this.confirmed, this.amount, this.unconfirmed) == (TODAY, 2, 120, 0)
    assert (following.confirmed, following.unconfirmed, following.unconfirmed_amount, following.expected, following.unknown) == (0, 4, 240, Fraction(9, 10), 1)
    assert (third.confirmed, third.unconfirmed) == (0, 0)


def test_what_is_overdue_counts_in_this_week_and_what_is_far_away_not_at_all() -> None:
    thursday = TODAY + timedelta(days=3)
    items = [wanted(1, -5), wanted(2, 0), wanted(3, 7 * POLICY.demand_weeks - 1), wanted(4, 7 * POLICY.demand_weeks)]
    (found,) = weeks_of(items, today=thursday, policy=POLICY)
    assert found.weeks[0].starts_on == TODAY
    assert [week.confirmed for week in found.weeks] == [2, *[0] * (POLICY.demand_weeks - 2), 1]
    assert weeks_of([], today=TODAY, policy=POLICY) == ()


# The batch


def test_the_batch_holds_those_who_confirmed_and_whose_days_lie_within_its_date() -> None:
    """35 days in the refrigerator, the day of making being the first: good through day 34 from today."""
    items = [wanted(1, 7), wanted(2, 20, 15), wanted(3, 21, 15), wanted(4, 8, standing=Standing.UNASKED), wanted(5, 9, standing=Standing.DECLINED)]
    items += [wanted(6, 2, begun=True), wanted(7, 3, barrier="its order is not clear today"), wanted(8, 4, version=2)]
    found = only(item for item in agreed(proposals(items, HOUSE), HOUSE) if item.version == 1)
    assert (found.until, found.containers, found.amount) == (TODAY + timedelta(days=34), 2, 120)
    assert found.sizes == (Size("bottle-60-ml", 2, Fraction(60)),)
    assert [decision.wanted.fill.int for decision in found.decisions if decision.taken] == [1, 2]
    assert why(found) == [
        "it has a batch already",
        "its order is not clear today",
        "confirmed; used through 22 March 2026, good through 5 April 2026",
        "the patient has not confirmed the step: ask first",
        "the patient does not go on to this step: ask the prescriber, and plan the course again",
        "confirmed; used through 5 April 2026, good through 5 April 2026",
        "made today it would be good through 5 April 2026, and it must last through 6 April 2026: make it nearer to its use",
    ]
    (other,) = [item for item in proposals(items, HOUSE) if item.version == 2]
    assert why(other) == ["version 2 of its formula is no longer the approved one: plan the course again"]
    assert other.containers == 0


def test_lead_days_and_a_late_hand_over_must_be_covered_too() -> None:
    exact = wanted(1, 20, 15)
    assert only(proposals([exact], HOUSE)).containers == 1
    assert only(agreed(proposals([exact], with_room(1000, lead_days=1)), with_room(1000, lead_days=1))).containers == 0
    late = wanted(2, -1, 35)  # handed over today at the earliest: 35 days from today are the whole date
    assert only(agreed(proposals([late], HOUSE), HOUSE)).containers == 1
    assert only(agreed(proposals([replace(late, closes_on=late.closes_on + timedelta(days=1))], HOUSE), HOUSE)).containers == 0


def test_no_more_is_made_than_history_bears_and_nobody_is_passed_over_for_somebody_later() -> None:
    items = [wanted(1, 1), wanted(2, 2, amount=Fraction(90)), wanted(3, 3, amount=Fraction(30))]
    house = with_room(120)
    found = only(agreed(proposals(items, house), house))
    assert [decision.taken for decision in found.decisions] == [True, False, False]
    assert found.decisions[1].reason == "more than the last 30 days support: 120 handed over"
    stocked = with_room(240, in_stock=61)
    assert only(agreed(proposals(items, stocked), stocked)).containers == 2  # 179 mL: 60 and 90 fit, and 30 more do not
    assert only(proposals(items, with_room(180, in_stock=0))).containers == 3
    assert only(proposals(items, with_room(10, in_stock=61))).decisions[0].reason == "more than the last 30 days support: 10 handed over, 61 in stock"
    assert only(proposals(items, replace(HOUSE, supplies={}))).containers == 0


def test_history_is_of_the_formula_wherever_it_is_kept_and_each_storage_is_a_batch_of_its_own() -> None:
    items = [wanted(1, 1), wanted(2, 2, storage=Storage.ROOM), wanted(3, 3)]
    house = with_room(120)
    cold, warm = agreed(proposals(items, house), house)
    assert (cold.storage, cold.containers, warm.storage, warm.containers) == (Storage.REFRIGERATOR, 1, Storage.ROOM, 1)
    assert warm.until == TODAY + timedelta(days=29)  # 30 days at room temperature


def test_a_batch_is_never_larger_than_the_policy_lets_it_be() -> None:
    items = [wanted(number, number, amount=Fraction(60)) for number in range(1, 4)]
    house = with_room(1000, largest_liquid_batch=Volume.of_ml(120))
    found = only(agreed(proposals(items, house), house))
    assert (found.containers, found.decisions[2].reason) == (2, "it does not fit the largest batch any more (policy)")
    capsules = [replace(item, formula="C4.5", storage=Storage.ROOM, container="vial-120-capsules", amount=Fraction(100)) for item in items]
    few = replace(HOUSE, policy=Policy(largest_capsule_batch=200))
    assert only(agreed(proposals(capsules, few), few)).containers == 2


def test_containers_of_several_sizes_are_counted_by_size() -> None:
    items = [wanted(1, 1), wanted(2, 2, container="bottle-120-ml", amount=Fraction(90)), wanted(3, 3, amount=Fraction(31))]
    assert only(agreed(proposals(items, HOUSE), HOUSE)).sizes == (Size("bottle-120-ml", 1, Fraction(90)), Size("bottle-60-ml", 2, Fraction(60)))


def test_drops_that_are_made_in_their_bottle_are_made_one_at_a_time() -> None:
    item = wanted(1, formula="L5", container="bottle-10-ml", amount=Fraction(10))
    assert why(only(agreed(proposals([item], HOUSE), HOUSE))) == ["it is made in the container that is handed over, one at a time"]


def test_what_is_needed_after_the_weeks_that_are_looked_ahead_is_left_out() -> None:
    item = wanted(1, 7 * POLICY.demand_weeks, 1)
    assert "after the 8 weeks" in why(only(agreed(proposals([item], HOUSE), HOUSE)))[0]


def test_every_number_of_a_batch_says_why() -> None:
    found = only(proposals([wanted(1), wanted(2)], with_room(200, in_stock=20)))
    count, room = found.workings
    assert (count.exactly, room.exactly) == ("2 containers", "180 mL")
    assert ("handed over", "200 mL") in room.inputs
    assert "503A" in room.source


def test_the_second_pharmacist_sees_a_batch_with_one_container_too_many() -> None:
    found = only(proposals([wanted(1), wanted(2, standing=Standing.UNASKED)], HOUSE))
    formulas = [plain(formula) for formula in FORMULAS.values()]

    def differences(changed: Proposal) -> tuple[str, ...]:
        return second.check_demand(proposals=[plain(changed)], formulas=formulas, policy=plain(POLICY), today=TODAY.isoformat())

    first, other = found.decisions
    more = replace(found, decisions=(first, replace(other, taken=True)))
    assert any("left out by the second count" in sentence for sentence in differences(more))
    fewer = replace(found, decisions=(replace(first, taken=False), other), sizes=(), amount=Fraction(0))
    assert any("taken by the second count" in sentence for sentence in differences(fewer))
    assert any("Good through" in sentence for sentence in differences(replace(found, until=date(2027, 1, 1))))
    assert any("holds 61" in sentence for sentence in differences(replace(found, amount=Fraction(61))))
    assert any("Sizes" in sentence for sentence in differences(replace(found, sizes=(replace(found.sizes[0], containers=3),))))


# Of every demand

ITEMS = st.lists(
    st.tuples(
        st.integers(-3, 40), st.integers(1, 30), st.integers(1, 6), st.sampled_from(list(Standing)), st.booleans(), st.sampled_from(list(Storage)),
    ),
    max_size=7,
)  # fmt: skip


def drawn(items: list[tuple[int, int, int, Standing, bool, Storage]]) -> list[Wanted]:
    return [
        wanted(number, opens, days, amount=Fraction(tens * 10), standing=said_, begun=begun, storage=storage)
        for number, (opens, days, tens, said_, begun, storage) in enumerate(items, start=1)
    ]


def served(found: Iterable[Proposal]) -> set[int]:
    return {decision.wanted.fill.int for proposal in found for decision in proposal.decisions if decision.taken}


def lasts(item: Wanted, house: House) -> bool:
    days = 35 if item.storage is Storage.REFRIGERATOR else 30
    handed_over = max(item.make_by, house.today)
    last = max(item.closes_on, handed_over + timedelta(days=item.days - 1 + house.policy.lead_days))
    return last <= house.today + timedelta(days=days - 1)


@settings(max_examples=150, deadline=None)
@given(ITEMS, st.integers(0, 25), st.integers(0, 10), st.integers(0, 4))
def test_the_batch_is_the_largest_of_all_sets_that_may_be_made(
    items: list[tuple[int, int, int, Standing, bool, Storage]], room: int, stock: int, lead: int
) -> None:
    """By brute force over every set of containers: each may be made, together they stay within history, and nobody sooner is left out for somebody later."""
    house = with_room(room * 10, in_stock=stock * 10, lead_days=lead)
    all_of_them = drawn(items)
    found = agreed(proposals(all_of_them, house), house)
    sure = {Standing.CONFIRMED, Standing.NOTHING_TO_CONFIRM}
    able = [item for item in all_of_them if item.standing in sure and not item.begun and lasts(item, house) and (item.make_by - TODAY).days < 56]
    able.sort(key=lambda item: (item.make_by, item.closes_on, item.amount, item.fill))
    most = max(room - stock, 0) * 10
    sets = [chosen for size in range(len(able) + 1) for chosen in combinations(range(len(able)), size)]
    fitting = [chosen for chosen in sets if sum(able[at].amount for at in chosen) <= most and chosen == tuple(range(len(chosen)))]
    assert served(found) == {able[at].fill.int for at in max(fitting, key=len)}


@settings(max_examples=100, deadline=None)
@given(ITEMS, st.integers(0, 25), st.integers(0, 10))
def test_nothing_out_of_date_nothing_beyond_history_and_more_history_never_serves_fewer(
    items: list[tuple[int, int, int, Standing, bool, Storage]], room: int, more: int
) -> None:
    all_of_them, house = drawn(items), with_room(room * 10)
    found = proposals(all_of_them, house)
    taken = [decision for proposal in found for decision in proposal.decisions if decision.taken]
    assert sum(decision.wanted.amount for decision in taken) <= room * 10
    assert all(decision.wanted.standing in {Standing.CONFIRMED, Standing.NOTHING_TO_CONFIRM} for decision in taken)
    for proposal in found:
        assert all(decision.through <= proposal.until for decision in proposal.decisions if decision.taken)
        assert sum(size.containers for size in proposal.sizes) == sum(decision.taken for decision in proposal.decisions)
    assert {decision.wanted.fill.int for proposal in found for decision in proposal.decisions} == {item.fill.int for item in all_of_them}
    assert served(found) <= served(proposals(all_of_them, with_room((room + more) * 10)))
    confirmed = [replace(item, standing=Standing.CONFIRMED) for item in all_of_them]
    wide = with_room(10_000)
    assert served(proposals(all_of_them, wide)) <= served(proposals(confirmed, wide))


@settings(max_examples=60, deadline=None)
@given(ITEMS)
def test_the_weeks_hold_every_container_that_is_still_wanted_once(items: list[tuple[int, int, int, Standing, bool, Storage]]) -> None:
    all_of_them = drawn(items)
    weeks = [week for demand in weeks_of(all_of_them, today=TODAY, policy=POLICY) for week in demand.weeks]
    open_ones = [item for item in all_of_them if not item.begun and item.standing is not Standing.DECLINED]
    assert sum(week.confirmed + week.unconfirmed for week in weeks) == len(open_ones)
    assert sum(week.amount + week.unconfirmed_amount for week in weeks) == sum(item.amount for item in open_ones)
    assert all(0 <= week.expected <= week.unconfirmed for week in weeks)
