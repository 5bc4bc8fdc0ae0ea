"""Who works here, and who writes to us: staff with roles, prescribers' systems, and the named system actors."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from compounding.domain.scope import Scope


class Role(StrEnum):
    """What a person may be in the pharmacy."""

    TECHNICIAN = "technician"
    PHARMACIST = "pharmacist"
    IN_CHARGE = "pharmacist in charge"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PRESCRIBER = "prescriber"
    SYSTEM = "system"


PHARMACISTS = frozenset({Role.PHARMACIST, Role.IN_CHARGE})
BENCH = PHARMACISTS | {Role.TECHNICIAN}
STAFF = BENCH | {Role.ADMINISTRATOR, Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does an act or asks a question: a member of staff, a prescriber's system, or a named part of the program.

    Holds what authority and audit need. Secrets, sessions and tokens do not belong here.
    `npis` are the prescribers for whom a prescriber's system may write, `scopes` what the token of this request opens; empty for everybody else.
    """

    id: UUID
    name: str
    initials: str
    role: Role
    npis: frozenset[str] = frozenset()
    scopes: frozenset[Scope] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PharmacyProfile:
    """Who the pharmacy is, as labels, leaflets and pages print it."""

    name: str
    address: str
    phone: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who is to join the staff."""

    username: str
    name: str
    initials: str
    role: Role
    licence: str


def system_actor(name: str) -> Actor:
    """A part of the program that acts by itself (`seed`, `command line`, `sign-in`); its id follows from its name."""
    return Actor(UUID(bytes=name.encode()[:16].ljust(16, b"\0")), name, "", Role.SYSTEM)
