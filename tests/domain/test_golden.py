"""The golden numbers of the pharmacy's facts. Courses and dates are computed by both implementations: `planned` lets the second one agree."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from compounding.domain.aliquot import serial
from compounding.domain.beyond_use import beyond_use, month_end
from compounding.domain.capsule import displaced_fill
from compounding.domain.dilution import alligate, dilute, medial, powder_for
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Storage
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.prescription import Form
from compounding.domain.quality import yield_of
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.weighing import measure, percent
from tests.domain.examples import (
    BARREL,
    FINE,
    FORMULAS,
    GP,
    SYRINGE_1,
    TODAY,
    bottle,
    capsule_choices,
    choices,
    dropper,
    long_lived,
    order,
    planned,
    step,
    unpreserved,
)


def whole_course(*steps: tuple[str, int]) -> FillPlan:
    """A course of 1 mg/mL made at once, by whole tablets."""
    (only,) = planned(order(*(step(dose, days) for dose, days in steps)), choices("L1", BARREL, FINE, formula=long_lived("L1"))).fills
    return only


def climb(first: str, by: str, last: str, days: int) -> tuple[tuple[str, int], ...]:
    doses, dose = [], Fraction(first)
    while dose <= Fraction(last):
        doses.append((str(dose), days))
        dose += Fraction(by)
    return tuple(doses)


COURSES = {
    "G05": ((("1.5", 14), ("3", 14), ("4.5", 14)), "126", "2.52", 3, "24"),
    "G06": ((("1.5", 14), ("3", 14), ("4.5", 62)), "342", "6.84", 7, "8"),
    "G07": ((("1.5", 7), ("3", 7), ("4.5", 16)), "103.5", "2.07", 3, "46.5"),
    "G08": ((("1", 7), ("2", 7), ("3", 7), ("4", 7), ("4.5", 7)), "101.5", "2.03", 3, "48.5"),
    "G09": (climb("1.5", "0.5", "4.5", 14), "294", "5.88", 6, "6"),
    "G10": (climb("0.5", "0.5", "4.5", 14), "315", "6.3", 7, "35"),
    "G11": (climb("0.5", "0.5", "4.5", 7), "157.5", "3.15", 4, "42.5"),
    "G12": ((("1.5", 28), ("3", 28), ("4.5", 28)), "252", "5.04", 6, "48"),
    "G13": (climb("1", "0.5", "4.5", 14), "308", "6.16", 7, "42"),
    "G14": (climb("0.25", "0.25", "1.5", 7), "36.75", "0.735", 1, "13.25"),
    "G15, 4.5 mg for 30 days": ((("4.5", 30),), "135", "2.7", 3, "15"),
    "G15, 3 mg for 30 days": ((("3", 30),), "90", "1.8", 2, "10"),
    "G15, 2.5 mg for 30 days": ((("2.5", 30),), "75", "1.5", 2, "25"),
    "G15, 4.5 mg for 90 days": ((("4.5", 90),), "405", "8.1", 9, "45"),
}


@pytest.mark.parametrize("name", COURSES)
def test_a_titration_takes_so_many_milligrams_tablets_and_leaves_so_much(name: str) -> None:
    steps, milligrams, exact, tablets, left = COURSES[name]
    amounts = whole_course(*steps).amounts
    assert amounts.used == Fraction(milligrams)
    assert amounts.used / 50 == Fraction(exact)
    assert (amounts.tablets, amounts.left) == (tablets, Mass.of_mg(left))


def test_g01_one_tablet_to_fifty_millilitres_is_eleven_doses_and_a_little() -> None:
    assert Mass.of_mg(50) / Volume.of_ml(50) == Concentration.of(1)
    doses, rest = divmod(Fraction(50), Fraction("4.5"))
    assert (doses, rest) == (11, Fraction("0.5"))
    assert whole_course(("4.5", 11)).amounts.tablets == 1
    assert whole_course(("4.5", 12)).amounts.tablets == 2


def test_g02_one_drop_of_the_gps_bottle_is_a_quarter_of_a_milligram() -> None:
    reading = measure(Mass.of_mg("4.5") / Concentration.of(5), dropper("L5"))
    assert (reading.drops, reading.measured) == (18, Volume.of_ml("0.9"))


def gp(code: str, *, lead_days: int = 0, unusable: str = "0", formula: Formula | None = None) -> Plan:
    chosen = choices(code, bottle(10, unusable), dropper(code), lead_days=lead_days, starts_on=TODAY + timedelta(days=lead_days), formula=formula)
    return planned(GP, chosen)


@pytest.mark.parametrize("week", range(1, 19))
def test_the_drop_table_week_by_week(week: int) -> None:
    weeks = gp("L5").steps[:week]
    this = weeks[-1]
    assert (this.first_day, this.last_day) == (7 * week - 6, 7 * week)
    assert this.reading is not None
    assert this.reading.drops == week
    assert this.dose == this.taken == Mass.of_mg(Fraction(week, 4))
    assert this.reading.measured == Volume.of_ml(Fraction(week, 20))
    together = week * (week + 1) // 2 * 7  # drops since the first day
    assert sum((step.reading.drops or 0) * step.days for step in weeks if step.reading) == together
    assert sum(step.daily_amount * step.days for step in weeks) == Fraction(together, 20)


def test_g03_the_gps_course_in_sum() -> None:
    plan = gp("L5")
    assert (plan.days, plan.prescribed, plan.taken) == (126, Mass.of_mg("299.25"), Mass.of_mg("299.25"))
    assert sum(fill.amounts.used for fill in plan.fills) == Fraction("59.85")
    assert -(-plan.taken.mg // 50) == 6


def test_g04_in_week_four_the_dose_reaches_one_milligram() -> None:
    fourth = gp("L5").steps[3]
    assert (fourth.first_day, fourth.last_day, fourth.taken, fourth.amount) == (22, 28, Mass.of_mg(1), Fraction("0.2"))


@pytest.mark.parametrize(
    ("plan", "opened", "left"),
    [
        pytest.param(lambda: gp("L5"), (1, 15, 29, 43, 57, 71, 85, 99, 111, 122), "200.75", id="14 days"),
        pytest.param(lambda: gp("L2"), (1, 36, 62, 80, 95, 108, 120), "50.75", id="35 days"),
        pytest.param(lambda: gp("L2", formula=long_lived("L2")), (1, 50, 72, 88, 102, 114, 125), "50.75", id="no date in the way"),
        pytest.param(lambda: gp("L2", unusable="1"), (1, 36, 60, 77, 91, 103, 114, 124), "100.75", id="1 mL unusable"),
        pytest.param(lambda: gp("L5", lead_days=1), (1, 14, 27, 40, 53, 66, 79, 92, 105, 117), "200.75", id="one lead day"),
    ],
)
def test_the_gps_course_in_bottles_of_ten_millilitres(plan: object, opened: tuple[int, ...], left: str) -> None:
    assert callable(plan)
    found = plan()
    assert tuple(fill.opens for fill in found.fills) == opened
    assert sum((fill.amounts.left for fill in found.fills), Mass.of_mg(0)) == Mass.of_mg(left)
    assert all(fill.amounts.tablets == 1 and fill.closes_on <= fill.until for fill in found.fills)


@pytest.mark.parametrize(("lead_days", "bottles"), [(0, 10), (1, 10), (2, 11), (3, 12)])
def test_lead_days_cost_bottles(lead_days: int, bottles: int) -> None:
    assert len(gp("L5", lead_days=lead_days).fills) == bottles


def test_g17_and_g18_a_stock_is_diluted_to_a_weaker_strength() -> None:
    sixty = dilute(Concentration.of(5), Concentration.of("0.5"), Volume.of_ml(60))
    assert (sixty.stronger, sixty.weaker) == (Volume.of_ml(6), Volume.of_ml(54))
    # 15 % is 150 mg/mL, 1 in 400 is 2.5 mg/mL, 1 in 2000 is 0.5 mg/mL, 1 in 20 is 50 mg/mL
    assert medial(((Concentration.of(150), Volume.of_ml(500)),), Volume.of_ml(1500)) == Concentration.of(50)
    assert dilute(Concentration.of("2.5"), Concentration.of("0.5"), Volume.of_ml(4000)).stronger == Volume.of_ml(800)
    assert medial(((Concentration.of(50), Volume.of_ml(50)),), Volume.of_ml(1000)) == Concentration.of("2.5")


def test_g19_a_microgram_is_measured_in_a_dilution_and_never_from_the_stock() -> None:
    (only,) = serial(Concentration.of(1), Concentration.of("0.01"), flask=Volume.of_ml(100), least=Volume.of_ml(1))
    assert (only.taken, only.final) == (Volume.of_ml(1), Volume.of_ml(100))
    weak = only.strength
    assert weak == Concentration.of("0.01")  # 10 mcg/mL
    assert Mass.of_mcg(1) / weak == Volume.of_ml("0.1")
    assert Mass.of_mcg(5) / weak == Volume.of_ml("0.5")
    with pytest.raises(Unsafe) as refused:
        planned(order(step("0.001", 7)), choices("L1", bottle(60), SYRINGE_1))
    assert refused.value.code == "below-first-mark"


def test_g20_and_g21_two_strengths_are_mixed_by_alligation() -> None:
    mixed = alligate(Concentration.of(5), Concentration.of("0.5"), Concentration.of(1), Volume.of_ml(90))
    assert (mixed.stronger, mixed.weaker) == (Volume.of_ml(10), Volume.of_ml(80))
    powders = alligate(Concentration.of(100), Concentration.of(10), Concentration.of(40), Volume.of_ml(90))
    assert (powders.stronger, powders.weaker) == (Volume.of_ml(30), Volume.of_ml(60))
    halves = alligate(Concentration.of(300), Concentration.of(100), Concentration.of(200), Volume.of_ml(100))
    assert halves.stronger == halves.weaker == Volume.of_ml(50)
    parts = ((Concentration.of(400), Volume.of_ml(500)), (Concentration.of(900), Volume.of_ml(100)))
    assert medial(parts, Volume.of_ml(1000)) == Concentration.of(290)


def test_a_strength_that_lies_outside_cannot_be_mixed() -> None:
    one, five = Concentration.of(1), Concentration.of(5)
    for high, low, to in ((five, one, one), (five, one, five), (one, five, Concentration.of(3))):
        with pytest.raises(Unsafe):
            alligate(high, low, to, Volume.of_ml(10))
    for to in (Concentration.of(6), Concentration.of(0)):
        with pytest.raises(Unsafe):
            dilute(five, to, Volume.of_ml(10))
    assert dilute(five, five, Volume.of_ml(10)).weaker == Volume.of_ml(0)


@pytest.mark.parametrize(("active", "powder"), [("4.5", "22.5"), ("1.5", "7.5"), ("0.5", "2.5"), ("459", "2295")])
def test_g26_powder_of_tablets_that_weigh_250_mg(active: str, powder: str) -> None:
    assert powder_for(Mass.of_mg(active), Mass.of_mg(250)) == Mass.of_mg(powder)


def test_g28_and_g29_a_hundred_capsules_and_two_more() -> None:
    fill = planned(order(step("4.5", 100), form=Form.CAPSULE), capsule_choices(overage=2)).fills[0]
    assert (fill.amounts.active, fill.amounts.tablets) == (Mass.of_mg(459), 10)
    assert fill.preparation is not None
    exact = {(line.name, line.take.value): line.exact / 10**6 for line in fill.preparation.lines}
    assert exact["naltrexone tablet 50 mg", "weigh"] == 2295
    assert exact["microcrystalline cellulose", "weigh"] == Fraction("20798.4375")
    assert fill.preparation.weight is not None
    assert fill.preparation.weight.net == Mass.of_mg("226.40625")
    assert sum(exact["naltrexone tablet 50 mg", "weigh"] + exact[name, "weigh"] for name in ("microcrystalline cellulose",)) == Fraction("23093.4375")


@pytest.mark.parametrize(
    ("strength", "filler"),
    [("0.5", "222.65625"), ("1", "220.3125"), ("1.5", "217.96875"), ("2", "215.625"), ("2.5", "213.28125"), ("3", "210.9375"), ("4.5", "203.90625")],
)
def test_g29_filler_of_one_capsule_by_displacement(strength: str, filler: str) -> None:
    powder = powder_for(Mass.of_mg(strength), Mass.of_mg(250))
    assert displaced_fill(powder, Mass.of_mg(240), Mass.of_mg(225), size="3").filler == Mass.of_mg(filler)


def test_g30_simple_subtraction_is_displacement_by_an_equal_powder() -> None:
    filler = displaced_fill(Mass.of_mg("22.5"), Mass.of_mg(293), Mass.of_mg(293), size="3").filler
    assert filler == Mass.of_mg("270.5")
    assert filler * 102 == Mass.of_mg(27591)


def test_g35_yield() -> None:
    assert percent(yield_of(Fraction(131), Fraction(135))) == "+97.04 %"
    assert yield_of(Fraction(98), Fraction(100)) == Fraction(98, 100)


def test_g39_a_vehicle_that_expires_at_the_end_of_the_month_caps_the_date() -> None:
    found = beyond_use(FORMULAS["L1"], Storage.REFRIGERATOR, made_on=date(2026, 3, 1), components=[("water", month_end(2026, 3))], made_is_day_one=True)
    assert found.until == date(2026, 3, 31)


@pytest.mark.parametrize(("lead_days", "most"), [(0, "63"), (1, "58.5")])
def test_g40_an_unpreserved_bottle_holds_fourteen_days_less_those_it_waited(lead_days: int, most: str) -> None:
    chosen = choices("L1", BARREL, FINE, lead_days=lead_days, starts_on=TODAY + timedelta(days=lead_days), formula=unpreserved("L1"))
    assert planned(order(step("4.5", 60)), chosen).fills[0].amounts.used == Fraction(most)


def test_g40_a_preserved_bottle_holds_35_days() -> None:
    assert planned(order(step("4.5", 60)), choices("L1", BARREL, FINE)).fills[0].amounts.used == Fraction("157.5")


def test_g41_ninety_drops_of_a_weak_liquid_are_flagged() -> None:
    plan = planned(order(step("4.5", 7), form=Form.ORAL_DROPS), choices("L1", bottle(60), dropper("L1")))
    assert any("90 drops cannot be counted" in notice.sentence for notice in plan.notices if notice.warning)


def test_g42_a_titration_in_whole_capsules() -> None:
    steps = [step(dose, 14) for dose in ("1.5", "3", "4.5")]
    assert planned(order(*steps, form=Form.CAPSULE), capsule_choices("C1.5")).fills[0].amounts.used == 84


def test_g44_the_printed_tenfold_error_is_not_repeated() -> None:
    tenth = medial(((Concentration.of(10), Volume.of_ml("0.75")),), Volume.of_ml(100))
    assert tenth == Concentration.of("0.075")


def test_g46_a_volume_read_on_the_wrong_bottle_is_five_times_the_dose() -> None:
    assert Volume.of_ml("4.5") * Concentration.of(5) == Mass.of_mg("22.5")
    assert Volume.of_ml("0.9") * Concentration.of(1) == Mass.of_mg("0.9")


def test_three_tablets_are_never_made_up_to_126_millilitres() -> None:
    wrong = Mass.of_mg(150) / Volume.of_ml(126)
    assert abs(wrong.mg_per_ml - Fraction("1.19")) < Fraction(1, 1000)
    right = whole_course(("1.5", 14), ("3", 14), ("4.5", 14))
    assert (right.amounts.tablets, right.amounts.made) == (3, 150)
