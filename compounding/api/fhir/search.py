"""The parameters of a search, read strictly (one that is not known is refused, not passed over), and its answer page by page."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from compounding.api.fhir.answers import MEDIA, address, base, dumped
from compounding.api.fhir.written import Resource
from compounding.api.strict_json import Malformed
from compounding.schemas.fields import shown
from compounding.workflow.system_orders import Span

_V = TypeVar("_V")
_FORM = "application/x-www-form-urlencoded"
_MOMENT = re.compile(r"(eq|ge|gt|le|lt)?(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2}))?)?)?", re.ASCII)
_DATE = "Write a date such as 2026-03-09, or a moment with its zone, with eq, ge, gt, le or lt before it."
_MOST, _USUAL = 100, 20  # resources on a page
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
        return None if told is None else frozenset(read(part) for part in told.split(","))

    def references(self, name: str, kind: str) -> frozenset[UUID] | None:
        """The ids of references to `kind`: an id, `Type/id`, or the address of it here."""
        return self.several(name, lambda text: self._key(name, text.removeprefix(f"{base()}/").removeprefix(f"{kind}/")))

    def ids(self) -> frozenset[UUID] | None:
        """The ids of `_id`; one that cannot be an id here finds nothing."""
        return self.several("_id", lambda text: self._key("_id", text))

    def codes(self, name: str, known: Sequence[str]) -> frozenset[str] | None:
        """The codes of a token parameter, with or without a system before a stroke."""
        return self.several(name, lambda text: self._code(name, text.rpartition("|")[2], known))

    def token(self, name: str) -> tuple[str | None, str] | None:
        """A number with the system it belongs to; None before the stroke means any system."""
        told = self._told.get(name)
        if told is None:
            return None
        system, stroke, value = told.rpartition("|")
        return (system if stroke else None), value

    def spans(self, name: str, *, zone: Callable[[date, time], datetime] | None = None) -> tuple[Span, ...]:
        """The bounds of a date; of moments where `zone` says which moment a day begins at."""
        return tuple(self._span(name, text, zone) for text in self._told.getlist(name))

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
    def _key(name: str, text: str) -> UUID:
        try:
            return UUID(text)
        except ValueError as error:
            raise Malformed("parameter", f'"{shown(text)}" is no id here. Send the id of a resource that you read here.', field=f"?{name}") from error

    @staticmethod
    def _code(name: str, text: str, known: Sequence[str]) -> str:
        if text not in known:
            raise Malformed("parameter", f'"{shown(text)}" is not known here. Known are: {", ".join(known)}.', field=f"?{name}")
        return text

    @staticmethod
    def _span(name: str, text: str, zone: Callable[[date, time], datetime] | None) -> Span:
        found = _MOMENT.fullmatch(text)
        if found is None:
            raise Malformed("parameter", f'"{shown(text)}" cannot be read. {_DATE}', field=f"?{name}")
        kind, year, month, day, clock = found.groups()
        try:
            first = date(int(year), int(month or 1), int(day or 1))
            last = date(int(year), int(month or 12), int(day or monthrange(int(year), int(month or 12))[1]))
            if clock is not None:
                moment = datetime.fromisoformat(f"{first}{clock.replace('Z', '+00:00')}").astimezone(UTC)
                return Span(kind or "eq", *((moment, moment) if zone else (first, last)))
        except (ValueError, OverflowError) as error:
            raise Malformed("parameter", f'"{shown(text)}" is no date. {_DATE}', field=f"?{name}") from error
        if zone is None:
            return Span(kind or "eq", first, last)
        return Span(kind or "eq", zone(first, time.min), zone(last + timedelta(days=1), time.min) - timedelta(microseconds=1))


def found(query: Query, kind: str, total: int, resources: Sequence[Resource], following: int | None) -> Response:
    """One page as a searchset; `following` is where the next one begins, None on the last."""
    links: list[Mapping[str, str]] = [{"relation": "self", "url": query.address(kind, query.after or None)}]
    links.append({"relation": "first", "url": query.address(kind)})
    if following is not None:
        links.append({"relation": "next", "url": query.address(kind, following)})
    entries = [{"fullUrl": address(resource), "resource": resource, "search": {"mode": "match"}} for resource in resources]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": links}
    return Response(dumped({**bundle, "entry": entries} if entries else bundle), 200, mimetype=MEDIA)
