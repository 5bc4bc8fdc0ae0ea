"""Prescribers' systems: for whom each may write, and its tokens, each shown once."""

from collections.abc import Callable, Iterable
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, request
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.scope import ALL, Scope, text_of
from compounding.domain.token import USUAL, good_for
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.staff import GRANT, NPI, ROTATION, SYSTEM
from compounding.web.page import actor, errors_of, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import clients, outbox, system_access
from compounding.workflow.act import Act, Look

blueprint = Blueprint("systems", __name__, url_prefix="/systems")

Shown = str | tuple[str, int]
_READING = (Scope("MedicationRequest", "rs"), Scope("MedicationDispense", "rs"), Scope("Patient", "r"), Scope("Practitioner", "r"))
CHOICES = (
    (text_of(ALL), "everything: send orders, follow, change and cancel them, work courses out"),
    (text_of(_READING), "read only: what became of its orders, and what was handed over"),
    (text_of([Scope("PlanDefinition", "r")]), "work courses out, for nobody in particular"),
)


@blueprint.get("")
def index() -> str:
    """Every system, and the form of one more."""
    return _index({})


@blueprint.post("")
def add() -> Shown:
    """One more system, with its first token."""

    def change(act: Act, told: dict[str, Any]) -> tuple[UUID, str]:
        until = good_for(told["days"], at=act.at)
        return clients.add_client(act, told["name"], told["npis"], scopes=told["scopes"], until=until)

    try:
        told = cast("dict[str, Any]", read(SYSTEM, from_form(unflatten(request.form))))
        key, token = pharmacy().perform(ActName.CLIENT_ADD, actor(), lambda act: change(act, told))
    except Invalid as error:
        return _index(errors_of(error)), 422
    return _told(key, token)


@blueprint.get("/<uuid:client_id>")
def system(client_id: UUID) -> str:
    """One system with its tokens."""
    return system_page(client_id, {})


@blueprint.post("/<uuid:client_id>/tokens")
def grant(client_id: UUID) -> Shown:
    """One more token."""

    def change() -> str:
        told = cast("dict[str, Any]", read(GRANT, from_form(unflatten(request.form))))
        return pharmacy().perform(
            ActName.CLIENT_GRANT,
            actor(),
            lambda act: clients.make_token(act, client_id, told["name"], scopes=told["scopes"], until=good_for(told["days"], at=act.at)),
        )

    return shown_once(client_id, lambda: _told(client_id, change()))


@blueprint.post("/<uuid:client_id>/tokens/<uuid:token_id>/rotate")
def rotate(client_id: UUID, token_id: UUID) -> Shown:
    """A token that takes over, while the old one stays good for some days."""

    def change() -> str:
        told = cast("dict[str, Any]", read(ROTATION, from_form(unflatten(request.form))))
        return pharmacy().perform(
            ActName.CLIENT_ROTATE,
            actor(),
            lambda act: clients.rotate_token(act, client_id, token_id, told["new_name"], overlap_days=told["overlap"], days=told["new_days"]),
        )

    return shown_once(client_id, lambda: _told(client_id, change()))


@blueprint.post("/<uuid:client_id>/tokens/<uuid:token_id>/revoke")
def revoke(client_id: UUID, token_id: UUID) -> Answer:
    """End a token at once."""
    return attempted(
        client_id, ActName.CLIENT_REVOKE, lambda act: clients.revoke_token(act, client_id, token_id), "The token is revoked: it opens nothing any more."
    )


@blueprint.post("/<uuid:client_id>/npis")
def add_npi(client_id: UUID) -> Answer:
    """One more prescriber for whom it may write."""

    def change(act: Act) -> None:
        npi = cast("dict[str, str]", read(NPI, from_form(unflatten(request.form))))["npi"]
        clients.add_npi(act, client_id, npi)

    return attempted(client_id, ActName.CLIENT_ADD_NPI, change, "It may write for this prescriber too.")


@blueprint.post("/<uuid:client_id>/close")
def close(client_id: UUID) -> Answer:
    """Let none of its tokens open anything."""
    return attempted(client_id, ActName.CLIENT_CLOSE, lambda act: clients.set_active(act, client_id, active=False), "The system is shut out.")


@blueprint.post("/<uuid:client_id>/open")
def reopen(client_id: UUID) -> Answer:
    """Let it in again, by those of its tokens that are good."""
    return attempted(client_id, ActName.CLIENT_OPEN, lambda act: clients.set_active(act, client_id, active=True), "The system is let in again.")


def attempted(client_id: UUID, name: ActName, change: Callable[[Act], None], message: str) -> Answer:
    """Do an act upon a system, and go back to its page."""

    def do() -> str:
        pharmacy().perform(name, actor(), change)
        flash(message)
        return f"/systems/{client_id}"

    return attempt(do, lambda errors: system_page(client_id, errors))


def shown_once(client_id: UUID, make: Callable[[], str]) -> Shown:
    """Do what makes a secret, and give the page that shows it this once; or the page of the system with what is wrong."""
    try:
        return make()
    except (Invalid, Conflict) as error:
        return system_page(client_id, errors_of(error) if isinstance(error, Invalid) else {"": (error.sentence,)}), 422


def _told(client_id: UUID, token: str) -> str:
    found = pharmacy().look(LookName.CLIENTS, actor(), lambda look: clients.system(look, client_id))
    return render("system_token.html", it=found, token=token, zone=pharmacy().zone)


def _index(errors: Errors) -> str:
    found, at = pharmacy().look(LookName.CLIENTS, actor(), lambda look: (clients.systems(look), look.at))
    return render("systems.html", values=_typed(), errors=errors, found=found, at=at, choices=CHOICES, zone=pharmacy().zone)


def system_page(client_id: UUID, errors: Errors) -> str:
    """One system with its tokens, its keys and where it is told; with what was wrong at a form of it."""

    def question(look: Look) -> dict[str, object]:
        found = {"it": clients.system(look, client_id), "at": look.at}
        return {**found, "keys": system_access.keys_of(look, client_id), "hook": outbox.webhook_of(look, client_id)}

    found = pharmacy().look(LookName.CLIENTS, actor(), question)
    return render("system.html", values=_typed(), errors=errors, choices=CHOICES, said=_said, zone=pharmacy().zone, **found)


def _typed() -> MultiDict[str, str]:
    """What was typed, or what is usual."""
    days, most = str(USUAL.days), CHOICES[0][0]
    return request.form or MultiDict({"days": days, "new_days": days, "overlap": "14", "scopes": most, "key_scopes": most})


def _said(scopes: Iterable[Scope]) -> str:
    return "; ".join(scope.sentence for scope in scopes)
