"""One strength from another: dilution, two strengths mixed to a third, and the strength of what was mixed. Powders too, in grams.

Sources: USP <1160> (C1 V1 = C2 V2, alligation alternate and medial). Volumes are taken as additive; what is made up TO a volume is not.
"""

from dataclasses import dataclass

from compounding.domain.bench import Answer, Basis, Slip, on_the_device, shown
from compounding.domain.dilution import alligate, dilute, medial
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.policy import Policy
from compounding.domain.quantity import Concentration, Volume
from compounding.domain.weighing import Balance, Syringe

_SOURCE = "USP <1160>"
_CONSERVED = "Conservation of mass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diluting:
    """`final` of the strength `to` from `stock` and diluent."""

    basis: Basis
    stock: Concentration
    to: Concentration
    final: Volume
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing:
    """`final` of the strength `to` from a stronger and a weaker one."""

    basis: Basis
    high: Concentration
    low: Concentration
    to: Concentration
    final: Volume
    device: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """So much of one strength; diluent has the strength 0 and needs no portion."""

    strength: Concentration
    amount: Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """What `parts` are together, made up to `final` with diluent, or just as they are where that is None."""

    basis: Basis
    parts: tuple[Portion, ...]
    final: Volume | None = None


def dilution(asked: Diluting, device: Syringe | Balance | None, policy: Policy) -> Answer:
    """How to dilute, and the strength that results from what the device really takes."""
    slip, unit, per = Slip(), asked.basis.unit, asked.basis.strength_unit
    slip.give("stock", "strength of the stock", asked.stock.mg_per_ml, per)
    slip.give("to", "strength wanted", asked.to.mg_per_ml, per)
    slip.give("final", "final amount", asked.final.ml, unit)
    exact = dilute(asked.stock, asked.to, asked.final).stronger
    slip.find("taken", "stock to take = final amount x strength wanted / strength of the stock", ("final", "to", "stock"), exact.ml, unit, source=_SOURCE)
    taken = on_the_device(slip, "taken", exact, whole=asked.final, basis=asked.basis, device=device, policy=policy)
    if taken > asked.final:
        sentence = f"On the marks of the device the stock alone is more than {shown(asked.final.ml, unit)}: make more, or choose a finer device."
        raise Unsafe("not-measurable", sentence)
    take = "taken" if device is None else "taken_measured"
    slip.find("diluent", "diluent = final amount - stock taken", ("final", take), (asked.final - taken).ml, unit, source=_SOURCE)
    slip.find("held", "naltrexone taken = stock taken x strength of the stock", (take, "stock"), (taken * asked.stock).mg, "mg", source=_CONSERVED)
    proof = "strength that results = naltrexone taken / final amount"
    slip.find("strength", proof, ("held", "final"), (taken * asked.stock / asked.final).mg_per_ml, per, source=_CONSERVED)
    return slip.answer(
        f"Take {{{take}}} of the stock of {{stock}}.",
        "Make it up TO {final} with diluent (about {diluent} of it), and mix.",
        "Proof: what was taken holds {held}; in {final} that is {strength}, where {to} is wanted.",
    )


def mixture(asked: Mixing, device: Syringe | Balance | None, policy: Policy) -> Answer:
    """How much of each of two strengths, and the strength that results from what the device really takes."""
    slip, unit, per = Slip(), asked.basis.unit, asked.basis.strength_unit
    slip.give("high", "stronger", asked.high.mg_per_ml, per)
    slip.give("low", "weaker", asked.low.mg_per_ml, per)
    slip.give("to", "strength wanted", asked.to.mg_per_ml, per)
    slip.give("final", "final amount", asked.final.ml, unit)
    exact = alligate(asked.high, asked.low, asked.to, asked.final)
    slip.find(
        "parts_high", "parts of the stronger = strength wanted - weaker", ("to", "low"), asked.to.mg_per_ml - asked.low.mg_per_ml, "parts", source=_SOURCE
    )
    slip.find(
        "parts_low", "parts of the weaker = stronger - strength wanted", ("high", "to"), asked.high.mg_per_ml - asked.to.mg_per_ml, "parts", source=_SOURCE
    )
    taken = []
    for key, name, amount in (("high", "stronger", exact.stronger), ("low", "weaker", exact.weaker)):
        of = ("final", f"parts_{key}", "parts_high", "parts_low")
        slip.find(f"{key}_taken", f"amount of the {name} = final amount x its parts / all parts", of, amount.ml, unit, source=_SOURCE)
        taken.append(on_the_device(slip, f"{key}_taken", amount, whole=asked.final, basis=asked.basis, device=device, policy=policy))
    high, low = taken
    ends = "" if device is None else "_measured"
    held = high * asked.high + low * asked.low
    both = (f"high_taken{ends}", f"low_taken{ends}")
    slip.find("together", "both together = stronger + weaker taken", both, (high + low).ml, unit, source="Volumes taken as additive")
    slip.find("held", "naltrexone in both = amount x strength, added up", ("high", "low", *both), held.mg, "mg", source=_CONSERVED)
    proof = "strength that results = naltrexone in both / both together"
    slip.find("strength", proof, ("held", "together"), (held / (high + low)).mg_per_ml, per, source=_CONSERVED)
    return slip.answer(
        f"Take {{high_taken{ends}}} of the stronger ({{high}}).",
        f"Take {{low_taken{ends}}} of the weaker ({{low}}), and mix: {{together}} in all.",
        "Proof: both hold {held}; in {together} that is {strength}, where {to} is wanted.",
    )


def strength(asked: Strength) -> Answer:
    """The strength of what was mixed (alligation medial)."""
    slip, unit, per = Slip(), asked.basis.unit, asked.basis.strength_unit
    for number, part in enumerate(asked.parts, start=1):
        slip.give(f"strength_{number}", f"strength {number}", part.strength.mg_per_ml, per)
        slip.give(f"amount_{number}", f"amount {number}", part.amount.ml, unit)
    numbers = range(1, len(asked.parts) + 1)
    together = sum((part.amount for part in asked.parts), Volume.of_ml(0))
    slip.find("together", "all amounts = amounts, added up", [f"amount_{number}" for number in numbers], together.ml, unit, source="Volumes taken as additive")
    whole = "together"
    if asked.final is not None:
        slip.give("final", "made up to", asked.final.ml, unit)
        whole = "final"
        _refuse_overfull(asked.final, together)
    final = asked.final or together
    held = sum((part.amount * part.strength for part in asked.parts[1:]), asked.parts[0].amount * asked.parts[0].strength)
    of = [f"{name}_{number}" for number in numbers for name in ("amount", "strength")]
    slip.find("held", "naltrexone in all = amount x strength, added up", of, held.mg, "mg", source=_CONSERVED)
    result = medial(tuple((part.strength, part.amount) for part in asked.parts), final)
    slip.find("result", "strength of the mixture = naltrexone in all / the whole", ("held", whole), result.mg_per_ml, per, source=_SOURCE)
    return slip.answer("What was mixed holds {held} of naltrexone.", f"In {{{whole}}} that is {{result}}.")


def _refuse_overfull(final: Volume, together: Volume) -> None:
    if final < together:
        message = "The amounts are more than this together. Write what the whole is made up to, or leave it empty."
        raise Invalid("final", message, fields={"final": (message,)})
