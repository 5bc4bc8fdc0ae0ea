"""Pooling: what may share a batch, what that saves, and that nobody's date is ever made longer."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import NAMESPACE_OID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from compounding import second
from compounding.domain.beyond_use import last_day, shelf_days
from compounding.domain.formula import FROM_TABLETS, Formula, Method, Storage
from compounding.domain.inventory import LotStatus, StockUnit
from compounding.domain.money import Money
from compounding.domain.pooling import Due, Pool, Pooling, barrier, excipients_at_hand, propose, window, worth
from compounding.domain.preparation import Amounts, capsule_amounts, liquid_amounts
from compounding.domain.quantity import Mass, Volume
from compounding.domain.quote import Price, Prices
from compounding.domain.safety import Action, Finding, Stage
from compounding.domain.sharing import WAYS
from compounding.domain.worksheet import TABLETS
from tests.domain.examples import FAR, FORMULAS, POLICY, TODAY, VIAL, bottle, lot, plain, shelf

L1, L2, C45 = FORMULAS["L1"], FORMULAS["L2"], FORMULAS["C4.5"]
POWDER = Method.POWDER


def bottled(
    number: int,
    used: str,
    *,
    starts: int = 0,
    days: int = 30,
    formula: Formula = L1,
    storage: Storage = Storage.REFRIGERATOR,
    method: Method = Method.WHOLE_TABLETS,
    unusable: str = "0",
    lead: int = 0,
    reason: str = "",
) -> Due:
    """A bottle from which `used` mL are taken over so many days, the first of them `starts` days from today."""
    amounts = liquid_amounts(formula, Volume.of_ml(used), Volume.of_ml(used) + Volume.of_ml(unusable), method=method, container=bottle(480, unusable))
    return _due(number, formula, storage, amounts, starts=starts, days=days, lead=lead, reason=reason)


def counted(number: int, count: int, *, overage: int = 2, starts: int = 0, formula: Formula = C45) -> Due:
    return _due(number, formula, Storage.ROOM, capsule_amounts(formula, count, overage=overage, container=VIAL), starts=starts, days=count)


def _due(number: int, formula: Formula, storage: Storage, amounts: Amounts, *, starts: int, days: int, lead: int = 0, reason: str = "") -> Due:
    opens_on = TODAY + timedelta(days=starts)
    make_by = opens_on - timedelta(days=lead)
    until = last_day(make_by, shelf_days(formula, storage)[0], made_is_day_one=True)
    fill = uuid5(NAMESPACE_OID, str(number))
    return Due(fill, formula, storage, amounts, make_by, opens_on, opens_on + timedelta(days=days - 1), until, reason)


def reasons(*due: Due) -> list[str]:
    return [one.reason for one in propose(due, today=TODAY, policy=POLICY).alone]


def only(*due: Due) -> Pool:
    (pool,) = propose(due, today=TODAY, policy=POLICY).pools
    return pool


def disagreements(pool: Pool, formula: Formula) -> tuple[str, ...]:
    return second.check_pool(pool=plain(pool), formula=plain(formula), policy=plain(POLICY), today=TODAY.isoformat())


def test_seven_climbs_to_four_and_a_half_milligrams_leave_25_5_mg_together_and_325_5_mg_apart() -> None:
    """G07: 103.5 mg take 3 tablets and leave 46.5 mg of 150 mg each; seven of them are 724.5 mg, and 15 tablets hold 750 mg."""
    seven = [bottled(number, "103.5") for number in range(7)]
    found = propose(seven, today=TODAY, policy=POLICY)
    (pool,) = found.pools

    assert {one.amounts.left for one in seven} == {Mass.of_mg("46.5")}
    assert (pool.tablets_apart, pool.amounts.tablets, pool.tablets_saved) == (21, 15, 6)
    assert (pool.left_apart, pool.amounts.left) == (Mass.of_mg("325.5"), Mass.of_mg("25.5"))
    assert (pool.amounts.used, pool.amounts.dispensed, pool.amounts.made) == (Fraction("724.5"), Fraction("724.5"), 750)
    assert (found.tablets_saved, found.left_saved, found.minutes_saved) == (6, Mass.of_mg(300), 6 * L1.minutes)
    assert found.proved
    assert disagreements(pool, L1) == ()


def test_94_5_and_31_5_ml_save_a_batch_and_no_tablet() -> None:
    """Together they are the 126 mL of three tablets (G05 made up to 150 mL); apart they take two and one."""
    pool = only(bottled(1, "94.5"), bottled(2, "31.5"))

    assert (pool.tablets_apart, pool.amounts.tablets, pool.amounts.left) == (3, 3, Mass.of_mg(24))
    assert pool.minutes_saved == L1.minutes


def test_what_stays_in_each_bottle_is_made_for_each() -> None:
    """Two of 99 mL that leave 1 mL behind need 200 mL, four tablets; with 2 mL behind they need 202."""
    assert only(*(bottled(number, "99", unusable="1") for number in range(2))).amounts.tablets == 4
    assert only(*(bottled(number, "99", unusable="2") for number in range(2))).amounts.tablets == 5


def test_capsules_share_with_what_each_is_made_more_for_loss() -> None:
    """Three times 30 of 4.5 mg and 2 more are 96 capsules, 432 mg, 9 tablets; apart 3 each."""
    three = [counted(number, 30) for number in range(3)]
    pool = only(*three)

    assert [one.amounts.tablets for one in three] == [3, 3, 3]
    assert (pool.amounts.tablets, pool.amounts.made, pool.amounts.used, pool.amounts.left) == (9, 96, 90, Mass.of_mg(45))
    assert only(*(counted(number, 28, overage=0) for number in range(5))).tablets_saved == 2  # 126 mg each: 630 mg are 13 tablets
    assert disagreements(pool, C45) == ()


def test_weighed_powder_shares_with_weighed_powder() -> None:
    pool = only(*(bottled(number, "30.5", method=POWDER) for number in range(3)))

    assert (pool.tablets_apart, pool.amounts.tablets, pool.amounts.made) == (3, 2, 92)
    assert disagreements(pool, L1) == ()


def test_it_is_made_on_the_first_day_that_suits_all_and_each_keeps_a_date_that_covers_its_last_dose() -> None:
    """35 days with Day 1: a 30-day course from 7 March ends on 5 April, so that it may be made from 2 March, one from 9 March from 4 March."""
    now, later = bottled(1, "103.5", starts=4), bottled(2, "103.5", starts=7)
    pool = only(now, later)

    assert window(now, TODAY, POLICY) == (TODAY, TODAY + timedelta(days=4))
    assert window(later, TODAY, POLICY) == (date(2026, 3, 4), date(2026, 3, 9))
    assert (pool.made_on, pool.until) == (date(2026, 3, 4), date(2026, 4, 7))
    assert [share.until for share in pool.shares] == [date(2026, 4, 7), date(2026, 4, 7)]
    assert [share.until_alone for share in pool.shares] == [date(2026, 4, 9), date(2026, 4, 12)]


def test_lead_days_end_the_window_before_the_bottle_is_opened() -> None:
    assert window(bottled(1, "60", starts=4, days=20, lead=3), TODAY, POLICY) == (TODAY, TODAY + timedelta(days=1))


def test_what_should_have_been_made_yesterday_is_made_today_and_gets_no_longer_date_by_sharing() -> None:
    late = bottled(1, "60", starts=1, days=20, lead=2)
    pool = only(late, bottled(2, "60", days=20))

    assert (pool.made_on, pool.until) == (TODAY, date(2026, 4, 5))
    assert [share.until for share in pool.shares] == [late.until, date(2026, 4, 5)]
    assert late.until == date(2026, 4, 4)
    assert disagreements(pool, L1) == ()


def test_why_a_fill_stands_alone_is_said() -> None:
    assert reasons(bottled(1, "60"), bottled(2, "20", formula=L2)) == ["The others are of another strength."] * 2
    assert reasons(bottled(1, "60"), bottled(2, "60", formula=replace(L1, version=2))) == ["The others are made by another version of the formula."] * 2
    assert reasons(bottled(1, "60"), bottled(2, "60", storage=Storage.ROOM))[0] == "The others have another storage than refrigerator."
    assert reasons(bottled(1, "60"), bottled(2, "60", method=POWDER))[0] == "The others are not made by whole tablets."
    assert reasons(bottled(1, "60")) == ["Nothing else of this formula is to be made in these days."]
    assert reasons(bottled(1, "60"), bottled(2, "60", reason="the prescriber is asked")) == [
        "The others of this formula cannot share.",
        "the prescriber is asked",
    ]


def test_fills_that_no_day_suits_both_stand_alone_rather_than_get_a_longer_date() -> None:
    """35 days: made today, the course that begins in a week and lasts 35 days would end after its date."""
    found = reasons(bottled(1, "60", days=35), bottled(2, "60", starts=7, days=35))

    assert found == ["On no day could it share: made by the day of the one, the last dose of the other would fall past the beyond-use date."] * 2
    assert only(bottled(1, "60", days=35), bottled(2, "60", starts=7, days=28)).until == date(2026, 4, 5)
    assert len(reasons(bottled(1, "60", days=35), bottled(2, "60", starts=7, days=29))) == 2


def test_no_batch_is_larger_than_the_graduate() -> None:
    """Five of 240 mL are 1200 mL; four are 960, of 20 tablets, which make 1000 mL at 1 mg/mL; the fifth takes its 5 tablets alone as in any other way."""
    found = propose([bottled(number, "240") for number in range(5)], today=TODAY, policy=POLICY)

    assert sorted(len(pool.shares) for pool in found.pools) == [4]
    assert all(pool.amounts.made <= 1000 for pool in found.pools)
    assert reasons(bottled(1, "480"), bottled(2, "480"), bottled(3, "480")) == [
        "The batch that it could share is full, or made on a day that does not suit it."
    ]
    small = replace(POLICY, largest_liquid_batch=Volume.of_ml(500))
    alone = propose([bottled(number, "300") for number in range(2)], today=TODAY, policy=small).alone
    assert {one.reason for one in alone} == {"With any other it would be more than one batch may be, 500 mL."}
    tiny = replace(POLICY, largest_liquid_batch=Volume.of_ml(100))
    assert {one.reason for one in propose([bottled(number, "120") for number in range(2)], today=TODAY, policy=tiny).alone} == {
        "It is more than one batch may be, 100 mL."
    }
    assert propose([counted(number, 120) for number in range(3)], today=TODAY, policy=POLICY).alone != ()  # 366 capsules are more than 300 holes


def test_what_is_made_in_the_bottle_that_is_handed_over_is_never_shared() -> None:
    drops = [bottled(number, "9", formula=FORMULAS["L5"], days=14) for number in range(3)]

    assert reasons(*drops) == ["It is made in the bottle that is handed over."] * 3


def test_a_course_whose_first_dose_is_past_settles_its_dates_first() -> None:
    assert reasons(bottled(1, "60", starts=-1), bottled(2, "60")) == [
        "Its first dose was due on 1 March 2026: settle its dates first.",
        "The others of this formula cannot share.",
    ]


def test_a_last_dose_past_the_date_that_was_planned_is_never_covered_by_sharing() -> None:
    """Lead days were missed: made two days ago it would have been good to 3 April, and it is used through 4 April."""
    assert reasons(bottled(1, "60", days=34, lead=2), bottled(2, "60"))[0] == (
        "Its last dose on 4 April 2026 lies past its own beyond-use date, 3 April 2026: plan its course again."
    )


def test_a_last_dose_that_no_day_of_making_covers_is_said() -> None:
    unplanned = replace(bottled(1, "60", days=36), until=date(2026, 4, 30))
    assert reasons(unplanned, bottled(2, "60"))[0] == "Made by 2 March 2026, its last dose on 6 April 2026 would fall past the beyond-use date."


def test_a_new_strength_and_an_excipient_keep_a_fill_apart_and_other_findings_do_not() -> None:
    def found(rule: str) -> Finding:
        return Finding(rule, Stage.PLAN, Action.WARN, "What was found.", "", "0" * 64)

    assert barrier([found("R17"), found("R22")]) == "It would change the strength that the patient has at home. What was found."
    assert barrier([found("R4")]) == "An excipient does not suit the patient. What was found."
    assert not barrier([found("R17")])


def test_every_lot_that_may_be_taken_brings_its_excipients() -> None:
    stock = [*shelf(), replace(lot("glycerol", 5, StockUnit.NANOLITRE, number="G2"), excipients=("glycerol",))]
    gone = replace(lot("sodium-benzoate", 0, StockUnit.NANOGRAM), excipients=("sodium benzoate",))
    withdrawn = replace(lot("purified-water", 5, StockUnit.NANOLITRE, status=LotStatus.WITHDRAWN), excipients=("a preservative",))
    expired = replace(lot("purified-water", 5, StockUnit.NANOLITRE, number="old", expires_on=TODAY - timedelta(days=1)), excipients=("rust",))

    assert excipients_at_hand(L1, [*stock, gone, withdrawn, expired], TODAY) == ("glycerol", "lactose monohydrate", "magnesium stearate")
    shells = replace(lot("shell-3", 5, StockUnit.PIECE, number="S2", expires_on=FAR), excipients=("gelatin",))
    assert excipients_at_hand(C45, [*shelf(), shells], TODAY) == ("gelatin", "lactose monohydrate", "magnesium stearate", "microcrystalline cellulose")


def test_what_is_saved_is_worth_the_tablets_at_what_was_paid_last_and_the_bench_time() -> None:
    """30 paid for 100 tablets: six are 1.80; six batches of 20 minutes at 36 an hour are 72."""
    pool = only(*(bottled(number, "103.5") for number in range(7)))
    paid = Prices({TABLETS: Price(Money.of(30), 100)})

    assert worth(pool, L1, paid, POLICY) == Money.of("73.80")
    assert worth(pool, L1, Prices({}), POLICY) is None


def test_nothing_due_is_nothing_to_share() -> None:
    assert propose([], today=TODAY, policy=POLICY) == Pooling((), (), proved=True, more_at_most=0)


COURSES = st.builds(
    bottled,
    st.integers(),
    st.sampled_from(["31.5", "45", "94.5", "103.5", "126", "135", "180"]),
    starts=st.integers(-1, 7),
    days=st.integers(1, 35),
    formula=st.sampled_from([L1, L2]),
    storage=st.sampled_from([Storage.REFRIGERATOR, Storage.ROOM]),
    method=st.sampled_from(FROM_TABLETS),
    unusable=st.sampled_from(["0", "1"]),
    lead=st.integers(0, 2),
) | st.builds(counted, st.integers(), st.integers(1, 120), overage=st.integers(0, 3), starts=st.integers(0, 7))


@given(st.lists(COURSES, max_size=10, unique_by=lambda one: one.fill), st.sampled_from([0, WAYS]))
def test_sharing_never_takes_more_and_every_date_covers_its_last_dose(due: list[Due], ways: int) -> None:
    found = propose(due, today=TODAY, policy=POLICY, ways=ways)

    assert sorted([share.fill for pool in found.pools for share in pool.shares] + [one.fill for one in found.alone]) == sorted(one.fill for one in due)
    for pool in found.pools:
        assert pool.tablets_saved >= 0
        assert pool.amounts.left.mg <= pool.left_apart.mg
        assert pool.made_on >= TODAY
        for share in pool.shares:
            assert share.closes_on <= share.until <= min(pool.until, share.until_alone)
            assert pool.made_on <= min(max(share.make_by, TODAY), share.opens_on)
        assert disagreements(pool, {"L1": L1, "L2": L2, "C4.5": C45}[pool.formula]) == ()
