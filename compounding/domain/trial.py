"""A trial batch of a master formula: what it would take, on a bench that has everything, so that its sums are seen before it is approved.

The lots are made up and say so; nothing is taken from stock, and nothing is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from compounding.domain.capsule import VOLUMES
from compounding.domain.errors import Unsafe
from compounding.domain.explain import amounts_workings, preparation_workings
from compounding.domain.formula import Formula, Storage
from compounding.domain.inventory import Lot, LotStatus, Made, PackStatistic, StockUnit, TabletWeight
from compounding.domain.money import Money
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, Container, Packed, Preparation, capsule_amounts, liquid_amounts
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.source import reckoned_strength
from compounding.domain.weighing import Balance
from compounding.domain.working import Working
from compounding.domain.worksheet import TABLETS, Bench, prepare

CAPSULES = 30  # of a trial: a month of one a day
_PLENTY = 10**15  # a tonne in nanograms, a kilolitre in nanolitres
_YEARS = timedelta(days=3650)  # no made-up lot shortens the date
_TABLET, _PACK = Mass.of_mg(250), Mass.of_mg(240)  # made-up weights of a tablet and of a packed shell of size 3, as in the demonstration
_POWDER_IN_ML = _PACK.mg / VOLUMES["3"].ml  # mg of powder packed in one mL of any shell
_EXTRA = 5  # tablets beyond those counted


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial batch in the container that is `packed`: its amounts, one preparation for each storage, the bench, and why each number is so."""

    packed: tuple[Packed, ...]
    amounts: Amounts
    kept: tuple[tuple[Storage, Preparation], ...]
    lots: tuple[Lot, ...]
    balances: tuple[Balance, ...]
    workings: tuple[Working, ...]


def trial(formula: Formula, container: Container, balances: Sequence[Balance], *, policy: Policy, today: date) -> Trial:
    """A trial batch of `formula` that fills `container` (or `CAPSULES` of it); raises `Unsafe` or `Conflict` where it cannot be made."""
    amounts = _amounts(formula, container)
    lots = tuple(_shelf(formula, amounts, container, today))
    bench = Bench(lots, tuple(balances), today, today, policy)
    packed = (Packed(container),)
    kept = tuple((storage, prepare(formula, amounts, packed=packed, storage=storage, bench=bench)) for storage in formula.storages)
    unit = "capsules" if formula.capsules else "mL"
    used = ((f"A full {container.name}" if formula.liquid else "Capsules of the trial", f"{decimal_text(amounts.used)} {unit}"),)
    workings = (*amounts_workings(amounts, formula, "trial", used), *(preparation_workings(kept[0][1], "trial") if kept else ()))
    return Trial(packed, amounts, kept, lots, bench.balances, workings)


def _amounts(formula: Formula, container: Container) -> Amounts:
    if formula.capsules:
        count = min(CAPSULES, container.capsules or CAPSULES)
        return capsule_amounts(formula, count, overage=formula.capsules.overage, container=container)
    if container.volume is None:
        raise Unsafe("container", f"{container.name} is no bottle: choose a container for {formula.dosage_form}.")
    return liquid_amounts(formula, container.volume, container.volume, method=formula.method, container=container)


def _shelf(formula: Formula, amounts: Amounts, container: Container, today: date) -> Iterator[Lot]:
    tablets = TabletWeight(10, _TABLET * 10)
    source = formula.stock_solution
    packs = tuple(PackStatistic(size, 10, Mass(_POWDER_IN_ML * volume.ml) * 10) for size, volume in VOLUMES.items())
    if source is None:
        yield _lot(TABLETS, "made-up 50 mg tablets", StockUnit.TABLET, amounts.tablets + _EXTRA, today, weight=tablets, packs=packs)
    elif source.made_here is not None:
        made = Made(source.made_here.formula, source.made_here.version, reckoned_strength(formula))
        yield replace(_lot(source.product, source.name, StockUnit.NANOLITRE, _PLENTY, today), made=made)
    yield _lot(container.product, container.name, StockUnit.PIECE, 1, today)
    if formula.capsules:
        yield _lot(formula.capsules.shell, "made-up shells", StockUnit.PIECE, _PLENTY, today)
        yield _lot(formula.capsules.filler.product, formula.capsules.filler.name, StockUnit.NANOGRAM, _PLENTY, today, packs=packs)
    seen = {source.product} if source else set()
    for item in formula.liquid.ingredients if formula.liquid else ():
        unit = StockUnit.NANOGRAM if item.mass_in_100_ml is not None else StockUnit.NANOLITRE
        if item.product not in seen:
            yield _lot(item.product, item.name, unit, _PLENTY, today)
        seen.add(item.product)


def _lot(
    product: str, name: str, unit: StockUnit, balance: int, today: date, *, weight: TabletWeight | None = None, packs: tuple[PackStatistic, ...] = ()
) -> Lot:
    return Lot(
        id=uuid5(NAMESPACE_OID, f"trial {product}"),
        product=product,
        name=name,
        lot_number="TRIAL",
        expires_on=today + _YEARS,
        status=LotStatus.AVAILABLE,
        unit=unit,
        balance=balance,
        invoice=Money.of(1),
        invoice_quantity=1,
        tablet_weight=weight,
        packs=packs,
    )
