"""Settings come from the environment; a missing one names itself, and nothing secret has a default."""

import stat
from pathlib import Path

import pytest

from compounding.settings import MissingSettings, Settings

WHOLE = {
    "PHARMACY_DATABASE_URL": "postgresql://pharmacy:secret@localhost/pharmacy",
    "PHARMACY_SECRET_KEY": "k" * 40,
    "PHARMACY_AUDIT_KEY": "a" * 40,
    "PHARMACY_DATA_KEY": "d" * 40,
    "PHARMACY_AUDIT_ANCHOR": "/elsewhere/audit.anchor",
    "PHARMACY_VAR": "somewhere",
    "PHARMACY_TIME_ZONE": "America/New_York",
    "PHARMACY_PUBLIC_URL": "https://pharmacy.example",
    "PHARMACY_NAME": "Harbour Pharmacy",
    "PHARMACY_ADDRESS": "1 Quay",
    "PHARMACY_PHONE": "555-010-0100",
    "PHARMACY_LICENCE": "PHY 00000",
}


def test_a_whole_environment_gives_settings_without_demonstration() -> None:
    settings = Settings.from_env(WHOLE)
    assert (settings.is_demonstration, settings.time_zone.key, settings.pharmacy.name) == (False, "America/New_York", "Harbour Pharmacy")
    assert settings.requires_factor
    assert not Settings.from_env({**WHOLE, "PHARMACY_SECOND_FACTOR": "optional"}).requires_factor


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_missing_setting_names_itself(name: str) -> None:
    with pytest.raises(MissingSettings, match=f"{name} is missing"):
        Settings.from_env({key: value for key, value in WHOLE.items() if key != name})


def test_an_empty_environment_names_all_that_is_missing_at_once() -> None:
    with pytest.raises(MissingSettings) as caught:
        Settings.from_env({})
    assert all(name in str(caught.value) for name in WHOLE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHARMACY_SECRET_KEY", "short"),
        ("PHARMACY_TIME_ZONE", "Mars/Olympus"),
        ("PHARMACY_TRUSTED_PROXIES", "-1"),
        ("PHARMACY_BODY_LIMIT", "1e6"),
        ("PHARMACY_SECOND_FACTOR", "no"),
        ("PHARMACY_PUBLIC_URL", "http://pharmacy.example"),
        ("PHARMACY_PUBLIC_URL", "https://pharmacy.example/"),
        ("PHARMACY_PUBLIC_URL", "https://you@pharmacy.example"),
        ("PHARMACY_PUBLIC_URL", "pharmacy.example"),
    ],
)
def test_a_setting_that_cannot_be_used_names_itself(name: str, value: str) -> None:
    with pytest.raises(MissingSettings, match=name):
        Settings.from_env({**WHOLE, name: value})


def test_the_demonstration_makes_its_secrets_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    environ = {"PHARMACY_DEMONSTRATION": "1", "PHARMACY_VAR": str(tmp_path / "var")}
    first, second = Settings.from_env(environ), Settings.demonstration(tmp_path / "var")
    assert first == second
    assert first.is_demonstration
    assert first.public_url == "http://127.0.0.1:8000"
    assert Settings.from_env({**environ, "PHARMACY_PUBLIC_URL": "http://127.0.0.1:8001"}).public_url == "http://127.0.0.1:8001"
    assert not first.requires_factor
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "var/secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var/audit_key").stat().st_mode) == 0o600
    assert len({first.audit_key, first.secret_key, first.data_key}) == 3
    assert stat.S_IMODE((tmp_path / "var/data_key").stat().st_mode) == 0o600
    assert sorted(file.name for file in (tmp_path / "var").iterdir()) == ["audit_key", "data_key", "secret_key"]


def test_two_demonstrations_do_not_share_a_secret(tmp_path: Path) -> None:
    assert Settings.demonstration(tmp_path / "a").secret_key != Settings.demonstration(tmp_path / "b").secret_key


def test_settings_that_are_printed_show_no_secret() -> None:
    printed = repr(Settings.from_env(WHOLE))
    assert "secret@" not in printed
    assert "kkk" not in printed
