"""The day and the time that a paper says, at each step of a batch that is entered late."""

from datetime import date, datetime, time
from typing import TypedDict, cast

from flask import request
from werkzeug.datastructures import MultiDict

from compounding.domain.errors import Invalid
from compounding.domain.late import Done
from compounding.schemas.forms import from_form
from compounding.schemas.records import DONE
from compounding.schemas.refusals import read
from compounding.web.page import pharmacy, unflatten

_PREFIX = "late."


class _Told(TypedDict):
    on: date
    at: time


def told_done() -> Done | None:
    """When the step was done, by `late.on` and `late.at` of the form; None where it does not ask. Raises `Invalid` for these fields."""
    fields = [(name.removeprefix(_PREFIX), text) for name, text in request.form.items(multi=True) if name.startswith(_PREFIX)]
    if not fields:
        return None
    try:
        told = cast("_Told", read(DONE, from_form(unflatten(MultiDict(fields)))))
    except Invalid as error:
        raise Invalid(error.code, error.sentence, fields={f"{_PREFIX}{name}": messages for name, messages in error.fields.items()}) from error
    return Done(told["on"], datetime.combine(told["on"], told["at"], tzinfo=pharmacy().zone))
