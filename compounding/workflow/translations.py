"""The texts of a language beside the English ones, as who reads both reviews them, and the review that lets them be printed."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from uuid import uuid4

from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.db.signing import sign
from compounding.db.values import policy_in_force
from compounding.domain.batch import Meaning
from compounding.domain.errors import Conflict, Unknown
from compounding.domain.language import ENGLISH, Dates, Language
from compounding.domain.policy import Translation
from compounding.workflow.act import Act, Look
from compounding.workflow.languages import languages


@dataclass(frozen=True, slots=True)
class Texts:
    """A language with the review that is in force for these very texts, or the one that was for others; pairs of English and translation by group."""

    language: Language
    review: Translation | None
    groups: Mapping[str, tuple[tuple[str, str], ...]]

    @property
    def is_reviewed(self) -> bool:
        """Whether the review holds: a single letter that changed since ends it."""
        return self.review is not None and self.review.sha256 == self.language.sha256


def texts(look: Look, code: str) -> Texts:
    """The texts of the language of that code; raises `Unknown` for English, which nobody translates, and for one without a file."""
    return _texts(_language(code), policy_in_force(look.session).translations)


def all_texts(look: Look) -> tuple[Texts, ...]:
    """Every language beside English."""
    reviews = policy_in_force(look.session).translations
    return tuple(_texts(language, reviews) for code, language in languages().items() if code != ENGLISH)


def approve(act: Act, code: str, reviewed_by: str, seen: str) -> None:
    """Let a language be printed: a further version of the policy that names who read its texts, signed by who answers for it.

    `seen` is the hash of the texts that were read; raises `Conflict` where the program's are others, or were approved already.
    """
    language, before = _language(code), policy_in_force(act.session)
    if language.sha256 != seen:
        raise Conflict("texts-moved", "The program has other texts of this language than you read. Load the page again and read them as they stand now.")
    if any((item.language, item.sha256) == (code, seen) for item in before.translations):
        raise Conflict("texts-reviewed", f"These very texts of {language.name} were approved already. There is nothing to do.")
    others = tuple(item for item in before.translations if item.language != code)
    policy = replace(before, version=before.version + 1, translations=(*others, Translation(code, seen, reviewed_by, act.today)))
    document = encode(policy)
    row = PolicyRow(id=uuid4(), version=policy.version, document=document, sha256=sha256(document), approver_id=act.actor.id, approved_at=act.at)
    act.session.add(row)
    sign(act.session, row.id, meaning=Meaning.APPROVE_TEXTS, person=act.actor, content=row.document, at=act.at)


def _language(code: str) -> Language:
    language = languages().get(code)
    if language is None or code == ENGLISH:
        raise Unknown("unknown-language", "There are no texts of such a language.")
    return language


def _texts(language: Language, reviews: tuple[Translation, ...]) -> Texts:
    english = languages()[ENGLISH]
    groups = {
        "Directions": tuple(language.directions.items()),
        "Sentences of the label": tuple(language.sentences.items()),
        "Leaflet": tuple(zip(astuple(english.words), astuple(language.words), strict=True)),
        "Dates": tuple(zip(_written(english.dates), _written(language.dates), strict=True)),
    }
    return Texts(language, next((item for item in reviews if item.language == language.code), None), groups)


def _written(dates: Dates) -> tuple[str, ...]:
    return (*dates.months, dates.full, dates.short, dates.span)
