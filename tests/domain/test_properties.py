"""Properties of the calculations, on courses that nobody thought of; the second pharmacist recomputes each plan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from compounding.domain.beyond_use import beyond_use
from compounding.domain.dilution import alligate, dilute, medial, whole_tablet_batch
from compounding.domain.errors import Unsafe
from compounding.domain.formula import FROM_TABLETS, Storage
from compounding.domain.inventory import Lot, Shortage
from compounding.domain.money import Money, display_parts, split, total
from compounding.domain.plan import Choices, Plan
from compounding.domain.preparation import Take
from compounding.domain.prescription import Form, Moment, Order, Step
from compounding.domain.quantity import Concentration, Mass, Volume, decimal_text, parse_numeral
from compounding.domain.weighing import Dropper, Syringe, measure
from tests.domain.examples import (
    BALANCES,
    BARREL,
    FINE,
    FORMULAS,
    POLICY,
    SYRINGE_1,
    SYRINGE_3,
    SYRINGE_5,
    SYRINGE_5_COARSE,
    TITRATION,
    TODAY,
    bottle,
    capsule_choices,
    choices,
    dropper,
    long_lived,
    order,
    planned,
    shelf,
    step,
    tablets,
)

DOSES = st.integers(1, 120).map(lambda twentieths: decimal_text(Fraction(twentieths, 20)))
MOMENTS = st.sampled_from([(Moment.BEDTIME,), (Moment.MORNING, Moment.BEDTIME)])
STEPS = st.lists(st.builds(lambda dose, days, moments: step(dose, days, *moments), DOSES, st.integers(1, 40), MOMENTS), min_size=1, max_size=6)
STRENGTHS = st.fractions(min_value=Fraction(1, 10), max_value=50, max_denominator=20).map(Concentration)
VOLUMES = st.fractions(min_value=Fraction(1, 100), max_value=500, max_denominator=100).map(Volume)
MONEY = st.integers(0, 10**12).map(Money)
SYRINGES = st.sampled_from([SYRINGE_1, SYRINGE_3, SYRINGE_5, SYRINGE_5_COARSE, FINE])
ODD_DROPPERS = st.tuples(st.integers(20, 60), st.sampled_from(["1.7", "2", "2.5"]))


@st.composite
def liquid_choices(draw: st.DrawFn) -> Choices:
    code = draw(st.sampled_from(["L1", "L1-1.5", "L2", "L5"]))
    device: Syringe | Dropper = draw(st.one_of(SYRINGES, ODD_DROPPERS.map(lambda pair: dropper(code, *pair))))
    lead_days = draw(st.integers(0, 3))
    storages = FORMULAS[code].storages
    return choices(
        code,
        bottle(draw(st.sampled_from([10, 60, 120, 480])), draw(st.sampled_from(["0", "0.5", "1"]))),
        device,
        storage=draw(st.sampled_from(storages)),
        method=draw(st.sampled_from(FROM_TABLETS)),
        starts_on=TODAY + timedelta(days=lead_days),
        lead_days=lead_days,
        overfill=draw(st.sampled_from(["0", "0.3", "2"])),
    )


LOTS = st.lists(st.tuples(st.integers(0, 4), st.integers(-3, 60), st.integers(150, 500)), min_size=1, max_size=4)


def stock_of(lots: list[tuple[int, int, int]]) -> tuple[Lot, ...]:
    """Tablets in lots of so many, that expire in so many days and weigh so much."""
    some = [
        tablets(count, number=f"T{number}", expires_on=TODAY + timedelta(days=days), average=str(average)) for number, (count, days, average) in enumerate(lots)
    ]
    return shelf(*some)


def plan_of(of: Order, chosen: Choices, stock: Sequence[Lot] | None = None) -> Plan:
    """The plan that both pharmacists agree on; what is refused is no example."""
    try:
        return planned(of, chosen, stock=stock)
    except (Unsafe, Shortage):
        assume(False)
        raise


@given(STEPS, liquid_choices())
def test_in_every_course_tablets_are_what_is_taken_and_what_is_left(steps: list[Step], chosen: Choices) -> None:
    plan = plan_of(order(*steps), chosen)
    left = sum((fill.amounts.left for fill in plan.fills), Mass.of_mg(0))
    assert Mass.of_mg(50) * sum(fill.amounts.tablets for fill in plan.fills) == plan.taken + left
    assert all(fill.amounts.left.mg >= 0 for fill in plan.fills)


@given(STEPS, liquid_choices(), LOTS)
def test_whatever_the_stock_no_bottle_outlives_its_tablets(steps: list[Step], chosen: Choices, lots: list[tuple[int, int, int]]) -> None:
    plan = plan_of(order(*steps), chosen, stock_of(lots))
    made = plan.fills[0].preparation
    assert made is not None
    assert plan.fills[0].closes_on <= min(line.expires_on for line in made.lines)


@given(STEPS, liquid_choices())
def test_every_bottle_is_empty_by_its_date_and_every_day_has_one(steps: list[Step], chosen: Choices) -> None:
    plan = plan_of(order(*steps), chosen)
    assert [day for fill in plan.fills for day in range(fill.opens, fill.closes + 1)] == list(range(1, plan.days + 1))
    assert all(fill.make_by <= fill.opens_on <= fill.closes_on <= fill.until for fill in plan.fills)


@given(STEPS, liquid_choices())
def test_the_lines_of_a_liquid_come_to_its_volume(steps: list[Step], chosen: Choices) -> None:
    made = plan_of(order(*steps), chosen).fills[0].preparation
    assert made is not None
    poured = sum(line.target for line in made.lines if line.take in {Take.MEASURE, Take.TO_VOLUME})
    assert poured == Volume(made.amounts.made).nanolitres
    assert Volume(made.amounts.made) * FORMULAS[chosen.formula.code].liquid.strength == made.amounts.active  # type: ignore[union-attr]


@given(STEPS, liquid_choices())
def test_a_measured_dose_is_within_the_tolerance_or_refused(steps: list[Step], chosen: Choices) -> None:
    plan = plan_of(order(*steps), chosen)
    for taken in plan.steps:
        error = abs(taken.taken / taken.dose - 1)
        assert error <= POLICY.rounding_refuse
        warned = any(notice.warning and notice.code == f"rounding_{taken.number}" for notice in plan.notices)
        assert warned == (error > POLICY.rounding_warn)


@given(st.integers(1, 20), st.integers(1, 60), st.integers(0, 5))
def test_capsules_hold_what_was_weighed(times_strength: int, days: int, overage: int) -> None:
    assume(times_strength * days <= 120)
    of = order(step(decimal_text(Fraction(9 * times_strength, 2)), days), form=Form.CAPSULE)
    plan = planned(of, capsule_choices(overage=overage))
    made = plan.fills[0].preparation
    assert made is not None
    assert made.weight is not None
    powder = sum(line.exact for line in made.lines if line.take is Take.WEIGH and line.stock == 0)
    assert powder == made.weight.powder.mg * made.amounts.made * 1_000_000
    assert made.weight.powder / 5 == Mass.of_mg("4.5")  # tablets of 250 mg hold 50 mg


@given(st.integers(1, 60))
def test_twice_as_many_capsules_take_twice_as_much_before_rounding(days: int) -> None:
    once, twice = (planned(order(step("4.5", count), form=Form.CAPSULE), capsule_choices()).fills[0] for count in (days, 2 * days))
    assert once.preparation is not None
    assert twice.preparation is not None
    assert [2 * line.exact for line in once.preparation.lines if line.take is Take.WEIGH] == [
        line.exact for line in twice.preparation.lines if line.take is Take.WEIGH
    ]
    assert once.preparation.weight == twice.preparation.weight


@given(DOSES, st.integers(1, 90), liquid_choices())
def test_a_day_more_never_takes_less(dose: str, days: int, chosen: Choices) -> None:
    shorter, longer = (plan_of(order(step(dose, count)), chosen) for count in (days, days + 1))
    assert longer.taken > shorter.taken
    assert sum(fill.amounts.tablets for fill in longer.fills) >= sum(fill.amounts.tablets for fill in shorter.fills)
    assert len(longer.fills) >= len(shorter.fills)


def taken_of(course: Order, code: str, device: Syringe) -> Mass:
    """What `course` takes in all; a bottle and a formula without bounds cut it nowhere."""
    return planned(course, choices(code, BARREL, device, formula=long_lived(code))).taken


@given(STEPS)
def test_before_measuring_every_strength_takes_what_was_prescribed(steps: list[Step]) -> None:
    course = order(*steps)
    exact = Volume.of_ml(Fraction(1, 300))  # a mark for every twentieth of a mg at 1, 1.5 and 5 mg/mL
    marks = replace(FINE, graduation=exact)
    assert {taken_of(course, code, marks) for code in ("L1", "L1-1.5", "L2")} == {course.total}


def test_after_measuring_the_weaker_liquid_may_take_more() -> None:
    assert taken_of(TITRATION, "L1", SYRINGE_5_COARSE) == Mass.of_mg("128.8")
    assert taken_of(TITRATION, "L1-1.5", SYRINGE_5_COARSE) == TITRATION.total == Mass.of_mg(126)


@given(STEPS, liquid_choices())
def test_nothing_is_weighed_below_what_its_balance_weighs(steps: list[Step], chosen: Choices) -> None:
    made = plan_of(order(*steps), chosen).fills[0].preparation
    assert made is not None
    least = {balance.name: balance.least for balance in BALANCES}
    assert all(Mass.of_nanograms(line.target) >= least[line.instrument] for line in made.lines if line.take is Take.WEIGH)


@given(VOLUMES, VOLUMES, STRENGTHS)
def test_whole_tablets_cover_the_need_stand_on_a_mark_and_keep_the_strength(some: Volume, more: Volume, strength: Concentration) -> None:
    mark = Volume.of_ml(1)
    count, made = whole_tablet_batch(some, strength, mark)
    assert made >= some
    assert (made / mark).denominator == 1
    assert Mass.of_mg(50) * count / made == strength
    assert whole_tablet_batch(some + more, strength, mark)[0] >= count


@given(st.integers(0, 900), st.integers(0, 200))
def test_a_later_expiry_never_shortens_the_date(days: int, later: int) -> None:
    def until(after: int) -> date:
        components = [("tablets", TODAY + timedelta(days=after)), ("water", TODAY + timedelta(days=20))]
        return beyond_use(FORMULAS["L1"], Storage.REFRIGERATOR, made_on=TODAY, components=components, made_is_day_one=True).until

    assert until(days) <= until(days + later)


@given(STRENGTHS, st.fractions(min_value=Fraction(1, 50), max_value=1, max_denominator=50), VOLUMES)
def test_diluting_gives_the_strength_that_was_asked_for(stock: Concentration, share: Fraction, final: Volume) -> None:
    to = Concentration(stock.mg_per_ml * share)
    mixed = dilute(stock, to, final)
    assert mixed.together == final
    assert mixed.stronger * stock / final == to


@given(STRENGTHS, STRENGTHS, st.fractions(min_value=Fraction(1, 50), max_value=Fraction(49, 50), max_denominator=50), VOLUMES)
def test_alligation_and_its_check_agree(one: Concentration, other: Concentration, share: Fraction, final: Volume) -> None:
    assume(one != other)
    low, high = sorted((one, other))
    to = Concentration(low.mg_per_ml + (high.mg_per_ml - low.mg_per_ml) * share)
    mixed = alligate(high, low, to, final)
    assert mixed.together == final
    assert medial(((high, mixed.stronger), (low, mixed.weaker)), final) == to


@given(st.integers(0, 999_999))
def test_a_dose_that_is_printed_is_read_back_as_itself(thousandths: int) -> None:
    dose = Fraction(thousandths, 1000)
    assert parse_numeral(decimal_text(dose)) == dose


@given(VOLUMES, SYRINGES)
def test_a_reading_is_the_nearest_mark_and_its_draws_hold_it(volume: Volume, device: Syringe) -> None:
    reading = measure(volume, device)
    assert (reading.measured / device.graduation).denominator == 1
    off = reading.measured.ml - volume.ml
    assert -device.graduation.ml / 2 < off <= device.graduation.ml / 2
    assert (reading.draws - 1) * device.capacity.ml < max(reading.measured.ml, Fraction(1, 1000)) <= reading.draws * device.capacity.ml


@given(MONEY, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_shares_of_money_add_up_to_the_whole(whole: Money, weights: list[int]) -> None:
    shares = split(whole, weights)
    assert total(shares) == whole
    exact = [Fraction(whole.micros * weight, sum(weights)) for weight in weights]
    assert all(abs(share.micros - part) < 1 for share, part in zip(shares, exact, strict=True))


@given(st.lists(MONEY, min_size=1, max_size=12))
def test_printed_parts_add_up_to_the_printed_whole(parts: list[Money]) -> None:
    cents = [int(text.replace(".", "")) for text in display_parts(parts)]
    assert sum(cents) == total(parts).cents
    assert all(abs(shown * 10_000 - part.micros) < 10_000 for shown, part in zip(cents, parts, strict=True))


@given(st.integers(120, 600), st.integers(120, 600), st.integers(1, 5))
def test_powder_of_two_lots_holds_the_drug_that_goes_in(first: int, second_average: int, count: int) -> None:
    stock = tablets(count, number="A", average=str(first), expires_on=TODAY + timedelta(days=600)), tablets(2, number="B", average=str(second_average))
    of = order(step("4.5", 12 * count), form=Form.CAPSULE)
    made = plan_of(of, capsule_choices(), shelf(*stock)).fills[0].preparation
    assert made is not None
    averages = {"A": first, "B": second_average}
    drug = sum(line.exact / averages[line.lot_number] * 50 for line in made.lines if line.take is Take.WEIGH and line.stock == 0)
    assert drug == made.amounts.active.mg * 1_000_000
