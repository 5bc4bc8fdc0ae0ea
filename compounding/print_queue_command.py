"""`flask print-queue`: prints runs of labels and sends what waits for printers, beside the server, until it is stopped.

One is enough; a second does no harm, since a job is taken out of the queue in a transaction. It ends with the process that started it.
"""

import logging
import os
from time import sleep
from uuid import UUID

import click

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid, PharmacyError
from compounding.domain.people import PharmacyProfile, system_actor
from compounding.domain.print_job import Answer, JobStatus
from compounding.wire.connection import USUAL, Patience
from compounding.wire.delivery import deliver
from compounding.workflow import label_runs, labels, print_jobs
from compounding.workflow.act import Busy, Pharmacy

QUEUE = system_actor("print queue")
_LOG = logging.getLogger(__name__)
_PATIENCE = 20  # times that an answer is kept at most, should the records be busy; each try waits for a lock by itself
_DEFECT = "The program failed at this label. Print it on its own page, and tell whoever looks after the program."
_REST = 0.4  # seconds between two looks at a queue at rest: nobody waits longer for a click


def command(pharmacy: Pharmacy, renderer: label_runs.Renders, profile: PharmacyProfile) -> click.Command:
    """The command."""

    @click.command("print-queue")
    @click.option("--once", is_flag=True, help="Send what is due now, and end.")
    def print_queue(*, once: bool) -> None:
        """Print runs of labels, send print jobs to their printers, and keep what the printers answer."""
        started_by = os.getppid()
        while os.getppid() == started_by:
            did_run, sent = run_next(pharmacy, renderer, profile), send_next(pharmacy)
            if not did_run and sent is None:
                if once:
                    return
                sleep(_REST)

    return print_queue


def run_next(pharmacy: Pharmacy, renderer: label_runs.Renders, profile: PharmacyProfile) -> bool:
    """Do the next thing of the oldest run of labels that works: one label, or the sheets at its end; whether there was anything to do."""
    task = pharmacy.look(LookName.PRINTERS, QUEUE, label_runs.next_task)
    if task is None:
        return False
    if task.fill_id is None:
        _end(pharmacy, renderer, task)
        return True
    said = _DEFECT
    try:
        said = _printed(pharmacy, renderer, profile, task, task.fill_id)
    except Busy:
        said = ""  # nothing was changed: it is done next time
    finally:  # also where the program itself fails, which then ends: the next one goes on behind this container
        if said:
            pharmacy.perform(ActName.RUN_PRINT, QUEUE, lambda act: label_runs.refuse_item(act, task, said))
    return True


def _printed(pharmacy: Pharmacy, renderer: label_runs.Renders, profile: PharmacyProfile, task: label_runs.Task, fill_id: UUID) -> str:
    """Print one label of a run; "" when it was done, else why not."""
    try:
        composed = pharmacy.look(LookName.LABELS, QUEUE, lambda look: labels.compose(look, fill_id, profile))
        printed = labels.lay_out(renderer, composed, task.medium, on_sheet=True)
        pharmacy.perform(ActName.RUN_PRINT, QUEUE, lambda act: label_runs.print_item(act, task, composed, printed, profile))
    except PharmacyError as refusal:
        return refusal.sentence
    return ""


def _end(pharmacy: Pharmacy, renderer: label_runs.Renders, task: label_runs.Task) -> None:
    sheets, said = None, ""
    try:
        sheets = label_runs.on_sheets(renderer, task)
    except Invalid as refusal:
        said = refusal.sentence
    pharmacy.perform(ActName.RUN_PRINT, QUEUE, lambda act: label_runs.finish(act, task, sheets, said))


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
    return _settled(pharmacy, taken.id, answer)


def _settled(pharmacy: Pharmacy, job_id: UUID, answer: Answer) -> JobStatus:
    """Keep the answer, also where the records are busy for a while: what is forgotten here would be unknown for ever."""
    for _ in range(_PATIENCE):
        try:
            return pharmacy.perform(ActName.JOB_SEND, QUEUE, lambda act: print_jobs.settle(act, job_id, answer))
        except Busy:
            sleep(_REST)
    return pharmacy.perform(ActName.JOB_SEND, QUEUE, lambda act: print_jobs.settle(act, job_id, answer))
