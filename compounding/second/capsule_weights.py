"""Capsules weighed one by one: everything is kept times the number of empty shells, so that nothing is divided, and no root is drawn."""

from collections.abc import Iterator, Sequence

from compounding.second.reading import Document, Paper, differ, on_one_desk

_NEAR = 10**24  # a rounded root may miss the square by one part in so many


def check_weights(*, capsules: Document, statistics: Document, preparation: Document) -> tuple[str, ...]:
    """Recompute what single weights say of a fill; a sentence for each difference, none when all agree. Arguments are the plain JSON of the values."""
    fine = on_one_desk(capsules, statistics, preparation)
    return tuple(_differences(Paper(capsules, fine), Paper(statistics, fine), Paper(preparation, fine)))


def _differences(capsules: Paper, said: Paper, preparation: Paper) -> Iterator[str]:
    tare, limits = capsules.paper("tare"), said.paper("limits")
    shells, together = tare.whole("shells"), tare.parts("together")
    net = [shells * gross - together for gross in capsules.many("gross")]  # each is so many shells' worth of a net weight
    count, total = len(net), sum(net)
    yield from differ("Net weights", [shells * weight for weight in said.many("weights")], net)
    low, high, weight = preparation.parts("weight_low"), preparation.parts("weight_high"), preparation.paper("weight")
    yield from differ("Limits", [limits.parts(name) for name in ("net", "low", "high")], [weight.parts("powder") + weight.parts("filler"), low, high])
    outside = [place + 1 for place, each in enumerate(net) if each < shells * low or each > shells * high]
    yield from differ("Capsules outside the limits", said.content["out"], outside)
    if said.parts("mean") * shells * count != total:
        yield "The mean is not the sum of the net weights over their number."
    if count == 1:
        yield from differ("Deviations of a single capsule", (said.content["deviation"], said.content["relative_deviation"]), (None, None))
    else:
        yield from _deviation_differences(said, net, shells)
    yield from _acceptance_differences(capsules, said, net)


def _deviation_differences(said: Paper, net: Sequence[int], shells: int) -> Iterator[str]:
    """The square of the deviation, times n (n - 1), is n times the sum of squares less the square of the sum."""
    count = len(net)
    deviation, mean = said.parts("deviation"), said.parts("mean")
    if deviation < 0 or not _near((deviation * shells) ** 2 * count * (count - 1), _scatter(net)):
        yield "The deviation of the weights is another."
    if said.parts("relative_deviation") * mean != deviation * said.fine:
        yield "The relative deviation is not the deviation over the mean."


def _acceptance_differences(capsules: Paper, said: Paper, net: Sequence[int]) -> Iterator[str]:
    """USP <905>: |M - mean| + k s, of contents that lie about the assay as the weights lie about their mean."""
    times_ten = {10: 24, 30: 20}.get(len(net))
    if times_ten is None or not capsules.has("assay"):
        yield from differ("Acceptance value", said.content["acceptance"], None)
        return
    if not said.has("acceptance"):
        yield "The acceptance value is missing."
        return
    fine, assay, value = said.fine, capsules.parts("assay"), said.parts("acceptance")
    low, high = 985 * fine, 1015 * fine  # tenths of a percent
    beside = max(low - 10 * assay, 10 * assay - high, 0)  # ten times |M - mean|
    scattered = 10 * value - beside  # ten times k s
    count, total = len(net), sum(net)
    if scattered < 0 or not _near(scattered**2 * (count - 1) * total**2, (times_ten * assay) ** 2 * _scatter(net) * count):
        yield "The acceptance value is another."


def _scatter(net: Sequence[int]) -> int:
    return len(net) * sum(weight * weight for weight in net) - sum(net) ** 2


def _near(one: int, other: int) -> bool:
    return abs(one - other) * _NEAR <= max(one, other)
