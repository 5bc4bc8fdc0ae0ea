"""The staff: who works here, in which role, and how somebody gets in who lost a password or a phone. Nothing of patients is seen here."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.people import Joining, Role
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.staff import JOINING, ROLE
from compounding.web.page import actor, errors_of, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import staffing
from compounding.workflow.act import Act

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

Shown = str | tuple[str, int]
ROLES = (
    (Role.TECHNICIAN, "technician: works at the bench"),
    (Role.PHARMACIST, "pharmacist: screens, verifies, releases, hands over"),
    (Role.IN_CHARGE, "pharmacist in charge: approves, closes the month, answers an inspector"),
    (Role.AUDITOR, "auditor: reads the trail and the records, changes nothing"),
    (Role.ADMINISTRATOR, "administrator: people, prescribers' systems; no patients, nothing clinical"),
)


@blueprint.get("")
def index() -> str:
    """Everybody, and the form of one more."""
    return _index({})


@blueprint.post("")
def add() -> Shown:
    """One more, whose password for once is shown once."""
    try:
        joining = cast("Joining", read(JOINING, from_form(unflatten(request.form))))
        key, password = pharmacy().perform(ActName.PERSON_ADD, actor(), lambda act: staffing.join(act, joining))
    except Invalid as error:
        return _index(errors_of(error)), 422
    return _told(key, password)


@blueprint.get("/<uuid:person_id>")
def member(person_id: UUID) -> str:
    """One of the staff."""
    return _member(person_id, {})


@blueprint.post("/<uuid:person_id>/role")
def change_role(person_id: UUID) -> Answer:
    """Another role."""
    return attempt(lambda: _role_changed(person_id), lambda errors: _member(person_id, errors))


@blueprint.post("/<uuid:person_id>/disable")
def disable(person_id: UUID) -> Answer:
    """Let nobody in by this account any more."""
    return attempt(
        lambda: _done(person_id, ActName.PERSON_DISABLE, staffing.disable, "The account is disabled. Its sessions have ended."),
        lambda errors: _member(person_id, errors),
    )


@blueprint.post("/<uuid:person_id>/factor")
def reset_factor(person_id: UUID) -> Answer:
    """Forget a second factor whose phone is lost."""
    return attempt(
        lambda: _done(
            person_id, ActName.PERSON_RESET_FACTOR, staffing.reset_factor, "The second factor is forgotten. A new one is set up at the next sign-in."
        ),
        lambda errors: _member(person_id, errors),
    )


@blueprint.post("/<uuid:person_id>/readmit")
def readmit(person_id: UUID) -> Shown:
    """A new password for once."""
    return _readmitted(person_id, ActName.PERSON_READMIT, staffing.readmit)


@blueprint.post("/<uuid:person_id>/enable")
def enable(person_id: UUID) -> Shown:
    """Use a disabled account again."""
    return _readmitted(person_id, ActName.PERSON_ENABLE, staffing.enable)


@blueprint.get("/settings")
def settings() -> str:
    """How this deployment is set; nothing secret."""
    config = current_app.config
    pharmacy().look(LookName.SETTINGS, actor(), lambda look: look.at)
    return render("settings.html", zone=pharmacy().zone, factor=config["SECOND_FACTOR"], body=config["MAX_CONTENT_LENGTH"], paper=config["PAPER_LIMIT"])


def _role_changed(person_id: UUID) -> str:
    role = cast("dict[str, Role]", read(ROLE, from_form(unflatten(request.form))))["role"]
    return _done(person_id, ActName.PERSON_CHANGE_ROLE, lambda act, key: staffing.change_role(act, key, role), f"The role is {role} from now on.")


def _done(person_id: UUID, name: ActName, change: Callable[[Act, UUID], None], message: str) -> str:
    pharmacy().perform(name, actor(), lambda act: change(act, person_id))
    flash(message)
    return f"/staff/{person_id}"


def _readmitted(person_id: UUID, name: ActName, change: Callable[[Act, UUID], str]) -> Shown:
    try:
        password = pharmacy().perform(name, actor(), lambda act: change(act, person_id))
    except Conflict as error:
        return _member(person_id, {"": (error.sentence,)}), 409
    return _told(person_id, password)


def _told(person_id: UUID, password: str) -> str:
    found = pharmacy().look(LookName.STAFF, actor(), lambda look: staffing.member(look, person_id))
    return render("staff_password.html", it=found, password=password, zone=pharmacy().zone)


def _index(errors: Errors) -> str:
    found = pharmacy().look(LookName.STAFF, actor(), staffing.members)
    return render("staff.html", values=request.form, errors=errors, found=found, roles=ROLES, zone=pharmacy().zone, factor=current_app.config["SECOND_FACTOR"])


def _member(person_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.STAFF, actor(), lambda look: staffing.member(look, person_id))
    return render("staff_member.html", values=request.form, errors=errors, it=found, roles=ROLES, zone=pharmacy().zone)
