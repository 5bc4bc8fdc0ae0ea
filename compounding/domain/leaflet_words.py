"""Every sentence of the patient's leaflet by name, with where what it says comes from. A language gives each of them, in plain words.

Slots in braces are filled with numbers, days, names and telephone numbers as the label has them, and with nothing else.
The facts' numbers are those of the policy or of the plan; what stands as a number in a sentence is the source's own.
"""

from dataclasses import dataclass, field, fields

_ARTICLE = "Founding article"
_FDA = "FDA label of naltrexone 50 mg tablets"
_FORM = "House style: USP <17>, plain words, one thing in a sentence"
_GENERAL = "General pharmacy practice; a pharmacist signs it off"


def _said(source: str) -> str:
    words: str = field(metadata={"source": source})
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of a leaflet, in the order in which they are read."""

    # Head and calendar
    kind: str = _said(_FORM)  # plain letters: it goes into the file's metadata
    page: str = _said(_FORM)  # "Page {page} of {pages}"
    title: str = _said(_FORM)
    whose: str = _said(_FORM)
    on_the_label: str = _said("USP <17>: drug and strength as on the label")
    calendar: str = _said("USP <17>: directions first, with explicit times; dates of each titration step")
    holds: str = _said("NCPDP: directions in mL only; the mg stand apart")
    about: str = _said("Drops are not exact (USP <1101>): an amount that no short number tells is told as about")
    fill_to: str = _said("House style: the picture says in words what it shows")
    fillings: str = _said("Plan: a dose above the syringe's capacity takes several fillings")
    filling: str = _said("House style: the picture says in words what it shows")
    to_scale: str = _said("House style: the picture is in proportion; the syringe's capacity and marks are the device's own")
    use_by: str = _said("USP <795> 10: the beyond-use date is a last day")
    drop_dates: str = _said(_FORM)
    drop_count: str = _said(_FORM)
    drop_volume: str = _said("NCPDP: drops converted to mL in the leaflet's table")
    drop_mass: str = _said(_FORM)
    drop_how: str = _said("USP <1101>: a vertical dropper, calibrated for this preparation")
    later: str = _said(_FORM)
    later_container: str = _said(_FORM)
    later_number: str = _said(_FORM)
    later_dates: str = _said(_FORM)
    later_directions: str = _said(_FORM)
    later_note: str = _said("Dates of steps are fixed at hand-over; a change makes a new label")
    going_up: str = _said("Domain facts 5.4: go up only if well")
    any_dose: str = _said(f"{_ARTICLE}: effective from 1.25 to 4.5 mg, most end at 2.5 to 3 mg")
    any_dose_high: str = _said(f"{_ARTICLE}: no one dose fits everybody")
    missed: str = _said(_GENERAL)

    # Opioids
    opioids: str = _said("Rule R1; FDA label: contraindications")
    opioids_never: str = _said(f"{_FDA}: contraindicated with opioids; precipitated withdrawal")
    opioids_which: str = _said("Rules R1 and R19; FDA label")
    opioids_before: str = _said(f"{_FDA}: free of opioids for 7 to 10 days, up to two weeks after methadone or buprenorphine; rule R1")
    opioids_depot: str = _said("Rule R1: buprenorphine injection or implant")
    opioids_during: str = _said(f"{_FDA}: opioid painkillers, cough medicines and loperamide or diphenoxylate are blocked")
    opioids_more: str = _said(f"{_FDA}: vulnerability to opioid overdose")

    # What to expect
    first_weeks: str = _said(f"{_ARTICLE}: side effects at the start")
    first_effects: str = _said(f"{_ARTICLE}: insomnia, headache and vivid dreams, gone in a week or two")
    first_morning: str = _said("Norwegian practice: the morning if it keeps one awake")
    very_ill: str = _said(f"{_ARTICLE}, a reader's comment: an emergency visit after a single dose")
    mood: str = _said(f"{_FDA}: depression and suicidality")

    # With other illnesses
    others: str = _said(_FORM)
    thyroid: str = _said(f"{_ARTICLE}: in Hashimoto's and Graves' the thyroid dose may become too high; rule R13: TSH in 4 to 6 weeks")
    glucose: str = _said(f"{_ARTICLE}, a GP's report: diabetes went out of control at 1 mg; rule R14")
    tell_us: str = _said(f"Rules R4, R5, R6, R24 and R26; {_FDA}: pregnancy, liver, other naltrexone; transplant")
    surgery: str = _said(_FORM)
    surgery_stop: str = _said("Rule R15: stop 48 to 72 hours before; start again when free of opioids")
    surgery_pain: str = _said(f"{_FDA}: opioid painkillers are blocked")
    stopped_long: str = _said("Rule R29: off for more than two weeks, titrate again")

    # The review and the date
    review: str = _said(f"{_ARTICLE}: about three months are a trial; rule R16")
    review_on: str = _said("Rule R16: from day 84")
    review_sometime: str = _said(f"{_ARTICLE}: about three months are a trial; rule R16")
    short_date: str = _said(_FORM)
    short_unpreserved: str = _said("USP <795> 10.3, Table 4: aqueous, not preserved")
    short_preserved: str = _said("USP <795> 10.3, Table 4: aqueous, preserved")
    short_other: str = _said("USP <795> 10.3, Table 4: nonaqueous")
    short_earlier: str = _said("USP <795> 10.4: never later than the soonest date of what went in, or of a stability study")
    short_tested: str = _said("USP <795> 10.5: a stability study of this very preparation may extend the date")
    keeping: str = _said("The label's own sentences")
    children: str = _said(_GENERAL)

    # Questions
    questions: str = _said(f"{_ARTICLE}: its readers' questions")
    for_life: str = _said(f"{_ARTICLE}: a reader asks whether it is for life")
    for_life_answer: str = _said(f"{_ARTICLE}: about three months are a trial, then one decides")
    laboratory: str = _said(f"{_ARTICLE}: a reader asks whether it must be stopped before laboratory tests")
    laboratory_answer: str = _said("No source gives a rule; a pharmacist or prescriber decides")
    cortisone: str = _said(f"{_ARTICLE}: a reader asks of cortisone and thyroid drugs")
    cortisone_answer: str = _said(f"{_ARTICLE}: the thyroid dose may become too high; rule R26: caution when the immune system is held back")
    approved: str = _said(f"{_ARTICLE}: only made as 50 mg tablets, low doses are compounded and off label")
    approved_answer: str = _said(f"{_ARTICLE}: only made as 50 mg tablets, low doses are compounded and off label")

    # Whom to call
    call: str = _said(_FORM)
    call_pharmacy: str = _said("USP <795> 9: how to reach the compounding facility")
    call_prescriber: str = _said(_GENERAL)
    call_emergency: str = _said(_GENERAL)
    call_effects: str = _said("21 CFR 208 and 209: side effects may be reported to FDA at 1-800-FDA-1088")
    compounded: str = _said("USP <795> 9 and 22 TAC 291.131: a statement that it was compounded")
    english_beside: str = _said("California B&P 4076.6: the English directions stand beside the translation")


def sources() -> dict[str, str]:
    """Each sentence's name and where what it says comes from."""
    return {item.name: item.metadata["source"] for item in fields(Words)}
