"""What a token opens: only the routes of its scopes, only while it is good, and only with the header."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL
from werkzeug.routing import Rule

from compounding.api.access import ROUTES, Scoped
from compounding.app import Undeclared, assemble, require_declared
from compounding.db.people import ClientTokenRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.domain.people import system_actor
from compounding.domain.scope import ALL, Scope
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.clients import add_client
from tests.api.conftest import ORDERS, System
from tests.api.orders import NPI
from tests.application import settings_of
from tests.conftest import Clock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def system(app: Flask, *scopes: Scope) -> System:
    pharmacy: Pharmacy = app.extensions["pharmacy"]

    def add(act: Act) -> str:
        return add_client(act, "Harbour Clinic", [NPI], scopes=scopes, until=act.at + timedelta(days=2))[1]

    return System(app.test_client(), pharmacy.perform(ActName.CLIENT_ADD, system_actor("command line"), add))


def addresses(app: Flask) -> list[tuple[Rule, str]]:
    rules = [rule for rule in app.url_map.iter_rules() if isinstance(ROUTES.get(rule.endpoint), Scoped)]
    return [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


def test_each_route_opens_to_its_own_scope_and_to_no_other(app: Flask) -> None:
    letters = {Scope(scope.kind, letter) for scope in ALL for letter in scope.letters}
    keys = {scope: system(app, scope) for scope in letters}
    found = addresses(app)
    assert len(found) >= 4
    for rule, method in found:
        route = ROUTES[rule.endpoint]
        assert isinstance(route, Scoped)
        _, where = rule.build(dict.fromkeys(rule.arguments, "6c098a4e-caab-452b-b5c7-a87202416e58")) or ("", "")
        for scope, caller in keys.items():
            answer = caller.client.open(where, method=method, headers=caller.bearer)
            is_stopped = answer.status_code == 403 and "scope-missing" in answer.get_data(as_text=True)
            assert is_stopped != (scope == route.scope), (rule.rule, scope.name)


def test_a_token_that_has_ended_is_answered_as_one_that_never_was(app: Flask, clinic: System, clock: Clock) -> None:
    short = system(app, *ALL)
    assert short.get(ORDERS).status_code == 200
    clock.pass_days(2)
    ended, unknown = short.get(ORDERS), System(app.test_client(), "x").get(ORDERS)
    assert (ended.status_code, ended.headers["WWW-Authenticate"]) == (401, "Bearer realm=prescriptions")
    assert {**ended.get_json(), "instance": ""} == {**unknown.get_json(), "instance": ""}
    assert clinic.get(ORDERS).status_code == 200


def test_the_day_of_use_is_written_once_a_day(app: Flask, clinic: System) -> None:
    for _ in range(3):
        clinic.get(ORDERS)
    with reading(app.extensions["pharmacy"].engine) as session:
        assert session.query(ClientTokenRow).one().last_used_on == app.extensions["pharmacy"].clock().date()


def test_an_application_with_a_route_of_which_nobody_said_who_may_use_it_is_not_built(database: URL, tmp_path: Path) -> None:
    app = assemble(settings_of(database, tmp_path))
    app.add_url_rule("/backdoor", "backdoor", lambda: "welcome")
    with pytest.raises(Undeclared, match="backdoor"):
        require_declared(app)
    assert app.test_client().get("/backdoor").status_code == 404
