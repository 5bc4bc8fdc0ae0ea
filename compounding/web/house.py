"""The files that every page needs (style sheet, scripts, typeface) and the headers that go with every answer."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import fontpkg_inter
from flask import Blueprint, Response, abort, request, send_file, url_for

blueprint = Blueprint("house", __name__, template_folder="templates")

_YEAR = 31_536_000  # seconds; an asset's address carries its hash, so a cache may keep it as long as it likes
_STATIC = Path(__file__).parent / "static"
_ASSETS: Mapping[str, Path] = {
    **{path.name: path for path in _STATIC.iterdir() if path.is_file()},
    "inter.ttf": Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf",
}
_HASHES = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in _ASSETS.items()}
_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def asset_address(name: str) -> str:
    """The address of the file `name`, with its hash, so that a new version is fetched at once."""
    return url_for("house.asset", name=name, v=_HASHES[name])


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    """The file `name` of the house; 404 for any other."""
    if name not in _ASSETS:
        abort(404)
    return send_file(_ASSETS[name], max_age=_YEAR)


def harden(response: Response) -> Response:
    """No foreign source, no framing, no guessing of types; pages with patients are kept by no cache."""
    response.headers.setdefault("Content-Security-Policy", _CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    if request.endpoint != "house.asset" or response.status_code >= HTTPStatus.BAD_REQUEST:  # a refusal is a page, with who is signed in
        response.headers.setdefault("Cache-Control", "no-store")
    return response
