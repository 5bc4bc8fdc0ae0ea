"""What every view shares: the frame, who is asking, a form as nested values, and the one way to show a form again.

The names of form fields are the contract between templates and schemas. `steps.0.dose` is the dose of the first step; a blank field is
left out; a name that ends in `[]` is a list, one entry for each line or box; `x.day`, `x.month` and `x.year` are the one ISO date `x`.
Whether a value makes sense is the schema's business.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

from flask import Response, current_app, render_template, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import LOOKS, LookName
from compounding.domain.errors import Invalid
from compounding.domain.people import Actor, PharmacyProfile
from compounding.domain.quantity import decimal_text
from compounding.web.house import asset_address
from compounding.workflow.act import Pharmacy

Nested: TypeAlias = dict[str, "Nested"] | list["Nested"] | str

# Each room with the look that it takes: a role sees the rooms that it may enter.
NAVIGATION = (
    ("/", "Day", LookName.DAY),
    ("/prescriptions/new", "New prescription", LookName.DAY),
    ("/staff", "Staff", LookName.STAFF),
    ("/systems", "Prescribers' systems", LookName.CLIENTS),
    ("/batches", "Batches", LookName.BATCHES),
    ("/stock", "Stock", LookName.STOCK),
    ("/planner", "Planner", LookName.SKETCHES),
    ("/formulas", "Formulas", LookName.FORMULAS),
    ("/calculations", "Calculations", LookName.CALCULATIONS),
    ("/costs", "Costs", LookName.COSTS),
    ("/upkeep", "Upkeep", LookName.UPKEEP),
    ("/recall", "Recall", LookName.RECALLS),
    ("/trail", "Trail", LookName.TRAIL),
    ("/glass/reports", "Broken glass", LookName.GLASS_REPORTS),
    ("/glass", "Break the glass", LookName.GLASS),
)
# Fields that guard or steer the form and are no part of what it describes.
ASIDE = frozenset({"csrf_token", "signature", "witness", "rows", "late"})
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.([a-z][a-z0-9_]*|0|[1-9][0-9]{0,2}))*(\[\])?", re.ASCII)
_INDENTS = re.compile(r"\s*\n\s*")
_LARGEST_FORM = 1500  # names; 200 steps of six fields fit
_DEEPEST = 5
_DATE_PARTS = frozenset({"day", "month", "year"})
_BLANKS = " \t\r\n"
# The schemas' sentences speak to programs as well; beside a field they speak to the person at the form.
_FOR_A_PERSON = (
    (re.compile(r"Write the date as .*"), "Enter day, month and year."),
    (re.compile(r"Choose one of: .*"), "Choose one."),
    (re.compile(r"Send a list of when .*"), "Tick when in the day the dose is taken."),
    (re.compile(r"^This is missing\. "), ""),
    (re.compile(r'^"" is (not|neither)[^.]*\. '), ""),
    (re.compile(r"\bSend true or false\."), "Choose one."),
    (re.compile(r"\bSend\b"), "Enter"),
    (re.compile(r", then send true\."), ", then tick this."),
)


def pharmacy() -> Pharmacy:
    """The one pharmacy of this application."""
    found: Pharmacy = current_app.extensions["pharmacy"]
    return found


def actor() -> Actor:
    """The person who is signed in, with the role that was read for this request."""
    found: Actor = current_user.staff.actor
    return found


def profile() -> PharmacyProfile:
    """Who the pharmacy is."""
    found: PharmacyProfile = current_app.extensions["profile"]
    return found


def inline_pdf(content: bytes, name: str) -> Response:
    """A PDF that the browser shows at its own size; `name` is that of the file, and tells of no patient."""
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def render(template: str, **context: object) -> str:
    """A page in the house's frame; `values` and `errors` are what its form fields show."""
    return render_template(template, **{"values": MultiDict(), "errors": {}, **context})


def frame() -> dict[str, object]:
    """What every template may use: the pharmacy, its rooms, who is signed in, the address of an asset, and exact numbers as text."""
    staff = current_user.staff if current_user and current_user.is_authenticated else None
    may_search = staff is not None and staff.actor.role in LOOKS[LookName.DAY]
    rooms = [(address, name) for address, name, look in NAVIGATION if staff and staff.actor.role in LOOKS[look]]
    return {
        "profile": profile(),
        "is_demonstration": current_app.config["DEMONSTRATION"],
        "navigation": rooms,
        "may_search": may_search,
        "staff": staff,
        "asset": asset_address,
        "decimal": decimal_text,
    }


def page_number() -> int:
    """The page that is asked for, from 1; 1 where that is no number."""
    page = request.args.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and len(page) <= 6 else 1


def compact(html: str) -> str:
    """`html` without blank lines and indentation: half of a long table would be that. Not for a text area, whose blanks were typed."""
    return _INDENTS.sub("\n", html)


def reshow(template: str, error: Invalid, **context: object) -> tuple[str, int]:
    """The form again with everything that was typed (secrets never), what to do beside each field, and status 422."""
    return render(template, **{"values": request.form, "errors": errors_of(error), **context}), 422


def errors_of(error: Invalid) -> dict[str, tuple[str, ...]]:
    """What to do at each field, said to a person; a refusal without a field stands under ""."""
    return {path: tuple(map(_for_a_person, messages)) for path, messages in error.fields.items()} or {"": (error.sentence,)}


def unflatten(form: MultiDict[str, str]) -> dict[str, Nested]:
    """The nested values of `form`; a part in which nothing was filled in is left out, a row of a list is not.

    Raises `Invalid` for a name that is malformed, too deep or told twice, for rows with gaps, and for a form too large.
    """
    names = [name for name in form if name.partition(".")[0] not in ASIDE]
    if len(names) > _LARGEST_FORM:
        raise _refused("", "This form has too many fields. Enter fewer rows.")
    tree: dict[str, object] = {}
    for name in names:
        _put(tree, name, form.getlist(name))
    return _part(tree, "")


def _put(tree: dict[str, object], name: str, texts: list[str]) -> None:
    path = name.removesuffix("[]").split(".")
    if not _NAME.fullmatch(name) or len(path) > _DEEPEST:
        raise _refused(name[:60], "This field is not part of the form. Open the form again.")
    branch = tree
    for part in path[:-1]:
        below = branch.setdefault(part, {})
        if not isinstance(below, dict):
            raise _refused(name, "This field is told in two ways. Open the form again.")
        branch = below
    if path[-1] in branch:
        raise _refused(name, "This field is told in two ways. Open the form again.")
    branch[path[-1]] = _entries(texts) if name.endswith("[]") else _single(name, texts)


def _entries(texts: list[str]) -> list[str]:
    lines = (line.strip(_BLANKS) for text in texts for line in text.split("\n"))
    return [line for line in lines if line]


def _single(name: str, texts: list[str]) -> str:
    filled = [text.strip(_BLANKS) for text in texts if text.strip(_BLANKS)]
    if len(filled) > 1:
        raise _refused(name, "This field was sent twice. Open the form again and fill it in once.")
    return filled[0] if filled else ""


def _part(branch: Mapping[str, object], path: str) -> dict[str, Nested]:
    below = {key: _nested(value, f"{path}{key}") for key, value in branch.items()}
    return {key: value for key, value in below.items() if value}


def _nested(value: object, path: str) -> Nested:
    if isinstance(value, list):
        return list(value)
    if not isinstance(value, dict):
        return str(value)
    if _DATE_PARTS.issuperset(value):
        return _date_text(value)
    if all(key.isdecimal() for key in value):
        return [_nested(row, f"{path}.{number}") for number, row in enumerate(_rows(value, path))]
    return _part(value, f"{path}.")


def _rows(numbered: Mapping[str, object], path: str) -> list[object]:
    if set(numbered) != {str(number) for number in range(len(numbered))}:
        raise _refused(path, "A row is missing. Open the form again.")
    return [numbered[str(number)] for number in range(len(numbered))]


def _date_text(parts: Mapping[str, object]) -> str:
    year, month, day = (str(parts.get(part, "")) for part in ("year", "month", "day"))
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}" if year or month or day else ""


def _for_a_person(message: str) -> str:
    for pattern, words in _FOR_A_PERSON:
        message = pattern.sub(words, message)
    return message


def _refused(path: str, message: str) -> Invalid:
    return Invalid("form", message, fields={path: (message,)})
