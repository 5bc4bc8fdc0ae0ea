"""An order becomes a row with its findings: what every way of bringing one in has in common."""

from uuid import UUID

from compounding.db.counters import next_number
from compounding.db.document import encode, sha256
from compounding.db.history import history, known_patient, match_key
from compounding.db.locks import Lock, hold_value
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.screening import keep_findings
from compounding.db.values import policy_in_force
from compounding.domain.prescription import Order
from compounding.domain.safety import OrderFacts, outcome, screen_order
from compounding.workflow.act import Act


def keep_order(act: Act, order: Order, *, literal: str, client_id: UUID | None, supersedes_id: UUID | None) -> PrescriptionRow:
    """The order as a row with its findings, in the state that they put it in; orders of one patient are kept one after the other."""
    hold_value(act.session, Lock.PATIENT, PatientRow.match_key, match_key(order.patient.name))
    patient_id = _patient(act, order)
    known = history(act.session, order, today=act.today, but=None)
    findings = screen_order(OrderFacts(order, act.today, known, policy_in_force(act.session)))
    text = encode(order)
    row = PrescriptionRow(
        number=next_number(act.session, "prescription"),
        patient_id=patient_id,
        prescriber_npi=order.prescriber.npi,
        prescriber_name=order.prescriber.name,
        status=outcome(findings).value,
        form=order.form,
        received_at=act.at,
        received_on=act.today,
        written_on=order.written_on,
        client_id=client_id,
        literal=literal,
        document=text,
        sha256=sha256(text),
        refills_left=order.refills,
        supersedes_id=supersedes_id,
    )
    act.session.add(row)
    keep_findings(act.session, row.id, findings, at=act.at)
    act.session.flush()
    return row


def _patient(act: Act, order: Order) -> UUID:
    """The patient's key by name and birth date; a new one where nobody is known by both."""
    found = known_patient(act.session, order)
    if found is not None:
        return found
    row = PatientRow(name=order.patient.name, match_key=match_key(order.patient.name), birth_date=order.patient.birth_date, created_at=act.at)
    act.session.add(row)
    return row.id
