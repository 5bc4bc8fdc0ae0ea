"""The one way in which a page that posts an act answers: onwards when it was done, the same page again when it was not."""

from collections.abc import Callable, Mapping

from flask import redirect
from werkzeug.wrappers import Response

from compounding.domain.errors import Conflict, Invalid, PharmacyError, Unsafe

Errors = Mapping[str, tuple[str, ...]]
Answer = Response | tuple[str, int]
_STATUS: Mapping[type[PharmacyError], int] = {Invalid: 422, Unsafe: 422, Conflict: 409}


def attempt(act: Callable[[], str], show: Callable[[Errors], str]) -> Answer:
    """Do `act`, which gives the address to go on to; what it refuses is shown on the page that `show` makes, with all that was typed.

    A refusal stands by its fields, or by the address where it is put right (the fact `where`), or by itself.
    """
    try:
        return redirect(act(), code=303)
    except (Invalid, Unsafe, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        return show(fields or {error.facts.get("where", ""): (error.sentence,)}), _STATUS.get(type(error), 409)
