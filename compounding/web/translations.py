"""The texts of a language beside the English ones, and the review that lets them be printed."""

from typing import cast

from flask import Blueprint, flash, request

from compounding.domain.authority import ActName, LookName
from compounding.schemas.forms import from_form
from compounding.schemas.formulas import TEXTS
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import translations

blueprint = Blueprint("translations", __name__, url_prefix="/translations")


@blueprint.get("/<language>")
def texts(language: str) -> str:
    """Every text of a language beside the English one."""
    return _page(language, {})


@blueprint.post("/<language>")
def approve(language: str) -> Answer:
    """These texts were read by somebody who reads the language, and may be printed."""
    return attempt(lambda: _approved(language), lambda errors: _page(language, errors))


def _page(code: str, errors: Errors) -> str:
    found = pharmacy().look(LookName.FORMULAS, actor(), lambda look: translations.texts(look, code))
    return render("translation.html", it=found, values=request.form, errors=errors)


def _approved(code: str) -> str:
    said = cast("dict[str, str]", read(TEXTS, from_form(unflatten(request.form))))
    sign()
    pharmacy().perform(ActName.POLICY_APPROVE, actor(), lambda act: translations.approve(act, code, said["reviewed_by"], said["seen"]))
    flash("These texts are approved. Labels and leaflets of patients who want the language are printed in it from now on.")
    return f"/translations/{code}"
