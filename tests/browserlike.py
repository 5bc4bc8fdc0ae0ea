"""A client that names its house with every unsafe request, as every browser does: the pages take no form without it."""

from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Browserlike(FlaskClient):
    """Sends `Origin` where a test does not say another; a plain `FlaskClient` sends none."""

    def open(self, *args: object, **options: object) -> TestResponse:
        headers = Headers(options.pop("headers", None))
        if options.get("method", "GET") not in _SAFE:
            headers.setdefault("Origin", str(options.get("base_url", "http://localhost")).rstrip("/"))
        return super().open(*args, headers=headers, **options)
