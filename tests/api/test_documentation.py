"""What `docs/api.md` shows is what the API does."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.api.conftest import System

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run_client(folder: Path, address: str, token: str, *, order: str, key: str) -> subprocess.CompletedProcess[str]:
    (folder / "order.json").write_text(order, encoding="utf-8")
    (folder / "send.py").write_text(block("python"), encoding="utf-8")
    environment = os.environ | {"PHARMACY_ADDRESS": address, "PHARMACY_TOKEN": token}
    return subprocess.run([sys.executable, "send.py", "order.json", key], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_order_of_the_page_is_taken_as_it_stands(clinic: System) -> None:
    told = clinic.send_text(block("json")).get_json()
    assert (told["status"], told["course"]) == ("received", {"days": 42, "total_mg": "126"})


def test_the_client_of_the_page_sends_an_order_and_may_send_it_again(clinic: System, address: str, tmp_path: Path) -> None:
    assert len([line for line in block("python").splitlines() if line]) <= 20
    first, second = (run_client(tmp_path, address, clinic.token, order=block("json"), key="order-1") for _ in range(2))
    assert first.stdout.splitlines()[:2] == ["100001", "received"]
    assert (second.stdout, second.returncode, first.stderr) == (first.stdout, 0, "")
    assert len(clinic.stored()) == 1


def test_the_client_of_the_page_tells_what_to_correct(clinic: System, address: str, tmp_path: Path) -> None:
    order = block("json").replace('"dose": "3"', '"dose": "3.0"')
    sent = run_client(tmp_path, address, clinic.token, order=order, key="order-1")
    assert sent.returncode == 1
    assert sent.stderr.splitlines()[1].startswith('steps.1.dose: "3.0" cannot be read. Write digits')


def test_curl_sends_reads_and_changes_as_the_page_shows(clinic: System, address: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("curl is not on this machine: install the package curl")
        pytest.skip("curl is not on this machine: install the package curl")
    (tmp_path / "order.json").write_text(block("json"), encoding="utf-8")
    environment = os.environ | {"PHARMACY_ADDRESS": address, "PHARMACY_TOKEN": clinic.token}
    command = ["bash", "-euo", "pipefail", "-c", block("bash"), "bash", "order.json", "order-1"]
    sent = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert sent.returncode == 0, sent.stderr
    assert json.loads(sent.stdout)["prescription"]["changes"][0]["reason"] == "written twice"
    assert [order["status"] for order in clinic.stored()] == ["cancelled"]
