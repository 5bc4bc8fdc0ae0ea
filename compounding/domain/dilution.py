"""Liquids: concentration, tablets, and mixing two strengths. Every function is exact; nothing is rounded but whole tablets, upwards."""

from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.errors import Unsafe
from compounding.domain.inventory import TABLET_STRENGTH
from compounding.domain.quantity import Concentration, Mass, Volume


@dataclass(frozen=True, slots=True)
class Mixture:
    """So much of a stronger liquid and so much of a weaker one (or of plain diluent)."""

    stronger: Volume
    weaker: Volume

    @property
    def together(self) -> Volume:
        """The volume of both, taken as additive."""
        return self.stronger + self.weaker


def tablets_for(active: Mass) -> int:
    """Whole 50 mg tablets that hold at least `active`."""
    return ceiling(active / TABLET_STRENGTH)


def whole_tablet_batch(needed: Volume, strength: Concentration, mark: Volume) -> tuple[int, Volume]:
    """The fewest whole tablets whose final volume covers `needed` and stands on a mark of the graduate.

    The volume follows from the tablets (made up TO volume): three tablets to 126 mL would be 1.190 mg/mL, never 1.
    """
    one = TABLET_STRENGTH / strength
    marks_a_tablet = one / mark
    together = marks_a_tablet.denominator  # so many tablets fall on a mark together
    groups = ceiling(needed / (one * together))
    tablets = max(1, groups) * together
    return tablets, one * tablets


def powder_for(active: Mass, average: Mass, *, content: Fraction = Fraction(100)) -> Mass:
    """The weight of crushed tablets that holds `active`, by the measured average weight of the tablets really crushed.

    `content` is the assay of the tablets in percent of their claim, where one is known.
    """
    return average * (active / TABLET_STRENGTH) * (100 / content)


def dilute(stock: Concentration, to: Concentration, final: Volume) -> Mixture:
    """`final` mL of the strength `to` from `stock` and diluent (C1 V1 = C2 V2); a strength above the stock is refused."""
    if not 0 < to.mg_per_ml <= stock.mg_per_ml:
        message = f"{to} cannot be made by diluting {stock}: choose a strength that is not above the stock's."
        raise Unsafe("dilution", message)
    taken = final * to / stock
    return Mixture(taken, final - taken)


def alligate(high: Concentration, low: Concentration, to: Concentration, final: Volume) -> Mixture:
    """`final` mL of the strength `to` from two strengths, by alligation alternate; the target lies strictly between them."""
    if not low.mg_per_ml < to.mg_per_ml < high.mg_per_ml:
        message = f"{to} does not lie between {low} and {high}: choose other liquids."
        raise Unsafe("alligation", message)
    share = (to.mg_per_ml - low.mg_per_ml) / (high.mg_per_ml - low.mg_per_ml)
    return Mixture(final * share, final * (1 - share))


def medial(parts: tuple[tuple[Concentration, Volume], ...], final: Volume) -> Concentration:
    """The strength of `parts` made up to `final` (alligation medial)."""
    held = sum((volume * strength for strength, volume in parts), Mass.of_mg(0))
    return held / final


def ceiling(value: Fraction) -> int:
    """The least whole number that is not below `value`."""
    return -(-value.numerator // value.denominator)
