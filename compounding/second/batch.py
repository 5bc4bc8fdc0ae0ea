"""One batch: its lines, its weights and its beyond-use date, for the day on which it is made."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from compounding.second.amounts import mass_differences
from compounding.second.dates import beyond_use_differences, good_days, last_good_day, storage_differences
from compounding.second.desk import Desk
from compounding.second.lines import worksheet_differences
from compounding.second.reading import Document, Paper, differ, on_one_desk


def check_preparation(
    *,
    preparation: Document,
    amounts: Document,
    formula: Document,
    packed: Sequence[Document],
    storage: str,
    lots: Sequence[Document],
    balances: Sequence[Document],
    policy: Document,
    made_on: str,
    through: str,
) -> tuple[str, ...]:
    """Recompute one batch; a sentence for each difference, none when all agree.

    Every argument is the plain JSON of the value of that name; `amounts` are those of the fill as it was planned. `lots` are as they stood
    when the worksheet was drawn up on `made_on`; the batch is filled into the containers `packed` and used through `through`. Days are ISO 8601.
    """
    fine = on_one_desk(preparation, amounts, formula, packed, lots, balances, policy)
    desk = Desk(
        formula=Paper(formula, fine),
        containers=counted_containers([Paper(item, fine) for item in packed]),
        amounts=Paper(amounts, fine),
        lots=by(lots, "id", fine),
        balances=by(balances, "name", fine),
        policy=Paper(policy, fine),
        made_on=date.fromisoformat(made_on),
        through=date.fromisoformat(through),
    )
    return (*mass_differences(desk.amounts, desk.formula), *batch_differences(Paper(preparation, fine), desk, storage))


def batch_differences(preparation: Paper, desk: Desk, storage: str) -> Iterator[str]:
    """Compare a batch with all that is on the desk."""
    formula = desk.formula
    yield from differ("Formula", preparation.text("formula"), formula.text("code"))
    yield from differ("Version of the formula", preparation.whole("formula_version"), formula.whole("version"))
    yield from differ("Amounts of the batch", preparation.content["amounts"], desk.amounts.content)
    yield from worksheet_differences(preparation, desk)
    yield from _dates(preparation, desk, storage)
    used = {line.text("lot_id") for line in preparation.papers("lines")}
    held = {name for lot_id in used if lot_id in desk.lots for name in desk.lots[lot_id].texts("excipients")}
    yield from differ("Excipients", preparation.texts("excipients"), sorted(held))


def counted_containers(packed: Sequence[Paper]) -> Mapping[str, int]:
    """How many containers of each product are filled, one at least."""
    found: dict[str, int] = {}
    for item in packed:
        product, count = item.paper("container").text("product"), item.whole("count")
        if count < 1:
            raise ValueError(f"{count} containers are none to fill")
        found[product] = found.get(product, 0) + count
    return found


def by(documents: Sequence[Document], key: str, fine: int) -> Mapping[str, Paper]:
    """Papers by one of their words."""
    papers = [Paper(document, fine) for document in documents]
    return {paper.text(key): paper for paper in papers}


def _dates(preparation: Paper, desk: Desk, storage: str) -> Iterator[str]:
    yield from storage_differences(desk.formula, storage)
    written, day_one = preparation.paper("beyond_use"), desk.policy.yes("made_is_day_one")
    yield from differ("Whether the day of making is Day 1", written.yes("made_is_day_one"), day_one)
    by_class = last_good_day(desk.made_on, good_days(desk.formula, storage), made_is_day_one=day_one)
    used = {line.text("lot_id") for line in preparation.papers("lines")}
    expiries = [desk.lots[lot_id].day("expires_on") for lot_id in used if lot_id in desk.lots]
    yield from beyond_use_differences(written, by_class, expiries, made_on=desk.made_on)
    if min([by_class, *expiries]) < desk.through:
        yield f"The batch is used through {desk.through} and is good only through {min([by_class, *expiries])}."
