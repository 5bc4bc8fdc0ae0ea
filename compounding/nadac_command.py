"""The command that imports NADAC's price list, such as that of a whole year: `flask nadac FILE`. What a page imports goes the same way."""

from typing import IO

import click

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid, PharmacyError
from compounding.domain.people import system_actor
from compounding.schemas.price_lists import read_price_list
from compounding.workflow import benchmarks
from compounding.workflow.act import Pharmacy

_ACTOR = system_actor("command line")


def command(pharmacy: Pharmacy) -> click.Command:
    """The command `nadac` of `pharmacy`."""

    @click.command("nadac")
    @click.argument("file", type=click.File("rb"))
    def nadac(file: IO[bytes]) -> None:
        """Import NADAC's price list, the CSV file FILE as it was downloaded from data.medicaid.gov: a benchmark beside what was paid, never a cost."""
        try:
            stocked = pharmacy.look(LookName.BENCHMARKS, _ACTOR, benchmarks.stocked)
            told = read_price_list(file, stocked)
            kept = pharmacy.perform(ActName.BENCHMARK_IMPORT, _ACTOR, lambda act: benchmarks.take_in(act, told))
        except PharmacyError as error:
            more = error.fields["file"][1:] if isinstance(error, Invalid) else ()
            raise click.ClickException("\n".join((error.sentence, *more))) from error
        click.echo(kept.sentence)

    return nadac
