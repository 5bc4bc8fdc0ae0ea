"""What a language of labels and leaflets is: fixed sentences that somebody wrote and somebody reviewed, with slots for numbers, days and names only.

A dose is never put together from words here: a standard direction of English has one sentence for it or none.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from hashlib import sha256

from compounding.domain.leaflet_words import Words


@dataclass(frozen=True, slots=True)
class Dates:
    """How days are written for patients, with the month in letters: never 03/04/26. `short` is a day of the same year as the one after it."""

    months: tuple[str, ...]
    full: str  # "{month} {day}, {year}"
    short: str  # "{month} {day}"
    span: str  # "{first} to {last}"

    def day(self, day: date) -> str:
        """A day that nobody can misread."""
        return self._written(self.full, day)

    def days(self, first: date, last: date) -> str:
        """The days from `first` to `last`, both included."""
        if first == last:
            return self.day(first)
        head = self._written(self.short if first.year == last.year else self.full, first)
        return self.span.format(first=head, last=self.day(last))

    def _written(self, form: str, day: date) -> str:
        return form.format(month=self.months[day.month - 1], day=day.day, year=day.year)


# "Mar 1, 2026": the form of domain facts 5.4.
ENGLISH_DATES = Dates(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), "{month} {day}, {year}", "{month} {day}", "{first} to {last}"
)


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its BCP 47 code, its name in English, and all that can be printed in it.

    `directions` holds a sentence for each standard direction of English, with the same slots in the same order; `sentences` one for each
    fixed sentence of the label. What has none is printed in English. English itself has neither.
    """

    code: str
    name: str
    dates: Dates
    directions: Mapping[str, str]
    sentences: Mapping[str, str]
    words: Words

    def direction(self, standard: str) -> str | None:
        """The sentence for a standard direction, slots unfilled; None where nobody wrote one."""
        return standard if self.code == ENGLISH else self.directions.get(standard)

    def sentence(self, english: str) -> str:
        """A fixed sentence of the label in this language, or as it is in English."""
        return self.sentences.get(english, english)

    @property
    def sha256(self) -> str:
        """The hash of every text: a review holds for these texts, and for no others."""
        texts = (astuple(self.dates), sorted(self.directions.items()), sorted(self.sentences.items()), astuple(self.words))
        return sha256(repr((self.code, self.name, *texts)).encode()).hexdigest()


ENGLISH = "en"

# What a patient may prefer, by BCP 47 code: what the order form offers. Whether there are texts in it is told by a file in `languages`.
NAMES: Mapping[str, str] = {
    "en": "English", "es": "Spanish", "zh": "Chinese", "vi": "Vietnamese", "tl": "Tagalog", "ko": "Korean", "ru": "Russian", "ar": "Arabic",
    "fr": "French", "pt": "Portuguese",
}  # fmt: skip
