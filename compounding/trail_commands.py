"""The commands round the trail: `flask verify` holds the records against it, `flask export-trail` gives it to somebody who has no program."""

import json
import os
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import click

from compounding import trail_reader as reader
from compounding.domain.authority import LookName
from compounding.domain.people import system_actor
from compounding.settings import Settings
from compounding.workflow.act import Look, Pharmacy
from compounding.workflow.verification import lines, verify

_ACTOR = system_actor("command line")
_README = """The trail of changes and reads of the pharmacy, one seal in each line of trail.jsonl, oldest first.
To verify it: python verify.py trail.jsonl anchor.txt
With the pharmacy's key in a file: python verify.py trail.jsonl anchor.txt key.txt
It names patients: keep it as you keep the records themselves.
"""


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
        anchor = "".join(f"{number} {code}\n" for number, code in settings.seals.told().items())

        def write(look: Look) -> int:
            whole.seek(0)
            whole.truncate()  # it may be asked again where the records were busy
            with ZipFile(whole, "w", ZIP_DEFLATED) as bundle:
                bundle.writestr("README.txt", _README)
                bundle.writestr("anchor.txt", anchor)
                bundle.writestr("verify.py", Path(reader.__file__).read_text(encoding="utf-8"))
                with bundle.open("trail.jsonl", "w", force_zip64=True) as out:
                    return sum(bool(out.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")) for line in lines(look))

        with os.fdopen(descriptor, "wb") as whole:
            count = pharmacy.look(LookName.TRAIL, _ACTOR, write)
        click.echo(f"{count} seals are in {file}, with the anchor and verify.py.")

    return exported
