"""What is done with a batch beside making it: set aside, taken up again, its record read whole."""

from uuid import UUID

from compounding.domain.authority import ActName, LookName
from compounding.domain.people import Actor
from compounding.workflow import quarantine, records
from compounding.workflow.records import Details
from tests.workflow.bench import Bench


def set_aside(bench: Bench, batch_id: UUID, reason: str = "a cap was loose") -> None:
    bench.pharmacy.perform(ActName.BATCH_QUARANTINE, bench.linh, lambda act: quarantine.quarantine(act, batch_id, reason))


def lift(bench: Bench, batch_id: UUID, reason: str = "every cap was closed again", *, by: Actor | None = None) -> None:
    bench.pharmacy.perform(ActName.BATCH_LIFT, by or bench.maria, lambda act: quarantine.lift(act, batch_id, reason))


def details(bench: Bench, batch_id: UUID) -> Details:
    storage = bench.batch(batch_id).storage
    return bench.pharmacy.look(LookName.BATCHES, bench.linh, lambda look: records.details(look, batch_id, storage))
