"""The lines of a worksheet: which lot, how much by which instrument, and between which limits.

The powder of tablets is weighed by the measured average weight of the very lot that was crushed: a milligram of tablet is not a
milligram of naltrexone, and every line says which it means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from compounding.domain.aliquot import proposal
from compounding.domain.beyond_use import beyond_use
from compounding.domain.capsule import FillWeight, displaced_fill, weight_limits
from compounding.domain.dilution import ceiling, powder_for
from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.formula import Capsules, Formula, Ingredient, Liquid, Method, Part, Storage
from compounding.domain.inventory import TABLET_STRENGTH, Lot, Pick, Shortage, StockUnit, pick, said_amount
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, Line, Packed, Preparation, Take
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass, Volume, decimal_text
from compounding.domain.source import draws
from compounding.domain.weighing import Balance, half_up, weighable

TABLETS = "naltrexone-tablet-50-mg"  # the product code of the source product


@dataclass(frozen=True, slots=True)
class Bench:
    """What is at hand to make a batch: stock, balances and the day; `through` is the last day on which it will be used."""

    stock: tuple[Lot, ...]
    balances: tuple[Balance, ...]
    made_on: date
    through: date
    policy: Policy

    def picks(self, product: str, amount: int) -> tuple[Pick, ...]:
        """The lots for `amount` of `product`, soonest expiry that covers the supply first."""
        return pick(self.stock, product, amount, made_on=self.made_on, through=self.through)


def prepare(formula: Formula, amounts: Amounts, *, packed: Sequence[Packed], storage: Storage, bench: Bench) -> Preparation:
    """Draw up the worksheet of a batch that is filled into the containers `packed`.

    Raises `Shortage`, `Conflict` (something was never measured) or `Unsafe` (nothing can weigh it).
    """
    tablets = bench.picks(TABLETS, amounts.tablets) if amounts.tablets else ()
    drafts = [_count(taken, Part.ACTIVE, "50 mg tablets; the count is witnessed before crushing") for taken in tablets]
    powder = _powder_lines(amounts, tablets, bench) if amounts.method is Method.POWDER else []
    drawn = _drawn_lines(formula, amounts, bench) if amounts.method is Method.STOCK else []
    weight = None
    others: list[_Draft] = []
    if formula.capsules is not None:
        weight, others = _capsule_lines(formula.capsules, amounts, powder, bench)
    if formula.liquid is not None:
        others = _liquid_lines(formula.liquid, amounts, drawn, bench)
    drafts += powder + drawn + others
    drafts += [_count(taken, Part.CONTAINER, item.container.name) for item in packed for taken in bench.picks(item.container.product, item.count)]
    lots = {draft.lot.id: draft.lot for draft in drafts}.values()
    date_of = beyond_use(
        formula,
        storage,
        made_on=bench.made_on,
        components=[(f"{lot.name}, lot {lot.lot_number}", lot.expires_on) for lot in lots if lot.made is None],
        made_here=[(f"{lot.name}, lot {lot.lot_number}", lot.expires_on) for lot in lots if lot.made is not None],
        made_is_day_one=bench.policy.made_is_day_one,
    )
    limits = weight_limits(weight.net, bench.policy.capsule_tolerance) if weight else (None, None)
    lines = tuple(_line(number, draft, bench.policy) for number, draft in enumerate(drafts, start=1))
    excipients = tuple(sorted({name for lot in lots for name in lot.excipients}))
    return Preparation(formula.code, formula.version, amounts, lines, date_of, excipients, weight, *limits)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A line before it is numbered and given its limits."""

    take: Take
    part: Part
    lot: Lot
    exact: Fraction
    target: int
    stock: int
    unit: StockUnit
    instrument: str
    basis: str


def _count(taken: Pick, part: Part, basis: str) -> _Draft:
    exact = Fraction(taken.amount)
    return _Draft(Take.COUNT, part, taken.lot, exact, taken.amount, taken.amount, taken.lot.unit, "by eye, twice", basis)


def _powder_lines(amounts: Amounts, tablets: Sequence[Pick], bench: Bench) -> list[_Draft]:
    drafts = []
    for taken, active in _shares(amounts, tablets):
        weight = taken.lot.tablet_weight
        if weight is None:
            message = f"The tablets of lot {taken.lot.lot_number} were never weighed: weigh ten or more of them first, one by one."
            raise Conflict("tablet-weight", message, lot=taken.lot.lot_number)
        held = f"{weight.average} of tablet holds 50 mg"
        if weight.assay is not None:
            held += f", of which the assay found {decimal_text(weight.content)} % ({weight.assay.source})"
        basis = f"mg of crushed tablet, not of naltrexone: {held}; {active} wanted"
        powder = powder_for(active, weight.average, content=weight.content)
        drafts.append(_weigh(Part.ACTIVE, taken.lot, powder, bench, basis=basis, stock=0))
    return drafts


def _shares(amounts: Amounts, tablets: Sequence[Pick]) -> list[tuple[Pick, Mass]]:
    """How much of the active each lot's tablets give: the first lots all they hold by their assay, the last one the rest."""
    wanted = amounts.active
    shares = []
    for taken in tablets:
        content = taken.lot.tablet_weight.content if taken.lot.tablet_weight else Fraction(100)
        given = min(wanted, TABLET_STRENGTH * taken.amount * (content / 100))
        shares.append((taken, given))
        wanted = wanted - given
    if wanted.mg > 0:
        message = f"By their assay, {amounts.tablets} tablets hold {wanted} less than the {amounts.active} wanted. "
        raise Unsafe("assay-short", f"{message}Make a little more, so that one more tablet is crushed.")
    return shares


def _capsule_lines(capsules: Capsules, amounts: Amounts, powder: Sequence[_Draft], bench: Bench) -> tuple[FillWeight, list[_Draft]]:
    made = amounts.made.numerator
    packs = [(Mass(draft.exact / NANOGRAMS) / made, _pack(draft.lot, capsules.size)) for draft in powder]
    each = sum((share for share, _ in packs), Mass.of_mg(0))
    room = sum((share / pack for share, pack in packs), Fraction(0))
    lot, weight = _filler_lot(capsules, each, each / room, made=made, bench=bench)
    basis = f"fills what the powder leaves of a size {capsules.size} shell, by displacement"
    filler = _weigh(Part.FILLER, lot, weight.filler * made, bench, basis=basis)
    shells = [_count(taken, Part.SHELL, f"size {capsules.size}; tare with empty shells of this lot") for taken in bench.picks(capsules.shell, made)]
    return weight, [filler, *shells]


def _filler_lot(capsules: Capsules, powder: Mass, powder_pack: Mass, *, made: int, bench: Bench) -> tuple[Lot, FillWeight]:
    """The first lot of filler that covers the batch alone: packing differs from lot to lot, so two are never mixed."""
    usable = [lot for lot in bench.stock if lot.product == capsules.filler.product and lot.usable_through(bench.made_on) and lot.balance > 0]
    longest: date | None = None
    for lot in sorted(usable, key=lambda lot: (not lot.usable_through(bench.through), lot.expires_on, lot.lot_number)):
        weight = displaced_fill(powder, powder_pack, _pack(lot, capsules.size), size=capsules.size)
        if lot.balance >= _rounded(weight.filler * made, lot.name, bench):
            if lot.usable_through(bench.through):
                return lot, weight
            longest = lot.expires_on
    raise Shortage(capsules.filler.product, said_amount(made, StockUnit.PIECE), longest, name=capsules.filler.name)


def _pack(lot: Lot, size: str) -> Mass:
    for statistic in lot.packs:
        if statistic.size == size:
            return statistic.each
    message = f"How much of {lot.name}, lot {lot.lot_number}, packs a size {size} shell was never measured: measure it first."
    raise Conflict("pack-statistic", message, lot=lot.lot_number)


def _drawn_lines(formula: Formula, amounts: Amounts, bench: Bench) -> list[_Draft]:
    """The stock solution, lot by lot: exactly what gives the drug by the lot's own strength, on a mark of what it is drawn with."""
    found = draws(formula, amounts.active, stock=bench.stock, made_on=bench.made_on, through=bench.through, policy=bench.policy)
    return [
        _Draft(
            Take.MEASURE, Part.ACTIVE, one.lot, one.exact.ml * NANOLITRES, one.measured.nanolitres, one.measured.nanolitres, StockUnit.NANOLITRE,
            one.graduate.name, one.basis,
        )
        for one in found
    ]  # fmt: skip


def _liquid_lines(liquid: Liquid, amounts: Amounts, drawn: Sequence[_Draft], bench: Bench) -> list[_Draft]:
    made = Volume(amounts.made)
    drafts = []
    for item, portion in liquid.portions(made, drawn=Volume(sum((line.exact for line in drawn), Fraction(0)) / NANOLITRES)):
        if item.part is Part.ACTIVE:
            continue
        if isinstance(portion, Mass):
            drafts += _solid(item, portion, bench)
        elif item.volume_in_100_ml is not None:
            drafts += _poured(item, portion, bench, Take.MEASURE)
        else:
            _refuse_no_room(item, portion, made)
            drafts += _poured(item, portion, bench, Take.TO_VOLUME, f"q.s. to {made}: add TO the volume, never this volume itself")
    return drafts


def _refuse_no_room(vehicle: Ingredient, portion: Volume, made: Volume) -> None:
    if portion.ml <= 0:
        message = f"What is poured leaves no room for {vehicle.name} in {made}: the stock solution at hand is too weak. Make a new one by its newest version."
        raise Unsafe("no-room", message)


def _solid(item: Ingredient, mass: Mass, bench: Bench) -> list[_Draft]:
    taken = bench.picks(item.product, _rounded(mass, item.name, bench))
    if len(taken) == 1:
        return [_weigh(item.part, taken[0].lot, mass, bench, basis=item.name)]
    return [_weigh(item.part, part.lot, Mass.of_nanograms(part.amount), bench, basis=item.name) for part in taken]


def _poured(item: Ingredient, volume: Volume, bench: Bench, take: Take, basis: str = "") -> list[_Draft]:
    taken = bench.picks(item.product, ceiling(volume.ml * NANOLITRES))
    return [
        _Draft(take, item.part, part.lot, Fraction(part.amount), part.amount, part.amount, StockUnit.NANOLITRE, "graduate", basis or item.name)
        for part in taken
    ]


def _weigh(part: Part, lot: Lot, mass: Mass, bench: Bench, *, basis: str, stock: int | None = None) -> _Draft:
    balance = _balance(mass, lot.name, bench.balances)
    target = _rounded(mass, lot.name, bench)
    leaves = target if stock is None else stock
    return _Draft(Take.WEIGH, part, lot, mass.mg * NANOGRAMS, target, leaves, StockUnit.NANOGRAM, balance.name, basis)


def _rounded(mass: Mass, name: str, bench: Bench) -> int:
    """The nanograms that really leave a lot: what the balance shows, which may be a little more than the exact mass."""
    return weighable(mass, _balance(mass, name, bench.balances)).nanograms


def _balance(mass: Mass, name: str, balances: Sequence[Balance]) -> Balance:
    """The coarsest balance that weighs `mass` within its limit; refused where none does."""
    for balance in sorted(balances, key=lambda balance: balance.least, reverse=True):
        if mass >= balance.least:
            return balance
    least = min((balance.least for balance in balances), default=None)
    have = f"the smallest weighable amount here is {least}" if least else "no balance is set up"
    message = f"{mass} of {name} cannot be weighed: {have}. Make a larger batch. {proposal(mass, name, balances)}".rstrip()
    raise Unsafe("not-weighable", message)


def _line(number: int, draft: _Draft, policy: Policy) -> Line:
    spread = Fraction(0) if draft.take is Take.COUNT else policy.weighing_tolerance
    low, high = ceiling(draft.target * (1 - spread)), half_up(draft.target * (1 + spread) - Fraction(1, 2))
    lot = draft.lot
    return Line(
        number, draft.take, draft.part, lot.product, lot.name, draft.unit, draft.exact, draft.target, low, high,
        draft.stock, lot.id, lot.lot_number, lot.expires_on, draft.instrument, draft.basis,
    )  # fmt: skip
