"""Prescribers' systems and their tokens: what one opens, from when until when, and how the next takes over."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DBAPIError

from compounding.db.people import ClientNpiRow, ClientRow, ClientTokenRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid, Unknown
from compounding.domain.people import Actor, Role, system_actor
from compounding.domain.scope import ALL, Scope, scopes_of, text_of
from compounding.domain.token import TokenState
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.clients import add_client, client_by_token, make_token, move_tokens, note_use, revoke_token, rotate_token, token_of
from tests.api.orders import NPI
from tests.conftest import Clock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ADA = Actor(UUID(int=9), "Ada Administrator", "AA", Role.ADMINISTRATOR)
DOOR = system_actor("token")
READS = scopes_of("system/MedicationRequest.rs")


def added(pharmacy: Pharmacy, scopes: Iterable[Scope] = ALL) -> tuple[UUID, str]:
    return pharmacy.perform(ActName.CLIENT_ADD, ADA, lambda act: add_client(act, "Harbour Clinic", [NPI], scopes=scopes, until=act.at + timedelta(days=30)))


def opens(pharmacy: Pharmacy, secret: str) -> bool:
    return pharmacy.look(LookName.PEOPLE, DOOR, lambda look: client_by_token(look, secret)) is not None


def tokens(pharmacy: Pharmacy) -> dict[str, ClientTokenRow]:
    with reading(pharmacy.engine) as session:
        return {row.name: row for row in session.scalars(select(ClientTokenRow))}


def test_a_token_is_good_from_its_making_until_just_before_its_last_moment(pharmacy: Pharmacy, clock: Clock) -> None:
    _, secret = added(pharmacy)
    assert opens(pharmacy, secret)
    assert not opens(pharmacy, secret + "x")
    clock.moment += timedelta(days=30) - timedelta(seconds=1)
    assert opens(pharmacy, secret)
    clock.moment += timedelta(seconds=1)
    assert not opens(pharmacy, secret)


def test_the_bearer_has_the_npis_of_the_system_and_the_scopes_of_the_token(pharmacy: Pharmacy) -> None:
    client_id, secret = added(pharmacy, READS)
    bearer = pharmacy.look(LookName.PEOPLE, DOOR, lambda look: client_by_token(look, secret))
    assert bearer is not None
    assert bearer.actor == Actor(client_id, "Harbour Clinic", "", Role.PRESCRIBER, frozenset({NPI}), frozenset(READS))
    assert tokens(pharmacy)["first"].token_sha256 == sha256(secret.encode()).hexdigest()


def test_the_next_token_takes_over_while_the_old_one_stays_good_for_the_days_that_were_said(pharmacy: Pharmacy, clock: Clock) -> None:
    client, old = added(pharmacy, READS)
    first = tokens(pharmacy)["first"].id
    new = pharmacy.perform(ActName.CLIENT_ROTATE, ADA, lambda act: rotate_token(act, client, first, "second", overlap_days=7, days=365))
    assert opens(pharmacy, old)
    assert opens(pharmacy, new)
    assert tokens(pharmacy)["second"].scopes == text_of(READS)
    clock.pass_days(7)
    assert not opens(pharmacy, old)
    assert opens(pharmacy, new)
    with pytest.raises(Invalid, match="ended"):
        pharmacy.perform(ActName.CLIENT_ROTATE, ADA, lambda act: rotate_token(act, client, first, "third", overlap_days=7, days=365))


def test_an_overlap_never_makes_a_token_last_longer(pharmacy: Pharmacy, clock: Clock) -> None:
    client, old = added(pharmacy)
    row = tokens(pharmacy)["first"]
    pharmacy.perform(ActName.CLIENT_ROTATE, ADA, lambda act: rotate_token(act, client, row.id, "second", overlap_days=90, days=9))
    assert tokens(pharmacy)["first"].valid_until == row.valid_until
    clock.pass_days(30)
    assert not opens(pharmacy, old)
    with pytest.raises(Invalid, match="0 to 90"):
        pharmacy.perform(ActName.CLIENT_ROTATE, ADA, lambda act: rotate_token(act, client, row.id, "third", overlap_days=91, days=9))


def test_a_revoked_token_opens_nothing_and_stays_revoked(pharmacy: Pharmacy, clock: Clock) -> None:
    client, secret = added(pharmacy)
    key = tokens(pharmacy)["first"].id
    pharmacy.perform(ActName.CLIENT_REVOKE, ADA, lambda act: revoke_token(act, client, key))
    at = clock.moment
    clock.pass_days(1)
    pharmacy.perform(ActName.CLIENT_REVOKE, ADA, lambda act: revoke_token(act, client, key))
    assert not opens(pharmacy, secret)
    assert tokens(pharmacy)["first"].revoked_at == at
    assert token_of(tokens(pharmacy)["first"]).state(at) is TokenState.REVOKED


@pytest.mark.parametrize(
    "change", [{"valid_until": datetime(2099, 1, 1, tzinfo=UTC)}, {"revoked_at": None}, {"scopes": "system/Patient.rs"}, {"name": "another"}]
)
def test_the_database_lets_no_token_reach_further_or_come_back(pharmacy: Pharmacy, engine: Engine, change: dict[str, object]) -> None:
    client, _ = added(pharmacy, READS)
    key = tokens(pharmacy)["first"].id
    pharmacy.perform(ActName.CLIENT_REVOKE, ADA, lambda act: revoke_token(act, client, key))
    with pytest.raises(DBAPIError, match="UPDATE is refused"), engine.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(update(ClientTokenRow).values(**change))


def test_the_last_day_of_use_is_kept_and_no_more(pharmacy: Pharmacy, clock: Clock) -> None:
    added(pharmacy)
    key = tokens(pharmacy)["first"].id
    assert tokens(pharmacy)["first"].last_used_on is None
    pharmacy.perform(ActName.CLIENT_NOTE_USE, DOOR, lambda act: note_use(act, key))
    used = tokens(pharmacy)["first"].last_used_on
    clock.pass_days(1)
    pharmacy.perform(ActName.CLIENT_NOTE_USE, DOOR, lambda act: note_use(act, key))
    assert used is not None
    assert tokens(pharmacy)["first"].last_used_on == used + timedelta(days=1)


def test_a_token_of_an_older_version_is_moved_and_opens_what_it_opened(pharmacy: Pharmacy) -> None:
    secret = "a token of an older version"

    def older(act: Act) -> None:
        row = ClientRow(name="Hill Practice", token_sha256=sha256(secret.encode()).hexdigest(), active=True, created_at=act.at)
        act.session.add_all([row, ClientNpiRow(client_id=row.id, npi=NPI)])

    pharmacy.perform(ActName.CLIENT_ADD, ADA, older)
    assert not opens(pharmacy, secret)
    for _ in range(2):
        pharmacy.perform(ActName.CLIENT_MOVE, system_actor("command line"), move_tokens)
    assert opens(pharmacy, secret)
    assert len(tokens(pharmacy)) == 1


def test_a_token_needs_a_name_a_scope_that_is_known_and_a_system_that_is_there(pharmacy: Pharmacy) -> None:
    client_id, _ = added(pharmacy)
    with pytest.raises(Invalid) as nameless:
        pharmacy.perform(ActName.CLIENT_GRANT, ADA, lambda act: make_token(act, client_id, " ", scopes=ALL, until=act.at))
    assert list(nameless.value.fields) == ["name"]
    with pytest.raises(Unknown):
        pharmacy.perform(ActName.CLIENT_GRANT, ADA, lambda act: make_token(act, uuid4(), "more", scopes=ALL, until=act.at))
    with pytest.raises(Unknown):
        pharmacy.perform(ActName.CLIENT_REVOKE, ADA, lambda act: revoke_token(act, client_id, uuid4()))
