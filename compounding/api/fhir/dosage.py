"""A titration: each `dosageInstruction` is one step of it, in the order of `sequence`, for the days of `timing.repeat.boundsDuration`."""

from collections.abc import Mapping

from compounding.api.fhir.draft import Draft
from compounding.api.fhir.elements import code_of, quantity
from compounding.api.fhir.reading import Part
from compounding.domain.prescription import Route
from compounding.domain.safety.coding import SNOMED, other_names

RENDERED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.renderedDosageInstruction"
PERIOD = "urn:compounding:period"
MOMENTS = {"MORN": "morning", "NOON": "noon", "EVE": "evening", "HS": "bedtime"}  # http://terminology.hl7.org/CodeSystem/v3-TimingEvent and event-timing
DOSE_UNITS = {"mg": "mg", "ug": "mcg", "mcg": "mcg"}  # UCUM writes a microgram ug
DAYS = {"d": "d", "day": "d", "days": "d"}
ROUTES = {  # SNOMED CT, as FHIR's value set route-codes lists them
    (SNOMED, "26643006"): Route.ORAL.value,
    (SNOMED, "37839007"): Route.SUBLINGUAL.value,
    (SNOMED, "54485002"): Route.OPHTHALMIC.value,
    (SNOMED, "34206005"): Route.INJECTION.value,
    (SNOMED, "78421000"): Route.INJECTION.value,
    (SNOMED, "447694001"): Route.INHALATION.value,
}
_DOSE = "Send doseAndRate with one doseQuantity: its value and its unit mg or ug (UCUM)."
_WHEN = f"Send when in the day a dose is taken: {', '.join(MOMENTS)}."
_BOUNDS = "Send the length of the step as boundsDuration, in days (UCUM d)."
_DAILY = "Only doses on every day can be taken here: period 1 and periodUnit d."
_PRN = "A dose taken as needed cannot be planned. Send a dose for each day, without asNeeded."
_SEQUENCE = "Number the steps of a titration by sequence, from 1 on, each once."


def steps(resource: Part, draft: Draft) -> None:
    """Say the steps, the route and the directions in words."""
    draft.place("steps", resource.path("dosageInstruction"))
    found = resource.parts("dosageInstruction", ask="Send one dosageInstruction for each step of the titration.", most=60)
    ordered = _in_order(found)
    _dates(resource, ordered, draft)
    routes: dict[str, str] = {}
    told: list[str] = []
    for number, step in enumerate(ordered):
        _step(step, f"steps.{number}", draft)
        words = step.text("text")
        if words is not None:
            told.append(words)
            if others := other_names(words):
                step.refuse("text", f"The directions name {', '.join(others)}. Only naltrexone alone is compounded here; find out which is meant.")
            draft.place("directions", step.path("text"))
        if (route := step.part("route")) is not None and (meant := code_of(route, ROUTES, ask="Send the oral route, 26643006 of SNOMED CT.")) is not None:
            routes[meant] = route.at
    if told and len(told) != len(found):
        resource.refuse("dosageInstruction", "Some steps have a text and others have none. Write the words of every step, or of none.")
    if told:
        draft.put("directions", "\n".join(told), draft.expression("directions"))
    if len(routes) > 1:
        resource.refuse("dosageInstruction", f"The steps go by different routes: {', '.join(routes)}. Send one route.")
    elif routes:
        ((meant, at),) = routes.items()
        draft.put("route", meant, at)


def _dates(resource: Part, ordered: list[Part], draft: Draft) -> None:
    draft.place("dates", resource.path("dosageInstruction"))
    dated = [period for step in ordered if (period := step.extensions(PERIOD).get(PERIOD)) is not None]
    for number, period in enumerate(dated):
        _period(period, f"dates.{number}", draft)
    if dated and len(dated) != len(ordered):
        resource.refuse("dosageInstruction", "Some steps have dates and others have none. Date every step, the whole course, or nothing.")


def whole(extensions: Mapping[str, Part], draft: Draft) -> None:
    """Say the directions of the whole course in words, and its dates, where they were written for all steps together."""
    if (words := extensions.get(RENDERED)) is not None:
        if draft.has("directions"):
            words.refuse("", "The directions stand here and in the steps. Write them once.")
        draft.put("directions", words.text("valueMarkdown", ask="Send the directions as valueMarkdown."), words.path("valueMarkdown"))
    if (period := extensions.get(PERIOD)) is not None:
        if draft.has("dates.0.first_day"):
            period.refuse("", "Dates stand here and in the steps. Write them once.")
        _period(period, "dates.0", draft)


def _period(extension: Part, field: str, draft: Draft) -> None:
    period = extension.part("valuePeriod", ask="Send the first and the last day, both included.")
    draft.place(field, extension.at)
    if period is not None:
        draft.put(f"{field}.first_day", period.text("start", ask="Send the first day."), period.path("start"))
        draft.put(f"{field}.last_day", period.text("end", ask="Send the last day."), period.path("end"))


def _in_order(found: list[Part]) -> list[Part]:
    placed: dict[int, Part] = {}
    for step in found:
        number = step.raw("sequence")
        if number is None and len(found) == 1:
            number = 1
        if not isinstance(number, int) or isinstance(number, bool) or number in placed or not 1 <= number <= len(found):
            step.refuse("sequence", _SEQUENCE)
            number = -len(placed) - 1
        placed[number] = step
    return [placed[number] for number in sorted(placed)]


def _step(step: Part, field: str, draft: Draft) -> None:
    draft.place(field, step.at)
    if step.flag("asNeededBoolean") is True:
        step.refuse("asNeededBoolean", _PRN)
    if step.has("asNeededCodeableConcept"):
        step.raw("asNeededCodeableConcept")
        step.refuse("asNeededCodeableConcept", _PRN)
    _dose(step, field, draft)
    timing = step.part("timing", ask=f"{_WHEN} {_BOUNDS}")
    draft.place(f"{field}.when", step.path("timing"))
    draft.place(f"{field}.days", step.path("timing"))
    repeat = timing.part("repeat", ask=f"{_WHEN} {_BOUNDS}") if timing else None
    if repeat is not None:
        _repeat(repeat, field, draft)


def _dose(step: Part, field: str, draft: Draft) -> None:
    draft.place(f"{field}.dose", step.path("doseAndRate"))
    draft.place(f"{field}.unit", step.path("doseAndRate"))
    rate = step.one("doseAndRate", ask=_DOSE)
    if rate is None:
        return
    if (kind := rate.part("type")) is not None:
        code_of(kind, {("http://terminology.hl7.org/CodeSystem/dose-rate-type", "ordered"): "ordered"}, ask="Only an ordered dose can be taken.")
    if rate.has("doseRange"):
        rate.raw("doseRange")
        rate.refuse("doseRange", "A range leaves the dose open. Send one dose as doseQuantity.")
        return
    dose = rate.part("doseQuantity", ask=_DOSE)
    if dose is not None:
        number, unit = quantity(dose, DOSE_UNITS, ask=_DOSE)
        draft.put(f"{field}.dose", number, dose.path("value"))
        draft.put(f"{field}.unit", unit, dose.path("code"))


def _repeat(repeat: Part, field: str, draft: Draft) -> None:
    when = repeat.raw("when")
    draft.place(f"{field}.when", repeat.path("when"))
    if isinstance(when, list) and all(isinstance(item, str) for item in when):
        for place, item in enumerate(when):
            if item not in MOMENTS:
                repeat.refuse(f"when[{place}]", f"This time of day cannot be taken here. {_WHEN}")
        draft.put(f"{field}.when", [MOMENTS[item] for item in when if item in MOMENTS], repeat.path("when"))
    else:
        repeat.refuse("when", _WHEN)
    frequency = repeat.raw("frequency")
    draft.put(f"{field}.times_per_day", frequency, repeat.path("frequency"))
    if repeat.number("period", ask=_DAILY) not in {None, "1"}:
        repeat.refuse("period", _DAILY)
    repeat.word("periodUnit", {"d": "d"}, ask=_DAILY)
    draft.place(f"{field}.days", repeat.path("boundsDuration"))
    for name in ("boundsPeriod", "boundsRange"):
        if repeat.has(name):
            repeat.raw(name)
            repeat.refuse(name, _BOUNDS)
            return
    bounds = repeat.part("boundsDuration", ask=_BOUNDS)
    if bounds is not None:
        number, _ = quantity(bounds, DAYS, ask=_BOUNDS)
        draft.put(f"{field}.days", number, bounds.path("value"))
