"""A demonstration pharmacy that really serves, and three people at browsers of their own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from compounding.app import create_app
from compounding.db import migrate
from compounding.db.session import make_engine
from compounding.settings import Settings
from compounding.workflow import seed
from compounding.workflow.act import Pharmacy
from tests.browser.counter import Person, Secrets
from tests.conftest import Clock


@dataclass(frozen=True)
class House:
    """Where the pharmacy answers, how its staff sign in, and its clock."""

    address: str
    secrets: dict[str, Secrets]
    clock: Clock
    browser: Browser
    pharmacy: Pharmacy
    pictures: Path | None

    def person(self, username: str, **options: object) -> Person:
        context = self.browser.new_context(**{"viewport": {"width": 1366, "height": 768}, **options})
        context.set_default_timeout(15_000)
        return Person(context, self.address, self.secrets[username], self.pictures)


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Pictures of every page are kept in the folder PHARMACY_PICTURES, if it is set."""
    settings = Settings.demonstration(tmp_path_factory.mktemp("house"))
    engine = make_engine(settings.database_url, vault=settings.vault)
    migrate.upgrade(engine)
    engine.dispose()
    clock = Clock()
    app = create_app(settings, clock=clock)
    accounts = seed.demonstration(app.extensions["pharmacy"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    wanted = os.environ.get("PHARMACY_PICTURES")
    pictures = Path(wanted) if wanted else None
    secrets = {account.username: Secrets(account.username, account.password, account.pin) for account in accounts}
    yield House(f"http://127.0.0.1:{server.server_port}", secrets, clock, browser, app.extensions["pharmacy"], pictures)
    server.shutdown()
    thread.join()
    server.server_close()
