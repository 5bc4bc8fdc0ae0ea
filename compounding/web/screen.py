"""Which printer this screen prints on: kept by the browser, since a printer stands beside a screen and people walk from one to the next.

The cookie holds the key of a printer and nothing else; another key in it chooses another printer of the house, which everybody may.
"""

from uuid import UUID

from flask import current_app, request
from werkzeug.wrappers import Response

_COOKIE = "printer"
_YEAR = 31_536_000  # seconds


def chosen_here() -> UUID | None:
    """The printer of this screen; None where none was chosen, or the cookie holds no key."""
    try:
        return UUID(request.cookies.get(_COOKIE, ""))
    except ValueError:
        return None


def choose_here(response: Response, printer_id: UUID) -> Response:
    """Let this screen keep the printer."""
    response.set_cookie(_COOKIE, str(printer_id), max_age=_YEAR, httponly=True, samesite="Lax", secure=not current_app.config["DEMONSTRATION"], path="/")
    return response
