"""A batch that no single fill asked for: drawn up for several, and made from the count to its release."""

from collections.abc import Sequence
from uuid import UUID

from compounding.domain.authority import ActName, LookName
from compounding.domain.safety import Reply
from compounding.domain.stocking import StockRequest
from compounding.workflow import pooling, stocking
from compounding.workflow.stocking import Shelved
from tests.workflow.bench import Bench


def share(bench: Bench, fills: Sequence[UUID]) -> UUID:
    """The one worksheet of several fills."""
    return bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act: pooling.take_up(act, fills))


def make(bench: Bench, batch_id: UUID) -> None:
    """A batch that was drawn up, to its release."""
    bench.count(batch_id)
    bench.weigh_all(batch_id)
    bench.compound(batch_id)
    bench.release(batch_id)


def stocked(bench: Bench, request: StockRequest) -> UUID:
    """A batch that was made for stock and is on the shelf."""
    batch = bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act: stocking.draw_up(act, request))
    make(bench, batch)
    return batch


def shelf(bench: Bench, fill: UUID) -> tuple[Shelved, ...]:
    return bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: stocking.on_shelf(look, fill))


def serve(bench: Bench, fill: UUID, lot: UUID, **answers: Reply) -> UUID:
    return bench.pharmacy.perform(ActName.FILL_SERVE, bench.maria, lambda act: stocking.serve(act, fill, lot, answers))
