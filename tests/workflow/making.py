"""A batch that no single fill asked for: drawn up for several, and made from the count to its release."""

from collections.abc import Sequence
from uuid import UUID

from compounding.domain.authority import ActName
from compounding.workflow import pooling
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
