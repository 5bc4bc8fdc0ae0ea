"""Directions are read to the last word, or refused by name."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.directions import Reading, Strengths, Unread, decode, in_plain_words
from compounding.domain.quantity import Concentration, Mass, decimal_text

NEAR = date(2026, 3, 1)
KNOWN = Strengths(Concentration.of(1), Mass.of_mg("1.5"))
NIGHT = "at bedtime"
CLIMB = " ".join(f"{decimal_text(Fraction(number, 2))}/1/{NIGHT}/14" for number in range(1, 9)) + f" 4.5/1/{NIGHT}/None"


def told(text: str, known: Strengths = KNOWN) -> str:
    """Dose in mg, times, moments and days of each step, or the refusal."""
    read = decode(text, known, near=NEAR)
    if isinstance(read, Unread):
        return read.why
    return " ".join(f"{decimal_text(step.dose.mg)}/{step.times}/{'+'.join(step.moments)}/{step.days}" for step in read.steps)


READ = {
    "1.5 mg at bedtime for 14 days": f"1.5/1/{NIGHT}/14",
    "t i cap po qhs x 14 d": f"1.5/1/{NIGHT}/14",
    "ii caps po hs x2wk": f"3/1/{NIGHT}/14",
    "Take 2 capsules (3 mg) daily for 30 days": "3/1//30",
    "take one capsule daily for two weeks": "1.5/1//14",
    "Take two 1.5 mg capsules nightly for 14 days": f"3/1/{NIGHT}/14",
    "2 x 1.5 mg caps qhs x 14 d": f"3/1/{NIGHT}/14",
    "2 capsules of 1.5 mg qhs x 14 d": f"3/1/{NIGHT}/14",
    "1.5 mL po qhs x 14 d": f"1.5/1/{NIGHT}/14",
    "naltrexone 1 mg/mL: 4.5 mL qhs": f"4.5/1/{NIGHT}/None",
    "1.5mg qhs x2wk then 3mg qhs x2wk then 4.5mg qhs": f"1.5/1/{NIGHT}/14 3/1/{NIGHT}/14 4.5/1/{NIGHT}/None",
    "1.5 mg qhs x 14 d, then 3 mg x 14 d": f"1.5/1/{NIGHT}/14 3/1/{NIGHT}/14",
    "1.5 mg at bedtime for 14 days, 3 mg at bedtime for 14 days": f"1.5/1/{NIGHT}/14 3/1/{NIGHT}/14",
    "1.5 mg in the morning for 14 days, then 3 mg at bedtime for 7 days": f"1.5/1/in the morning/14 3/1/{NIGHT}/7",
    "4.5 mg qam": "4.5/1/in the morning/None",
    "4.5 mg qpm": "4.5/1/in the evening/None",
    "4.5 mg p.o. q.h.s. x 30 d": f"4.5/1/{NIGHT}/30",
    "4.5 mg qd": "4.5/1//None",
    "4.5 mg od": "4.5/1//None",
    "1.5 mg bid for 14 days": "1.5/2//14",
    "1.5 mg three times a day for 10 days": "1.5/3//10",
    "1.5 mg 2 times a day for 10 days": "1.5/2//10",
    "1.5 mg twice daily in the morning and at bedtime": f"1.5/2/in the morning+{NIGHT}/None",
    "500 mcg qhs x 7 d": f"0.5/1/{NIGHT}/7",
    "Start 0.5 mg at bedtime, increase by 0.5 mg every 2 weeks up to 4.5 mg": CLIMB,
    "3 mg qhs, decrease by 1.5 mg every week down to 1.5 mg": f"3/1/{NIGHT}/7 1.5/1/{NIGHT}/None",
    "1.5 mg qhs x 14 d, increase to 3 mg for 14 days": f"1.5/1/{NIGHT}/14 3/1/{NIGHT}/14",
    "Mar 1 to Mar 14: 1.5 mg at bedtime, Mar 15 to Mar 28: 3 mg at bedtime": f"1.5/1/{NIGHT}/14 3/1/{NIGHT}/14",
    "2026-03-01 to 2026-03-14 1.5 mg at bedtime": f"1.5/1/{NIGHT}/14",
    "2 capsules daily for 7 days starting March 1, 2026. 1 capsule daily for 7 days starting March 8, 2026.": "3/1//7 1.5/1//7",
}
REFUSED = {
    "1.5 mg qod": '"qod"', "1.5 mg every other day": '"every other day"', "5 U qhs": '"U"', "1.5 µg qhs": '"µg"', "1.5 ug qhs": '"ug"',
    "1.5 mcgs qhs": '"mcgs"', ".5 mg qhs": '".5"', "5.0 mg qhs": '"5.0"', "4,5 mg qhs": '"4,5"',
    "05 mg qhs": '"05"', "4.5 qhs x 14 d": '"4.5"',
    "1-2 caps qhs": '"1-2"', "1 to 2 mg qhs": '"1"', "1.5 mg to 3 mg qhs": '"to"', "take as directed": '"as directed"', "1.5 mg qhs prn": '"prn"',
    "1.5 mg as tolerated": '"as tolerated"', "10 drops qhs": '"drops"', "10 gtt qhs": '"gtt"', "1 tab qhs": '"tab"', "1/2 cap qhs": '"1/2"',
    "0.5 cap qhs": '"0.5"', "iv caps qhs": '"iv"', "1.5 cc qhs": '"cc"', "1 tsp qhs": '"tsp"', "1 g qhs": '"g"', "1O mg qhs": '"1O"',
    "naltrexone4.5 mg": "blank",
    "LDN 4.5 mg qhs": '"LDN"', "1.5 mg qhs for 1 month": '"month"', "1.5 mg qhs until Mar 14": '"until"', "1.5 mg qhs with food": '"with"',
    "1.5 mg qhs + 3 mg": '"+"', "1.5 mg/day": '"/"', "1.5 mg for 14 days": "How often", "1.5 mg bid x 14 d then 3 mg x 14 d": "How often",
    "1.5 mg qhs then 3 mg qhs": "How long", "1.5 mg at bedtime 3 mg at bedtime": "more than one dose", "1 mL (4.5 mg) qhs": "more than one dose",
    "1.5 mg in the morning for 14 days, 3 mg at bedtime for 14 days": "beside", "1.5 mg qhs, for 14 days, 3 mg qhs": "unsure",
    "3 mg qhs x 14 d, increase to 1.5 mg for 14 days": "is none", "0.5 mg qhs, increase by 0.3 mg every week up to 4.5 mg": "do not end",
    "Mar 1 to Mar 10: 1.5 mg qhs for 14 days": "10 days", "Mar 1 to Mar 14: 1.5 mg qhs, Mar 16 to Mar 28: 3 mg qhs": "day by day",
    "Feb 30 to Mar 2: 1.5 mg qhs": "no such day",
    "3/1/26 1.5 mg qhs": '"3/1/26"', "one capsule": "How often", "naltrexone": "no dose", "1.5 mg qhs weekly": "every day",
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_directions_are_read_to_their_last_word(text: str) -> None:
    assert told(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_unsure_is_refused_and_named(text: str) -> None:
    assert REFUSED[text] in told(text)
    assert isinstance(decode(text, KNOWN, near=NEAR), Unread)


def test_capsules_and_millilitres_need_a_strength() -> None:
    assert "not told" in told("2 caps qhs x 14 d", Strengths())
    assert "not told" in told("2 mL qhs x 14 d", Strengths())


def test_the_guess_is_shown_in_words() -> None:
    read = decode("t i cap po qhs x 14 d", KNOWN, near=NEAR)
    assert isinstance(read, Reading)
    assert in_plain_words(read) == ("Step 1: one point five milligrams (1.5 mg) by mouth at bedtime for 14 days",)


DOSE = st.integers(1, 200).map(lambda number: Fraction(number, 20))
STEPS = st.lists(st.tuples(DOSE, st.integers(1, 12)), min_size=1, max_size=8)
NOTATIONS = (
    lambda dose, weeks: f"{dose} mg at bedtime for {weeks * 7} days",
    lambda dose, weeks: f"t {dose}mg po qhs x{weeks}wk",
    lambda dose, weeks: f"take {dose} mL by mouth nightly x {weeks * 7} d",
    lambda dose, weeks: f"for {weeks} weeks: {dose} mg hs",
)


@given(STEPS, st.sampled_from(NOTATIONS), st.sampled_from([", then ", "; then ", ". Then "]))
def test_what_is_written_from_steps_is_read_back_to_them(steps: list[tuple[Fraction, int]], write: Callable[[str, int], str], joined: str) -> None:
    text = joined.join(write(decimal_text(dose), weeks) for dose, weeks in steps)
    assert told(text) == " ".join(f"{decimal_text(dose)}/1/{NIGHT}/{weeks * 7}" for dose, weeks in steps)


@pytest.mark.parametrize("text", ["t 1.5mg po qhs x2wk then 3 mg qhs x 14 d then 4.5 mg qhs for 42 days", "2 capsules (3 mg) at bedtime for 14 days"])
def test_no_slip_of_one_key_in_a_number_goes_unseen(text: str) -> None:
    was = told(text)
    for place, sign in enumerate(text):
        if sign.isdigit():
            slips = {text[:place] + other + text[place + 1 :] for other in "0123456789." if other != sign}
            slips |= {text[:place] + text[place + 1 :]} | {text[:place] + other + text[place:] for other in "0123456789."}
            assert [slip for slip in slips - {text} if told(slip) == was] == []
