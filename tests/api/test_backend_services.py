"""SMART Backend Services: a token of five minutes for a signed assertion, once; and whatever else is no proof of who asks."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from sqlalchemy import select

from compounding.api.rate import Counter
from compounding.db.people import ClientRow
from compounding.db.session import reading
from compounding.db.system_access import AccessTokenRow, UsedAssertionRow
from compounding.domain.authority import ActName
from compounding.domain.errors import Invalid
from compounding.domain.people import system_actor
from compounding.domain.scope import Scope
from compounding.workflow.act import Pharmacy
from compounding.workflow.system_access import add_keys, retire_key
from tests.api.conftest import System, system
from tests.api.fhir import R4, Door
from tests.api.orders import NPI
from tests.api.signatures import TOKEN, Signer, rsa
from tests.conftest import Clock

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


def client_id(pharmacy: Pharmacy, name: str = "Harbour Clinic") -> UUID:
    with reading(pharmacy.engine) as session:
        return session.scalars(select(ClientRow.id).where(ClientRow.name == name)).one()


def known(pharmacy: Pharmacy, *signers: Signer, **options: object) -> None:
    keys = {"keys": [signer.public for signer in signers]}
    pharmacy.perform(ActName.CLIENT_ADD_KEY, system_actor("command line"), lambda act: add_keys(act, UUID(signers[0].client_id), keys, **options))


@pytest.fixture(scope="module")
def signer(door: Door) -> Signer:
    made = Signer(str(client_id(door.pharmacy)), NOW)
    known(door.pharmacy, made)
    return made


def error(door: Door, form: dict[str, str]) -> tuple[int, str]:
    answer = door.client.post("/oauth/token", data=form)
    assert answer.json["error_description"]
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status_code, answer.json["error"]


def asks(door: Door, token: str) -> int:
    status: int = door.client.get(f"{R4}/MedicationRequest", headers={"Authorization": f"Bearer {token}"}).status_code
    return status


def test_a_signed_assertion_gets_a_token_of_five_minutes_for_what_it_asks(shared_app: Flask, door: Door, signer: Signer) -> None:
    answer = door.client.post("/oauth/token", data=signer.form("system/MedicationRequest.rs system/Patient.r"))
    told = answer.json
    assert (answer.status_code, told["token_type"], told["expires_in"], told["scope"]) == (200, "bearer", 300, "system/MedicationRequest.rs system/Patient.r")
    assert asks(door, told["access_token"]) == 200
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    assert door.client.post(f"{R4}/MedicationRequest", headers=bearer, data="{}", content_type="application/fhir+json").status_code == 403
    assert door.client.get("/api/v1/prescriptions", headers=bearer).status_code == 200
    with reading(door.pharmacy.engine) as session:
        assert told["access_token"] not in session.scalars(select(AccessTokenRow.token_sha256)).all()
    clock: Clock = shared_app.extensions["pharmacy"].clock
    clock.moment += timedelta(minutes=4, seconds=59)
    assert asks(door, told["access_token"]) == 200
    clock.moment += timedelta(seconds=1)
    assert asks(door, told["access_token"]) == 401
    clock.moment = NOW


def test_an_assertion_and_a_token_that_have_ended_give_their_rows_to_the_next(shared_app: Flask, door: Door) -> None:
    clock: Clock = shared_app.extensions["pharmacy"].clock
    system(shared_app, "Lone Practice", NPI)
    lone = Signer(str(client_id(door.pharmacy, "Lone Practice")), NOW)
    known(door.pharmacy, lone)
    form, rows = lone.form(), []
    for seconds in (0, 60, 359, 360, 720):  # the first is good for 300 seconds, and clocks may differ by 60
        clock.moment = NOW + timedelta(seconds=seconds)
        fresh = form if not seconds else Signer(lone.client_id, clock.moment, lone.key).form()
        assert door.client.post("/oauth/token", data=fresh).status_code == 200
        assert error(door, form) == (401, "invalid_client")
        with reading(door.pharmacy.engine) as session:
            kinds = (UsedAssertionRow, AccessTokenRow)
            rows.append([len(session.scalars(select(kind.id).where(kind.client_id == UUID(lone.client_id))).all()) for kind in kinds])
    assert rows == [[1, 1], [2, 2], [3, 2], [3, 2], [3, 2]]
    clock.moment = NOW


def test_rsa_keys_are_taken_as_well_and_several_may_be_good_at_once(door: Door, signer: Signer) -> None:
    other = rsa(signer.client_id, NOW)
    known(door.pharmacy, signer, other)
    assert [door.client.post("/oauth/token", data=key.form()).status_code for key in (signer, other)] == [200, 200]


def test_an_assertion_is_good_once_however_often_it_comes_at_the_same_moment(shared_app: Flask, door: Door, signer: Signer) -> None:
    form = signer.form()
    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(lambda _: shared_app.test_client().post("/oauth/token", data=form), range(4)))
    assert sorted(answer.status_code for answer in answers)[:1] == [200]
    assert {answer.status_code for answer in answers} <= {200, 401, 503}
    assert [answer.status_code for answer in answers].count(200) == 1
    assert error(door, form) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://elsewhere.example/token"}, {"aud": None}, {"iss": "somebody"}, {"sub": "somebody"}, {"sub": None}, {"exp": SECONDS},
        {"exp": SECONDS + 301}, {"exp": None}, {"exp": True}, {"exp": str(SECONDS + 60)}, {"jti": None}, {"jti": ""}, {"jti": "x" * 201},
        {"nbf": SECONDS + 120}, {"iat": "now"},
        {"iss": "00000000-0000-4000-8000-000000000000", "sub": "00000000-0000-4000-8000-000000000000"},
    ],
)  # fmt: skip
def test_an_assertion_that_says_something_else_is_not_believed(door: Door, signer: Signer, changes: dict[str, object]) -> None:
    assert error(door, signer.form(client_assertion=signer.sign(signer.claims(**changes)))) == (401, "invalid_client")


def test_an_assertion_may_be_for_several_and_have_an_age(door: Door, signer: Signer) -> None:
    claims = signer.claims(aud=["https://elsewhere.example", TOKEN], iat=SECONDS, nbf=SECONDS)
    assert door.client.post("/oauth/token", data=signer.form(client_assertion=signer.sign(claims))).status_code == 200


def test_no_other_signature_is_believed(door: Door, signer: Signer) -> None:
    stranger = Signer(signer.client_id, NOW)
    same_kid = Signer(signer.client_id, NOW, ECKey.generate_key("P-384", parameters={"kid": signer.key.kid}))
    head, body, signature = signer.sign().split(".")
    unsigned = f"eyJhbGciOiJub25lIn0.{body}."
    secret = Signer(signer.client_id, NOW, ECKey.generate_key("P-256", parameters={"kid": signer.key.kid}), "ES256")
    forged = [stranger.sign(), same_kid.sign(), secret.sign(), unsigned, f"{head}.{body}.{signature[::-1]}", signer.sign(kid=None), "x", "x.y.z", "a" * 9_000]
    assert {error(door, signer.form(client_assertion=item)) for item in forged} == {(401, "invalid_client")}


def test_a_retired_key_signs_nothing_and_ends_its_tokens(door: Door, signer: Signer) -> None:
    old = Signer(signer.client_id, NOW)
    known(door.pharmacy, old)
    token = door.client.post("/oauth/token", data=old.form()).json["access_token"]
    assert asks(door, token) == 200
    door.pharmacy.perform(ActName.CLIENT_RETIRE_KEY, system_actor("command line"), lambda act: retire_key(act, UUID(old.client_id), old.key.kid))
    assert (asks(door, token), error(door, old.form())) == (401, (401, "invalid_client"))
    with pytest.raises(Invalid, match="known already"):
        known(door.pharmacy, old)


def test_a_key_opens_no_more_than_it_was_given(door: Door, signer: Signer) -> None:
    reader = Signer(signer.client_id, NOW)
    known(door.pharmacy, reader, scopes=[Scope("MedicationRequest", "r")])
    assert error(door, reader.form("system/MedicationRequest.cr")) == (400, "invalid_scope")
    assert error(door, reader.form("system/Patient.r")) == (400, "invalid_scope")
    assert error(door, reader.form("system/*.rs")) == (400, "invalid_scope")
    assert door.client.post("/oauth/token", data=reader.form("system/MedicationRequest.r")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"), ({"grant_type": None}, "invalid_request"), ({"scope": None}, "invalid_request"),
        ({"client_assertion_type": "jwt"}, "invalid_request"), ({"client_assertion": None}, "invalid_request"), ({"scope": ""}, "invalid_request"),
    ],
)  # fmt: skip
def test_a_request_that_lacks_something_is_told_so(door: Door, signer: Signer, changes: dict[str, str | None], code: str) -> None:
    assert error(door, signer.form(**changes)) == (400, code)


def test_the_configuration_says_where_and_how(door: Door, by_json: System) -> None:
    told = door.client.get(f"{R4}/.well-known/smart-configuration").json
    assert (told["token_endpoint"], told["token_endpoint_auth_signing_alg_values_supported"]) == (TOKEN, ["ES384", "RS384"])
    assert "system/MedicationRequest.crus" in told["scopes_supported"]
    assert by_json.client.get("/oauth/token").status_code == 405


def test_the_address_of_the_server_is_the_configured_one_whatever_a_request_says(door: Door, signer: Signer) -> None:
    elsewhere = {"Host": "elsewhere.example"}
    claims = signer.claims("http://elsewhere.example/oauth/token")
    answer = door.client.post("/oauth/token", data=signer.form(client_assertion=signer.sign(claims)), headers=elsewhere)
    assert (answer.status_code, answer.json["error"], TOKEN in answer.json["error_description"]) == (401, "invalid_client", True)
    assert door.client.post("/oauth/token", data=signer.form(), headers=elsewhere).status_code == 200
    told = [
        door.client.get(f"{R4}/{name}", headers=elsewhere | door.bearer).text for name in (".well-known/smart-configuration", "metadata", "MedicationRequest")
    ]
    assert [("http://localhost/" in text, "elsewhere" in text) for text in told] == [(True, False)] * 3


def test_tokens_are_counted_like_any_other_request(shared_app: Flask, door: Door, signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(shared_app.extensions, "api rate", Counter(tmp_path, 2))
    answers = [door.client.post("/oauth/token", data=signer.form()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].json["error"], answers[2].headers["Retry-After"]) == ("temporarily_unavailable", "60")


def test_only_public_keys_that_are_strong_enough_are_kept(door: Door, signer: Signer) -> None:
    private = signer.key.as_dict(private=True)
    for key in (
        private,
        Signer("", NOW, ECKey.generate_key("P-256", parameters={"kid": "a"})).public,
        {**signer.public, "kid": ""},
        {"kid": "b", "kty": "oct", "k": "AAAA"},
        "x",
    ):
        with pytest.raises(Invalid):
            door.pharmacy.perform(
                ActName.CLIENT_ADD_KEY, system_actor("command line"), lambda act, key=key: add_keys(act, UUID(signer.client_id), {"keys": [key]})
            )  # fmt: skip


def test_the_command_takes_keys_in_and_retires_them(shared_app: Flask, signer: Signer, tmp_path: Path) -> None:
    fresh, path = Signer(signer.client_id, NOW), tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [fresh.public]}))
    commands = shared_app.test_cli_runner()
    taken = commands.invoke(args=["keys", "Harbour Clinic", str(path), "--scope", "system/Patient.r"])
    assert (taken.exit_code, f"client id  {signer.client_id}" in taken.output, f"ES384  {fresh.key.kid}  good  system/Patient.r" in taken.output) == (
        0,
        True,
        True,
    )
    retired = commands.invoke(args=["keys", signer.client_id, "--retire", fresh.key.kid])
    assert f"{fresh.key.kid}  retired" in retired.output
    assert commands.invoke(args=["keys", "Nobody"]).exit_code == 1
    for wrong, said in (
        (b'{"keys": [], "keys": []}', "This is no JSON, or a name stands twice in it."),
        (b"[]", "This is no JWK set."),
        (b"\xff", "The file is no text in UTF-8."),
        (b'{"keys": []}', "Give a JWK set: an object whose keys are a list of public keys."),
    ):
        path.write_bytes(wrong)
        refused = commands.invoke(args=["keys", "Harbour Clinic", str(path)])
        assert (refused.exit_code, refused.output.startswith(f"Error: {said}")) == (1, True), refused.output
    refused = commands.invoke(args=["keys", "Harbour Clinic", str(path), "--scope", "everything"])
    assert (refused.exit_code, refused.output.startswith("Error: Write scopes such as")) == (1, True), refused.output
