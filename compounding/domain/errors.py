"""The five ways in which the pharmacy says no.

Each error carries a stable code for programs, one plain sentence for a person, and facts.
What a door makes of it (status, page, problem document) is decided in `compounding.problems` and nowhere else.
"""

from collections.abc import Mapping


class PharmacyError(Exception):
    """Something asked of the pharmacy cannot be done; nothing was changed."""

    def __init__(self, code: str, sentence: str, **facts: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.facts: Mapping[str, str] = facts


class Invalid(PharmacyError):
    """What was sent is malformed or contradicts itself; `fields` maps a path such as `steps.0.dose` to its messages."""

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        fields: Mapping[str, tuple[str, ...]] | None = None,
        **facts: str,
    ) -> None:
        super().__init__(code, sentence, **facts)
        self.fields: Mapping[str, tuple[str, ...]] = fields or {}


class Unknown(PharmacyError):
    """There is no such thing, or it belongs to somebody else: the two answers are the same on purpose."""


class Forbidden(PharmacyError):
    """The person is known but may not do this."""


class Conflict(PharmacyError):
    """The thing has moved on: it is not in the state that this act needs, or somebody else was first."""


class Unsafe(PharmacyError):
    """It could be done, and would put a patient at risk; the facts name the rule."""
