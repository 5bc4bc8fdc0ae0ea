"""Frozen values as documents: one canonical JSON text for each value, its hash, and a strict way back.

Keys are sorted, there is no space, and every letter is ASCII, so that equal values give equal bytes on every machine. Exact
numbers are their ratio ("63/25", "4"), money its millionths, moments UTC. A float has no exact text and is refused.
Where a field allows several classes, the key `is` names the one. Reading refuses whatever writing could not have made; only a
key that is missing takes its default, so that a document outlives a new field.
"""

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import is_dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256 as _sha256
from types import NoneType, UnionType
from typing import Any, NoReturn, TypeVar, Union, cast, get_args, get_origin
from uuid import UUID

from cattrs import Converter, transform_error
from cattrs.cols import is_frozenset
from cattrs.errors import BaseValidationError, CattrsError, StructureHandlerNotFoundError

from compounding.db.types import instant_text, storable
from compounding.domain.money import Money
from compounding.domain.quantity import Concentration, Mass, Volume

T = TypeVar("T")
_TAG = "is"


class DocumentError(ValueError):
    """A value that has no document, or a document that is not one of this kind: a defect, or somebody's hand in the database."""


def encode(value: object) -> str:
    """The canonical JSON of a frozen value; raises `DocumentError` for floats and whatever else has no exact text."""
    return _canonical(_checked(_CONVERTER.unstructure(value)))


def decode(kind: type[T], text: str) -> T:
    """The value of this kind that `text` is the document of; raises `DocumentError` when it is not exactly one.

    A text that its value is written as again, letter for letter, is a document, whatever else is asked of one: that is tried first,
    in a third of the time. Any other is read slowly, to find what is wrong with it, or that only a newer field is missing.
    """
    try:
        value = _SWIFT.structure(json.loads(text), kind)
        if _canonical(_SWIFT.unstructure(value, unstructure_as=kind)) == text:
            return value
    except (CattrsError, AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError, StructureHandlerNotFoundError):
        pass  # the slow way says where
    return _slowly(kind, text)


def _slowly(kind: type[T], text: str) -> T:
    """As `decode`, with every guard of its own and the places of what is wrong."""
    plain = json.loads(text, object_pairs_hook=_without_doubles, parse_float=_refuse, parse_constant=_refuse)
    try:
        value = _CONVERTER.structure(plain, kind)
        again = _CONVERTER.unstructure(value, unstructure_as=kind)
    except BaseValidationError as error:
        places = {line.rpartition(" @ ")[2] for line in transform_error(error)}
        raise DocumentError(f"not a {_name(kind)} at {', '.join(sorted(places))}") from None  # the cause would quote the content
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError, StructureHandlerNotFoundError) as error:
        raise DocumentError(f"not a {_name(kind)}: {type(error).__name__}") from None
    if not _covers(again, plain):
        raise DocumentError(f"not a {_name(kind)} as it would be written")
    return value


def decode_often(kind: type[T], text: str) -> T:
    """As `decode`, remembered by the process: for documents of the house that nearly every act reads, such as the policy. Never for what names a patient."""
    return cast("T", _remembered(cast("Hashable", kind), text))


def sha256(text: str) -> str:
    """The SHA-256 of a document's text, in 64 hexadecimal digits."""
    return _sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1024)
def _remembered(kind: Hashable, text: str) -> object:
    return decode(cast("type[object]", kind), text)


def _canonical(plain: object) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


def _name(kind: object) -> str:
    return getattr(kind, "__name__", str(kind))


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DocumentError("a key stands twice in the document")
    return found


def _refuse(text: str) -> NoReturn:
    raise DocumentError(f"a document has no such number: {text}")


def _checked(plain: object) -> object:
    """`plain` itself, if it is made of what a document may hold."""
    kind = type(plain)  # asked once: this passes over every word of every document
    if kind is dict:
        _check_all(cast("dict[object, object]", plain))
        _check_all(cast("dict[object, object]", plain).values())
    elif kind is list or kind is tuple:
        _check_all(cast("Iterable[object]", plain))
    elif isinstance(plain, str):
        storable(plain)
    elif plain is not None and not isinstance(plain, int):
        raise DocumentError(f"{kind.__name__} has no exact text")
    return plain


def _check_all(items: Iterable[object]) -> None:
    for item in items:
        if type(item) is str:
            storable(item)
        else:
            _checked(item)


def _covers(written: object, read: object) -> bool:
    """Whether everything that was read is written again exactly so; what is written beside it are defaults."""
    match read:
        case dict():
            return isinstance(written, dict) and all(key in written and _covers(written[key], read[key]) for key in read)
        case list():
            return isinstance(written, list | tuple) and len(written) == len(read) and all(map(_covers, written, read))
        case bool():
            return written is read
        case _:
            return not isinstance(written, bool) and written == read


def _is_choice(kind: object) -> bool:
    alternatives = [item for item in get_args(kind) if item is not NoneType]
    return get_origin(kind) in {Union, UnionType} and len(alternatives) > 1


def _tagged(kind: object) -> dict[str, type[Any]]:
    classes = [item for item in get_args(kind) if item is not NoneType]
    if not all(map(is_dataclass, classes)):
        raise DocumentError(f"{kind} cannot be told apart in a document: use classes")
    return {item.__name__: item for item in classes}


def _write_choice(kind: object, converter: Converter) -> Callable[[Any], object]:
    names = _tagged(kind)

    def write(value: object) -> object:
        if value is None:
            return None
        name = type(value).__name__
        return {**converter.unstructure(value, unstructure_as=names[name]), _TAG: name}

    return write


def _read_choice(kind: object, converter: Converter) -> Callable[[Any, Any], object]:
    names = _tagged(kind)
    may_be_none = NoneType in get_args(kind)

    def read(plain: dict[str, object] | None, _kind: object) -> object:
        if plain is None and may_be_none:
            return None
        if not isinstance(plain, dict):
            raise DocumentError(f"one of {', '.join(names)} expected")
        rest = {key: item for key, item in plain.items() if key != _TAG}
        return converter.structure(rest, names[str(plain[_TAG])])

    return read


def _write_set(kind: object, converter: Converter) -> Callable[[frozenset[Any]], object]:
    (item_kind,) = get_args(kind)

    def write(value: frozenset[Any]) -> object:
        return sorted((converter.unstructure(item, unstructure_as=item_kind) for item in value), key=_canonical)

    return write


def _ratio(value: object) -> str:
    if not isinstance(value, Fraction | int):
        raise DocumentError(f"{type(value).__name__} is not exact")
    return str(value)


@lru_cache(maxsize=4096, typed=True)
def _fraction(text: str) -> Fraction:
    """An exact number; the same few hundred stand in all documents, and reading one costs more than all else about it."""
    return Fraction(text)


def _scalars(converter: Converter) -> None:
    table: tuple[tuple[type[Any], Callable[[Any], object], Callable[[Any], object]], ...] = (
        (Fraction, _ratio, _fraction),
        (Mass, lambda value: _ratio(value.mg), lambda text: Mass(_fraction(text))),
        (Volume, lambda value: _ratio(value.ml), lambda text: Volume(_fraction(text))),
        (Concentration, lambda value: _ratio(value.mg_per_ml), lambda text: Concentration(_fraction(text))),
        (Money, lambda value: value.micros, Money),
        (datetime, instant_text, datetime.fromisoformat),
        (date, date.isoformat, date.fromisoformat),
        (UUID, str, UUID),
    )
    for kind, write, read in table:
        _register(converter, kind, write=write, read=read)


def _register(converter: Converter, kind: type[Any], *, write: Callable[[Any], object], read: Callable[[Any], object]) -> None:
    converter.register_unstructure_hook_func(lambda asked: asked is kind, write)
    converter.register_structure_hook_func(lambda asked: asked is kind, lambda plain, _kind: read(plain))


def _converter(*, says_where: bool) -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=says_where)
    _scalars(converter)
    converter.register_unstructure_hook_factory(is_frozenset, _write_set)
    converter.register_unstructure_hook_factory(_is_choice, _write_choice)
    converter.register_structure_hook_factory(_is_choice, _read_choice)
    return converter


_CONVERTER = _converter(says_where=True)
_SWIFT = _converter(says_where=False)
