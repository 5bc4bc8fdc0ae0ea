"""What is ordered: naltrexone beyond doubt, in a form that is made here, at a strength if one was asked for."""

from compounding.api.fhir.draft import Draft, Inside
from compounding.api.fhir.elements import code_of, concept, frame, quantity
from compounding.api.fhir.reading import Part
from compounding.domain.prescription import Form
from compounding.domain.safety.coding import SNOMED, not_naltrexone

OWN_FORMS = "urn:compounding:form"
FORMS = {
    **{(OWN_FORMS, form.value): form.value for form in Form},
    (SNOMED, "385018001"): Form.ORAL_DROPS.value,  # oral drops
    (SNOMED, "385019009"): Form.ORAL_DROPS.value,  # oral drops, solution
    (SNOMED, "385020003"): Form.ORAL_DROPS.value,  # oral drops, suspension
    (SNOMED, "385022006"): Form.ORAL_LIQUID.value,  # oral liquid
    (SNOMED, "385023001"): Form.ORAL_LIQUID.value,  # oral solution
    (SNOMED, "385024007"): Form.ORAL_LIQUID.value,  # oral suspension
    (SNOMED, "385049006"): Form.CAPSULE.value,  # capsule
}
_FORM = f"Send the form as a code of {OWN_FORMS}: {', '.join(form.value for form in Form)}; or of SNOMED CT, such as 385023001, oral solution."
_MEDICATION = "Send a medicationReference to a Medication that says what is ordered and in which form."
_STRENGTH = "Send the strength as a ratio: mg in 1 mL, or mg in 1 capsule."


def ordered(resource: Part, inside: Inside, draft: Draft) -> None:
    """Say form and strength; refuse whatever is not beyond doubt naltrexone."""
    draft.place("form", resource.path("medicationReference"))
    if (told := resource.part("medicationCodeableConcept")) is not None:
        _doubt(told)
        resource.refuse("medicationCodeableConcept", f"A concept alone does not say the form. {_MEDICATION}")
        return
    reference = resource.part("medicationReference", ask=_MEDICATION)
    medication = inside.resource(reference, "Medication") if reference is not None else None
    if medication is not None:
        _medication(medication, draft)


def _medication(part: Part, draft: Draft) -> None:
    frame(part)
    part.keep("identifier")
    part.word("status", {"active": "active"}, ask="Only an active medicine can be ordered.", required=False)
    if (code := part.part("code", ask="Say that it is naltrexone.")) is not None:
        _doubt(code)
    draft.place("form", part.path("form"))
    if (form := part.part("form", ask=_FORM)) is not None:
        draft.put("form", code_of(form, FORMS, ask=_FORM), form.at)
    ingredient = part.one("ingredient", ask="") if part.has("ingredient") else None
    if ingredient is None:
        return
    if ingredient.flag("isActive") is False:
        ingredient.refuse("isActive", "The one ingredient is naltrexone, which is active.")
    if (item := ingredient.part("itemCodeableConcept", ask="Say that the ingredient is naltrexone.")) is not None:
        _doubt(item)
    if (strength := ingredient.part("strength")) is not None:
        _strength(strength, draft)


def _strength(part: Part, draft: Draft) -> None:
    draft.place("strength", part.at)
    mass, volume = part.part("numerator", ask=_STRENGTH), part.part("denominator", ask=_STRENGTH)
    if mass is None or volume is None:
        return
    number, _ = quantity(mass, {"mg": "mg"}, ask=_STRENGTH)
    one, unit = quantity(volume, {"mL": "mg/mL", "ml": "mg/mL", "{capsule}": "mg", "capsule": "mg", "1": "mg"}, ask=_STRENGTH)
    if one not in {None, "1"}:
        volume.refuse("value", f"Nothing is worked out from what was sent. {_STRENGTH}")
    draft.put("strength.value", number, mass.path("value"))
    draft.put("strength.unit", unit, volume.path("code"))


def _doubt(part: Part) -> None:
    for doubt in not_naltrexone(concept(part)):
        part.refuse("text" if doubt.coding is None and part.has("text") else f"coding[{doubt.coding}]" if doubt.coding is not None else "", doubt.sentence)
