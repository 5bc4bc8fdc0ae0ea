"""The commands round the trail: verified where it is, and exported to somebody who has no program."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import Result
from flask import Flask

from compounding.app import create_app
from compounding.settings import Settings
from tests.conftest import Clock


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.demonstration(tmp_path_factory.mktemp("trail") / "var")


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    """A demonstration that was begun: migrations and all that its seed writes."""
    made = create_app(settings, clock=Clock())
    assert said(made, "init").exit_code == 0
    yield made
    made.extensions["pharmacy"].engine.dispose()


def said(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def verified(folder: Path, *more: str) -> str:
    """What the exported program says, run without anything of ours beside it."""
    command = [sys.executable, "-I", "verify.py", "trail.jsonl", "anchor.txt", *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_the_records_of_the_demonstration_are_verified_and_exported_with_a_program_that_verifies_them(app: Flask, settings: Settings, tmp_path: Path) -> None:
    assert said(app, "verify").output.startswith("The records are as they were written: ")
    bundle = tmp_path / "trail.zip"
    assert "seals are in" in said(app, "export-trail", str(bundle)).output
    assert bundle.stat().st_mode & 0o777 == 0o600
    assert "is there already" in said(app, "export-trail", str(bundle)).output

    there = tmp_path / "elsewhere"
    ZipFile(bundle).extractall(there)
    (there / "key.txt").write_text(settings.audit_key + "\n")
    assert verified(there) == "The trail is as it was written (hashes, links and anchor; the codes only with the key).\n"
    assert verified(there, "key.txt") == "The trail is as it was written (hashes, links, anchor and codes).\n"
    _changed_in_every_way(there)


def _changed_in_every_way(there: Path) -> None:
    whole = (there / "trail.jsonl").read_text().splitlines()
    place = next(number for number, line in enumerate(whole) if len(json.loads(line)["rows"]) > 1)
    seal = json.loads(whole[place])
    row = seal["rows"][0]["values"]["id"]

    def found(lines: list[str], *more: str) -> str:
        (there / "trail.jsonl").write_text("\n".join(lines) + "\n")
        return verified(there, *more)

    def with_seal(**other: object) -> list[str]:
        return [*whole[:place], json.dumps(seal | other), *whole[place + 1 :]]

    edited = [{"table": "audit_entry", "values": seal["rows"][0]["values"] | {"actor_name": "Somebody Else"}}, *seal["rows"][1:]]
    assert f"row {row} of seal {place + 1} was changed" in found(with_seal(rows=edited))
    assert f"row {row} of seal {place + 1} is missing" in found(with_seal(rows=seal["rows"][1:]))
    assert f"of seal {place + 1} was put in" in found(with_seal(rows=[*seal["rows"], {"table": "read_entry", "values": {"id": "x"}}]))
    assert f"seal {place + 1} is missing" in found([*whole[:place], *whole[place + 1 :]])
    assert f"seal {len(whole)} is in the anchor and not in the trail" in found(whole[:-1])
    assert f"seal {place + 1} has another code in the anchor" in found(with_seal(code="f" * 64))
    assert f"seal {place + 1} was not made with this key" in found(with_seal(at="2020-01-01T00:00:00.000000+00:00"), "key.txt")


def test_what_was_changed_in_the_file_of_the_records_is_an_error_of_the_command(app: Flask, settings: Settings) -> None:
    whole = settings.audit_anchor.read_text()
    anchor = whole.splitlines()
    settings.audit_anchor.write_text("\n".join([*anchor, f"{len(anchor) + 1} {'0' * 64}"]) + "\n")
    answer = said(app, "verify")
    settings.audit_anchor.write_text(whole)
    assert answer.exit_code == 1
    assert f"THE RECORDS WERE CHANGED. First of all, seal {len(anchor) + 1}: the anchor outside of the database knows it" in answer.output
