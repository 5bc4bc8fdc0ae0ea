"""Finding known medicines in what people write: whole words, without case, accents and punctuation, wherever they stand in the text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import combining, normalize

from compounding.domain.safety.lexicon import DEPOT_FORMS, DIRECTIONS, LASTING, OPIOIDS, PATCH, SUBSTANCES, Kind, Substance

_WORD = re.compile(r"[^\W\d_]+|\d+")
_PARTS = re.compile(r"[,;+&\n]|\band\b", re.IGNORECASE)
_LONGEST = 5  # words in the longest name of the lexicon
_BUPRENORPHINE = "buprenorphine"


def words(text: str) -> tuple[str, ...]:
    """The words of a text: runs of letters and runs of digits ("Tylenol #3" gives tylenol, no, 3; "7-OH" gives 7, oh)."""
    plain = "".join(letter for letter in normalize("NFKD", text.replace("#", " no ")) if not combining(letter))
    return tuple(_WORD.findall(plain.casefold()))


@dataclass(frozen=True, slots=True)
class Medicine:
    """One entry of a list, with the known substances that it names."""

    text: str
    substances: tuple[Substance, ...]

    @property
    def opioid(self) -> Kind | None:
        """Which of the opioid kinds it is, the longest-lasting if several; None if it names no opioid."""
        kinds = {substance.kind for substance in self.substances} & OPIOIDS
        if not kinds:
            return None
        spelled = set(words(self.text))
        if Kind.DEPOT in kinds or (spelled & DEPOT_FORMS and any(_BUPRENORPHINE in item.name for item in self.substances)):
            return Kind.DEPOT
        return Kind.LONG if Kind.LONG in kinds or spelled & LASTING else Kind.SHORT

    @property
    def missed(self) -> bool:
        """Whether it is an opioid that people often do not count as one: by its substance, or as a patch."""
        if self.opioid is None:
            return False
        return any(substance.missed for substance in self.substances) or bool(set(words(self.text)) & PATCH)

    def is_a(self, kind: Kind) -> bool:
        """Whether it names a medicine of that kind."""
        return any(substance.kind is kind for substance in self.substances)

    def shares(self, other: "Medicine") -> bool:
        """Whether both name the same opioid, in whatever form."""
        return bool(_first_words(self) & _first_words(other))


def medicine(text: str) -> Medicine:
    """The entry with what is known of it."""
    return Medicine(text, tuple(dict.fromkeys(_named(words(text)))))


def medicines(entries: Iterable[str]) -> tuple[Medicine, ...]:
    """The entries with what is known of them."""
    return tuple(medicine(entry) for entry in entries)


def unknown_parts(entries: Iterable[str]) -> tuple[str, ...]:
    """The parts of the entries, cut at commas and "and", that name nothing known: these were NOT CHECKED."""
    parts = (part.strip() for entry in entries for part in _PARTS.split(entry))
    return tuple(part for part in parts if _says_something(words(part)) and not medicine(part).substances)


def _says_something(spelled: tuple[str, ...]) -> bool:
    return any(not word.isdigit() and word not in DIRECTIONS for word in spelled)


def _first_words(named: Medicine) -> set[str]:
    return {substance.name.split()[0] for substance in named.substances if substance.kind in OPIOIDS}


def _named(spelled: tuple[str, ...]) -> Iterator[Substance]:
    for start in range(len(spelled)):
        for end in range(start + 1, min(start + _LONGEST, len(spelled)) + 1):
            found = _BY_NAME.get(spelled[start:end])
            if found is not None:
                yield found


_BY_NAME = {words(name): substance for substance in SUBSTANCES for name in (substance.name, *substance.also)}
