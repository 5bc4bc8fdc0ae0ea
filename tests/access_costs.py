"""The routes of the costs: what each needs, a form that it would take, and something for it to lead to."""

from collections.abc import Mapping

from sqlalchemy import select

from compounding.db.costs import CostRow
from compounding.db.session import reading
from tests.adversary import Fields, House
from tests.ways_of_pages import SIGNED
from tests.workflow.orders import IN_CAPSULES, capsules

FORMS: Mapping[str, Fields] = {
    "costs.close": SIGNED,
    "costs.correct": {"amount": "1", "reason": "the invoice", **SIGNED},
}


def rejected(house: House) -> dict[str, str]:
    """An entry in the ledger: that of a batch that was rejected; and a month with its tables."""
    bench = house.bench
    bench.reject(bench.weighed(bench.planned(capsules("Q. R."), IN_CAPSULES)[0]))
    with reading(bench.pharmacy.engine) as session:
        entry = session.scalars(select(CostRow.id).limit(1)).one()
    return {"year_month": "2026-03", "table": "parts", "cost_id": str(entry)}
