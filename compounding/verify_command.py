"""The command that holds the records against their trail: `flask verify`."""

import click

from compounding.domain.authority import LookName
from compounding.domain.people import system_actor
from compounding.settings import Settings
from compounding.workflow.act import Pharmacy
from compounding.workflow.verification import verify

_ACTOR = system_actor("command line")


def command(settings: Settings, pharmacy: Pharmacy) -> click.Command:
    """The command `verify` of `pharmacy`."""

    @click.command("verify")
    def verified() -> None:
        """Hold every seal, every row of the audit and every record against each other and against the anchor; name the first that is wrong."""
        verdict = pharmacy.look(LookName.TRAIL, _ACTOR, lambda look: verify(look, settings.seals))
        if verdict.fault is not None:
            raise click.ClickException(verdict.sentence)
        click.echo(verdict.sentence)

    return verified
