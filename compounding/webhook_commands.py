"""`flask webhook` says where a prescriber's system is told of its orders; `flask webhooks` tells it, beside the server, until it is stopped.

One sender is enough; a second does no harm, since an event is taken out of the outbox in a transaction. It ends with the process that
started it. Should it end between delivery and mark, the event is sent again under the same id.
"""

import logging
import os
from time import sleep

import click

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import PharmacyError
from compounding.domain.event import EventStatus
from compounding.domain.people import system_actor
from compounding.settings import Settings
from compounding.wire.webhook import SECONDS, NotAllowed, require_reachable, secret_of, send, signature
from compounding.workflow import outbox
from compounding.workflow.act import Busy, Pharmacy

OUTBOX = system_actor("outbox")
_LOG = logging.getLogger(__name__)
_PATIENCE = 20  # times that an answer is kept at most, should the records be busy
_REST = 0.5  # seconds between two looks at an outbox at rest
_BETWEEN_REVIEWS = 600  # rests between two looks for reviews that are due: five minutes


def set_command(settings: Settings, pharmacy: Pharmacy) -> click.Command:
    """The command that sets an address."""

    @click.command("webhook")
    @click.argument("name")
    @click.argument("url")
    @click.option("--new-secret", is_flag=True, help="Make another secret; the one before it ends at once.")
    def webhook(name: str, url: str, *, new_secret: bool) -> None:
        """Tell the prescriber's system NAME of its orders at URL, and show the secret by which it knows that we tell it."""
        try:
            require_reachable(url, loopback=settings.is_demonstration)
            found = pharmacy.perform(ActName.WEBHOOK_SET, system_actor("command line"), lambda act: outbox.set_webhook(act, name, url, new_secret=new_secret))
        except NotAllowed as refused:
            raise click.ClickException(str(refused)) from refused
        except PharmacyError as refused:
            raise click.ClickException(refused.sentence) from refused
        click.echo("Each event is signed with this secret (Standard Webhooks). Keep it as you keep a password:", err=True)
        click.echo(secret_of(settings.audit_key.encode(), str(found.client_id), found.secret_version))

    return webhook


def send_command(settings: Settings, pharmacy: Pharmacy) -> click.Command:
    """The command that sends."""

    @click.command("webhooks")
    @click.option("--once", is_flag=True, help="Send what is due now, and end.")
    def webhooks(*, once: bool) -> None:
        """Tell prescribers' systems what became of their orders, and keep what they answer."""
        started_by, rests = os.getppid(), 0
        while os.getppid() == started_by:
            if rests % _BETWEEN_REVIEWS == 0:
                find_reviews(pharmacy)
            if send_next(settings, pharmacy) is None:
                if once:
                    return
                sleep(_REST)
                rests += 1

    return webhooks


def find_reviews(pharmacy: Pharmacy) -> int:
    """Tell the prescribers whose patients' review has become due; how many."""
    try:
        if not pharmacy.look(LookName.EVENTS, OUTBOX, outbox.reviews_due):
            return 0
        return pharmacy.perform(ActName.EVENT_SEND, OUTBOX, outbox.tell_reviews)
    except (Busy, PharmacyError):
        return 0  # the next time


def send_next(settings: Settings, pharmacy: Pharmacy, seconds: float = SECONDS) -> EventStatus | None:
    """Send the next event that is due and keep the receiver's answer: what the event is now; None where nothing was to do."""
    try:
        if not pharmacy.look(LookName.EVENTS, OUTBOX, outbox.is_due):
            return None
        taken = pharmacy.perform(ActName.EVENT_SEND, OUTBOX, outbox.claim)
    except Busy:
        return None
    if taken is None:
        return None
    body, sent_at = taken.body.encode(), int(pharmacy.clock().timestamp())
    secret = secret_of(settings.audit_key.encode(), str(taken.to.client_id), taken.to.secret_version)
    headers = {
        "webhook-id": str(taken.id),
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signature(secret, str(taken.id), sent_at, body),
    }
    answer = send(taken.to.url, headers, body, loopback=settings.is_demonstration, seconds=seconds)
    _LOG.info("event %s: %s", taken.id, answer.said)
    for _ in range(_PATIENCE):
        try:
            return pharmacy.perform(ActName.EVENT_SEND, OUTBOX, lambda act: outbox.settle(act, taken.id, answer))
        except Busy:
            sleep(_REST)
    return EventStatus.WAITING  # its lease ends, and it is sent again under the same id
