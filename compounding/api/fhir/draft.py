"""What a FHIR resource says, in the fields of the order schema that /api/v1 loads; and which element each field came from."""

from collections.abc import Mapping
from typing import Any

from compounding.api.fhir.reading import Part, Refusals
from compounding.domain.errors import Invalid
from compounding.domain.prescription import Order
from compounding.schemas.prescriptions import read_order


class Draft:
    """The fields of an order by their path (`steps.0.dose`), each with the FHIRPath of the element that says it."""

    def __init__(self, at: str) -> None:
        self.at = at
        self._values: dict[str, object] = {}
        self._places: dict[str, str] = {}

    def put(self, field: str, value: object, at: str) -> None:
        """Say a field; nothing where `value` is None, but its place is known from now on."""
        self._places[field] = at
        if value is not None:
            self._values[field] = value

    def has(self, field: str) -> bool:
        """Whether a field was said."""
        return field in self._values

    def place(self, field: str, at: str) -> None:
        """Say where a field or a whole group of fields belongs."""
        self._places[field] = at

    def expression(self, field: str) -> str:
        """The FHIRPath of what a field, or the nearest group around it, came from."""
        while field:
            if field in self._places:
                return self._places[field]
            field = field.rpartition(".")[0]
        return self.at

    def order(self, refusals: Refusals) -> Order | None:
        """The order; None where something is refused, which then stands among `refusals` under its element."""
        try:
            order = read_order(nested(self._values))
        except Invalid as error:
            told = frozenset(refusals)  # what an element is refused for already explains what the schema misses there
            for field, sentences in error.fields.items():
                for sentence in sentences:
                    if self.expression(field) not in told:
                        refusals.note(self.expression(field), sentence)
            return None
        return None if refusals else order


def nested(values: Mapping[str, object]) -> dict[str, object]:
    """`{"steps.0.dose": "4.5"}` as `{"steps": [{"dose": "4.5"}]}`."""
    whole: dict[str, Any] = {}
    for field, value in values.items():
        *parents, last = field.split(".")
        place = whole
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return {name: _listed(item) for name, item in whole.items()}


def _listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(item) for name, item in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


class Document:
    """The resources that one request holds, found by their references: contained ones, and the entries of a Bundle."""

    def __init__(self, entries: Mapping[str, Part] | None = None) -> None:
        self._entries = dict(entries or {})
        self.used: set[str] = set()

    def within(self, resource: Part) -> "Inside":
        """The references of one resource, its contained ones first."""
        contained: dict[str, Part] = {}
        for item in resource.parts("contained"):
            own = item.value.get("id")
            if not isinstance(own, str) or not own or f"#{own}" in contained:
                item.refuse("id", "Give each contained resource an id of its own, by which it is referred to.")
            else:
                contained[f"#{own}"] = item
        return Inside(self, contained)

    def entry(self, reference: str) -> Part | None:
        """The entry of a Bundle by its fullUrl."""
        self.used.add(reference)
        return self._entries.get(reference)


class Inside:
    """The references of one resource."""

    def __init__(self, document: Document, contained: Mapping[str, Part]) -> None:
        self._document, self._contained = document, contained
        self._used: set[str] = set()

    def resource(self, reference: Part, *types: str) -> Part | None:
        """The resource that `reference` leads to, of one of `types`; a refusal where there is none."""
        wanted = " or ".join(types)
        address = reference.text("reference", ask=f"Refer to a {wanted} that is contained here (#id) or is an entry of the same Bundle (urn:uuid:...).")
        reference.keep("type", "display")
        if address is None:
            return None
        self._used.add(address)
        found = self._contained.get(address) if address.startswith("#") else self._document.entry(address)
        if found is None:
            reference.refuse("reference", f"This leads to nothing that was sent. Send the {wanted} with it: contained, or in the same Bundle.")
        elif found.type not in types:
            reference.refuse("reference", f"This leads to a {found.type or 'resource without a type'}; a {wanted} belongs here.")
        else:
            return found
        return None

    def finish(self) -> None:
        """Refuse contained resources that nothing refers to: nobody would read them."""
        for address, part in self._contained.items():
            if address not in self._used:
                part.refuse("", "Nothing refers to this contained resource, so nobody would read it. Refer to it, or leave it out.")
                part.keep(*part.value)
