"""The pharmacist's decisions in words: each setting of the policy with its unit, in groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.money import Money
from compounding.domain.policy import Policy, sources
from compounding.domain.quantity import Mass, Volume, decimal_text

# Setting: the words for it, and the unit of its number.
WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Screening of orders": {
        "dose_low": ("Below this, a dose is counted in micrograms", "mg a day"),
        "dose_usual": ("Highest usual dose", "mg a day"),
        "dose_high": ("Highest dose of the practice range", "mg a day"),
        "dose_not_low": ("From here on, a tenfold error or a full dose is suspected", "mg a day"),
        "microgram_path": ("Microgram doses are taken", ""),
        "naive_start": ("Highest first dose of somebody new to naltrexone", "mg a day"),
        "largest_increase": ("Largest step up", "mg a day"),
        "days_before_increase": ("Days before a step up", "days"),
        "slip_factor": ("A step up or down by this factor is asked about", "times"),
        "taper_factor": ("In a taper, a fall to one part of so many is asked about", "times"),
        "opioid_free_days": ("Days without short-acting opioids", "days"),
        "opioid_free_days_long": ("Days without methadone or buprenorphine", "days"),
        "depot_months": ("Months after a buprenorphine depot", "months"),
        "surgery_window_days": ("Surgery is asked about when it is so near", "days"),
        "surgery_stop_hours": ("Naltrexone is stopped so long before surgery", "hours"),
        "written_months": ("A prescription is good for", "months"),
        "doses_a_day": ("Most doses in a day", "doses"),
        "review_due_day": ("The three-month review is due on day", "day"),
        "review_block_day": ("Without the review, nothing is given from day", "day"),
        "off_therapy_days": ("After so many days off, titrate again", "days"),
        "early_refill_days": ("A refill may be so early", "days"),
        "second_order_days": ("An overlap longer than this is a second order", "days"),
        "repeat_after_stop_days": ("A second try after a stop is seen for", "days"),
        "glucose_attention": ("With diabetes, glucose is watched from", "mg a day"),
        "adult_years": ("Adult from the age of", "years"),
        "retype_doses": ("Who accepts an order types unusual and first doses again", ""),
        "retype_above": ("A dose is typed again above", "mg a day"),
        "retype_below": ("A dose is typed again below", "mg a day"),
        "child_dose_a_kg": ("Highest dose of a child, for each kg", "mg a day"),
    },
    "Measuring and making": {
        "rounding_warn": ("Rounding a dose to a mark warns above", "%"),
        "rounding_refuse": ("Rounding a dose to a mark is refused above", "%"),
        "graduates": ("A stock solution is drawn with", ""),
        "drops_a_dose": ("Most drops in a dose", "drops"),
        "weighing_tolerance": ("A weight may be off by", "%"),
        "weighing_outer": ("A weight may be off, with a reason and a pharmacist, by", "%"),
        "potency_tolerance": ("The weighed source of the active ingredient may be off, with a reason, by", "%"),
        "capsule_tolerance": ("A capsule's weight may be off by", "%"),
        "weights_rsd": ("Single tablets or packed shells may spread (RSD) by", "%"),
        "single_weight": ("A single tablet or packed shell may lie from the mean by", "%"),
        "drops_rsd": ("The counts of a dropper may spread (RSD) by", "%"),
        "dropper_days": ("A dropper's drops are counted again after", "days"),
        "capsules_a_dose": ("Most capsules in a dose", "capsules"),
        "capsule_machines": ("Holes of the capsule machines", "holes"),
        "largest_overage": ("Capsules made for loss, at most", "%"),
        "release_alone": ("A pharmacist may, with a recorded reason, verify what they compounded", ""),
        "yield_low": ("Lowest yield", "%"),
        "yield_high": ("Highest yield", "%"),
        "made_is_day_one": ("The day of making is Day 1 of the beyond-use date", ""),
        "lead_days": ("Days between making and first use", "days"),
        "pooling_days": ("Fills of so many days ahead may share a batch", "days"),
        "largest_liquid_batch": ("Largest batch of a liquid", "mL"),
        "largest_capsule_batch": ("Largest batch of capsules", "capsules"),
    },
    "Stock": {
        "assigned_expiry_years": ("A component without an expiry is given at most", "years"),
        "expiring_days": ("A lot is listed as expiring for its last", "days"),
        "count_tolerance": ("A pharmacist signs a count that differs by more than", "%"),
    },
    "Made in advance": {
        "demand_weeks": ("Open plans are counted for so many weeks ahead", "weeks"),
        "share_reaching_usual": ("Of those not asked yet, expected to reach the highest usual dose", "%"),
        "ask_days": ("The next step is asked about so long before it is made", "days"),
        "history_days": ("No more is made in advance than was handed over in the last", "days"),
    },
    "Around the bench": {
        "balance_accuracy": ("A balance shows its test weight within", "%"),
        "refrigerator_low": ("A refrigerator is at least at", "°C"),
        "refrigerator_high": ("A refrigerator is at most at", "°C"),
        "room_low": ("A room is at least at", "°C"),
        "room_high": ("A room is at most at", "°C"),
        "readings_a_day": ("Each thermometer is read", "times a day"),
        "competency_months": ("Competency is shown again after", "months"),
        "line_clearance": ("The line is cleared before a batch begins", ""),
        "clean_first": ("No batch begins before the work surfaces are cleaned", ""),
        "surface_days": ("Work surfaces are cleaned again after", "days"),
        "floor_days": ("Floors are cleaned again after", "days"),
        "shelf_days": ("Walls, ceilings and shelves are cleaned again after", "days"),
    },
    "Labels and leaflets": {
        "translations": ("Languages whose texts were reviewed", ""),
        "poison_help": ("Poison Help answers at", ""),
    },
    "Recalls": {
        "recall_hours": ("Patients or prescribers, and the board, are told of a class I recall within", "hours"),
        "medwatch_hours": ("MedWatch is told of a harmed patient within", "hours"),
    },
    "Money": {
        "labour_an_hour": ("Labour, one hour", "$"),
        "overhead_a_fill": ("Overhead, each fill", "$"),
        "label_each": ("One label", "$"),
        "longest_timed": ("Labour is timed up to so long from the count to compounding", "minutes"),
        "price_model": ("A price is made of", ""),
        "price_factor": ("Materials in a price, of what they cost", "%"),
        "price_base": ("Base of a price", "$"),
        "price_markup": ("Percentage on the whole cost, where prices are made so", "%"),
        "dispensing_fee": ("Dispensing fee, where prices are made so", "$"),
        "quote_days": ("A price told before making stands for", "days"),
        "nadac_over": ("Bought above NADAC is marked from more than", "%"),
        "article_month": ("The article's month, for comparison", "$"),
    },
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One setting as it is in force."""

    words: str
    value: str
    unit: str
    source: str


def decisions(policy: Policy) -> tuple[tuple[str, tuple[Decision, ...]], ...]:
    """Every setting of `policy` by group, with where its default comes from."""
    known = sources()
    return tuple(
        (group, tuple(Decision(words, _value(getattr(policy, name)), unit, known[name]) for name, (words, unit) in settings.items()))
        for group, settings in WORDS.items()
    )


def _value(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Mass(mg=number) | Volume(ml=number):
            return decimal_text(number)
        case Money():
            return value.display()
        case tuple():
            return ", ".join(str(item) for item in value) or "none"
        case Fraction():
            return decimal_text(value * 100)
        case _:
            return str(value)
