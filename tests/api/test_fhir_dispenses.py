"""What was handed over is told to the system that ordered it, and to no other."""

import json
from uuid import UUID

from fhir.resources.R4B.medicationdispense import MedicationDispense
from fhirclient.models import medicationdispense
from flask.testing import FlaskClient

from compounding.domain.authority import ActName
from compounding.domain.void import Void, Whereabouts
from compounding.workflow import voids
from tests.adversary import House
from tests.api.fhir import Answer, Door
from tests.api.resources import request
from tests.workflow.orders import IN_L1


def test_a_container_that_was_handed_over_is_found_and_read_by_its_own_system(house: House) -> None:
    door, other = (Door(FlaskClient(house.app, Answer), system.token, house.bench.pharmacy) for system in (house.clinic, house.neighbour))
    order = door.create(request()).json
    order_id = UUID(order["id"])
    house.bench.accept(order_id)
    first, *_ = house.bench.plan(order_id, IN_L1)
    assert door.search("MedicationDispense")["total"] == 0
    house.bench.handed_over(first)
    (dispense_id,) = [entry["resource"]["id"] for entry in door.search("MedicationDispense")["entry"]]
    patient = order["subject"]["reference"]
    for query in (
        "",
        f"patient={patient}",
        f"prescription=MedicationRequest/{order_id}&status=completed",
        "whenhandedover=2026-03-02",
        "_lastUpdated=ge2026-03-02",
    ):
        (entry,) = door.search("MedicationDispense", query)["entry"]
        assert entry["resource"]["id"] == dispense_id
    for query in ("status=entered-in-error", "status=declined", "whenhandedover=lt2026-03-02", "prescription=00000000-0000-4000-8000-000000000000"):
        assert door.search("MedicationDispense", query)["total"] == 0
    read = door.get(f"/MedicationDispense/{dispense_id}")
    told = read.json
    assert told == entry["resource"]
    assert (told["status"], told["subject"]["reference"], told["authorizingPrescription"][0]["reference"]) == (
        "completed",
        patient,
        f"MedicationRequest/{order_id}",
    )
    assert (told["quantity"]["unit"], told["daysSupply"]["value"] > 0) == ("mL", True)
    assert told["contained"][0]["batch"]["expirationDate"]
    assert MedicationDispense.model_validate_json(read.data).status == "completed"
    medicationdispense.MedicationDispense(json.loads(read.data), strict=True)
    assert (other.get(f"/MedicationDispense/{dispense_id}").status_code, other.search("MedicationDispense")["total"]) == (404, 0)
    wrong = Void(Whereabouts.HERE, "the wrong bag")
    house.bench.pharmacy.perform(ActName.FILL_VOID, house.actors["maria"], lambda act: voids.void(act, first, wrong))
    voided = door.get(f"/MedicationDispense/{dispense_id}")
    assert (voided.json["status"], voided.headers["ETag"]) == ("entered-in-error", 'W/"2"')
    assert door.search("MedicationDispense", "status=entered-in-error")["total"] == 1
