"""The commands round the trail: `flask verify` holds the records against it, `flask export-trail` gives it to somebody who has no program."""

import os
from pathlib import Path

import click

from compounding.domain.authority import LookName
from compounding.domain.people import system_actor
from compounding.settings import Settings
from compounding.workflow import trail_export
from compounding.workflow.act import Pharmacy
from compounding.workflow.verification import verify

_ACTOR = system_actor("command line")


def verify_command(settings: Settings, pharmacy: Pharmacy) -> click.Command:
    """The command `verify` of `pharmacy`."""

    @click.command("verify")
    def verified() -> None:
        """Hold every seal, every row of the audit and every record against each other and against the anchor; name the first that is wrong."""
        verdict = pharmacy.look(LookName.TRAIL, _ACTOR, lambda look: verify(look, settings.seals))
        if verdict.fault is not None:
            raise click.ClickException(verdict.sentence)
        click.echo(verdict.sentence)

    return verified


def export_command(settings: Settings, pharmacy: Pharmacy) -> click.Command:
    """The command `export-trail` of `pharmacy`."""

    @click.command("export-trail")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    def exported(file: Path) -> None:
        """Write the whole trail with its anchor and a program that verifies it into the ZIP file FILE, which must not be there yet."""
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # before a patient's name is in it
        except FileExistsError:
            raise click.ClickException(f"{file} is there already. Choose another name: an export is not written over.") from None
        with os.fdopen(descriptor, "wb") as whole:
            count = pharmacy.look(LookName.TRAIL, _ACTOR, lambda look: trail_export.write(look, settings.seals, whole))
        click.echo(f"{count} seals are in {file}, with the anchor and verify.py.")

    return exported
