"""The book: master formulas as printed forms, the decisions in force, the instruments; two versions of a formula side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.beyond_use import TABLE_4, assigned_class, shelf_days
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Stability, Storage
from compounding.domain.label_text import warnings_text
from compounding.domain.shelf_life import effect
from compounding.domain.weighing import Balance, Dropper, Syringe
from compounding.schemas.forms import from_form
from compounding.schemas.formulas import RETIRE, SEEN
from compounding.schemas.refusals import read
from compounding.web.decisions import decisions
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import formula_pages, papers, translations
from compounding.workflow import formulas as work

blueprint = Blueprint("formulas", __name__, url_prefix="/formulas")


@dataclass(frozen=True, slots=True)
class Kept:
    """How long the preparation may be used when it is kept at `storage`, and by what rule; 0 days where it may not be kept so."""

    storage: str
    days: int
    why: str


@blueprint.get("")
def book() -> str:
    """Every approved formula, the drafts, the policy in force and the instruments."""
    found = pharmacy().look(LookName.FORMULAS, actor(), formula_pages.book)
    kinds = {"syringes": Syringe, "droppers": Dropper, "balances": Balance}
    instruments = {name: [item for item in found.instruments if isinstance(item, kind)] for name, kind in kinds.items()}
    formulas = [(formula, kept(formula)) for formula in found.formulas]
    languages = pharmacy().look(LookName.FORMULAS, actor(), translations.all_texts)
    shown = {"formulas": formulas, "groups": decisions(found.policy), "languages": languages, **instruments}
    return render("formulas.html", book=found, zone=pharmacy().zone, **shown)


@blueprint.get("/<code>/<int(max=9999):version>")
def formula(code: str, version: int) -> str:
    """One version of a master formula."""
    return _page(code, version, {})


@blueprint.get("/<code>/<int(max=9999):version>/against/<int(max=9999):other>")
def against(code: str, version: int, other: int) -> str:
    """What changed from one version to another."""
    found = pharmacy().look(LookName.FORMULAS, actor(), lambda look: formula_pages.comparison(look, code, version, other))
    return render("formula_changes.html", it=found)


@blueprint.post("/<code>/<int(max=9999):version>/approve")
def approve(code: str, version: int) -> Answer:
    """A second person's signature."""
    return attempt(lambda: _approved(code, version), lambda errors: _page(code, version, errors))


@blueprint.post("/<code>/<int(max=9999):version>/retire")
def retire(code: str, version: int) -> Answer:
    """Nothing new by this version."""
    return attempt(lambda: _retired(code, version), lambda errors: _page(code, version, errors))


def _page(code: str, version: int, errors: Errors) -> str:
    found = pharmacy().look(LookName.FORMULAS, actor(), lambda look: formula_pages.entry(look, code, version))
    of = found.formula
    filed = pharmacy().look(LookName.PAPERS, actor(), lambda look: papers.papers_of(look, papers.formula_of(look, code, version)))
    known = {
        "table_days": TABLE_4[assigned_class(of)],
        "kept": kept(of),
        "filed": filed,
        "effects": [(study, effect(study, of), paper_of(study, filed)) for study in of.stability],
    }
    known |= {"on_label": warnings_text(of), "controls": found.controls, "may_approve": actor().role in ACTS[ActName.FORMULA_APPROVE]}
    return render("formula.html", entry=found, formula=of, zone=pharmacy().zone, values=request.form, errors=errors, **known)


def _approved(code: str, version: int) -> str:
    seen = cast("dict[str, str]", read(SEEN, from_form(unflatten(request.form))))["seen"]
    sign()
    pharmacy().perform(ActName.FORMULA_APPROVE, actor(), lambda act: work.approve(act, code, version, seen))
    flash(f"Version {version} of {code} is approved. New orders are planned by it from now on.")
    return f"/formulas/{code}/{version}"


def _retired(code: str, version: int) -> str:
    reason = cast("dict[str, str]", read(RETIRE, from_form(unflatten(request.form))))["reason"]
    sign()
    pharmacy().perform(ActName.FORMULA_RETIRE, actor(), lambda act: work.retire(act, code, version, reason))
    flash(f"Version {version} of {code} is retired. Nothing new is planned by it.")
    return f"/formulas/{code}/{version}"


def paper_of(study: Stability, filed: Sequence[papers.Filed]) -> papers.Filed | None:
    """The newest paper that counts whose title names the study, or is named by its citation."""
    cited = study.source.casefold()
    return next((paper for paper in filed if not paper.why_superseded and (paper.title.casefold() in cited or cited in paper.title.casefold())), None)


def kept(formula: Formula) -> tuple[Kept, ...]:
    """The days that hold at each storage that the formula names."""
    return tuple(_kept(formula, storage) for storage in formula.storages)


def _kept(formula: Formula, storage: Storage) -> Kept:
    try:
        return Kept(storage, *shelf_days(formula, storage))
    except Unsafe as error:
        return Kept(storage, 0, error.sentence)
