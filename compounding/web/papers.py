"""Papers: filed on a lot or a formula, got out again as they came, marked as superseded. Never shown inside a page, always as a file."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.paper import Paper, PaperKind, require_size
from compounding.schemas.forms import from_form
from compounding.schemas.papers import PAPER, SUPERSEDED
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, reshow, unflatten
from compounding.workflow import papers as work
from compounding.workflow.act import Look
from compounding.workflow.papers import Filed, Subject

blueprint = Blueprint("stock_papers", __name__)

KINDS = tuple((kind.name.lower(), kind.value) for kind in PaperKind)
_NAMES = {"kind": "What it is", "title": "Title", "file": "File", "reason": "Why"}
_REST = 20_000  # bytes of a form beside its file
_Found = Answer | tuple[str, int]


def let_papers_in() -> None:
    """A form that brings a paper may be larger than any other; called before anything reads the form."""
    if request.endpoint in {"stock_papers.file_on_lot", "stock_papers.file_on_formula"}:
        request.max_content_length = current_app.config["PAPER_LIMIT"] + _REST


@blueprint.get("/stock/<uuid:lot_id>/papers")
def of_lot(lot_id: UUID) -> str:
    """The papers of a lot, and the form for another."""
    return render("papers.html", **_shown(lambda look: work.lot_of(look, lot_id)))


@blueprint.post("/stock/<uuid:lot_id>/papers")
def file_on_lot(lot_id: UUID) -> _Found:
    """File a paper on a lot."""
    return _file(lambda look: work.lot_of(look, lot_id))


@blueprint.get("/formulas/<code>/<int(max=9999):version>/papers")
def of_formula(code: str, version: int) -> str:
    """The papers of a formula's version, and the form for another."""
    return render("papers.html", **_shown(lambda look: work.formula_of(look, code, version)))


@blueprint.post("/formulas/<code>/<int(max=9999):version>/papers")
def file_on_formula(code: str, version: int) -> _Found:
    """File a paper on a formula's version."""
    return _file(lambda look: work.formula_of(look, code, version))


@blueprint.get("/papers/<uuid:paper_id>")
def paper(paper_id: UUID) -> Response:
    """The file itself, to be saved: a name of ours, the type that its bytes have, and no guessing."""
    content, media_type = pharmacy().look(LookName.PAPERS, actor(), lambda look: work.content(look, paper_id))
    answer = Response(content, mimetype=media_type.value)
    answer.headers["Content-Disposition"] = f'attachment; filename="paper-{paper_id}.{media_type.ending}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@blueprint.post("/papers/<uuid:paper_id>/superseded")
def supersede(paper_id: UUID) -> _Found:
    """Mark that a paper does not count any more."""
    shown = _shown(lambda look: work.subject_of(look, paper_id))
    try:
        told = cast("dict[str, str]", read(SUPERSEDED, from_form(unflatten(request.form))))
        pharmacy().perform(ActName.PAPER_SUPERSEDE, actor(), lambda act: work.supersede(act, paper_id, told["reason"]))
    except Invalid as error:
        return reshow("papers.html", error, **shown, marking=paper_id)
    flash("The paper is marked as superseded. It stays filed.")
    return redirect(f"{shown['place']}/papers", code=303)


def _file(subject: Callable[[Look], Subject]) -> _Found:
    shown = _shown(subject)
    try:
        told = cast("Paper", read(PAPER, {**from_form(unflatten(request.form)), **_sent()}))
        require_size(told.content, current_app.config["PAPER_LIMIT"])
        pharmacy().perform(ActName.PAPER_FILE, actor(), lambda act: work.file(act, subject(act), told))
    except Invalid as error:
        return reshow("papers.html", error, **shown)
    except Conflict as known:
        return reshow("papers.html", Invalid(known.code, known.sentence, fields={"file": (known.sentence,)}), **shown)
    flash(f"{told.title} is filed.")
    return redirect(f"{shown['place']}/papers", code=303)


def _sent() -> dict[str, object]:
    """The file of the form, if one was chosen."""
    sent = request.files.get("file")
    return {"file": sent.read()} if sent and sent.filename else {}


def _shown(subject: Callable[[Look], Subject]) -> dict[str, Any]:
    def question(look: Look) -> tuple[Subject, tuple[Filed, ...]]:
        of = subject(look)
        return of, work.papers_of(look, of)

    of, filed = pharmacy().look(LookName.PAPERS, actor(), question)
    place = f"/stock/{of.lot_id}" if of.lot_id else f"/formulas/{of.code}/{of.version}"
    thing = "this lot" if of.lot_id else f"formula {of.code}, version {of.version}"
    most = current_app.config["PAPER_LIMIT"] // 1000
    return {"filed": filed, "place": place, "thing": thing, "kinds": KINDS, "names": _NAMES, "zone": pharmacy().zone, "most": most}
