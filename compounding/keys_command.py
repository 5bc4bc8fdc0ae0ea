"""The command that takes in the public keys of a prescriber's system, or retires one (SMART Backend Services)."""

from pathlib import Path
from typing import Any, cast

import click

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid, PharmacyError
from compounding.domain.people import system_actor
from compounding.domain.scope import ALL, text_of
from compounding.schemas.refusals import read
from compounding.schemas.staff import KEYS
from compounding.workflow import system_access
from compounding.workflow.act import Pharmacy

_ACTOR = system_actor("command line")


def command(pharmacy: Pharmacy) -> click.Command:
    """`keys CLIENT FILE` takes in, `keys CLIENT --retire KID` retires."""

    @click.command("keys")
    @click.argument("client")
    @click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--scope", "scopes", default=text_of(ALL), show_default=True, help="What the keys open at most.")
    @click.option("--retire", metavar="KID", help="End the key with this kid, and the tokens that were given for it.")
    def keys(client: str, file: Path | None, scopes: str, retire: str | None) -> None:
        """Take in the public keys of CLIENT (its name or client id) from FILE, a JWK set; several may be good at once, so that one takes over."""
        try:
            client_id = pharmacy.look(LookName.PEOPLE, _ACTOR, lambda look: system_access.client_id(look, client))
            if retire is not None:
                pharmacy.perform(ActName.CLIENT_RETIRE_KEY, _ACTOR, lambda act: system_access.retire_key(act, client_id, retire))
            if file is not None:
                told = cast("dict[str, Any]", read(KEYS, {"keys": file.read_text(encoding="utf-8"), "key_scopes": scopes}))
                pharmacy.perform(ActName.CLIENT_ADD_KEY, _ACTOR, lambda act: system_access.add_keys(act, client_id, told["keys"], scopes=told["key_scopes"]))
            found = pharmacy.look(LookName.PEOPLE, _ACTOR, lambda look: system_access.keys_of(look, client_id))
        except PharmacyError as error:
            raise click.ClickException("\n".join(_sentences(error))) from error
        except UnicodeDecodeError as error:
            raise click.ClickException("The file is no text in UTF-8. Give a JWK set.") from error
        click.echo(f"client id  {client_id}")
        for key in found:
            click.echo(f"{key.algorithm}  {key.kid}  {'retired' if key.retired_at else 'good'}  {text_of(key.scopes)}")

    return keys


def _sentences(error: PharmacyError) -> tuple[str, ...]:
    """What is wrong, field by field where it is known."""
    each = tuple(message for messages in error.fields.values() for message in messages) if isinstance(error, Invalid) else ()
    return each or (error.sentence,)
