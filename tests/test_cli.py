"""The commands, as `./run` calls them."""

import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from compounding import cli
from compounding.db.audit import AuditRow, ReadRow
from compounding.db.base import Base
from compounding.db.people import ClientRow, ClientTokenRow
from compounding.db.session import make_engine
from compounding.domain.authority import LookName
from compounding.domain.people import STAFF, Actor, Role, system_actor
from compounding.domain.scope import ALL
from compounding.settings import Settings
from compounding.workflow import clients, costs, day, people
from compounding.workflow.act import Pharmacy
from labels.render import Renderer
from tests.conftest import Clock
from tests.schemas.price_lists import row, text

NPI = "1234567893"
AUDITOR = system_actor("test")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.demonstration(tmp_path_factory.mktemp("pharmacy") / "var")


@pytest.fixture(scope="module")
def pharmacy(settings: Settings) -> Iterator[Pharmacy]:
    engine = make_engine(settings.database_url, vault=settings.vault)
    yield Pharmacy(engine=engine, clock=Clock(), zone=settings.time_zone)
    engine.dispose()


@pytest.fixture(scope="module")
def commands(settings: Settings, pharmacy: Pharmacy) -> FlaskCliRunner:
    app = Flask("pharmacy")
    cli.register(app, settings, pharmacy, Renderer())
    return app.test_cli_runner()


@pytest.fixture(scope="module")
def start(commands: FlaskCliRunner) -> Result:
    """The first start, on an empty folder."""
    return commands.invoke(args=["init", "http://127.0.0.1:8000"])


def count_of(pharmacy: Pharmacy, row: type[Base]) -> int:
    return pharmacy.look(LookName.PEOPLE, AUDITOR, lambda look: look.session.scalar(select(func.count()).select_from(row)) or 0)


def test_the_first_start_fills_the_pharmacy_and_says_where_it_is(start: Result, settings: Settings) -> None:
    assert start.exit_code == 0, start.output
    assert "DEMONSTRATION PHARMACY" in start.output
    assert "http://127.0.0.1:8000" in start.output
    assert str(settings.var / "accounts.txt") in start.output


@pytest.mark.usefixtures("start")
def test_the_generated_accounts_sign_in_and_only_their_owner_can_read_them(settings: Settings, pharmacy: Pharmacy) -> None:
    path = settings.var / "accounts.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    blocks = [block.splitlines() for block in path.read_text(encoding="utf-8").strip().split("\n\n")]
    accounts = [{line[:13].strip(): line[13:] for line in block[1:]} for block in blocks]
    staff = [
        pharmacy.look(LookName.PEOPLE, AUDITOR, lambda look, account=account: people.sign_in(look, account["user name"], account["password"]))
        for account in accounts
    ]
    assert sorted(person.actor.role for person in staff if person) == sorted(STAFF)


@pytest.mark.usefixtures("start")
def test_a_second_start_changes_nothing_and_keeps_the_accounts(commands: FlaskCliRunner, settings: Settings, pharmacy: Pharmacy) -> None:
    accounts = (settings.var / "accounts.txt").read_text(encoding="utf-8")
    entries = count_of(pharmacy, AuditRow)
    assert commands.invoke(args=["init"]).exit_code == 0
    assert (settings.var / "accounts.txt").read_text(encoding="utf-8") == accounts
    assert count_of(pharmacy, AuditRow) == entries


@pytest.mark.usefixtures("start")
def test_a_token_is_shown_once_opens_the_door_for_its_npis_and_is_not_kept(commands: FlaskCliRunner, pharmacy: Pharmacy) -> None:
    before = count_of(pharmacy, ClientTokenRow)
    answer = commands.invoke(args=["token", "Harbour Clinic", NPI])
    assert answer.exit_code == 0, answer.output
    token = answer.stdout.strip()
    client = pharmacy.look(LookName.PEOPLE, AUDITOR, lambda look: clients.client_by_token(look, token))
    assert client is not None
    actor = client.actor
    assert (actor.name, actor.role, actor.npis, actor.scopes) == ("Harbour Clinic", Role.PRESCRIBER, frozenset({NPI}), frozenset(ALL))
    kept = pharmacy.look(LookName.PEOPLE, AUDITOR, lambda look: [*look.session.scalars(select(ClientTokenRow.token_sha256))])
    assert len(kept) == before + 1
    assert token not in kept


@pytest.mark.usefixtures("start")
def test_a_wrong_npi_is_refused_in_one_sentence_and_nothing_is_stored(commands: FlaskCliRunner, pharmacy: Pharmacy) -> None:
    clients = count_of(pharmacy, ClientRow)
    answer = commands.invoke(args=["token", "Harbour Clinic", "1234567890"])
    assert answer.exit_code == 1
    assert "1234567890" in answer.output
    assert "Traceback" not in answer.output
    assert count_of(pharmacy, ClientRow) == clients


@pytest.mark.usefixtures("start")
def test_what_a_command_changes_stands_in_the_audit_under_its_own_name(commands: FlaskCliRunner, pharmacy: Pharmacy) -> None:
    commands.invoke(args=["token", "Harbour Clinic", NPI])
    names = pharmacy.look(LookName.PEOPLE, AUDITOR, lambda look: {*look.session.scalars(select(AuditRow.actor_name))})
    assert names == {"seed", "command line", "Maria Garcia", "Linh Tran"}


@pytest.mark.usefixtures("start")
def test_the_demonstration_begins_with_fictional_orders_in_every_queue(pharmacy: Pharmacy) -> None:
    staff = Actor(UUID(int=1), "Somebody", "S", Role.IN_CHARGE)
    today = pharmacy.look(LookName.DAY, staff, day.day)
    assert {queue.name: len(queue.entries) for queue in today.queues} == {"To screen": 2, "To make": 2, "To check": 2, "To hand over": 1}
    assert [entry.patient for entry in today.held.entries] == ["Paul Renner"]
    month = pharmacy.look(LookName.COSTS, staff, lambda look: costs.month(look, "2026-03"))
    assert {patient.patient for patient in month.patients} == {"Olga Petrenko", "Rosa Delgado"}


@pytest.mark.usefixtures("start")
def test_a_course_is_shown_as_tables_with_its_containers_tablets_and_dates(commands: FlaskCliRunner) -> None:
    answer = commands.invoke(args=["plan", "liquid", "1.5x14", "3x14", "4.5x14", "--formula", "L1", "--device", "syringe-5-by-0.1"])
    assert answer.exit_code == 0, answer.output
    lines = [line.split() for line in answer.output.splitlines()]
    assert ["3", "4.5", "mg", "bedtime", "29", "to", "42", "4.5", "mL", "4.5", "mL", "0", "%", "4.5", "mg"] in lines
    assert ["1", "2026-03-02", "2026-03-02", "2026-04-05", "2026-04-05", "1", "to", "35", "2", "100", "mL", "94.5", "mL", "5.5", "mg"] in lines
    assert ["2", "2026-04-06", "2026-04-06", "2026-04-12", "2026-05-10", "36", "to", "42", "1", "50", "mL", "31.5", "mL", "18.5", "mg"] in lines
    assert "42 days, 126 mg prescribed, 126 mg taken, 3 tablets of 50 mg, 24 mg left" in answer.output
    assert "Good through: USP <795> Table 4: aqueous, preserved, 35 days" in answer.output
    assert "fill.1.tablets" not in answer.output


@pytest.mark.usefixtures("start")
def test_the_columns_of_a_course_stand_under_their_heads(commands: FlaskCliRunner) -> None:
    lines = commands.invoke(args=["plan", "drops", "0.25x14", "4.5x14", "--formula", "L5", "--device", "dropper-20"]).output.splitlines()
    head = next(line for line in lines if line.startswith("Step"))
    rows = lines[lines.index(head) + 1 : lines.index(head) + 3]
    assert [row[head.index("Measured") : head.index("Rounding")].strip() for row in rows] == ["1 drop = 0.05 mL", "18 drops = 0.9 mL"]


@pytest.mark.usefixtures("start")
def test_a_course_says_why_when_it_is_asked(commands: FlaskCliRunner) -> None:
    answer = commands.invoke(args=["plan", "capsules", "1.5x14", "3x14", "--why", "--starts-on", "2026-03-09", "--when", "morning", "--when", "bedtime"])
    assert answer.exit_code == 0, answer.output
    assert "step.2.amount = 2 capsules, exactly 2 capsules" in answer.output
    assert "morning, bedtime" in answer.output
    assert "C4.5" in answer.output.split("Why not")[1]


@pytest.mark.usefixtures("start")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["liquid", "4.5"], '"4.5" is no step.'),
        (["liquid", "4.50x14"], '"4.50" cannot be read.'),
        (["pill", "4.5x14"], '"pill" is no form.'),
        (["liquid", "45x14"], "not a low dose"),
        (["liquid", "4.5x14", "--lead-days", "soon"], '"soon" is not a whole number.'),
        (["liquid", "4.5x14", "--when", "midnight"], "This is not known here."),
        (["capsules", "1.25x14"], "cannot be taken as whole capsules"),
        (["drops", "4.5x14", "--formula", "L9"], "take one of: C1.5, C4.5, L1,"),
    ],
)
def test_a_course_that_cannot_be_read_or_made_gets_one_plain_sentence(commands: FlaskCliRunner, typed: list[str], sentence: str) -> None:
    answer = commands.invoke(args=["plan", *typed])
    assert answer.exit_code == 1
    assert sentence in answer.output
    assert len(answer.output.splitlines()) == 1


@pytest.mark.usefixtures("start")
def test_showing_a_course_keeps_nothing(commands: FlaskCliRunner, pharmacy: Pharmacy) -> None:
    before = count_of(pharmacy, AuditRow), count_of(pharmacy, ReadRow)
    assert commands.invoke(args=["plan", "liquid", "4.5x14"]).exit_code == 0
    assert (count_of(pharmacy, AuditRow), count_of(pharmacy, ReadRow)) == before


@pytest.mark.usefixtures("start")
def test_a_price_list_is_imported_and_the_same_again_or_a_broken_one_gets_a_sentence(commands: FlaskCliRunner, tmp_path: Path) -> None:
    good, broken = tmp_path / "nadac.csv", tmp_path / "broken.csv"
    good.write_bytes(text(row(), row(ndc="00093721410")))
    broken.write_bytes(text(row(price="x"), row(as_of="x")))

    first, again, wrong, missing = (commands.invoke(args=["nadac", str(path)]) for path in (good, good, broken, tmp_path / "none.csv"))
    assert (first.exit_code, first.output) == (0, "2 rows were read: 1 kept, 1 passed over, since nobody buys their packages here.\n")
    assert (again.exit_code, "says nothing that is not known here" in again.output) == (1, True)
    assert (wrong.exit_code, missing.exit_code) == (1, 2)
    assert "Row 2, column NADAC Per Unit:" in wrong.output
    assert "Row 3, column As of Date:" in wrong.output
