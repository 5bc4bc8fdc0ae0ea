"""What `docs/fhir.md` shows is what the door does."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from threading import Thread
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.serving import make_server

from compounding.domain.authority import ActName
from compounding.domain.people import system_actor
from compounding.workflow.system_access import add_keys
from tests.api.fhir import R4, Door
from tests.api.signatures import Signer
from tests.api.test_backend_services import client_id
from tests.api.test_fhir_readers import understood

PAGE = (Path(__file__).parents[2] / "docs/fhir.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def address(shared_app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, shared_app)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def curl(command: str, folder: Path, address: str, door: Door) -> dict[str, object]:
    if which("curl") is None:
        pytest.skip("curl is not on this machine")
    environment = os.environ | {"PHARMACY_ADDRESS": address, "PHARMACY_TOKEN": door.token}
    quiet = command.replace("curl", "curl --silent --show-error")
    said = subprocess.run(["sh", "-c", quiet], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(said.stdout)
    return answer


def test_the_titration_of_the_page_is_sent_by_its_curl_kept_once_and_found(door: Door, address: str, tmp_path: Path) -> None:
    (order,), (send, find, *_) = blocks("json"), blocks("sh")
    assert understood(order) == "Bundle"
    (tmp_path / "order.json").write_text(order, encoding="utf-8")
    first, second = (curl(send, tmp_path, address, door) for _ in range(2))
    assert [answer["entry"][-1]["response"]["status"] for answer in (first, second)] == ["201 Created", "200 OK"]
    assert [step["doseAndRate"][0]["doseQuantity"]["value"] for step in first["entry"][-1]["resource"]["dosageInstruction"]] == [1.5, 3, 4.5]
    assert first["entry"][-1]["resource"]["status"] == "active"
    assert curl(find, tmp_path, address, door)["total"] == 1


def test_the_client_of_the_page_gets_a_token_by_its_key(shared_app: Flask, door: Door, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared_app.extensions["pharmacy"].clock.moment = now = datetime.now(UTC)
    monkeypatch.setitem(shared_app.config, "PUBLIC_URL", address)
    signer = Signer(str(client_id(door.pharmacy)), now)
    door.pharmacy.perform(
        ActName.CLIENT_ADD_KEY, system_actor("command line"), lambda act: add_keys(act, UUID(signer.client_id), {"keys": [signer.public]})
    )  # fmt: skip
    (program,) = blocks("python")
    (tmp_path / "private.json").write_text(json.dumps(signer.key.as_dict(private=True)), encoding="utf-8")
    (tmp_path / "token.txt").write_text(program, encoding="utf-8")
    environment = os.environ | {"PHARMACY_ADDRESS": address, "PHARMACY_CLIENT": signer.client_id}
    said = subprocess.run([sys.executable, "token.txt"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert said.stderr == ""
    bearer = {"Authorization": f"Bearer {said.stdout.strip()}"}
    assert door.client.get(f"{R4}/MedicationRequest", headers=bearer).status_code == 200
    assert door.client.get(f"{R4}/MedicationDispense", headers=bearer).status_code == 403
