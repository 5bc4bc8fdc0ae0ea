"""Capsules: how many, of what weight, and how much filler, by the displacement method."""

from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.errors import Unsafe
from compounding.domain.quantity import Mass


@dataclass(frozen=True, slots=True)
class FillWeight:
    """What one capsule holds: powder of crushed tablets, filler, and both together (its theoretical net weight)."""

    powder: Mass
    filler: Mass

    @property
    def net(self) -> Mass:
        """The theoretical net weight."""
        return self.powder + self.filler


def capsules_for(dose: Mass, strength: Mass) -> int:
    """How many capsules of `strength` make `dose`; a dose that is no whole number of capsules is refused."""
    count = dose / strength
    if count.denominator != 1 or count <= 0:
        message = f"{dose} cannot be taken as whole capsules of {strength}: choose another strength or a liquid."
        raise Unsafe("capsule-dose", message, dose=str(dose), strength=str(strength))
    return count.numerator


def displaced_fill(powder: Mass, powder_pack: Mass, filler_pack: Mass) -> FillWeight:
    """One capsule with `powder`, the rest filler: the powder takes the share powder/powder_pack of the shell (displacement).

    `powder_pack` and `filler_pack` are what packs one shell of each alone. Powder that does not leave room is refused.
    """
    share = powder / powder_pack
    if share > 1:
        message = f"{powder} of powder does not fit the shell, which packs {powder_pack}: choose a larger size."
        raise Unsafe("capsule-size", message)
    return FillWeight(powder, filler_pack * (1 - share))


def weight_limits(net: Mass, tolerance: Fraction) -> tuple[Mass, Mass]:
    """The least and greatest net weight of a single capsule; proves the fill, not the potency (USP <905> asks an assay here)."""
    return net * (1 - tolerance), net * (1 + tolerance)
