"""Lots: whether each line's lot is the one it says, may be used, holds enough, and is the one that goes first."""

from collections.abc import Iterator, Sequence

from compounding.second.desk import Desk
from compounding.second.reading import Paper, differ, parts_of

_SAME = (("product", "product"), ("name", "name"), ("lot_number", "lot_number"), ("expires_on", "expires_on"))


def lot_differences(line: Paper, desk: Desk) -> Iterator[str]:
    """What is wrong with the lot of one line."""
    lot = desk.lots.get(line.text("lot_id"))
    where = f"Line {line.whole('number')}, lot {line.text('lot_number')}"
    if lot is None:
        yield f"{where}: there is no such lot."
        return
    for of_line, of_lot in _SAME:
        yield from differ(f"{where}, {of_line}", line.text(of_line), lot.text(of_lot))
    if line.whole("stock"):
        yield from differ(f"{where}, unit of stock", line.text("unit"), lot.text("unit"))
    yield from measured_differences(lot)
    if not desk.lasts(lot):
        yield f"{where}: not released, or it expires before the last day of use, {desk.through}."


def measured_differences(lot: Paper) -> Iterator[str]:
    """What was weighed one by one is what the sums say; a record from before that has the sums alone."""
    where = f"Lot {lot.text('lot_number')}"
    if lot.has("tablet_weight"):
        weighed = lot.paper("tablet_weight")
        yield from _added_up(f"{where}, tablets", weighed, "weights", weighed.whole("tablets"), weighed.parts("together"))
        if weighed.has("assay") and not 90 * lot.fine <= weighed.paper("assay").parts("percent") <= 110 * lot.fine:
            yield f"{where}: an assay outside 90 to 110 % is no tablet's."
    for pack in lot.papers("packs"):
        empty = pack.parts("tare") if pack.has("tare") else 0
        if pack.has("empties"):
            yield from _added_up(f"{where}, empty shells of size {pack.text('size')}", pack, "empties", pack.whole("shells"), empty)
        yield from _added_up(f"{where}, shells of size {pack.text('size')}", pack, "gross", pack.whole("shells"), pack.parts("together") + empty)


def _added_up(where: str, measured: Paper, key: str, count: int, together: int) -> Iterator[str]:
    single = [parts_of(weight, measured.fine) for weight in measured.texts(key)] if measured.has(key) else []
    if single and (len(single), sum(single)) != (count, together):
        yield f"{where}: the single weights are not {count}, or do not add up to what is reckoned with."


def balance_differences(lines: Sequence[Paper], desk: Desk) -> Iterator[str]:
    """Lots that would give more than they hold, all lines together."""
    taken: dict[str, int] = {}
    for line in lines:
        taken[line.text("lot_id")] = taken.get(line.text("lot_id"), 0) + line.whole("stock")
    for lot_id, amount in taken.items():
        if lot_id in desk.lots and amount > desk.lots[lot_id].whole("balance"):
            lot = desk.lots[lot_id]
            yield f"Lot {lot.text('lot_number')} holds {lot.whole('balance')} {lot.text('unit')} and the lines take {amount}."


def order_differences(product: str, lines: Sequence[Paper], desk: Desk) -> Iterator[str]:
    """Whether the lots of `product` are those that go first: the soonest expiry that covers, one lot rather than two."""
    wanted = sum(line.whole("stock") for line in lines)
    covering = desk.covering(product)
    enough = [lot for lot in covering if lot.whole("balance") >= wanted]
    expected = [(_which(enough[0].text("lot_number"), enough[0].text("id")), wanted)] if enough else []
    rest = 0 if enough else wanted
    for lot in covering:
        if rest > 0:
            expected.append((_which(lot.text("lot_number"), lot.text("id")), min(rest, lot.whole("balance"))))
            rest -= expected[-1][1]
    yield from differ(f"Lots of {product}", [(_which(line.text("lot_number"), line.text("lot_id")), line.whole("stock")) for line in lines], expected)


def _which(lot_number: str, lot_id: str) -> str:
    """A lot's number with our own: two makers may print the same number."""
    return f"{lot_number} ({lot_id})"
