"""Capsules: how many, of what weight, and how much filler, by the displacement method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.errors import Unsafe
from compounding.domain.quantity import Mass, Volume

# Body volumes by size, in mL; they differ by maker (a size 1 of one holds 0.48), so a maker's own list goes before this one (Remington).
VOLUMES: Mapping[str, Volume] = {
    size: Volume.of_ml(volume)
    for size, volume in (("000", "1.37"), ("00", "0.95"), ("0", "0.68"), ("1", "0.5"), ("2", "0.37"), ("3", "0.3"), ("4", "0.21"), ("5", "0.13"))
}


@dataclass(frozen=True, slots=True)
class FillWeight:
    """What one capsule holds: powder of crushed tablets, filler, and both together (its theoretical net weight)."""

    powder: Mass
    filler: Mass

    @property
    def net(self) -> Mass:
        """The theoretical net weight."""
        return self.powder + self.filler


@dataclass(frozen=True, slots=True)
class Rounds:
    """A batch on a capsule machine: `rounds` fillings of a plate of `holes`, of which `empty` stay empty in the last one.

    `offered` more would fill that plate; none where this were more than losses ask for. It is an option and never a silent change.
    """

    holes: int
    rounds: int
    empty: int
    offered: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Why a shell is that size: the powder takes `share` of it, exactly `volume`; `smallest` is the least size that the powder alone would need."""

    size: str
    share: Fraction
    volume: Volume
    smallest: str


def capsules_for(dose: Mass, strength: Mass) -> int:
    """How many capsules of `strength` make `dose`; a dose that is no whole number of capsules is refused."""
    count = dose / strength
    if count.denominator != 1 or count <= 0:
        message = f"{dose} cannot be taken as whole capsules of {strength}: choose another strength or a liquid."
        raise Unsafe("capsule-dose", message, dose=str(dose), strength=str(strength))
    return count.numerator


def smallest_size(powder: Volume, volumes: Mapping[str, Volume] = VOLUMES) -> str:
    """The smallest shell of `volumes` that holds `powder`, whose volume is exact: rounding it first would choose wrongly (golden number G31).

    Raises `Unsafe` where the largest is too small.
    """
    for size, volume in sorted(volumes.items(), key=lambda item: item[1]):
        if powder <= volume:
            return size
    largest = max(volumes.values())
    raise Unsafe("capsule-size", f"The powder of one capsule is more than the largest shell's {largest}: divide the dose over several capsules.")


def shell_fit(share: Fraction, size: str) -> Fit | None:
    """The fit of powder that takes `share` of what packs a shell of `size`; nothing is rounded. None for a size whose volume is not known."""
    if size not in VOLUMES:
        return None
    volume = VOLUMES[size] * share
    return Fit(size, share, volume, smallest_size(volume))


def machine_rounds(made: int, machines: Sequence[int], largest_overage: Fraction) -> Rounds:
    """On which of the machines, by their holes, `made` capsules take the fewest rounds, and of those the one that leaves the fewest holes empty."""
    rounds, empty, holes = min((-(-made // holes), -made % holes, holes) for holes in machines)
    return Rounds(holes, rounds, empty, empty if empty <= largest_overage * made else 0)


def displaced_fill(powder: Mass, powder_pack: Mass, filler_pack: Mass, *, size: str) -> FillWeight:
    """One capsule of `size` with `powder`, the rest filler: the powder takes the share powder/powder_pack of the shell (displacement).

    `powder_pack` and `filler_pack` are what packs one shell of each alone. Powder that does not leave room is refused, naming the size that would.
    """
    share = powder / powder_pack
    if share > 1:
        larger = f"choose size {smallest_size(VOLUMES[size] * share)}" if size in VOLUMES else "choose a larger size"
        message = f"{powder} of powder does not fit the size {size} shell, which packs {powder_pack}: {larger}."
        raise Unsafe("capsule-size", message)
    return FillWeight(powder, filler_pack * (1 - share))


def weight_limits(net: Mass, tolerance: Fraction) -> tuple[Mass, Mass]:
    """The least and greatest net weight of a single capsule; proves the fill, not the potency (USP <905> asks an assay here)."""
    return net * (1 - tolerance), net * (1 + tolerance)
