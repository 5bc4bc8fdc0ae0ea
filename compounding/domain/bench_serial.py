"""Serial dilution down to micrograms: every liquid on the way is named, dated and labelled, and is for the bench alone.

Nothing here is dispensed (microgram doses stay behind rule R7). A diluted preservative is not believed to preserve: a dilution in water
counts as not preserved, whatever its stock is (USP <795> Table 4; a preservative is tested in the very preparation, <51>).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compounding.domain.aliquot import Dilution, serial
from compounding.domain.bench import Answer, Basis, Slip, on_the_device, shown
from compounding.domain.beyond_use import TABLE_4, BeyondUse, Candidate, last_day
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import BeyondUseClass, Storage
from compounding.domain.policy import Policy
from compounding.domain.quantity import Concentration, Volume
from compounding.domain.weighing import Balance, Syringe
from compounding.domain.wording import said

CLASSES = (BeyondUseClass.AQUEOUS_UNPRESERVED, BeyondUseClass.NONAQUEOUS_LIQUID)
_CONSERVED = "Conservation of mass"
_COMPONENT = "USP <795> 10.4: never later than the soonest date of a component"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serial:
    """Down from `stock` to the strength `to`, in flasks of one size, taking no less than `least` each time.

    `reference` is the name or batch number of the stock, `stock_until` its beyond-use date; `diluent_until` the expiry of the diluent, if
    there is one to mind.
    """

    stock: Concentration
    to: Concentration
    flask: Volume
    least: Volume
    reference: str
    stock_until: date
    kind: BeyondUseClass
    storage: Storage
    diluent_until: date | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Intermediate:
    """One liquid on the way: what it is called, how strong it really is, how much of it is made, and until when it may be used."""

    number: int
    name: str
    strength: Concentration
    volume: Volume
    beyond_use: BeyondUse

    @property
    def strength_text(self) -> str:
        """The strength as a label says it: in micrograms below 0.1 mg/mL."""
        return shown(self.strength.mg_per_ml, Basis.LIQUID.strength_unit)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A serial dilution: the answer, and each liquid that it makes."""

    answer: Answer
    intermediates: tuple[Intermediate, ...]


def ladder(asked: Serial, device: Syringe | Balance | None, *, policy: Policy, today: date) -> Ladder:
    """The steps down, each as strong as the device makes it, dated by the day that they are made, `today`."""
    _refuse_unfit(asked, today)
    slip, per = Slip(), Basis.LIQUID.strength_unit
    slip.give("stock", "strength of the stock", asked.stock.mg_per_ml, per)
    slip.give("to", "strength wanted", asked.to.mg_per_ml, per)
    slip.give("flask", "volume of each flask", asked.flask.ml, "mL")
    slip.give("least", "least that is taken", asked.least.ml, "mL")
    steps: list[str] = []
    made: list[Intermediate] = []
    strength = asked.stock
    for number, dilution in enumerate(serial(asked.stock, asked.to, flask=asked.flask, least=asked.least), start=1):
        strength = _step(slip, steps, dilution, number=number, before=strength, asked=asked, device=device, policy=policy)
        dated = beyond_use(asked, made, today=today, made_is_day_one=policy.made_is_day_one)
        made.append(Intermediate(number, _name(asked, number), strength, asked.flask, dated))
    last, error = f"strength_{len(made)}", strength.mg_per_ml / asked.to.mg_per_ml - 1
    slip.find("error", "error of the last strength = it / strength wanted - 1", (last, "to"), error * 100, "%", source="All roundings together")
    steps.append(f"Proof: the last holds {{{last}}}, where {{to}} is wanted; it is {{error}} off.")
    if abs(error) > policy.rounding_refuse:
        message = "The roundings of all steps together lead too far from the strength that is wanted: take more each time, or choose a finer device."
        raise Unsafe("not-measurable", message)
    return Ladder(slip.answer(*steps), tuple(made))


def beyond_use(asked: Serial, before: Sequence[Intermediate], *, today: date, made_is_day_one: bool) -> BeyondUse:
    """The date of the next liquid: its class's ceiling from today, and the dates of all that is in it."""
    days = TABLE_4[asked.kind]
    until = last_day(today, days, made_is_day_one=made_is_day_one)
    candidates = [Candidate(f"{days} days at {asked.storage}", until, f"USP <795> Table 4: {asked.kind}, {days} days; a dilution is not counted as preserved")]
    if before:
        candidates.append(Candidate(f"Beyond-use date of {before[-1].name}", before[-1].beyond_use.until, _COMPONENT))
    else:
        candidates.append(Candidate(f"Beyond-use date of the stock {asked.reference}", asked.stock_until, _COMPONENT))
    if asked.diluent_until is not None:
        candidates.append(Candidate("Expiry of the diluent", asked.diluent_until, _COMPONENT))
    return BeyondUse(today, tuple(sorted(candidates, key=lambda candidate: candidate.until)), made_is_day_one)


def _step(
    slip: Slip, steps: list[str], dilution: Dilution, *, number: int, before: Concentration, asked: Serial, device: Syringe | Balance | None, policy: Policy
) -> Concentration:
    """Note one dilution, and give the strength that it really has."""
    source, stronger = ("{stock}", "stock") if number == 1 else (f"{{strength_{number - 1}}}", f"strength_{number - 1}")
    key, per = f"taken_{number}", Basis.LIQUID.strength_unit
    rule = f"volume for dilution {number} = flask / so many times weaker as remains, and no less than the least that is taken"
    slip.find(key, rule, ("flask", "least", "stock", "to"), dilution.taken.ml, "mL", source="The fewest steps that the vessels allow")
    taken = on_the_device(slip, key, dilution.taken, whole=asked.flask, basis=Basis.LIQUID, device=device, policy=policy)
    take = key if device is None else f"{key}_measured"
    held = taken * before
    slip.find(f"held_{number}", f"naltrexone in dilution {number} = volume taken x its strength", (take, stronger), held.mg, "mg", source=_CONSERVED)
    strength = held / asked.flask
    rule = f"strength of dilution {number} = naltrexone in it / flask"
    slip.find(f"strength_{number}", rule, (f"held_{number}", "flask"), strength.mg_per_ml, per, source=_CONSERVED)
    origin = "the stock" if number == 1 else "the dilution before"
    steps.append(f"Take {{{take}}} of {origin} ({source}), make it up TO {{flask}} and mix: it holds {{held_{number}}}, {{strength_{number}}}.")
    return strength


def _name(asked: Serial, number: int) -> str:
    return f"{asked.reference} dilution {number}"


def _refuse_unfit(asked: Serial, today: date) -> None:
    if asked.flask < asked.least * 2:
        message = "Each step would dilute less than twice. Take half of the flask at most, or a larger flask."
        raise Invalid("least", message, fields={"least": (message,)})
    if asked.kind not in CLASSES:
        message = "A dilution is not counted as preserved: choose aqueous, not preserved, or nonaqueous."
        raise Invalid("kind", message, fields={"kind": (message,)})
    if asked.kind is BeyondUseClass.AQUEOUS_UNPRESERVED and asked.storage is not Storage.REFRIGERATOR:
        message = "An aqueous liquid that is not preserved is kept in the refrigerator. Choose that (USP <795> 10.3)."
        raise Invalid("storage", message, fields={"storage": (message,)})
    for name, until in (("stock_until", asked.stock_until), ("diluent_until", asked.diluent_until)):
        if until is not None and until < today:
            message = f"This was good until {said(until)}. Take one that still is."
            raise Invalid("stale", message, fields={name: (message,)})
