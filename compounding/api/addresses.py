"""The addresses of this server as others write them: below the one that the deployment names, whatever a request says in its Host header.

Whoever sends a request chooses that header; an assertion made for another server would be believed here, if it said what `aud` must be.
"""

from flask import current_app


def absolute(path: str) -> str:
    """The public address of a path of this server."""
    whole: str = current_app.config["PUBLIC_URL"] + path
    return whole
