"""`flask year`: a year of the demonstration pharmacy in a database of its own, day by day through the use cases, to look at and to measure by."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import click

from compounding.db import migrate
from compounding.db.session import make_engine
from compounding.settings import Settings
from compounding.workflow import fictional_year
from compounding.workflow.act import Pharmacy
from compounding.workflow.seed import Account

FOLDER, ACCOUNTS = "year", "accounts.txt"


def command(settings: Settings, pharmacy: Pharmacy, renderer: fictional_year.Prints, keep: Callable[[Path, Sequence[Account]], None]) -> click.Command:
    """The command; `keep` writes the accounts where their owner alone can read them."""

    @click.command("year")
    @click.option("--days", default=fictional_year.DAYS, type=click.IntRange(1, 3 * fictional_year.DAYS), help="How many days, up to yesterday.")
    def year(days: int) -> None:
        """Live a year of the demonstration pharmacy: about 3,000 hand-overs, the same each time."""
        folder = settings.var / FOLDER
        if folder.exists():
            raise click.ClickException(f"There is a year in {folder} already. Delete that folder to live another one.")
        own = Settings.demonstration(folder)
        engine = make_engine(own.database_url, seals=own.seals, vault=own.vault)
        migrate.upgrade(engine)
        today = pharmacy.clock().astimezone(pharmacy.zone).date()
        lived = fictional_year.year(
            engine,
            pharmacy.zone,
            renderer,
            own.pharmacy,
            first=today - timedelta(days=days),
            days=days,
            accounts=lambda made: keep(folder / ACCOUNTS, made),
        )
        said = -1
        for done in lived:
            percent = 100 * done.done // done.days
            if percent > said:
                said = percent
                went_wrong = f"{done.rejected} batches rejected, {done.set_back} containers lost or back, {done.refused} refused"
                click.echo(f"{percent:3d} %  {done.day:%d %B %Y}: {done.handed_over} handed over, {went_wrong}")
        engine.dispose()
        click.echo(f"The year is in {folder}, and so is {ACCOUNTS}, by which one signs in. To look at it: PHARMACY_VAR={folder} ./run")

    return year
