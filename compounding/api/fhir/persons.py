"""Patient and Practitioner as the order schema has them."""

from compounding.api.fhir.draft import Draft
from compounding.api.fhir.elements import concept, frame, human_name, phone
from compounding.api.fhir.reading import Part, texts
from compounding.domain.safety.naming import words

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
_ALIVE = "Only an order for a living patient whose record is active can be taken. Correct the Patient, or do not send the order."


def patient(part: Part, draft: Draft) -> None:
    """Say the patient's name, birth date, address, telephone and language."""
    part.lenient = True
    frame(part)
    draft.place("patient", part.at)
    part.keep("identifier", "gender", "maritalStatus", "generalPractitioner", "managingOrganization", "contact")
    if part.flag("active") is False:
        part.refuse("active", _ALIVE)
    if part.flag("deceasedBoolean") is True:
        part.refuse("deceasedBoolean", _ALIVE)
    draft.put("patient.name", *human_name(part, ask="Send one name, as it stands on the patient's papers."))
    draft.put("patient.birth_date", part.text("birthDate"), part.path("birthDate"))
    draft.put("patient.phone", *phone(part, ask="Send one telephone number of the patient."))
    _address(part, draft)
    _language(part, draft)


def practitioner(part: Part, draft: Draft) -> None:
    """Say the prescriber's name, NPI and telephone."""
    part.lenient = True
    frame(part)
    draft.place("prescriber", part.at)
    part.keep("gender", "birthDate", "address", "qualification", "communication")
    if part.flag("active") is False:
        part.refuse("active", "Only an active prescriber may order. Correct the Practitioner, or do not send the order.")
    draft.put("prescriber.name", *human_name(part, ask="Send one name, as it stands on the licence."))
    draft.put("prescriber.phone", *phone(part, ask="Send one telephone number of the prescriber."))
    draft.place("prescriber.npi", part.path("identifier"))
    found = []
    for identifier in part.parts("identifier", ask=f"Send the NPI, with the system {NPI_SYSTEM}."):
        identifier.keep("use", "type", "period", "assigner")
        if identifier.text("system", ask="Say which system the number belongs to.") == NPI_SYSTEM:
            found.append((identifier.text("value", ask="Send the ten digits of the NPI."), identifier.path("value")))
        else:
            identifier.keep("value")
    if len(found) > 1:
        part.refuse("identifier", "There are several NPIs, and nobody can say which counts. Send one.")
    if found:
        draft.put("prescriber.npi", *found[0])


def _address(part: Part, draft: Draft) -> None:
    ask = "Send one address: line, city, state and postalCode, or the whole as text."
    draft.place("patient.address", part.path("address"))
    address = part.one("address", ask=ask)
    if address is None:
        return
    address.keep("use", "type", "period")
    lines = [*texts(address, "line"), *filter(None, [address.text("district")])]
    place = [address.text(name) for name in ("city", "state", "postalCode")]
    parts = [*lines, " ".join(word for word in place if word), address.text("country")]
    whole, text = ", ".join(word for word in parts if word), address.text("text")
    if text is not None and (missed := [word for word in (*lines, *place) if word and _spelled(word) not in _spelled(text)]):
        address.refuse("text", f"This does not hold {', '.join(missed)}, which the other parts of the address say. Send an address that agrees with itself.")
    draft.put("patient.address", text or whole or None, address.at)


def _spelled(text: str) -> str:
    """The words of a text between blanks, so that a part of it is found whole: line breaks and commas stand where they like, but 1 is not 11."""
    return f" {' '.join(words(text))} "


def _language(part: Part, draft: Draft) -> None:
    spoken = part.one("communication", ask="Send one language, in which the patient reads.")
    if spoken is None:
        return
    spoken.flag("preferred")
    language = spoken.part("language", ask="Send the language, such as en.")
    if language is not None:
        codings = concept(language).codings
        for place, coding in enumerate(codings):
            if coding.code != codings[0].code:
                language.refuse(f"coding[{place}].code", "These codes differ, and nobody can say which counts. Send one, such as en.")
        draft.put("patient.language", codings[0].code if codings else None, language.path("coding[0].code"))
