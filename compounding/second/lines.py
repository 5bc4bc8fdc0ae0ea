"""The lines of a worksheet: what the formula calls for, each line on its instrument and within its limits."""

from collections.abc import Iterator, Mapping, Sequence

from compounding.second.capsule import capsule_differences
from compounding.second.desk import TABLETS, Desk
from compounding.second.reading import Paper, differ
from compounding.second.source import ACTIVE, drawn_differences, stock_of
from compounding.second.stock import balance_differences, lot_differences, order_differences

_MILLION = 1_000_000  # nanograms in a milligram, nanolitres in a millilitre
_Group = tuple[str, str, str]  # what is done, the part in the formula, the product
POWDER = ("weigh", ACTIVE, TABLETS)


def worksheet_differences(preparation: Paper, desk: Desk) -> Iterator[str]:
    """Compare all lines of a batch with what its formula calls for."""
    lines = preparation.papers("lines")
    yield from differ("Numbers of the lines", [line.whole("number") for line in lines], [n + 1 for n in range(len(lines))])
    for line in lines:
        yield from lot_differences(line, desk)
        yield from _instrument(line, desk)
        yield from _limits(line, desk.policy.parts("weighing_tolerance"))
    yield from balance_differences(lines, desk)
    if any(line.text("lot_id") not in desk.lots for line in lines):
        return
    groups: dict[_Group, list[Paper]] = {}
    for line in lines:
        groups.setdefault((line.text("take"), line.text("part"), line.text("product")), []).append(line)
    yield from _counted(groups, desk)
    drawn = [line for line in lines if line.text("part") == ACTIVE and line.text("take") == "measure"]
    yield from drawn_differences(drawn, desk)
    groups = {group: of for group, of in groups.items() if group[:2] != ("measure", ACTIVE)}
    powder = groups.pop(POWDER, [])
    yield from _powder(powder, groups.get(("count", ACTIVE, TABLETS), []), desk)
    if desk.formula.has("capsules"):
        capsules = desk.formula.paper("capsules")
        filler = groups.pop(("weigh", "filler", capsules.paper("filler").text("product")), [])
        yield from capsule_differences(preparation, powder, filler, desk)
    else:
        if any(preparation.has(key) for key in ("weight", "weight_low", "weight_high")):
            yield "A liquid has no capsule's weight."
        yield from _ingredients(groups, sum(line.parts("exact") for line in drawn), desk)
    for take, part, product in groups:
        if take != "count":
            yield f"The formula does not call for this line: {take} {product} ({part})."


def _counted(groups: Mapping[_Group, Sequence[Paper]], desk: Desk) -> Iterator[str]:
    expected = {} if stock_of(desk.formula) else {("count", ACTIVE, TABLETS): desk.amounts.whole("tablets")}
    expected |= {("count", "container", product): count for product, count in desk.containers.items()}
    if desk.formula.has("capsules"):
        made = desk.amounts.parts("made") // desk.fine
        expected["count", "capsule shell", desk.formula.paper("capsules").text("shell")] = made
    found = {group: sum(line.whole("target") for line in lines) for group, lines in groups.items() if group[0] == "count"}
    yield from differ("What is counted", found, expected)
    for (take, _, product), lines in groups.items():
        if take == "count":
            yield from order_differences(product, lines, desk)


def _powder(powder: Sequence[Paper], counted: Sequence[Paper], desk: Desk) -> Iterator[str]:
    """Powder by the weight of the very tablets crushed: all that a lot's tablets hold, and of the last lot the rest."""
    if desk.amounts.text("method") != "weighed powder":
        if powder:
            yield "Powder is weighed, though all of the crushed tablets go in, or none."
        return
    yield from differ("Lots whose powder is weighed", [line.text("lot_id") for line in powder], [line.text("lot_id") for line in counted])
    wanted = 2 * desk.amounts.parts("active")  # in halves of a fine unit: so a percent of 50 mg is a whole number of them
    for line, tablets in zip(powder, counted, strict=False):
        lot = desk.lots[line.text("lot_id")]
        if not lot.has("tablet_weight"):
            yield f"Line {line.whole('number')}: the tablets of this lot were never weighed."
            continue
        weighed = lot.paper("tablet_weight")
        percent = weighed.paper("assay").parts("percent") if weighed.has("assay") else 100 * desk.fine
        gives = min(wanted, percent * tablets.whole("target"))
        wanted -= gives
        # grams of tablet for milligrams of drug, as a proportion: powder / drug = weighed together / what these tablets hold, percent x 50 mg each
        if line.parts("exact") * weighed.whole("tablets") * percent != gives * weighed.parts("together") * _MILLION:
            yield f"Line {line.whole('number')}: the powder is not in proportion to the weight of the tablets crushed."
        if line.whole("stock"):
            yield f"Line {line.whole('number')}: the tablets left stock when they were counted, their powder may not leave it again."
    if wanted:
        yield "The tablets counted do not hold what goes in."


def _ingredients(groups: dict[_Group, list[Paper]], drawn: int, desk: Desk) -> Iterator[str]:
    """Each ingredient in the proportion of its 100 mL; the vehicle is what is left of the volume, beside so many nanolitres `drawn` from stock."""
    made, fine = desk.amounts.parts("made"), desk.fine
    items = [item for item in desk.formula.paper("liquid").papers("ingredients") if item.text("part") != ACTIVE]
    poured = sum(item.parts("volume_in_100_ml") for item in items if item.has("volume_in_100_ml"))
    for item in items:
        beside = 0
        if item.has("mass_in_100_ml"):
            take, hundredfold = "weigh", item.parts("mass_in_100_ml") * made
        elif item.has("volume_in_100_ml"):
            take, hundredfold = "measure", item.parts("volume_in_100_ml") * made
        else:
            take, hundredfold, beside = "make up to volume", (100 * fine - poured) * made, drawn
        lines = groups.pop((take, item.text("part"), item.text("product")), [])
        if not lines:
            yield f"{item.text('name')} is not on the worksheet."
            continue
        yield from order_differences(item.text("product"), lines, desk)
        # in millionths, against a hundred of the batch; pouring and two lots go up to a whole millionth
        over = (beside + sum(line.parts("exact") for line in lines)) * 100 * fine - hundredfold * _MILLION
        slack = 0 if take == "weigh" and len(lines) == 1 else 100 * fine * fine
        if not 0 <= over <= max(slack - 1, 0):
            yield f"{item.text('name')} is not in the proportion of the formula."


def _instrument(line: Paper, desk: Desk) -> Iterator[str]:
    where, take, target, fine = f"Line {line.whole('number')}", line.text("take"), line.whole("target"), desk.fine
    if take == "measure" and line.text("part") == ACTIVE:
        return  # on a mark of a graduate, as `source` counts it
    if take != "weigh":
        if line.parts("exact") != target * fine or line.whole("stock") != target:
            yield f"{where}: what is taken, what is wanted and what leaves stock are not one number."
        return
    balance = desk.balances.get(line.text("instrument"))
    if balance is None:
        yield f"{where}: there is no balance of that name."
        return
    digit, exact = balance.parts("readability") * _MILLION, line.parts("exact")
    if exact < balance.parts("least") * _MILLION:
        yield f"{where}: less than this balance weighs well enough."
    if target * fine % digit:
        yield f"{where}: the target does not stand on a digit of the balance."
    if not 2 * exact - digit < 2 * target * fine <= 2 * exact + digit:
        yield f"{where}: the target is not the nearest digit to the exact weight."
    if line.text("part") != ACTIVE and line.whole("stock") != target:
        yield f"{where}: what leaves stock is not what is weighed."


def _limits(line: Paper, tolerance: int) -> Iterator[str]:
    """The widest whole numbers within the tolerance: they lie inside, their neighbours outside."""
    target, low, high, one = line.whole("target"), line.whole("low"), line.whole("high"), line.fine
    spread = 0 if line.text("take") == "count" else tolerance
    least, most = target * (one - spread), target * (one + spread)
    if not (low - 1) * one < least <= low * one or not high * one <= most < (high + 1) * one:
        yield f"Line {line.whole('number')}: {low} to {high} are not the limits of {target}."
