"""A MedicationRequest as the order schema has it: the same fields that /api/v1 loads, so that both doors meet the same rules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from compounding.api.fhir import dosage, drugs, persons
from compounding.api.fhir.draft import Document, Draft, Inside
from compounding.api.fhir.elements import concept, frame, quantity
from compounding.api.fhir.reading import Part, Refusals
from compounding.api.fhir.record import ICD_10, TYPES, Lists
from compounding.domain.prescription import Order
from compounding.domain.safety.coding import unanswered_opioids
from compounding.workflow.system_orders import Sent

OPIOID, THERAPY, PREGNANCY = "urn:compounding:opioid-answer", "urn:compounding:therapy", "urn:compounding:pregnancy"
RX_NUMBER = "urn:compounding:rx-number"
ON_LABEL, TOTAL = "urn:compounding:on-label", "urn:compounding:total"
ANSWERS = {
    "recent": ("valueCode", "recent"), "recentDrug": ("valueString", "recent_drug"), "recentLastDose": ("valueDate", "recent_last_dose"),
    "depot": ("valueCode", "depot"), "surgery": ("valueCode", "surgery"), "surgeryDate": ("valueDate", "surgery_date"),
    "answeredBy": ("valueString", "answered_by"), "askedBy": ("valueString", "asked_by"),
}  # fmt: skip
_DRAFT = "This is no order in force. Send it as active once it is signed; a draft is looked at by the CDS service order-sign."
_INTENT = "Only an order can be taken: send the intent order."
_KEPT_AS = "Send one identifier, the number under which your system keeps this order: its system and its value."
_QUANTITY = "Send the quantity in mL, {capsule} or [drp], or the total in mg (UCUM)."
_SUPPLY_UNITS = {
    "mL": "mL", "ml": "mL", "{capsule}": "capsule", "capsule": "capsule", "capsules": "capsule", "[drp]": "drop", "drop": "drop", "drops": "drop", "mg": "mg",
}  # fmt: skip
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_CATEGORY = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"


@dataclass(frozen=True, slots=True)
class Written:
    """What one MedicationRequest says: the number of the sending system, and the order."""

    system: str
    value: str
    order: Order

    def sent(self, literal: str, *, place: int, conditional: bool) -> Sent:
        """The order as a use case takes it, with the text as it came."""
        return Sent(order=self.order, literal=literal, system=self.system, value=self.value, place=place, conditional=conditional)


@dataclass(frozen=True, slots=True)
class Manner:
    """How much an order must say: one that is sent, everything; one that is only drafted, neither its number nor its day, for which `today` stands."""

    statuses: tuple[str, ...] = ("active",)
    today: date | None = None


SENT = Manner()


def read(resource: Part, document: Document, refusals: Refusals, *, manner: Manner = SENT, beside: Sequence[Part] = ()) -> Written | None:
    """What `resource` says; None where something is refused, with `refusals`. `beside` are resources of the patient's record from outside of it."""
    draft = Draft(resource.at)
    inside = document.within(resource)
    _frame(resource, manner.statuses)
    system, value = _identifier(resource) if manner.today is None else ("", "")
    if manner.today is not None:
        resource.keep("identifier")
    drugs.ordered(resource, inside, draft)
    _people(resource, inside, draft)
    _day(resource, draft, manner.today)
    dosage.steps(resource, draft)
    _supply(resource, draft)
    _reason(resource, draft)
    _answers(resource, draft)
    lists = Lists(inside, draft, subject_of(resource))
    for part in (*_information(resource, inside), *beside):
        lists.add(part)
    inside.finish()
    order = draft.order(refusals)
    if order is None or manner.today is not None:  # of a draft, the rules themselves say what its list of medicines means
        return None if order is None or refusals else Written(system, value, order)
    for place in unanswered_opioids(order):
        text = order.patient.medicines[place]
        sentence = f'"{text[:60]}" is an opioid, and the opioid question\'s answer does not name it. Ask the patient which is true; naltrexone would harm.'
        refusals.note(draft.expression(f"patient.medicines.{place}"), sentence)
    return None if refusals else Written(system, value, order)


def subject_of(resource: Part) -> str:
    """The reference to the patient as it was sent; empty where there is none."""
    subject = resource.value.get("subject")
    found = subject.get("reference") if isinstance(subject, Mapping) else None
    return found if isinstance(found, str) else ""


def _frame(resource: Part, statuses: Sequence[str]) -> None:
    frame(resource)
    resource.word("status", {status: status for status in statuses}, ask=_DRAFT)
    resource.word("intent", {"order": "order"}, ask=_INTENT)
    if resource.flag("doNotPerform") is True:
        resource.refuse("doNotPerform", "This asks that the medicine is not given. Nothing can be made of it here; call the pharmacy.")
    if resource.flag("reportedBoolean") is True:
        resource.refuse("reportedBoolean", "A report of somebody else's order is no order. Send your own.")
    resource.word("priority", {"routine": "routine"}, ask="Compounding takes its time: only routine can be taken; call the pharmacy.", required=False)
    for category in resource.parts("category"):
        for place, coding in enumerate(concept(category).codings):
            if (coding.system, coding.code) not in {(_CATEGORY, code) for code in ("community", "outpatient", "discharge")}:
                category.refuse(f"coding[{place}]", "Only an order for a patient who takes it at home can be taken here.")


def _identifier(resource: Part) -> tuple[str, str]:
    identifier = resource.one("identifier", ask=_KEPT_AS)
    if identifier is None:
        return "", ""
    identifier.keep("use", "type", "period", "assigner")
    told = [identifier.text(name, ask=_KEPT_AS) or "" for name in ("system", "value")]
    for name, text in zip(("system", "value"), told, strict=True):
        if len(text) > 200 or not text.isprintable() or "|" in text:
            identifier.refuse(name, "Send at most 200 characters, without | and without controls.")
    if told[0] == RX_NUMBER:
        identifier.refuse(
            "system", "Rx numbers are given by the pharmacy. Send the number under which your own system keeps the order, with that system's name."
        )
    return told[0], told[1]


def _people(resource: Part, inside: Inside, draft: Draft) -> None:
    for name, kind, read_it in (("subject", "Patient", persons.patient), ("requester", "Practitioner", persons.practitioner)):
        group = "patient" if kind == "Patient" else "prescriber"
        draft.place(group, resource.path(name))
        reference = resource.part(name, ask=f"Refer to the {kind}.")
        part = inside.resource(reference, kind) if reference is not None else None
        if part is not None:
            read_it(part, draft)


def _day(resource: Part, draft: Draft, today: date | None) -> None:
    """The day as it was written, wherever the clock stood; how the order came is that it came by this door."""
    told = resource.text("authoredOn", ask="" if today else "Send the day on which the order was written.")
    if told is not None and "T" in told and not _CLOCK.fullmatch(told.partition("T")[2]):
        resource.refuse("authoredOn", "Behind the day stands no time of FHIR. Send the day alone, or with it a time such as 09:30:00-08:00.")
    day = told.partition("T")[0] if told else today and today.isoformat()
    draft.put("written_on", day, resource.path("authoredOn"))
    draft.put("origin", "electronic", resource.at)


def _supply(resource: Part, draft: Draft) -> None:
    draft.place("supply", resource.path("dispenseRequest"))
    request = resource.part("dispenseRequest", ask="Say how much to supply: quantity, expectedSupplyDuration, or both.")
    if request is None:
        return
    draft.put("refills", request.raw("numberOfRepeatsAllowed"), request.path("numberOfRepeatsAllowed"))
    total = request.extensions(TOTAL).get(TOTAL)
    if total is not None and (amount := total.part("valueQuantity", ask="Send the total in mg.")) is not None:
        number, unit = quantity(amount, {"mg": "mg"}, ask="Send the total in mg.")
        draft.put("supply.total.value", number, amount.path("value"))
        draft.put("supply.total.unit", unit, amount.path("code"))
    if (amount := request.part("quantity")) is not None:
        number, unit = quantity(amount, _SUPPLY_UNITS, ask=_QUANTITY)
        field = "total" if unit == "mg" else "quantity"
        if field == "total" and total is not None:
            amount.refuse("", "The total in mg stands here twice. Send it once.")
        draft.put(f"supply.{field}.value", number, amount.path("value"))
        draft.put(f"supply.{field}.unit", unit, amount.path("code"))
    if (days := request.part("expectedSupplyDuration")) is not None:
        number, _ = quantity(days, dosage.DAYS, ask="Send the days' supply in days (UCUM d).")
        draft.put("supply.days", number, days.path("value"))


def _reason(resource: Part, draft: Draft) -> None:
    ask = "Send one reason: its code of ICD-10-CM, and its words as text."
    draft.place("indication", resource.path("reasonCode"))
    reason = resource.one("reasonCode", ask=ask)
    if reason is None:
        return
    on_label = reason.extensions(ON_LABEL).get(ON_LABEL)
    if on_label is not None:
        draft.put("indication.on_label", on_label.flag("valueBoolean"), on_label.path("valueBoolean"))
    found = concept(reason)
    codes = [(coding.code, place) for place, coding in enumerate(found.codings) if coding.system == ICD_10]
    draft.place("indication", reason.at)
    if len(codes) > 1:
        reason.refuse("coding", f"There are several codes, and nobody can say which counts. {ask}")
    if codes:
        draft.put("indication.code", codes[0][0], reason.path(f"coding[{codes[0][1]}].code"))
    words = found.text or next((coding.display for coding in found.codings if coding.display), None)
    draft.put("indication.words", words, reason.path("text"))


def _answers(resource: Part, draft: Draft) -> None:
    found = resource.extensions(OPIOID, THERAPY, PREGNANCY, dosage.RENDERED, dosage.PERIOD)
    dosage.whole(found, draft)
    for name in ("opioid", "therapy"):
        draft.place(name, resource.path("extension"))
    draft.place("patient.pregnancy", resource.path("extension"))
    if (opioid := found.get(OPIOID)) is not None:
        draft.place("opioid", opioid.at)
        for url, item in opioid.extensions(*ANSWERS).items():
            kind, field = ANSWERS[url]
            draft.put(f"opioid.{field}", item.text(kind, ask=f"Send it as {kind}."), item.path(kind))
    if (therapy := found.get(THERAPY)) is not None:
        draft.place("therapy", therapy.at)
        inner = therapy.extensions("status", "presentDose", "lastTaken")
        for url, kind, field in (("status", "valueCode", "status"), ("lastTaken", "valueDate", "last_taken")):
            if url in inner:
                draft.put(f"therapy.{field}", inner[url].text(kind, ask=f"Send it as {kind}."), inner[url].path(kind))
        dose = inner["presentDose"].part("valueQuantity", ask="Send the dose of a day.") if "presentDose" in inner else None
        if dose is not None:
            number, unit = quantity(dose, dosage.DOSE_UNITS, ask="Send the dose of a day in mg or ug.")
            draft.put("therapy.present_dose", number, dose.path("value"))
            draft.put("therapy.unit", unit, dose.path("code"))
    if (pregnancy := found.get(PREGNANCY)) is not None:
        draft.put("patient.pregnancy", pregnancy.text("valueCode", ask="Send it as valueCode."), pregnancy.path("valueCode"))


def _information(resource: Part, inside: Inside) -> list[Part]:
    found = [inside.resource(reference, *TYPES) for reference in resource.parts("supportingInformation")]
    return [part for part in found if part is not None]
