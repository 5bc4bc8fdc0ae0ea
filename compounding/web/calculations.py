"""The bench's calculations: each a form whose fields stand in the address, so that an answer can be kept as a bookmark. No patient is in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import ActName, LookName
from compounding.domain.bench import Basis
from compounding.domain.bench_serial import CLASSES, Serial
from compounding.domain.errors import Conflict, Invalid, Unknown, Unsafe
from compounding.domain.formula import Storage
from compounding.domain.weighing import Balance, Syringe
from compounding.schemas.calculations import DILUTING, LITTLE, MEDIAL, MIXING, PRINT, REPEATABILITY, SENSITIVITY, SERIAL, TRITURATION
from compounding.schemas.refusals import read
from compounding.web.page import actor, errors_of, inline_pdf, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import calculations as work

blueprint = Blueprint("calculations", __name__, url_prefix="/calculations")

Fields = MultiDict[str, str]
_ROW = re.compile(r"parts\.(?P<number>0|[1-9][0-9]{0,2})\.(?P<rest>.+)", re.ASCII | re.DOTALL)
_ROWS, _MOST_ROWS = 3, 12  # of a mixture: shown at first, and as many as its schema takes
_PRINTING = frozenset({"number", "medium", "csrf_token"})  # fields of the label's form that are none of the calculation
_DILUTED = {"basis": "liquid", "stock.unit": "mg", "to.unit": "mg"}
_MIXED = {"basis": "liquid", "high.unit": "mg", "low.unit": "mg", "to.unit": "mg"}


@dataclass(frozen=True, slots=True)
class Form:
    """One calculation as a page: its address, its name, what it answers, the shape of what is asked, and what its fields begin with."""

    kind: str
    name: str
    answers: str
    schema: Schema
    begins: Mapping[str, str] = field(default_factory=dict)


FORMS = {
    form.kind: form
    for form in (
        Form("dilution", "Dilution", "How much stock and diluent make a weaker strength (C1 V1 = C2 V2).", DILUTING, _DILUTED),
        Form("mixing", "Mixing two strengths", "How much of a stronger and a weaker one make the strength between (alligation alternate).", MIXING, _MIXED),
        Form("strength", "Strength of a mixture", "What several strengths are together (alligation medial).", MEDIAL, {"basis": "liquid"}),
        Form("serial", "Serial dilution", "The steps down to micrograms, each liquid dated and labelled.", SERIAL, {"stock.unit": "mg", "to.unit": "mcg"}),
        Form(
            "sensitivity",
            "Least weight",
            "What a balance weighs within an error, by its sensitivity requirement.",
            SENSITIVITY,
            {"percent": "5"},
        ),
        Form("repeatability", "Least weight, USP <41>", "What a balance weighs by USP <41>: 2000 standard deviations.", REPEATABILITY),
        Form("aliquot", "Aliquot", "How to take what is too little to weigh, pure or from crushed tablets.", LITTLE, {"wanted.unit": "mg"}),
        Form("trituration", "Trituration", "The portions of diluent for mixing by geometric dilution.", TRITURATION),
    )
}


@blueprint.get("")
def overview() -> str:
    """Every calculation, by what it answers."""
    pharmacy().look(LookName.CALCULATIONS, actor(), work.instruments)
    return render("calculations.html", forms=FORMS.values(), form=None)


@blueprint.get("/<kind>")
def calculation(kind: str) -> str | tuple[str, int]:
    """One calculation: its form, and the answer to what stands in the address."""
    form = _form(kind)
    fields = _closed_up(request.args)
    try:
        return _page(form, fields, _reckoned(form, fields) if request.args else None, {})
    except (Invalid, Unsafe) as error:
        return _page(form, fields, None, errors_of(error) if isinstance(error, Invalid) else {"": (error.sentence,)}), 422


@blueprint.post("/serial/label")
def label() -> Answer:
    """Print the label of one liquid of a serial dilution; the answer is its PDF."""
    return attempt(_labelled, _shown_again)


@blueprint.get("/labels/<uuid:intermediate_id>.pdf")
def label_pdf(intermediate_id: UUID) -> Response:
    """The bytes of a label that was printed."""
    content = pharmacy().look(LookName.CALCULATIONS, actor(), lambda look: work.pdf(look, intermediate_id))
    return inline_pdf(content, "intermediate.pdf")


def _form(kind: str) -> Form:
    if kind not in FORMS:
        raise Unknown("unknown-calculation", "There is no such calculation.")
    return FORMS[kind]


def _reckoned(form: Form, fields: Fields) -> work.Reckoned:
    question = cast("work.Question", read(form.schema, unflatten(fields)))
    return pharmacy().look(LookName.CALCULATIONS, actor(), lambda look: work.reckon(look, question))


def _labelled() -> str:
    wanted = cast("dict[str, int | str]", read(PRINT, {name: request.form.get(name, "") for name in ("number", "medium")}))
    question = cast("Serial", read(SERIAL, unflatten(_asked(request.form))))
    composed = pharmacy().look(LookName.CALCULATIONS, actor(), lambda look: work.compose(look, question, int(wanted["number"])))
    printed = work.lay_out(current_app.extensions["renderer"], composed, str(wanted["medium"]))
    return f"/calculations/labels/{pharmacy().perform(ActName.LABEL_ISSUE, actor(), lambda act: work.keep(act, composed, printed))}.pdf"


def _shown_again(errors: Errors) -> str:
    """The serial dilution with its answer, as far as there still is one, and what stood against its label."""
    try:
        found = _reckoned(FORMS["serial"], _asked(request.form))
    except (Invalid, Unsafe, Conflict):
        found = None
    return _page(FORMS["serial"], request.form, found, errors)


def _page(form: Form, fields: Fields, found: work.Reckoned | None, errors: Errors) -> str:
    instruments, printed = pharmacy().look(LookName.CALCULATIONS, actor(), lambda look: (work.instruments(look), work.printed(look)))
    kinds = {"syringes": Syringe, "balances": Balance}
    lists = {name: [(item.code, item.name) for item in instruments if isinstance(item, kind)] for name, kind in kinds.items()}
    choices = {"basis": _words(Basis), "kind": _words(CLASSES), "storage": _words(Storage), "media": work.media()}
    values = fields or MultiDict(form.begins)
    return render(
        "calculation.html", values=values, errors=errors, forms=FORMS.values(), form=form, found=found, lists={**lists, **choices}, rows=_rows(values),
        asked=_asked(fields), printed=printed if form.kind == "serial" else (), zone=pharmacy().zone,
    )  # fmt: skip


def _words(options: object) -> list[tuple[str, str]]:
    return [(str(item), str(item)) for item in cast("tuple[Basis | Storage, ...]", options)]


def _asked(fields: Fields) -> Fields:
    """What the calculation was asked, without what its label's form adds."""
    return MultiDict([(name, text) for name, text in fields.items(multi=True) if name not in _PRINTING])


def _closed_up(fields: Fields) -> Fields:
    """`fields` with the rows of a mixture moved up over those in which no number was filled in."""
    rows: dict[int, list[tuple[str, str]]] = {}
    for name, text in fields.items(multi=True):
        if place := _ROW.fullmatch(name):
            rows.setdefault(int(place["number"]), []).append((place["rest"], text))
    filled = [row for _, row in sorted(rows.items()) if any(text.strip() for rest, text in row if rest != "strength.unit")]
    kept = [(name, text) for name, text in fields.items(multi=True) if not _ROW.fullmatch(name)]
    return MultiDict(kept + [(f"parts.{number}.{rest}", text) for number, row in enumerate(filled) for rest, text in row])


def _rows(values: Fields) -> range:
    """The rows of a mixture that are shown: those that are filled in, and room for more."""
    filled = {place["number"] for name in values if (place := _ROW.fullmatch(name))}
    return range(min(max(_ROWS, len(filled) + 1), _MOST_ROWS))
