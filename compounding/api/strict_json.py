"""JSON that may come in: one reading, no surprises. Python's own parser lets the last of two equal keys win, so that 4.5 becomes 45."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from json import JSONDecodeError, loads

from werkzeug.exceptions import BadRequest

from compounding.schemas.fields import shown

_DEEPEST = 8  # parts within parts; an order has four
_LONGEST_LIST = 100  # entries; the longest list of the API, the steps of an order, has 60
_LONGEST_WHOLE = 20  # digits; more is no number of ours, and turning thousands of digits into one costs time


class Malformed(BadRequest):
    """What was sent cannot be read as JSON, or a header is missing; `fields` names the place as a refused field would, in body, query or header."""

    def __init__(self, code_word: str, sentence: str, *, field: str | None = None, place: str = "body") -> None:
        super().__init__(sentence)
        self.place = place
        self.code_word = code_word
        self.sentence = sentence
        self.fields: Mapping[str, tuple[str, ...]] = {} if field is None else {field: (sentence,)}


class _Pairs(dict[str, object]):
    """One JSON object, and the first of its keys that stands in it twice."""

    doubled: str | None = None


def parse(body: bytes, *, deepest: int = _DEEPEST) -> object:
    """The value of a JSON text in UTF-8; fractions come as `Decimal`, with every digit that was written.

    Raises `Malformed` for anything else, for a key that stands twice in one object, NaN, Infinity, half a surrogate pair, and
    what is nested more than `deepest` deep.
    """
    try:
        value: object = loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise Malformed("not-utf-8", "The body is not UTF-8. Send JSON encoded as UTF-8.") from error
    except JSONDecodeError as error:
        message = f"The body is not JSON: {error.msg}, at line {error.lineno}, column {error.colno}."
        raise Malformed("not-json", message) from error
    except (RecursionError, ArithmeticError) as error:
        raise Malformed("not-json", "The body is nested too deeply, or a number in it is too large.") from error
    _inspect(value, deepest)
    return value


def _object(pairs: list[tuple[str, object]]) -> _Pairs:
    found = _Pairs()
    for key, value in pairs:
        if key in found and found.doubled is None:
            found.doubled = key
        found[key] = value
    return found


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _LONGEST_WHOLE else Decimal(digits)


def _constant(word: str) -> object:
    raise Malformed("not-json", f"{word} is not JSON. Send numbers in figures.")


def _inspect(value: object, deepest: int) -> None:
    waiting: list[tuple[tuple[str, ...], object]] = [((), value)]
    while waiting:
        path, found = waiting.pop()
        if len(path) > deepest:
            raise Malformed("too-deep", f"The body is nested more than {deepest} deep. See the API's document for its shape.")
        if isinstance(found, str) and _has_surrogate(found):
            raise Malformed("surrogate", "This text holds half of a surrogate pair. Write the character whole.", field=".".join(path))
        waiting.extend(((*path, key), inner) for key, inner in _inner(path, found))


def _inner(path: tuple[str, ...], found: object) -> Iterator[tuple[str, object]]:
    if isinstance(found, _Pairs):
        if found.doubled is not None:
            place = ".".join((*path, shown(found.doubled)))
            raise Malformed("key-twice", f"The key {shown(found.doubled)} stands here twice. Send it once.", field=place)
        if any(_has_surrogate(key) for key in found):
            raise Malformed("surrogate", "A key holds half of a surrogate pair. Check the spelling of the keys.", field=".".join(path))
        yield from found.items()
    elif isinstance(found, list):
        if len(found) > _LONGEST_LIST:
            message = f"There are {len(found)} entries, and no list of the API takes more than {_LONGEST_LIST}. Send fewer."
            raise Malformed("list-too-long", message, field=".".join(path))
        yield from ((str(index), inner) for index, inner in enumerate(found))


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
