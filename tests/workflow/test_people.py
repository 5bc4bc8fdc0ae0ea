"""Who joins the staff, who gets in, and who signs."""

import pytest

from compounding.db.people import PersonRow
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Forbidden, Invalid
from compounding.domain.people import Actor, Role, system_actor
from compounding.workflow.act import Pharmacy
from compounding.workflow.people import add_person, check_signature, sign_in, staff

PASSWORD, PIN = "correct horse battery", "271828"
DOOR = system_actor("sign-in")


def join(pharmacy: Pharmacy, **changes: str) -> object:
    person = {"username": "Tess", "name": "Tess Technician", "initials": "TT", "licence": "T 1", "password": PASSWORD, "pin": PIN, **changes}
    role = Role(person.pop("role", "technician"))
    return pharmacy.perform(ActName.PERSON_ADD, system_actor("command line"), lambda act: add_person(act, role=role, **person))


def test_who_has_joined_signs_in_and_signs(pharmacy: Pharmacy) -> None:
    person = join(pharmacy)
    found = pharmacy.look(LookName.PEOPLE, DOOR, lambda look: sign_in(look, "tess", PASSWORD))

    assert found is not None
    assert found.actor == Actor(person, "Tess Technician", "TT", Role.TECHNICIAN)
    assert pharmacy.look(LookName.PEOPLE, DOOR, lambda look: staff(look, found.actor.id)) == found
    signed = {
        (secret, allow_pin): pharmacy.look(LookName.PEOPLE, DOOR, lambda look, s=secret, p=allow_pin: check_signature(look, found.actor.id, s, allow_pin=p))
        for secret in (PASSWORD, PIN, "")
        for allow_pin in (True, False)
    }
    assert signed == {(PASSWORD, True): True, (PASSWORD, False): True, (PIN, True): True, (PIN, False): False, ("", True): False, ("", False): False}


def test_secrets_are_kept_as_argon2id_only(pharmacy: Pharmacy) -> None:
    person = join(pharmacy)
    row = pharmacy.look(LookName.PEOPLE, DOOR, lambda look: look.session.get(PersonRow, person))

    assert row is not None
    assert all(kept.startswith("$argon2id$") for kept in (row.password_hash, row.pin_hash))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", " "),
        ("password", "123456789"),
        ("password", "x" * 201),
        ("pin", "123"),
        ("pin", "12a4"),
        ("pin", "١٢٣٤"),
        ("role", "prescriber"),
        ("role", "system"),
    ],
)
def test_a_person_who_cannot_be_added_is_refused_by_field(pharmacy: Pharmacy, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        join(pharmacy, **{field: value})

    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_pharmacist_adds_nobody(pharmacy: Pharmacy, pharmacist: Actor) -> None:
    with pytest.raises(Forbidden):
        pharmacy.perform(ActName.PERSON_ADD, pharmacist, lambda act: act.id)
