"""What differs from one deployment to the next, read once; what a pharmacist decides is `domain.policy`.

A setting that is missing names itself, together with every other that is missing. Nothing secret has a default: only the
demonstration makes secrets of its own, in a file that its owner alone can read.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from compounding.db.private import Vault
from compounding.db.seals import Seals
from compounding.domain.people import PharmacyProfile

_SECRET_BYTES = 32
_SHORTEST_SECRET = 32  # characters
_PAPER_LIMIT = 4_000_000  # bytes of a filed paper: a dozen pages, scanned in grey at 150 dots an inch
_API_RATE = 1_000  # requests a minute: seventeen a second, each of some ten milliseconds, leave most of a worker to the counter
_ORIGIN = re.compile(r"https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?", re.ASCII)
_BODY_LIMIT = 262_144  # bytes; the longest order that the schema allows is about 60 kB


class MissingSettings(Exception):
    """The program cannot start; the message names each setting that is missing or cannot be read."""


DEMONSTRATION_URL = "http://127.0.0.1:8000"  # where ./run serves unless it is told another port
DEMONSTRATION_PROFILE = PharmacyProfile(
    name="Demonstration Pharmacy",
    address="1 Example Street, Sampletown, CA 90000",
    phone="555-010-0100",
    licence="DEMO 00000",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment.

    - `database_url`: `sqlite:////path/to/file` or `postgresql://...`.
    - `secret_key` signs the session cookie.
    - `audit_key` seals the trail of audit.
    - `data_key` locks what is known of patients at rest. Without it nobody reads them any more: keep a copy of it elsewhere.
    - `audit_anchor` is the file outside of the database that knows each seal; best on a disk that the database's owner cannot write.
    - `is_demonstration`: pages say so, and cookies work without TLS.
    - `second_factor`: whether each of the staff must have one, but for the demonstration, which leaves it to each.
    - `var`: the folder for what the program writes beside the database.
    - `time_zone`: where the pharmacy stands; its days are counted there.
    - `public_url`: the address of this server as prescribers' systems know it, such as `https://pharmacy.example`. Assertions must be made for it, and
      every absolute address that the API tells begins with it: the Host header of a request is chosen by whoever sends it.
    - `trusted_proxies`: how many proxies in front of the server set `X-Forwarded-*` (0: none is believed).
    - `api_rate`: how many requests a prescriber's system may send in a minute to one machine.
    - `body_limit`: the largest request, in bytes; but for a form that brings a paper, whose file may have `paper_limit` bytes.
    """

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    audit_key: str = field(repr=False)
    data_key: str = field(repr=False)
    audit_anchor: Path
    pharmacy: PharmacyProfile
    var: Path
    time_zone: ZoneInfo
    public_url: str
    is_demonstration: bool = False
    second_factor: bool = True
    trusted_proxies: int = 0
    api_rate: int = _API_RATE
    body_limit: int = _BODY_LIMIT
    paper_limit: int = _PAPER_LIMIT

    @property
    def requires_factor(self) -> bool:
        """Whether nobody of the staff works without a second factor."""
        return self.second_factor and not self.is_demonstration

    @property
    def seals(self) -> Seals:
        """What seals the trail of audit."""
        return Seals(self.audit_key.encode(), self.audit_anchor)

    @property
    def vault(self) -> Vault:
        """The key to what is private."""
        return Vault(self.data_key)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """The settings that `environ` names; with PHARMACY_DEMONSTRATION=1 those of the demonstration, in the folder PHARMACY_VAR or `var`.

        Raises `MissingSettings`.
        """
        if environ.get("PHARMACY_DEMONSTRATION") == "1":
            found = _Environment({"PHARMACY_PUBLIC_URL": DEMONSTRATION_URL, **environ})
            public_url = found.origin("PHARMACY_PUBLIC_URL", "https", "http")
            found.complain()
            return cls.demonstration(Path(environ.get("PHARMACY_VAR", "var")), public_url=public_url)
        found = _Environment(environ)
        settings = cls(
            database_url=found.text("PHARMACY_DATABASE_URL"),
            secret_key=found.secret("PHARMACY_SECRET_KEY"),
            audit_key=found.secret("PHARMACY_AUDIT_KEY"),
            data_key=found.secret("PHARMACY_DATA_KEY"),
            audit_anchor=Path(found.text("PHARMACY_AUDIT_ANCHOR")),
            var=Path(found.text("PHARMACY_VAR")),
            time_zone=found.zone("PHARMACY_TIME_ZONE"),
            public_url=found.origin("PHARMACY_PUBLIC_URL", "https"),
            second_factor=found.one_of("PHARMACY_SECOND_FACTOR", "required", "optional") == "required",
            trusted_proxies=found.whole("PHARMACY_TRUSTED_PROXIES", 0),
            api_rate=found.whole("PHARMACY_API_RATE", _API_RATE),
            body_limit=found.whole("PHARMACY_BODY_LIMIT", _BODY_LIMIT),
            paper_limit=found.whole("PHARMACY_PAPER_LIMIT", _PAPER_LIMIT),
            pharmacy=PharmacyProfile(
                name=found.text("PHARMACY_NAME"),
                address=found.text("PHARMACY_ADDRESS"),
                phone=found.text("PHARMACY_PHONE"),
                licence=found.text("PHARMACY_LICENCE"),
            ),
        )
        found.complain()
        return settings

    @classmethod
    def demonstration(cls, var: Path, *, public_url: str = DEMONSTRATION_URL) -> Self:
        """A fictional pharmacy with a SQLite file and a generated secret in the folder `var`, which is made if it is not there."""
        var = var.resolve()
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(
            database_url=f"sqlite:///{var / 'pharmacy.sqlite'}",
            secret_key=_kept_secret(var / "secret_key"),
            audit_key=_kept_secret(var / "audit_key"),
            data_key=_kept_secret(var / "data_key"),
            audit_anchor=var / "audit.anchor",
            pharmacy=DEMONSTRATION_PROFILE,
            var=var,
            time_zone=ZoneInfo("America/Los_Angeles"),
            public_url=public_url,
            is_demonstration=True,
        )


class _Environment:
    """Reads one setting after the other and keeps what was wrong, so that all of it can be told at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._complaints: list[str] = []

    def text(self, name: str) -> str:
        value = self._environ.get(name, "").strip()
        if not value:
            self._complaints.append(f"{name} is missing")
        return value

    def secret(self, name: str) -> str:
        value = self.text(name)
        if 0 < len(value) < _SHORTEST_SECRET:
            self._complaints.append(f"{name} is shorter than {_SHORTEST_SECRET} characters")
        return value

    def zone(self, name: str) -> ZoneInfo:
        value = self.text(name)
        try:
            return ZoneInfo(value or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            self._complaints.append(f"{name} is no time zone (such as America/Los_Angeles)")
            return ZoneInfo("UTC")

    def origin(self, name: str, *schemes: str) -> str:
        """Scheme, host and port of an address, and nothing behind them."""
        value = self.text(name)
        if value and not (_ORIGIN.fullmatch(value) and value.partition(":")[0] in schemes):
            self._complaints.append(f"{name} is no address such as {schemes[0]}://pharmacy.example, in small letters and without a path")
        return value

    def whole(self, name: str, default: int) -> int:
        value = self._environ.get(name, str(default))
        if not (value.isascii() and value.isdigit()):
            self._complaints.append(f"{name} is not a whole number")
            return default
        return int(value)

    def one_of(self, name: str, *values: str) -> str:
        value = self._environ.get(name, values[0])
        if value not in values:
            self._complaints.append(f"{name} is none of {', '.join(values)}")
        return value

    def complain(self) -> None:
        if self._complaints:
            raise MissingSettings(f"The program cannot start: {'; '.join(self._complaints)}. Set PHARMACY_DEMONSTRATION=1 to try it without.")


def _kept_secret(path: Path) -> str:
    """The secret in `path`, made once; two processes that start together agree, since only one can make the file under its name."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_SECRET_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")
