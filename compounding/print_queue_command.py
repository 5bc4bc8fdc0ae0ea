"""`flask print-queue`: sends what waits for printers, beside the server, until it is stopped.

One is enough; a second does no harm, since a job is taken out of the queue in a transaction. It ends with the process that started it.
"""

import logging
import os
from time import sleep

import click

from compounding.domain.authority import ActName, LookName
from compounding.domain.people import system_actor
from compounding.domain.print_job import JobStatus
from compounding.wire.connection import USUAL, Patience
from compounding.wire.delivery import deliver
from compounding.workflow import print_jobs
from compounding.workflow.act import Busy, Pharmacy

QUEUE = system_actor("print queue")
_LOG = logging.getLogger(__name__)
_REST = 0.4  # seconds between two looks at a queue at rest: nobody waits longer for a click


def command(pharmacy: Pharmacy) -> click.Command:
    """The command."""

    @click.command("print-queue")
    @click.option("--once", is_flag=True, help="Send what is due now, and end.")
    def print_queue(*, once: bool) -> None:
        """Send print jobs to their printers, and keep what the printers answer."""
        started_by = os.getppid()
        while os.getppid() == started_by:
            if send_next(pharmacy) is None:
                if once:
                    return
                sleep(_REST)

    return print_queue


def send_next(pharmacy: Pharmacy, patience: Patience = USUAL) -> JobStatus | None:
    """Send the next job that is due and keep the printer's answer: what the job is now; None where nothing was to do."""
    try:
        if not pharmacy.look(LookName.PRINTERS, QUEUE, print_jobs.is_due):
            return None
        taken = pharmacy.perform(ActName.JOB_SEND, QUEUE, print_jobs.claim)
    except Busy:
        return None
    if taken is None:
        return None
    answer = deliver(taken.printer, taken.pdf, str(taken.id)[:8], patience)
    _LOG.info("print job %s: %s", taken.id, answer.outcome)
    return pharmacy.perform(ActName.JOB_SEND, QUEUE, lambda act: print_jobs.settle(act, taken.id, answer))
