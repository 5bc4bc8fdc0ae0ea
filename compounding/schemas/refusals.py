"""From marshmallow's nested messages to one flat table of field and sentences, which both doors show."""

from collections.abc import Iterator, Mapping

from marshmallow import Schema, ValidationError

from compounding.domain.errors import Invalid

_WHOLE_PART = "_schema"  # where marshmallow keeps what concerns a part as a whole


def flat(errors: object) -> dict[str, tuple[str, ...]]:
    """`{"steps": {0: {"dose": ["..."]}}}` as `{"steps.0.dose": ("...",)}`; what concerns the whole of what was sent stands under ""."""
    table: dict[str, tuple[str, ...]] = {}
    for path, messages in _walk(errors, ()):
        table[path] = table.get(path, ()) + messages
    return table


def read(schema: Schema, data: object) -> object:
    """What `schema` makes of `data`; raises `Invalid` with every refused field and its sentences."""
    try:
        return schema.load(data)  # type: ignore[arg-type]  # anything may come in; what is no object is refused by the schema
    except ValidationError as error:
        raise refusal(error) from error


def refusal(error: ValidationError, *, place: str = "body") -> Invalid:
    """The domain's error for what a schema refused; `place` says whether it was the body or the query of a request."""
    fields = flat(error.messages)
    count = "One field" if len(fields) == 1 else f"{len(fields)} fields"
    sentence = f"{count} cannot be taken as sent. Nothing was stored; correct what is named and send it again."
    return Invalid("not-readable" if place == "body" else "not-readable-query", sentence, fields=fields)


def _walk(errors: object, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            yield from _walk(inner, path if key == _WHOLE_PART else (*path, str(key)))
    elif isinstance(errors, list):
        yield ".".join(path), tuple(str(message) for message in errors)
    else:
        yield ".".join(path), (str(errors),)
