"""Elements that several resources share: what is kept with what was sent, concepts, quantities, names, and the words of a narrative."""

import re
from collections.abc import Mapping

from compounding.api.fhir.reading import Part, texts
from compounding.domain.safety.coding import Coding, Concept, other_names

UCUM = "http://unitsofmeasure.org"
_TAGS = re.compile(r"<[^>]*>")
_GENERATED = "Only a generated narrative can be taken, since an additional one may say more than the data. Leave the text out, or send status generated."


def frame(part: Part) -> None:
    """What every resource may have around its content."""
    part.keep("language")
    if (meta := part.part("meta")) is not None:
        meta.keep("versionId", "lastUpdated", "source", "profile")
    if (narrative := part.part("text")) is not None:
        narrative.word("status", {"generated": "generated"}, ask=_GENERATED)
        words = _TAGS.sub(" ", narrative.text("div", ask="Send the narrative, or leave the text out.") or "")
        if part.type in {"MedicationRequest", "Medication"} and (others := other_names(words)):
            narrative.refuse("div", f"The narrative names {', '.join(others)}. Only naltrexone alone is compounded here; find out which is meant.")


def concept(part: Part) -> Concept:
    """A CodeableConcept in words and codes."""
    codings = []
    for item in part.parts("coding"):
        item.keep("version", "userSelected")
        system = item.text("system", ask="Say which system the code belongs to.")
        code = item.text("code", ask="Send the code.")
        codings.append(Coding(system or "", code or "", item.text("display") or ""))
    return Concept(part.text("text") or "", tuple(codings))


def code_of(part: Part, table: Mapping[tuple[str, str], str], *, ask: str) -> str | None:
    """What the codes of a concept stand for in `table`; a refusal where one is not in it, or two differ."""
    found: dict[str, None] = {}
    told = concept(part)
    for place, coding in enumerate(told.codings):
        meant = table.get((coding.system, coding.code))
        if meant is None:
            part.refuse(f"coding[{place}]", f"This code is not known here. {ask}")
        else:
            found[meant] = None
    if len(found) > 1:
        part.refuse("coding", f"These codes mean different things: {', '.join(found)}. {ask}")
        return None
    if not told.codings:
        part.refuse("", f"There is no code. {ask}")
    return next(iter(found), None)


def quantity(part: Part, units: Mapping[str, str], *, ask: str) -> tuple[str | None, str | None]:
    """The number and the unit of a Quantity, whose UCUM code (or, without one, whose unit) is one of `units`."""
    number = part.number("value", ask=ask)
    part.keep("system") if part.value.get("system", UCUM) == UCUM else part.refuse("system", f"Send the unit as a code of {UCUM}.")
    code, unit = part.text("code"), part.text("unit")
    if part.has("comparator"):
        part.text("comparator")
        part.refuse("comparator", "A quantity that is only bounded is none here. Send the exact number.")
    if code is None and unit is None:
        part.refuse("code", f"The unit is missing. {ask}")
        return number, None
    meant = {name: units.get(name) for name in (code, unit) if name is not None}
    if code is not None and meant[code] is None:
        part.refuse("code", f'The unit "{code[:20]}" cannot be taken here. {ask}')
    elif unit is not None and unit != code and meant[unit] != next(iter(meant.values())):
        part.refuse("unit", f'The unit "{unit[:20]}" is not that of the code. {ask}')
    elif code is None and unit is not None and meant[unit] is None:
        part.refuse("unit", f'The unit "{unit[:20]}" cannot be taken here. {ask}')
    return number, next(iter(meant.values()))


def human_name(part: Part, *, ask: str) -> tuple[str | None, str]:
    """The one name of a person, and its place."""
    name = part.one("name", ask=ask)
    if name is None:
        return None, part.path("name")
    name.keep("use", "period")
    parts = [*texts(name, "prefix"), *texts(name, "given"), *([family] if (family := name.text("family")) else []), *texts(name, "suffix")]
    whole = name.text("text")
    if whole is None:
        return " ".join(parts) or None, name.at
    if missed := [word for word in parts if word.casefold() not in whole.casefold()]:
        name.refuse("text", f"This does not hold {', '.join(missed)}, which the other parts of the name say. Send a name that agrees with itself.")
    return whole, name.path("text")


def phone(part: Part, *, ask: str) -> tuple[str | None, str]:
    """The one telephone number, and its place; addresses of other kinds are kept with what was sent."""
    found: list[tuple[str | None, str]] = []
    for contact in part.parts("telecom", ask=ask):
        contact.keep("use", "rank", "period")
        if contact.text("system", ask="Say what this is: phone, email.") == "phone":
            found.append((contact.text("value", ask=ask), contact.path("value")))
        else:
            contact.keep("value")
    if len(found) > 1:
        part.refuse("telecom", f"There are several telephone numbers, and nobody can say which counts. {ask}")
    return found[0] if found else (None, part.path("telecom"))
