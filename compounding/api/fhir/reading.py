"""Reading a FHIR resource so that nothing in it is passed over: every element is taken by name, and what nobody took is refused.

Each refusal stands under the FHIRPath of its element (`MedicationRequest.dosageInstruction[0].doseAndRate[0].dose.value`).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from compounding.schemas.fields import shown

# A choice of types such as medicationReference is one element, medication, in FHIRPath.
_CHOICES = re.compile(
    r"(value|dose|rate|medication|asNeeded|bounds|deceased|multipleBirth|item|reported|allowed|onset|effective)"
    r"(Age|Boolean|Code|CodeableConcept|Date|DateTime|Decimal|Duration|Integer|Markdown|Period|Quantity|Range|Ratio|Reference|String|Uri)"
)
_UNKNOWN = "This element is not known or not supported here, and nothing is passed over. Leave it out, or see docs/fhir.md for what can be sent."
_MODIFIER = "A modifier extension changes what the element means, and none is known here. Send the order without it."
_RULES = "Rules outside of FHIR are not known here. Send the resource without implicitRules."
_NOWHERE = {"modifierExtension": _MODIFIER, "implicitRules": _RULES}  # refused by `nowhere`, in parts too that nobody reads
_LARGEST = 12  # digits before the point, or zeros after it, of any number that a resource may hold


class Refusals(dict[str, tuple[str, ...]]):
    """What is wrong, by the FHIRPath of its element."""

    def note(self, expression: str, sentence: str) -> None:
        """One more sentence about an element."""
        if sentence not in self.get(expression, ()):
            self[expression] = (*self.get(expression, ()), sentence)


def path_of(base: str, name: str) -> str:
    """The FHIRPath of the element `name`; a choice such as `doseQuantity` is `dose` there."""
    found = _CHOICES.fullmatch(name)
    return f"{base}.{found[1] if found else name}"


def canonical(number: Decimal | int) -> str | None:
    """A JSON number as the house writes numbers: every digit, no trailing zero, no exponent; None where it is out of all reason."""
    exact = Decimal(number)
    if exact and not -_LARGEST <= exact.adjusted() <= _LARGEST:
        return None
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Part:
    """One object of a resource, at the FHIRPath `at`. `lenient`: plain extensions that are not known are left alone, as FHIR allows."""

    def __init__(self, value: Mapping[str, object], at: str, refusals: Refusals, *, lenient: bool = False) -> None:
        self.value, self.at, self.refusals, self.lenient = value, at, refusals, lenient
        self._taken = {"id", *_NOWHERE}
        self._children: list[Part] = []

    @property
    def type(self) -> str:
        """Its resource type; empty for a part that is no resource."""
        self._taken.add("resourceType")
        found = self.value.get("resourceType")
        return found if isinstance(found, str) else ""

    def path(self, name: str) -> str:
        """The FHIRPath of an element of it."""
        return path_of(self.at, name)

    def refuse(self, name: str, sentence: str) -> None:
        """Say what is wrong with an element; with the whole of it where `name` is empty."""
        self.refusals.note(self.path(name) if name else self.at, sentence)

    def has(self, name: str) -> bool:
        """Whether the element was sent."""
        return name in self.value

    def keep(self, *names: str) -> None:
        """Elements that are kept with what was sent and mean nothing for the order."""
        self._taken.update(names)

    def raw(self, name: str) -> object:
        """What was sent for an element; None if nothing."""
        self._taken.add(name)
        if name in self.value and self.value[name] in (None, "", [], {}):
            self.refuse(name, "This is empty. Leave it out, or fill it in.")
            return None
        return self.value.get(name)

    def text(self, name: str, *, ask: str = "") -> str | None:
        """The text of an element; with `ask`, which says what to send, it is compulsory."""
        found = self.raw(name)
        if found is None:
            self._miss(name, ask)
            return None
        if not isinstance(found, str):
            self.refuse(name, f"This is not text. {ask}".strip())
            return None
        return found

    def word(self, name: str, words: Mapping[str, str], *, ask: str, required: bool = True) -> str | None:
        """What one of a few codes stands for."""
        found = self.text(name, ask=ask if required else "")
        if found is not None and found not in words:
            self.refuse(name, f'"{shown(found)}" cannot be taken here. {ask}')
            return None
        return None if found is None else words[found]

    def flag(self, name: str) -> bool | None:
        """Yes or no."""
        found = self.raw(name)
        if found is not None and not isinstance(found, bool):
            self.refuse(name, "This is neither true nor false.")
            return None
        return found

    def number(self, name: str, *, ask: str = "") -> str | None:
        """A JSON number in the house's spelling."""
        found = self.raw(name)
        if found is None:
            self._miss(name, ask)
            return None
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            self.refuse(name, f"This is not a JSON number. {ask}".strip())
            return None
        spelled = canonical(found)
        if spelled is None:
            self.refuse(name, "This number is out of all reason. Check its digits.")
        return spelled

    def part(self, name: str, *, ask: str = "") -> "Part | None":
        """The object of an element."""
        found = self.raw(name)
        if found is None:
            self._miss(name, ask)
            return None
        return self._child(found, self.path(name))

    def parts(self, name: str, *, ask: str = "", most: int = 100) -> "list[Part]":
        """The objects of a list."""
        found = self.raw(name)
        if found is None:
            self._miss(name, ask)
            return []
        if not isinstance(found, list):
            self.refuse(name, f"This is not a list. {ask}".strip())
            return []
        if len(found) > most:
            self.refuse(name, f"There are {len(found)} entries, and at most {most} can be taken. {ask}".strip())
            return []
        made = [self._child(item, f"{self.path(name)}[{place}]") for place, item in enumerate(found)]
        return [item for item in made if item is not None]

    def one(self, name: str, *, ask: str = "") -> "Part | None":
        """The only object of a list."""
        found = self.parts(name, ask=ask)
        if len(found) > 1:
            self.refusals.note(found[1].at, f"There is more than one, and nobody can say which counts. {ask}".strip())
        return found[0] if found else None

    def extensions(self, *known: str) -> "dict[str, Part]":
        """The extensions of these addresses; each may stand here once, and another is refused unless this part is lenient."""
        found: dict[str, Part] = {}
        for item in self.parts("extension"):
            url = item.text("url", ask="Say which extension this is.")
            if url in known and url not in found:
                found[url] = item
            elif url in known:
                self.refusals.note(item.at, "This extension stands here twice. Send it once.")
            elif self.lenient and url is not None and not url.startswith("urn:compounding:"):
                item.keep(*item.value)
            else:
                self.refusals.note(f"{item.at}.url", f'The extension "{shown(url)}" is not known here. Leave it out, or check its spelling.')
                item.keep(*item.value)
        return found

    def finish(self) -> None:
        """Refuse whatever nobody took, here and in every part of it."""
        if "extension" in self.value and "extension" not in self._taken:
            self.extensions()
        for name in self.value:
            if name not in self._taken:
                self.refuse(shown(name), _UNKNOWN)
        for child in self._children:
            child.finish()

    def _miss(self, name: str, ask: str) -> None:
        if ask and name not in self.value:
            self.refuse(name, f"This is missing. {ask}")

    def _child(self, value: object, at: str) -> "Part | None":
        if not isinstance(value, Mapping):
            self.refusals.note(at, "This is not an object with named elements.")
            return None
        made = Part(value, at, self.refusals, lenient=self.lenient)
        self._children.append(made)
        return made


def nowhere(value: object, at: str, refusals: Refusals) -> None:
    """Refuse what may stand nowhere in a resource, however deep: modifier extensions and rules outside of FHIR."""
    waiting = [(value, at)]
    while waiting:
        found, place = waiting.pop()
        if isinstance(found, Mapping):
            for name, inner in found.items():
                if name in _NOWHERE:
                    refusals.note(f"{place}.{name}", _NOWHERE[name])
                waiting.append((inner, path_of(place, name)))
        elif isinstance(found, list):
            waiting.extend((inner, f"{place}[{number}]") for number, inner in enumerate(found))


def texts(part: Part, name: str) -> Iterator[str]:
    """The texts of a list of texts."""
    found = part.raw(name)
    if found is not None and not (isinstance(found, list) and all(isinstance(item, str) and item for item in found)):
        part.refuse(name, "This is not a list of texts.")
    elif isinstance(found, list):
        yield from found
