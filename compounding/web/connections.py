"""How a prescriber's system is connected beside its tokens: the keys that it signs with, and the address where it is told of its orders."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, current_app, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.staff import KEYS, WEBHOOK
from compounding.web import systems
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.systems import Shown
from compounding.web.trying import Answer
from compounding.wire.webhook import NotAllowed, require_reachable, secret_of
from compounding.workflow import clients, outbox, system_access
from compounding.workflow.act import Act
from compounding.workflow.outbox import Webhook

blueprint = Blueprint("connections", __name__, url_prefix="/systems/<uuid:client_id>")


@blueprint.post("/keys")
def add_keys(client_id: UUID) -> Answer:
    """Take in the public keys of a JWK set."""

    def change(act: Act) -> None:
        told = cast("dict[str, Any]", read(KEYS, from_form(unflatten(request.form))))
        system_access.add_keys(act, client_id, told["keys"], scopes=told["key_scopes"])

    return systems.attempted(client_id, ActName.CLIENT_ADD_KEY, change, "The keys are taken in: it may ask for tokens with them.")


@blueprint.post("/keys/<uuid:key_id>/retire")
def retire_key(client_id: UUID, key_id: UUID) -> Answer:
    """End a key, and the tokens that were given for it."""
    message = "The key is retired, and its tokens with it."
    return systems.attempted(client_id, ActName.CLIENT_RETIRE_KEY, lambda act: system_access.retire_key(act, client_id, key_id), message)


@blueprint.post("/webhook")
def set_webhook(client_id: UUID) -> Shown:
    """Say where it is told of its orders; the secret that signs is shown once."""

    def change() -> Webhook:
        told = cast("dict[str, Any]", read(WEBHOOK, from_form(unflatten(request.form))))
        _look_at(told["url"])
        return pharmacy().perform(ActName.WEBHOOK_SET, actor(), lambda act: outbox.set_webhook(act, str(client_id), **told))

    return systems.shown_once(client_id, lambda: _told(change()))


def _look_at(url: str) -> None:
    """Raise `Invalid` for an address that may not be sent to."""
    try:
        require_reachable(url, loopback=bool(current_app.config["DEMONSTRATION"]))
    except NotAllowed as refused:
        raise Invalid("webhook", str(refused), fields={"url": (str(refused),)}) from refused


def _told(hook: Webhook) -> str:
    """The address, and the secret where it is a new one."""
    found = pharmacy().look(LookName.CLIENTS, actor(), lambda look: clients.system(look, hook.client_id))
    secret = secret_of(current_app.extensions["seals"].key, str(hook.client_id), hook.secret_version) if hook.is_new_secret else ""
    return render("system_webhook.html", it=found, hook=hook, secret=secret)
