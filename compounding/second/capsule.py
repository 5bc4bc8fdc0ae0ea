"""Capsules: powder and filler together fill every shell exactly, and each capsule's weight follows."""

from collections.abc import Iterator, Sequence

from compounding.second.desk import Desk
from compounding.second.reading import Paper

_MILLION = 1_000_000  # nanograms in a milligram


def capsule_differences(preparation: Paper, powder: Sequence[Paper], filler: Sequence[Paper], desk: Desk) -> Iterator[str]:
    """Compare the filler and the weights of one capsule with the room that the powder leaves."""
    if len(filler) != 1:
        yield f"{len(filler)} lines of filler: packing differs from lot to lot, so there is one."
        return
    powders = [(line.parts("exact"), _pack(line.text("lot_id"), desk)) for line in powder]
    shells = desk.amounts.parts("made") // desk.fine
    lot_id = filler[0].text("lot_id")
    need, share = _filler_needed(powders, shells, _pack(lot_id, desk))
    if filler[0].parts("exact") * share != need:
        yield "Powder and filler together do not fill the shells exactly."
    digit = desk.balances[filler[0].text("instrument")].parts("readability") * _MILLION if filler[0].text("instrument") in desk.balances else 0
    for lot in desk.covering(filler[0].text("product")):
        if lot.text("id") == lot_id:
            break
        need, share = _filler_needed(powders, shells, _pack(lot.text("id"), desk))
        if (2 * lot.whole("balance") * desk.fine - digit) * share >= 2 * need:
            yield f"Filler lot {lot.text('lot_number')} goes first and holds enough."
            break
    yield from _weights(preparation, sum(exact for exact, _ in powders), filler[0].parts("exact"), desk)


def _pack(lot_id: str, desk: Desk) -> tuple[int, int]:
    """What packs so many shells of this size: fine units of a mg, and the shells."""
    size = desk.formula.paper("capsules").text("size")
    for statistic in desk.lots[lot_id].papers("packs"):
        if statistic.text("size") == size:
            return statistic.parts("together"), statistic.whole("shells")
    raise ValueError(f"How much of lot {lot_id} packs a size {size} shell was never measured.")


def _filler_needed(powders: Sequence[tuple[int, tuple[int, int]]], shells: int, pack: tuple[int, int]) -> tuple[int, int]:
    """Nanograms of filler in fine units, times the share that is given beside: each powder takes up so many shells, the filler the others."""
    room, share = shells, 1  # room / share: shells still empty
    for exact, (together, packed) in powders:
        # exact nanograms take up exact * packed / (together * a million) shells
        room = room * together * _MILLION - share * exact * packed
        share *= together * _MILLION
    together, packed = pack
    return room * together * _MILLION, share * packed


def _weights(preparation: Paper, powder: int, filler: int, desk: Desk) -> Iterator[str]:
    """One capsule is its share of the batch; its limits lie as far from it as the policy says."""
    weight, fine, made = preparation.paper("weight"), desk.fine, desk.amounts.parts("made")
    one_powder, one_filler = weight.parts("powder"), weight.parts("filler")
    if one_powder * made * _MILLION != powder * fine or one_filler * made * _MILLION != filler * fine:
        yield "The powder or the filler of one capsule is not its share of the batch."
    net, spread = one_powder + one_filler, desk.policy.parts("capsule_tolerance")
    below, above = net - preparation.parts("weight_low"), preparation.parts("weight_high") - net
    if below * fine != spread * net or above * fine != spread * net:
        yield "The limits of one capsule's weight are not the policy's."
