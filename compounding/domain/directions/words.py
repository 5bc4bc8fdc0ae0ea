"""The words and abbreviations of directions that the decoder knows, each with its one meaning, and those that it never takes.

General knowledge of pharmacy Latin and English sigs; a pharmacist in charge signs this table before it is used. Forms are in small
letters and without points (b.i.d. is bid). What ISMP's list of error-prone abbreviations has is read only where it cannot be taken for
another dose (qd, hs): the guess is shown in words before anybody acts on it. What can be taken for another amount or another interval is refused.
"""

from dataclasses import dataclass
from enum import Enum
from itertools import chain

from compounding.domain.prescription import Moment, Route, Unit


class Word(Enum):
    """A word that has a part in a phrase, or none at all."""

    FILLER = "adds nothing to a dose"
    THEN = "the next step begins"
    FOR = "a duration follows"
    FROM = "a first day follows"
    TO = "the end of what began follows"
    RAISE = "the dose goes up"
    LOWER = "the dose goes down"
    BY = "by how much the dose changes follows"
    EVERY = "an interval follows"
    WEEKLY = "every seven days"
    TIMES = "times a day"
    CAPSULE = "a capsule"
    ML = "a millilitre"
    DAY = "a day"
    WEEK = "seven days"
    PER = "in each"
    OF = "of"


@dataclass(frozen=True, slots=True)
class Frequency:
    """So many doses a day."""

    times: int


Says = Word | Frequency | Moment | Route | Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning, in plain words, and each way of writing it."""

    forms: tuple[str, ...]
    meaning: str
    says: Says


TABLE: tuple[Entry, ...] = (
    Entry(("mg", "mgs", "milligram", "milligrams"), "milligrams", Unit.MG),
    Entry(("mcg", "microgram", "micrograms"), "micrograms", Unit.MCG),
    Entry(("ml", "mls", "milliliter", "milliliters", "millilitre", "millilitres"), "millilitres", Word.ML),
    Entry(("cap", "caps", "capsule", "capsules"), "capsules", Word.CAPSULE),
    Entry(("po", "by mouth", "orally", "per os"), "by mouth", Route.ORAL),
    Entry(("sl", "sublingually", "under the tongue"), "under the tongue", Route.SUBLINGUAL),
    Entry(
        ("qd", "od", "daily", "once daily", "once a day", "one time a day", "every day", "each day", "a day", "per day"), "once a day", Frequency(1)
    ),
    Entry(("bid", "bd", "twice daily", "twice a day", "two times a day", "two times daily"), "twice a day", Frequency(2)),
    Entry(("tid", "tds", "three times daily", "three times a day"), "three times a day", Frequency(3)),
    Entry(("qid", "qds", "four times daily", "four times a day"), "four times a day", Frequency(4)),
    Entry(("times a day", "times daily", "times per day", "x daily", "x a day"), "so many times a day", Word.TIMES),
    Entry(("qam", "in the morning", "every morning", "each morning", "mornings", "mane"), "in the morning", Moment.MORNING),
    Entry(("at noon", "at midday"), "at noon", Moment.NOON),
    Entry(("qpm", "in the evening", "every evening", "each evening", "evenings"), "in the evening", Moment.EVENING),
    Entry(
        ("qhs", "hs", "at bedtime", "every bedtime", "before bed", "at night", "nightly", "every night", "each night", "nocte"), "at bedtime", Moment.BEDTIME
    ),
    Entry(("d", "day", "days", "night", "nights"), "days", Word.DAY),
    Entry(("wk", "wks", "week", "weeks"), "weeks of seven days", Word.WEEK),
    Entry(("for", "x"), "for so long", Word.FOR),
    Entry(("from", "starting", "starting on", "beginning", "beginning on"), "from that day on", Word.FROM),
    Entry(("to", "up to", "down to", "through", "thru", "to a maximum of", "up to a maximum of"), "to, the last one included", Word.TO),
    Entry(("increase", "increasing", "raise"), "the dose goes up", Word.RAISE),
    Entry(("decrease", "decreasing", "reduce", "lower"), "the dose goes down", Word.LOWER),
    Entry(("by",), "by so much", Word.BY),
    Entry(("every", "each"), "after each so many days", Word.EVERY),
    Entry(("weekly",), "every seven days (of an increase only)", Word.WEEKLY),
    Entry(("then", "and then", "after that", "thereafter", "followed by", "afterwards"), "the next step begins", Word.THEN),
    Entry(("per", "in each"), "in each", Word.PER),
    Entry(("of",), "of", Word.OF),
    Entry(
        ("t", "take", "give", "swallow", "start", "start with", "start at", "begin with", "continue", "continue with", "continue at", "sig", "naltrexone",
         "hcl", "hydrochloride", "oral liquid", "oral solution", "oral suspension", "the",
         "dose", "and"),
        "adds nothing to a dose",
        Word.FILLER,
    ),
)  # fmt: skip

MEANINGS: dict[tuple[str, ...], Says] = {tuple(form.split()): entry.says for entry in TABLE for form in entry.forms}

# Words that are refused, and what to write in their place.
_EVERY_DAY = "Only doses that are taken every day can be read: ask the prescriber."
_NO_GUESS = "The patient is left to decide: ask the prescriber for the dose of each day."
REFUSED: dict[tuple[str, ...], str] = {
    **dict.fromkeys((("qod",), ("eod",), ("every", "other", "day"), ("alternate", "days"), ("every", "second", "day")), _EVERY_DAY),
    **dict.fromkeys((("once", "weekly"), ("once", "a", "week"), ("twice", "weekly"), ("a", "week")), _EVERY_DAY),
    **dict.fromkeys((("prn",), ("as", "needed"), ("as", "directed"), ("as", "tolerated"), ("ud",), ("utd",), ("or",), ("may",), ("if",)), _NO_GUESS),
    **dict.fromkeys((("u",), ("iu",), ("unit",), ("units",)), "Naltrexone has no units: write mg or mcg."),
    **dict.fromkeys((("ug",), ("µg",), ("μg",), ("mcgs",), ("gamma",)), 'Write "mcg": this is read as milligrams, a thousand times too much.'),
    **dict.fromkeys((("cc",), ("ccs",)), 'Write "mL".'),
    **dict.fromkeys((("g",), ("gm",), ("gram",), ("grams",)), "No low dose is written in grams: write mg or mcg."),
    **dict.fromkeys((("gtt",), ("gtts",), ("drop",), ("drops",)), "How much a drop holds is measured for each dropper: write mg or mL."),
    **dict.fromkeys((("tab",), ("tabs",), ("tablet",), ("tablets",)), "Capsules, liquid or drops are made here, no tablets: write mg."),
    **dict.fromkeys((("tsp",), ("tbsp",), ("teaspoon",), ("teaspoons",), ("tablespoon",)), 'Write "mL": a spoon is no measure.'),
    **dict.fromkeys((("month",), ("months",)), "A month has 28 to 31 days: write days or weeks."),
    **dict.fromkeys((("until",), ("till",)), 'Whether the last day is part of it is unsure: write "through", or the days.'),
    **dict.fromkeys((("dc",), ("stop",), ("hold",), ("skip",)), "When doses are left out is not read: ask the prescriber for the steps."),
    **dict.fromkeys((("half",), ("quarter",), ("double",)), "Write the dose in mg."),
    ("ldn",): 'Write "naltrexone" in full.',
    ("iv",): "This is a vein as well as a four: write the number in digits, or ask for the route.",
}

NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"), 1
    )
}
ROMAN = {"i": 1, "ii": 2, "iii": 3}  # of capsules only; iv is refused

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
MONTHS = {**{name: number for number, name in enumerate(_MONTHS, 1)}, **{name[:3]: number for number, name in enumerate(_MONTHS, 1)}, "sept": 9}

LONGEST = max(map(len, chain(MEANINGS, REFUSED)))
