"""The FHIR door as a prescriber's system uses it, and the expressions of its refusals looked up in what was sent."""

import re
from dataclasses import dataclass
from typing import Any

import simplejson
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from compounding.db.document import decode
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.session import reading
from compounding.domain.prescription import Order
from compounding.workflow.act import Pharmacy
from tests.api.resources import text_of

R4 = "/fhir/R4"
MEDIA = "application/fhir+json"


class Answer(TestResponse):
    """An answer whose numbers keep their digits."""

    @property
    def json(self) -> dict[str, Any]:
        return simplejson.loads(self.data, use_decimal=True)


@dataclass(frozen=True)
class Door:
    client: FlaskClient
    token: str
    pharmacy: Pharmacy

    def create(self, resource: object, **headers: str) -> Answer:
        return self.send("/MedicationRequest", text_of(resource), **headers)

    def transact(self, bundle: object, **headers: str) -> Answer:
        return self.send("/", text_of(bundle), **headers)

    def send(self, address: str, body: str | bytes, **headers: str) -> Answer:
        return self.client.post(f"{R4}{address}", data=body, headers={**self.bearer, "Content-Type": MEDIA, **headers})

    def get(self, address: str) -> Answer:
        return self.client.get(f"{R4}{address}", headers=self.bearer)

    def search(self, kind: str, query: str = "") -> dict[str, Any]:
        answer = self.get(f"/{kind}?{query}")
        assert answer.status_code == 200, answer.json
        return answer.json

    def orders(self) -> list[Order]:
        """Every order that is kept, whoever sent it."""
        with reading(self.pharmacy.engine) as session:
            return [decode(Order, text) for text in session.scalars(select(PrescriptionRow.document).order_by(PrescriptionRow.number))]

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def refused(answer: Answer, status: int = 422) -> dict[str, str]:
    """The sentences of an outcome by the expression of their element."""
    assert (answer.status_code, answer.mimetype) == (status, MEDIA), answer.json
    outcome = answer.json
    assert outcome["resourceType"] == "OperationOutcome"
    return {issue["expression"][0]: issue["details"]["text"] for issue in outcome["issue"]}


def found(resource: dict[str, Any], expression: str) -> bool:
    """Whether an expression leads to an element of `resource`, or to a place in one where the element is missing."""
    place: Any = resource
    steps = re.findall(r"([A-Za-z]+)(?:\[(\d+)\])?", expression.partition(".")[2])
    for number, (name, index) in enumerate(steps):
        keys = [key for key in place if key == name or (key.startswith(name) and key[len(name) : len(name) + 1].isupper())]
        if not keys:
            return number == len(steps) - 1
        place = place[keys[0]]
        if index:
            place = place[int(index)]
    return True
