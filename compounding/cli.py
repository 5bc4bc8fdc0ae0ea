"""The commands: init, a token for a prescriber's system, a course, a year, NADAC's price list, print jobs, and whether the records are as they were written.

`register` gives them to the application; `./run` calls them as `flask --app wsgi init`, `flask --app wsgi token`, and so on.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask

from compounding import keys_command, nadac_command, plan_command, print_queue_command, trail_commands, webhook_commands, year_command
from compounding.db import migrate
from compounding.domain.authority import ActName
from compounding.domain.errors import PharmacyError
from compounding.domain.people import system_actor
from compounding.domain.scope import ALL, scopes_of, text_of
from compounding.domain.token import USUAL, good_for
from compounding.settings import Settings
from compounding.workflow import clients, fictional, seed
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.fictional_year import Prints

ACCOUNTS = "accounts.txt"
_ACTOR = system_actor("command line")
_LINE = "=" * 78


def register(app: Flask, settings: Settings, pharmacy: Pharmacy, renderer: Prints) -> None:
    """Give `app` its commands."""
    app.cli.add_command(_init(settings, pharmacy, renderer))
    app.cli.add_command(_token(pharmacy))
    app.cli.add_command(keys_command.command(pharmacy))
    app.cli.add_command(plan_command.command(pharmacy))
    app.cli.add_command(nadac_command.command(pharmacy))
    app.cli.add_command(print_queue_command.command(pharmacy, renderer, settings.pharmacy))
    app.cli.add_command(webhook_commands.set_command(settings, pharmacy))
    app.cli.add_command(webhook_commands.send_command(settings, pharmacy))
    app.cli.add_command(trail_commands.verify_command(settings, pharmacy))
    app.cli.add_command(trail_commands.export_command(settings, pharmacy))
    app.cli.add_command(year_command.command(settings, pharmacy, renderer, _keep))


def _init(settings: Settings, pharmacy: Pharmacy, renderer: Prints) -> click.Command:
    @click.command("init")
    @click.argument("address", default="")
    def init(address: str) -> None:
        """Migrate the records, fill the demonstration if it is empty, and say where the pharmacy is to be found."""
        migrate.upgrade(pharmacy.engine)
        pharmacy.perform(ActName.TRAIL_BEGIN, _ACTOR, lambda _act: None)  # the first seal is made over what is older
        pharmacy.perform(ActName.CLIENT_MOVE, _ACTOR, clients.move_tokens)
        if settings.is_demonstration:
            accounts = seed.demonstration(pharmacy)
            if accounts:
                _keep(settings.var / ACCOUNTS, accounts)
                fictional.orders(pharmacy, accounts, renderer, settings.pharmacy)
            seed.morning(pharmacy)
            click.echo(banner(address, settings.var / ACCOUNTS))

    return init


def _token(pharmacy: Pharmacy) -> click.Command:
    @click.command("token")
    @click.option("--scope", "scopes", default=text_of(ALL), show_default=True, help="What it opens, in the words of SMART App Launch.")
    @click.option("--days", default=USUAL.days, show_default=True, help="For how many days it is good.")
    @click.argument("name")
    @click.argument("npis", nargs=-1, required=True, metavar="NPI...")
    def token(name: str, npis: tuple[str, ...], scopes: str, days: int) -> None:
        """Make a bearer token for the prescriber's system NAME, which may write for each NPI. It is shown once."""

        def add(act: Act) -> str:
            return clients.add_client(act, name, npis, scopes=scopes_of(scopes), until=good_for(days, at=act.at))[1]

        try:
            made = pharmacy.perform(ActName.CLIENT_ADD, _ACTOR, add)
        except PharmacyError as error:
            raise click.ClickException(error.sentence) from error
        click.echo("This token is shown once. Keep it as you keep a password:", err=True)
        click.echo(made)

    return token


def banner(address: str, accounts: Path) -> str:
    """What somebody who starts the demonstration must know: that it is one, where it is, and how to sign in."""
    lines = [
        "DEMONSTRATION PHARMACY: fictional patients, demonstration formulas and prices.",
        "Nothing made with it may be given to anybody.",
        "",
        f"Open      {address}" if address else "",
        f"Sign in   as one of the accounts in {accounts}",
    ]
    return "\n".join([_LINE, *[f"  {line}".rstrip() for line in lines], _LINE])


def _keep(path: Path, accounts: Sequence[seed.Account]) -> None:
    """Write the generated accounts where their owner alone can read them."""
    text = "".join(f"{item.role}: {item.name}\n  user name  {item.username}\n  password   {item.password}\n  PIN        {item.pin}\n\n" for item in accounts)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(text)
