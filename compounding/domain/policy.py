"""What a pharmacist decides: bands, tolerances, fees and periods, each with its unit and its source.

A `Policy` is approved as a whole, versioned, and named on every record that used it. The values below are the defaults that a
pharmacist in charge signs off before use; nothing else in the program holds such a number.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction

from compounding.domain.money import Money
from compounding.domain.quantity import Mass, Volume
from compounding.domain.wording import said


class PriceModel(StrEnum):
    """How the price of a fill is made from its cost."""

    LABOUR = "labour, materials times a factor, and a base"
    PERCENT = "whole cost and a percentage"
    FEE = "materials and a dispensing fee"


@dataclass(frozen=True, slots=True)
class Graduate:
    """What a stock solution is drawn with at the bench, a graduate or a syringe: what it holds, and the distance between two of its marks."""

    name: str
    capacity: Volume
    graduation: Volume

    def __str__(self) -> str:
        return self.name


def _graduate(kind: str, size: str, mark: str) -> Graduate:
    return Graduate(f"{size} mL {kind} by {mark} mL", Volume.of_ml(size), Volume.of_ml(mark))


_SYRINGES = (("1", "0.01"), ("3", "0.1"), ("5", "0.1"), ("10", "0.2"))
_CYLINDERS = (("25", "0.5"), ("50", "1"), ("100", "1"), ("250", "2"), ("500", "5"))


@dataclass(frozen=True, slots=True)
class Translation:
    """That somebody reviewed the texts of a language: its code, the hash of those very texts, who, and when."""

    language: str
    sha256: str
    reviewed_by: str
    reviewed_on: date

    def __str__(self) -> str:
        return f"{self.language}, by {self.reviewed_by} on {said(self.reviewed_on)}, texts {self.sha256[:8]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One approved version of the pharmacy's decisions; masses are naltrexone hydrochloride per day unless said."""

    version: int = 1

    # Screening of orders
    dose_low: Mass = field(default=Mass.of_mg("0.1"), metadata={"source": "Rule R7: below this a dose is a microgram dose"})
    dose_usual: Mass = field(default=Mass.of_mg("4.5"), metadata={"source": "Founding article; convention, not law (research trust for low-dose naltrexone)"})
    dose_high: Mass = field(
        default=Mass.of_mg(10), metadata={"source": "Rule R9: upper end of the practice range (research trust for low-dose naltrexone, 2021)"}
    )
    dose_not_low: Mass = field(default=Mass.of_mg(25), metadata={"source": "Rule R11: from here a tenfold error or a full dose"})
    microgram_path: bool = field(default=False, metadata={"source": "Rule R7: off by default"})
    naive_start: Mass = field(default=Mass.of_mg("1.5"), metadata={"source": "Rule R12; founding article starts at 1 to 1.5 mg"})
    largest_increase: Mass = field(default=Mass.of_mg("1.5"), metadata={"source": "Rule R12"})
    days_before_increase: int = field(default=7, metadata={"source": "Rule R12"})
    slip_factor: int = field(default=3, metadata={"source": "Rule R21: a step of three times, or a third, hides a tenfold slip"})
    opioid_free_days: int = field(default=10, metadata={"source": "FDA label: 7 to 10 days free of short-acting opioids; the longer"})
    opioid_free_days_long: int = field(default=14, metadata={"source": "FDA label: up to two weeks after methadone or buprenorphine"})
    depot_months: int = field(default=12, metadata={"source": "Rule R1: buprenorphine injection or implant"})
    surgery_window_days: int = field(default=30, metadata={"source": "Rule R15"})
    surgery_stop_hours: int = field(default=72, metadata={"source": "Rule R15: 48 to 72 hours in practice; the longer"})
    written_months: int = field(default=12, metadata={"source": "Rule R27"})
    doses_a_day: int = field(default=2, metadata={"source": "Rule R28"})
    review_due_day: int = field(default=84, metadata={"source": "Rule R16; founding article: about three months are a trial"})
    review_block_day: int = field(default=104, metadata={"source": "Rule R16"})
    off_therapy_days: int = field(default=14, metadata={"source": "Rule R29: off for more than two weeks, titrate again"})
    early_refill_days: int = field(default=7, metadata={"source": "Rule R29; general pharmacy practice"})
    repeat_after_stop_days: int = field(default=90, metadata={"source": "Rule R30"})
    glucose_attention: Mass = field(default=Mass.of_mg(1), metadata={"source": "Rule R14: the GP's diabetic patient destabilised at 1 mg"})
    adult_years: int = field(default=18, metadata={"source": "Rule R25"})
    child_dose_a_kg: Mass = field(default=Mass.of_mg("0.1"), metadata={"source": "Rule R25; pediatric Crohn's trial: 0.1 mg/kg, at most 4.5 mg"})
    second_order_days: int = field(
        default=30, metadata={"source": "Rules R24 and R29: a longer overlap is a second order, a shorter one an early refill; a month's supply"}
    )
    taper_factor: int = field(default=8, metadata={"source": "Rule R21: a fall to an eighth is a slip of the decimal point, in a taper too"})
    retype_doses: bool = field(
        default=True, metadata={"source": "Double entry: who accepts an order types its doses again; a tenfold slip of 0.5 to 1 mg hides inside rule R9"}
    )
    retype_above: Mass = field(default=Mass.of_mg("4.5"), metadata={"source": "Rule R9: what lies above the usual dose may be a tenfold slip"})
    retype_below: Mass = field(default=Mass.of_mg("0.5"), metadata={"source": "Rule R21: a dose below 0.5 mg may be a slip of 1 to 4.5 mg downwards"})

    # Measuring and making
    rounding_warn: Fraction = field(default=Fraction(5, 100), metadata={"source": "Site policy: dose error by rounding to a mark"})
    rounding_refuse: Fraction = field(default=Fraction(10, 100), metadata={"source": "Site policy: dose error by rounding to a mark"})
    graduates: tuple[Graduate, ...] = field(
        default=(*(_graduate("syringe", *one) for one in _SYRINGES), *(_graduate("graduate", *one) for one in _CYLINDERS)),
        metadata={"source": "Usual syringes and cylinders (ISO 4788); none measures less than a fifth of what it holds, general pharmacy practice"},
    )
    drops_a_dose: int = field(default=20, metadata={"source": "Golden number G41: more cannot be counted reliably"})
    weighing_tolerance: Fraction = field(default=Fraction(5, 100), metadata={"source": "Percent error in weighing, UNC pharmlabs"})
    weighing_outer: Fraction = field(
        default=Fraction(10, 100),
        metadata={"source": "Site policy: between the inner and this limit a pharmacist lets a weight stay; USP: 90.0 to 110.0 % of the labelled content"},
    )
    potency_tolerance: Fraction = field(
        default=Fraction(10, 100), metadata={"source": "USP: 90.0 to 110.0 % of the labelled content; beyond it no reason helps"}
    )
    capsule_tolerance: Fraction = field(default=Fraction(10, 100), metadata={"source": "Each capsule 90 to 110 % of theory, UNC pharmlabs"})
    weights_rsd: Fraction = field(
        default=Fraction(5, 100), metadata={"source": "Relative standard deviation of single tablets or packed shells; general pharmacy practice, site policy"}
    )
    single_weight: Fraction = field(
        default=Fraction(10, 100), metadata={"source": "No tablet further from the mean (Ph. Eur. 2.9.5, 250 mg or more); beyond it a weight was misread"}
    )
    drops_rsd: Fraction = field(default=Fraction(5, 100), metadata={"source": "Relative standard deviation of the counts of drops; site policy"})
    dropper_days: int = field(default=180, metadata={"source": "A dropper's drops are counted again after so many days; site policy"})
    capsules_a_dose: int = field(default=3, metadata={"source": "Golden number G42: 1.5 mg capsules taken once, twice and three times"})
    capsule_machines: tuple[int, ...] = field(
        default=(24, 50, 100, 300), metadata={"source": "Holes of the usual capsule machines, general pharmacy practice; write those of the house"}
    )
    largest_overage: Fraction = field(
        default=Fraction(10, 100), metadata={"source": "Overage of 2 to 10 % for losses, general pharmacy practice; never to make capsules stronger"}
    )
    release_alone: bool = field(
        default=False, metadata={"source": "Compounder and verifier differ; a pharmacist who works alone may do both with a recorded reason, site policy"}
    )
    yield_low: Fraction = field(default=Fraction(90, 100), metadata={"source": "Action limit on yield, site policy"})
    yield_high: Fraction = field(default=Fraction(110, 100), metadata={"source": "Action limit on yield, site policy"})
    made_is_day_one: bool = field(default=True, metadata={"source": "USP <795> 10.3: the day of compounding is Day 1"})
    lead_days: int = field(default=0, metadata={"source": "Days between making and first use of a container, site policy"})

    # Around the bench
    balance_accuracy: Fraction = field(
        default=Fraction(1, 1000), metadata={"source": "USP <41>: a test weight reads within 0.10 %; the tolerance of a balance may be closer"}
    )
    refrigerator_low: int = field(default=2, metadata={"source": "USP <659>: a refrigerator is between 2 and 8 C"})
    refrigerator_high: int = field(default=8, metadata={"source": "USP <659>: a refrigerator is between 2 and 8 C"})
    room_low: int = field(default=15, metadata={"source": "USP <659>: 20 to 25 C, with excursions between 15 and 30 C"})
    room_high: int = field(default=30, metadata={"source": "USP <659>: 20 to 25 C, with excursions between 15 and 30 C"})
    readings_a_day: int = field(default=2, metadata={"source": "Refrigerator and room are read twice a day; general pharmacy practice"})
    competency_months: int = field(default=12, metadata={"source": "USP <795> 2: staff are found competent again at least every 12 months"})
    line_clearance: bool = field(default=True, metadata={"source": "Line clearance before a batch; 21 CFR 211.130 asks it of manufacturers, site policy"})
    clean_first: bool = field(default=False, metadata={"source": "Site policy: no batch begins before the day's cleaning of the work surfaces is recorded"})
    surface_days: int = field(default=1, metadata={"source": "USP <795> 4: work surfaces on every day of compounding"})
    floor_days: int = field(default=1, metadata={"source": "USP <795> 4: floors daily on days of compounding"})
    shelf_days: int = field(default=90, metadata={"source": "USP <795> 4: walls, ceilings and storage shelving every 3 months"})

    # Pooling
    pooling_days: int = field(default=7, metadata={"source": "Days ahead whose fills may share a batch with today's; site policy"})
    largest_liquid_batch: Volume = field(default=Volume.of_ml(1000), metadata={"source": "The largest graduate at the bench; demonstration value"})
    largest_capsule_batch: int = field(default=300, metadata={"source": "Capsule machines have 24, 50, 100 or 300 holes; general pharmacy practice"})

    # Stock
    assigned_expiry_years: int = field(default=3, metadata={"source": "USP <795> 6.2: a component without an expiry, at most 3 years from receipt"})
    expiring_days: int = field(default=90, metadata={"source": "Lots that expire within 90 days are listed; site policy"})
    count_tolerance: Fraction = field(default=Fraction(2, 100), metadata={"source": "A count that differs by more takes a pharmacist's signature; site policy"})

    # Made in advance
    demand_weeks: int = field(default=8, metadata={"source": "Weeks ahead for which open plans are counted; site policy"})
    share_reaching_usual: Fraction = field(
        default=Fraction(30, 100), metadata={"source": "Only about 30 % tolerate 4.5 mg (Kresser); an expectation, of which nothing is made"}
    )
    ask_days: int = field(default=7, metadata={"source": "A patient is asked about the next step so many days before it is made; site policy"})
    history_days: int = field(
        default=30, metadata={"source": "503A: limited anticipatory batches on the history of orders; the usual 30 days, general pharmacy practice"}
    )

    # Labels and leaflets
    translations: tuple[Translation, ...] = field(
        default=(),
        metadata={"source": "California B&P 4076.6; a language is printed once a translator or a pharmacist who reads it has reviewed its texts, site policy"},
    )
    poison_help: str = field(default="1-800-222-1222", metadata={"source": "Poison Help line of the United States (HRSA); general pharmacy knowledge"})

    # Recalls
    recall_hours: int = field(
        default=12, metadata={"source": "California B&P 4126.9: patient or prescriber, and the board, as soon as possible within 12 hours of the recall notice"}
    )
    medwatch_hours: int = field(default=72, metadata={"source": "California B&P 4126.9: MedWatch within 72 hours of being told that a patient was harmed"})

    # Money
    labour_an_hour: Money = field(default=Money.of(36), metadata={"source": "Demonstration value: 0.60 a minute"})
    overhead_a_fill: Money = field(default=Money.of(10), metadata={"source": "Demonstration value: base per script"})
    label_each: Money = field(default=Money.of("0.05"), metadata={"source": "Demonstration value"})
    longest_timed: int = field(
        default=240, metadata={"source": "Minutes from the count to compounding beyond which a batch lay still, and standard minutes count; site policy"}
    )
    price_model: PriceModel = field(
        default=PriceModel.LABOUR, metadata={"source": "A commercial compounding package: minutes by rate, ingredients by multiplier, a base for each script"}
    )
    price_factor: Fraction = field(default=Fraction(2), metadata={"source": "Multiplier of materials in the worked example; demonstration value"})
    price_base: Money = field(default=Money.of(10), metadata={"source": "Base of each script in the worked example; demonstration value"})
    price_markup: Fraction = field(default=Fraction(12, 100), metadata={"source": "Worked example of a percentage on cost: 12 %"})
    dispensing_fee: Money = field(default=Money.of("12.40"), metadata={"source": "Mean cost to dispense a prescription in the United States, January 2020"})
    quote_days: int = field(default=30, metadata={"source": "Days that a price told before making stands; site policy"})
    nadac_over: Fraction = field(
        default=Fraction(10, 100), metadata={"source": "A lot bought for more than so much above NADAC is marked; site policy. NADAC leaves rebates out (CMS)"}
    )
    article_month: Money = field(default=Money.of(40), metadata={"source": "Founding article: about $40 a month"})


def sources() -> dict[str, str]:
    """Each setting's name and where its default comes from."""
    return {item.name: item.metadata["source"] for item in fields(Policy) if "source" in item.metadata}
