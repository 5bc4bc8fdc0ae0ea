"""The parameters of a search, read strictly (one that is not known is refused, not passed over), and its answer page by page."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from compounding.api.fhir.answers import MEDIA, address, base, dumped
from compounding.api.fhir.dates import DATE, moments
from compounding.api.fhir.written import Resource
from compounding.api.strict_json import Malformed
from compounding.api.token import pharmacy
from compounding.schemas.fields import shown
from compounding.workflow.spans import Span

_V = TypeVar("_V")
_FORM = "application/x-www-form-urlencoded"
_KEY = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_ESCAPE = re.compile(r"\\([\\,|$])")
_HIDDEN = {"\\": "\0", ",": "\1", "|": "\2", "$": "\3"}  # what an escaped sign is while a value is taken apart: controls come in no value
_MOST, _USUAL = 100, 20  # resources on a page
_MOST_VALUES = 100  # between commas: as many as any list here may have
_ALWAYS = frozenset({"_count", "_format", "_after"})


class Query:
    """What was asked, from the address and, with POST _search, from the body; only `known` names, each of which may carry no modifier."""

    def __init__(self, known: Sequence[str], *, repeats: Sequence[str] = ()) -> None:
        told: MultiDict[str, str] = MultiDict(request.args)
        if request.method == "POST":
            if request.mimetype != _FORM:
                raise UnsupportedMediaType(f"Send the parameters of a search as {_FORM}.")
            told.update(request.form)
        for name in told:
            if name not in _ALWAYS and name not in known:
                message = f'The parameter "{shown(name)}" is not known here, and none is passed over. Known are: {", ".join(sorted((*known, *_ALWAYS)))}.'
                raise Malformed("parameter", message, field=f"?{shown(name)}")
            if len(told.getlist(name)) > 1 and name not in repeats:
                raise Malformed("parameter", "This parameter stands here twice. Send it once.", field=f"?{name}")
            if not all(value.isprintable() for value in told.getlist(name)):
                raise Malformed("parameter", "There is a control character in this value. Send plain characters.", field=f"?{name}")
        self._told = told

    @property
    def count(self) -> int:
        """How many resources a page has."""
        return self._whole("_count", _USUAL, least=1, most=_MOST)

    @property
    def after(self) -> int:
        """Where the page begins, as the link of the page before said."""
        return self._whole("_after", 0, least=0, most=999_999_999)

    def several(self, name: str, read: Callable[[str], _V]) -> frozenset[_V] | None:
        """The values of a parameter between which a comma means or; None where it was not asked."""
        told = self._told.get(name)
        return None if told is None else frozenset(read(part) for part in self._parts(name, told))

    def references(self, name: str, kind: str) -> frozenset[UUID] | None:
        """The ids of references to `kind`: an id, `Type/id`, or the address of it here."""
        return self.several(name, lambda text: self._key(name, text.removeprefix(f"{base()}/").removeprefix(f"{kind}/")))

    def ids(self) -> frozenset[UUID] | None:
        """The ids of `_id`; one that cannot be an id here finds nothing."""
        return self.several("_id", lambda text: self._key("_id", text))

    def codes(self, name: str, known: Sequence[str]) -> frozenset[str] | None:
        """The codes of a token parameter, with or without a system before a stroke."""
        return self.several(name, lambda text: self._code(name, text.rpartition("|")[2], known))

    def tokens(self, name: str) -> tuple[tuple[str | None, str], ...] | None:
        """The identifiers between which a comma means or, each with its system: None for any, empty for none at all; an empty value is any of that system.

        A comma, a stroke, a dollar sign or a backslash of an identifier itself stands behind a backslash (FHIR R4, 3.1.1.4.19).
        """
        told = self._told.get(name)
        if told is None:
            return None
        return tuple(self._token(name, part) for part in self._parts(name, _ESCAPE.sub(lambda sign: _HIDDEN[sign[1]], told)))

    def spans(self, name: str) -> tuple[Span, ...]:
        """Bounds of moments, each as wide as it was written; a day is the pharmacy's own."""
        return tuple(self._span(name, text) for text in self._told.getlist(name))

    def days(self, name: str) -> tuple[Span, ...]:
        """The same bounds, for what is dated by the day."""
        zone = pharmacy().zone
        return tuple(span.in_days(zone) for span in self.spans(name))

    def address(self, kind: str, after: int | None = None) -> str:
        """The address that asks the same, from another place on."""
        pairs = [(name, value) for name, value in self._told.items(multi=True) if name != "_after"]
        return f"{base()}/{kind}?{urlencode(pairs if after is None else [*pairs, ('_after', str(after))])}".rstrip("?")

    def _whole(self, name: str, usual: int, *, least: int, most: int) -> int:
        told = self._told.get(name)
        if told is None:
            return usual
        if not (told.isascii() and told.isdecimal() and len(told) <= 9 and least <= int(told) <= most):
            raise Malformed("parameter", f"Send a whole number from {least} to {most}.", field=f"?{name}")
        return int(told)

    @staticmethod
    def _parts(name: str, told: str) -> list[str]:
        """The values between commas."""
        parts = told.split(",")
        if len(parts) > _MOST_VALUES:
            raise Malformed("parameter", f"There are {len(parts)} values here, and at most {_MOST_VALUES} can be asked for at once.", field=f"?{name}")
        return parts

    @staticmethod
    def _key(name: str, text: str) -> UUID:
        if not _KEY.fullmatch(text):
            raise Malformed("parameter", f'"{shown(text)}" is no id here. Send the id of a resource that you read here.', field=f"?{name}")
        return UUID(text)

    @staticmethod
    def _code(name: str, text: str, known: Sequence[str]) -> str:
        if text not in known:
            raise Malformed("parameter", f'"{shown(text)}" is not known here. Known are: {", ".join(known)}.', field=f"?{name}")
        return text

    @staticmethod
    def _token(name: str, text: str) -> tuple[str | None, str]:
        *systems, value = text.split("|")
        if "\\" in text or len(systems) > 1 or not text.replace("|", ""):
            message = "Write an identifier as VALUE, SYSTEM|VALUE or SYSTEM|, with commas between several and a backslash before a sign of its own."
            raise Malformed("parameter", message, field=f"?{name}")
        return (_plain(systems[0]) if systems else None), _plain(value)

    @staticmethod
    def _span(name: str, text: str) -> Span:
        span = moments(text, pharmacy().zone)
        if span is None:
            raise Malformed("parameter", f'"{shown(text)}" cannot be read. {DATE}', field=f"?{name}")
        return span


def _plain(text: str) -> str:
    """A value with its own signs again."""
    for sign, hidden in _HIDDEN.items():
        text = text.replace(hidden, sign)
    return text


def found(query: Query, kind: str, total: int, resources: Sequence[Resource], following: int | None) -> Response:
    """One page as a searchset; `following` is where the next one begins, None on the last."""
    links: list[Mapping[str, str]] = [{"relation": "self", "url": query.address(kind, query.after or None)}]
    links.append({"relation": "first", "url": query.address(kind)})
    if following is not None:
        links.append({"relation": "next", "url": query.address(kind, following)})
    entries = [{"fullUrl": address(resource), "resource": resource, "search": {"mode": "match"}} for resource in resources]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": links}
    return Response(dumped({**bundle, "entry": entries} if entries else bundle), 200, mimetype=MEDIA)
