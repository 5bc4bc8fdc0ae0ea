"""Which languages a paper may be printed in: those whose texts somebody reviewed, and that have a sentence for every direction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compounding.domain.errors import Invalid
from compounding.domain.language import ENGLISH, NAMES, Language
from compounding.domain.policy import Policy
from compounding.domain.sig import Direction


class Print(StrEnum):
    """The size of the print."""

    ORDINARY = "ordinary"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the language by its code, and whether in large print."""

    language: str
    large: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A language beside English, and why it cannot be printed; nothing where it can."""

    language: Language
    why_not: str = ""


def offers(known: Mapping[str, Language], directions: Sequence[Direction], policy: Policy) -> tuple[Offer, ...]:
    """Every language beside English."""
    return tuple(Offer(language, why_not(language, directions, policy)) for code, language in known.items() if code != ENGLISH)


def why_not(language: Language, directions: Sequence[Direction], policy: Policy) -> str:
    """Why these directions cannot be printed in `language`: a sentence, or nothing where they can."""
    if language.code == ENGLISH:
        return ""
    lacking = next((direction.standard for direction in directions if direction.act(language) is None), None)
    if lacking is not None:
        shown = lacking.replace("{}", "…")
        return f"{language.name} has no standard sentence for “{shown}”: printed in English only. Offer an interpreter."
    if (language.code, language.sha256) not in {(item.language, item.sha256) for item in policy.translations}:
        return f"The {language.name} texts want the review of a translator or a pharmacist who reads them: printed in English only. Offer an interpreter."
    return ""


def preferred(known: Mapping[str, Language], code: str, directions: Sequence[Direction], policy: Policy) -> tuple[Language, str]:
    """The language to print in for a patient who wants `code`, and why it is English where that was not wanted."""
    if code not in known:
        return known[ENGLISH], f"There are no texts in {NAMES.get(code, code)} yet: printed in English only. Offer an interpreter."
    reason = why_not(known[code], directions, policy)
    return (known[ENGLISH] if reason else known[code]), reason


def chosen(known: Mapping[str, Language], code: str, directions: Sequence[Direction], policy: Policy) -> Language:
    """The language of that code; raises `Invalid` where these directions cannot be printed in it."""
    language = known.get(code)
    reason = why_not(language, directions, policy) if language else f"There are no texts in {NAMES.get(code, code)} yet. Choose a language from the list."
    if language is None or reason:
        raise Invalid("language", reason, fields={"language": (reason,)})
    return language
