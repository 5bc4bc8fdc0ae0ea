"""The wiring: settings in, a Flask application out. Nothing else knows all of its parts."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from flask import Flask, Response, abort, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from compounding import api, cli, problems, web
from compounding.api import access as api_access
from compounding.api.rate import Counter
from compounding.db.session import make_engine
from compounding.domain.authority import LookName
from compounding.domain.people import system_actor
from compounding.settings import Settings
from compounding.web import access as web_access
from compounding.workflow.act import Pharmacy
from labels.render import Renderer

_HEALTH = system_actor("health")
_YEAR = 31_536_000  # seconds
_DECLARED = frozenset({"health", *web_access.ROUTES, *api_access.ROUTES})

# New objects between two collections. Python's own 700 walks over the rows of a month's report hundreds of times, and finds them in use:
# on a year of data the spreadsheet of a month took 0.87 s instead of 1.67 s, its page 0.56 s instead of 0.72 s (docs/year.md).
_COLLECT_AFTER = 50_000


class Undeclared(RuntimeError):
    """A route of which nobody said who may use it, or a saying about no route: a defect of the program, which is not served with it."""


def system_clock() -> datetime:
    """The present moment, aware and in UTC: the only reading of the machine's clock."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, clock: Callable[[], datetime] = system_clock, renderer: Renderer | None = None) -> Flask:
    """The application of one deployment."""
    app = assemble(settings)
    equip(app, settings, clock, renderer or _renderer())
    return app


def assemble(settings: Settings) -> Flask:
    """The doors and the rules at them, with nothing behind them yet."""
    app = Flask("compounding", static_folder=None)
    app.url_map.merge_slashes = False  # a doubled stroke is another address; werkzeug would redirect to the host that the request names
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEMONSTRATION=settings.is_demonstration,
        SECOND_FACTOR=settings.requires_factor,
        MAX_CONTENT_LENGTH=settings.body_limit,
        MAX_FORM_MEMORY_SIZE=settings.body_limit,
        PAPER_LIMIT=settings.paper_limit,
        PUBLIC_URL=settings.public_url,
        TRAP_BAD_REQUEST_ERRORS=False,
    )
    app.before_request(_turn_away_undeclared)
    problems.register(app)
    web.register(app)
    api.register(app)
    app.add_url_rule("/health", "health", _health, methods=["GET"])
    require_declared(app)
    if not settings.is_demonstration:
        app.after_request(_only_by_tls)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's own advice
    return app


def equip(app: Flask, settings: Settings, clock: Callable[[], datetime], renderer: Renderer) -> None:
    """Put behind the doors what they work with, and give `app` its commands.

    Doors find in `app.extensions`: `pharmacy` (a `Pharmacy`), `renderer` (a `labels.render.Renderer`), `profile` (who the pharmacy is), `seals`, and
    `api rate` (a `Counter` of what each system asks).
    """
    pharmacy = Pharmacy(engine=make_engine(settings.database_url, seals=settings.seals, vault=settings.vault), clock=clock, zone=settings.time_zone)
    counter = Counter(settings.var / "rate", settings.api_rate)
    app.extensions.update({"pharmacy": pharmacy, "renderer": renderer, "profile": settings.pharmacy, "seals": settings.seals, "api rate": counter})
    cli.register(app, settings, pharmacy, renderer)


def require_declared(app: Flask) -> None:
    """Refuse an application with a route that is not declared, or a declaration without a route; raises `Undeclared` with their names."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if odd := sorted(routes ^ _DECLARED):
        raise Undeclared(f"Say who may use these, in web/access.py or api/access.py, or take the saying away: {', '.join(odd)}")


def _turn_away_undeclared() -> None:
    """What was added to an application after it was built is not there."""
    if request.endpoint is not None and request.endpoint not in _DECLARED:
        abort(404)


def settle() -> None:
    """Tell the garbage collector of this process what stays for good, and to look less often at what is new; once, when all is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 50)


def _health() -> Response:
    """200 once the database has answered; a worker that cannot reach it answers as every other page would."""
    pharmacy: Pharmacy = current_app.extensions["pharmacy"]
    pharmacy.look(LookName.PEOPLE, _HEALTH, lambda look: look.session.connection())
    return Response("ok\n", mimetype="text/plain")


def _only_by_tls(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    return response


@cache
def _renderer() -> Renderer:
    """One for the whole process, and for those that it forks: each leaks its font configuration."""
    return Renderer()


def warm_renderer() -> None:
    """Make this process's renderer and let it print once, before a server forks its workers."""
    _renderer().warm()
