"""What a prescriber's system may do by its token, in the words of SMART App Launch 2.2: `system/MedicationRequest.crs`.

A scope names a kind of thing of FHIR and letters: c (create), r (read), u (update), d (delete), s (search). Both doors speak this one vocabulary.
A scope never opens what the role is not given by `authority`, nor what belongs to somebody else: it only takes away.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compounding.domain.errors import Forbidden, Invalid

_GRAMMAR = re.compile(r"system/([A-Za-z]{1,40})\.(c?r?u?d?s?)", re.ASCII)

# What there is to be done here. Nothing is ever deleted, so that no token has the letter d.
KINDS: Mapping[str, str] = {
    "MedicationRequest": "crus",
    "MedicationDispense": "rs",
    "Patient": "r",
    "Practitioner": "r",
    "PlanDefinition": "r",  # a course worked out for nobody in particular
}
SAID: Mapping[str, str] = {
    "MedicationRequest": "orders",
    "MedicationDispense": "what was handed over",
    "Patient": "patients of its own orders",
    "Practitioner": "its own prescribers",
    "PlanDefinition": "courses worked out",
}
_SAID_LETTERS: Mapping[str, str] = {"c": "send", "r": "read", "u": "change", "s": "list"}
_OF_THE_LETTERS = "Write scopes such as system/MedicationRequest.crs, with the letters in the order of cruds."


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One kind of thing and what may be done with it."""

    kind: str
    letters: str

    @classmethod
    def read(cls, text: str) -> "Scope":
        """The scope of which `text` is the name; raises `Invalid` for one that is malformed, or that nothing here answers to."""
        found = _GRAMMAR.fullmatch(text)
        if not found or not found[2]:
            raise Invalid("scope", f'"{text[:80]}" is no scope. {_OF_THE_LETTERS}', fields={"scopes": (_OF_THE_LETTERS,)})
        kind, letters = found[1], found[2]
        if not set(letters) <= set(KINDS.get(kind, "")):
            known = ", ".join(f"system/{name}.{most}" for name, most in KINDS.items())
            message = f'"{text[:80]}" opens nothing here. Choose of: {known}.'
            raise Invalid("scope", message, fields={"scopes": (message,)})
        return cls(kind, letters)

    @property
    def name(self) -> str:
        """As it is written."""
        return f"system/{self.kind}.{self.letters}"

    @property
    def sentence(self) -> str:
        """For a person: what may be done with what."""
        return f"{', '.join(_SAID_LETTERS[letter] for letter in self.letters)}: {SAID[self.kind]}"

    def covers(self, needed: "Scope") -> bool:
        """Whether whoever has this may do what needs `needed`."""
        return self.kind == needed.kind and set(needed.letters) <= set(self.letters)


ALL = tuple(Scope(kind, letters) for kind, letters in KINDS.items())


def scopes_of(text: str) -> tuple[Scope, ...]:
    """The scopes that `text` names, one after the other with a blank between; raises `Invalid`, also where it names none or one twice."""
    found = tuple(Scope.read(part) for part in text.split(" ") if part)
    if not found or len({scope.kind for scope in found}) < len(found):
        message = "Name at least one scope, and each kind of thing once."
        raise Invalid("scope", message, fields={"scopes": (message,)})
    return found


def kept_scopes(text: str) -> tuple[Scope, ...]:
    """What a token or a key that was made before opens of what there is today; a scope that nothing answers to any more is passed over."""
    told = (part.removeprefix("system/").partition(".") for part in text.split())
    found = (Scope(kind, "".join(letter for letter in letters if letter in KINDS.get(kind, ""))) for kind, _, letters in told)
    return tuple(scope for scope in found if scope.letters)


def text_of(scopes: Iterable[Scope]) -> str:
    """Scopes as they are kept and told, in one order."""
    return " ".join(scope.name for scope in sorted(scopes))


def require_scope(granted: Iterable[Scope], needed: Scope) -> None:
    """Let pass whoever was granted what is needed, or raise `Forbidden`."""
    if not any(scope.covers(needed) for scope in granted):
        message = f"The token does not reach here: this needs the scope {needed.name}. Ask the pharmacy for a token with it."
        raise Forbidden("scope-missing", message, scope=needed.name)
