"""The application of a test: doors that all tests share, and behind them what belongs to this one alone."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import URL

from compounding.app import assemble, equip
from compounding.settings import DEMONSTRATION_PROFILE, Settings
from labels.render import Renderer
from tests.keys import DATA_KEY

ZONE = ZoneInfo("America/Los_Angeles")
renderer = cache(Renderer)  # slow to make, and each keeps memory: one serves every test of the process
_NOWHERE = {"database_url": "", "audit_anchor": Path(), "var": Path(), "api_rate": 0}  # what is behind the doors


def settings_of(database: URL, place: Path, **further: object) -> Settings:
    """The settings of a test's pharmacy: its records are in `database`, its files in the folder `place`."""
    settings = Settings(
        database_url=database.render_as_string(hide_password=False),
        secret_key="of no worth outside of tests, and long enough",
        pharmacy=DEMONSTRATION_PROFILE,
        audit_key="a key of the tests alone, long enough to be one",
        data_key=DATA_KEY,
        audit_anchor=place / "audit.anchor",
        var=place,
        time_zone=ZONE,
        public_url="http://localhost",
    )
    return replace(settings, **further)


def application(settings: Settings, clock: Callable[[], datetime]) -> Flask:
    """As `create_app` makes it, but for the doors, which are put together once: that was a third of the time of the pages' and the API's tests.

    A test that adds a route of its own asks `create_app`.
    """
    doors = _doors(replace(settings, **_NOWHERE))
    app = copy(doors)
    vars(app).update({name: _own(value) for name, value in vars(doors).items()}, cli=AppGroup())
    equip(app, settings, clock, renderer())
    app.testing = True
    return app


@cache
def _doors(settings: Settings) -> Flask:
    app = assemble(settings)
    assert app.jinja_env  # made here, so that the copies share its templates
    return app


def _own(value: object) -> object:
    """A copy of what a test may alter (settings, views, what is called before and after them); all else is shared."""
    if isinstance(value, list):
        return [*value]
    if isinstance(value, dict):
        own = copy(value)
        own.update({key: _own(item) for key, item in value.items() if isinstance(item, dict | list)})
        return own
    return value
