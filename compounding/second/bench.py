"""The calculations at the bench, looked at by a second pharmacist: the scales must balance, and nothing may be lost on the way."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from compounding.second import bench_solids
from compounding.second.dates import last_good_day
from compounding.second.reading import Document, Paper
from compounding.second.slip import Missing, Slip, given, must, nearest, reading_differences, same, slip_of

_DAYS = {"aqueous, not preserved": 14, "nonaqueous oral liquid": 90}
_GRAM = 1000


@dataclass(frozen=True, slots=True)
class Desk:
    """What a calculation was asked with, and what it was done with."""

    question: Paper
    device: Paper | None
    policy: Paper
    today: date
    made: Sequence[Paper]

    @property
    def units(self) -> tuple[str, str]:
        """The units of an amount and of a strength."""
        powder = self.question.content.get("basis") == "powder"
        return ("g", "mg/g") if powder else ("mL", "mg/mL")

    def asked(self, key: str) -> Fraction:
        """A number of the question."""
        return Fraction(self.question.text(key))


def check_bench(
    kind: str, question: Document, answer: Document, *, device: Document | None, policy: Document, today: str, made: Sequence[Document] = ()
) -> list[str]:
    """The sentences that say where the answer to a calculation of this `kind` differs from what was asked; none when all is right."""
    desk = Desk(Paper(question, 1), Paper(device, 1) if device else None, Paper(policy, 1), date.fromisoformat(today), [Paper(item, 1) for item in made])
    paper = Paper(answer, 1)
    slip = slip_of(paper)
    try:
        return [*reading_differences(paper), *_RULES[kind](slip, desk), *slip.left()]
    except Missing as missing:
        return [f"Nothing says what {missing} is."]


def _diluting(slip: Slip, desk: Desk) -> Iterator[str]:
    unit, per = desk.units
    yield from given(slip, _fields(desk, {"stock": per, "to": per, "final": unit}))
    yield from same("What goes in is what is wanted", slip["taken"] * slip["stock"], slip["final"] * slip["to"])
    taken = yield from _taken(slip, "taken", desk)
    yield from same("Stock and diluent", taken + slip["diluent"], slip["final"])
    yield from _content(slip, taken * slip["stock"], slip["final"])


def _mixing(slip: Slip, desk: Desk) -> Iterator[str]:
    unit, per = desk.units
    yield from given(slip, _fields(desk, {"high": per, "low": per, "to": per, "final": unit}))
    yield from same("Parts of the stronger", slip["parts_high"] + slip["low"], slip["to"])
    yield from same("Parts of the weaker", slip["parts_low"] + slip["to"], slip["high"])
    exact = slip["high_taken"], slip["low_taken"]
    yield from same("Both amounts", sum(exact), slip["final"])
    yield from same("Both contents", exact[0] * slip["high"] + exact[1] * slip["low"], slip["final"] * slip["to"])
    high = yield from _taken(slip, "high_taken", desk)
    low = yield from _taken(slip, "low_taken", desk)
    yield from same("Both together", slip["together"], high + low)
    yield from _content(slip, high * slip["high"] + low * slip["low"], slip["together"])


def _strength(slip: Slip, desk: Desk) -> Iterator[str]:
    unit, per = desk.units
    held = whole = Fraction(0)
    for number, part in enumerate(desk.question.papers("parts"), start=1):
        yield from given(slip, {f"strength_{number}": (part.text("strength"), per), f"amount_{number}": (part.text("amount"), unit)})
        held += slip[f"strength_{number}"] * slip[f"amount_{number}"]
        whole += slip[f"amount_{number}"]
    yield from same("All amounts", slip["together"], whole)
    if desk.question.has("final"):
        yield from given(slip, _fields(desk, {"final": unit}))
        yield from must("Room for all", holds=slip["final"] >= whole)
        whole = slip["final"]
    yield from _content(slip, held, whole, result="result")


def _serial(slip: Slip, desk: Desk) -> Iterator[str]:
    yield from given(slip, _fields(desk, {"stock": "mg/mL", "to": "mg/mL", "flask": "mL", "least": "mL"}))
    stock, flask, least = slip["stock"], slip["flask"], slip["least"]
    strength, product, steps = stock, stock, len(desk.made)
    for number, made in enumerate(desk.made, start=1):
        exact = slip[f"taken_{number}"]
        product *= exact
        yield from must(f"The volume of step {number}", holds=exact == least if number < steps else least <= exact < flask)
        taken = yield from _taken(slip, f"taken_{number}", desk)
        yield from same(f"What goes into step {number}", slip[f"held_{number}"], taken * strength)
        strength = slip[f"strength_{number}"]
        yield from same(f"What is in step {number}", strength * flask, slip[f"held_{number}"])
        yield from same(f"The label of step {number}", _label(made), (str(number), f"{desk.question.text('reference')} dilution {number}", strength, flask))
    yield from same("All steps together", product, slip["to"] * flask**steps)
    yield from must("The fewest steps", holds=steps > 0 and stock * least ** (steps - 1) > slip["to"] * flask ** (steps - 1))
    yield from same("The error of the last", (100 + slip["error"]) * slip["to"], 100 * strength)
    yield from _dates(desk)


def _dates(desk: Desk) -> Iterator[str]:
    question, day_one = desk.question, desk.policy.yes("made_is_day_one")
    days, before = _DAYS[question.text("kind")], ("the stock " + question.text("reference"), question.day("stock_until"))
    for made in desk.made:
        written = made.paper("beyond_use")
        limits = [
            (f"{days} days at {question.text('storage')}", last_good_day(desk.today, days, made_is_day_one=day_one)),
            (f"Beyond-use date of {before[0]}", before[1]),
        ]
        if question.has("diluent_until"):
            limits.append(("Expiry of the diluent", question.day("diluent_until")))
        listed = [(item.text("name"), item.day("until")) for item in written.papers("candidates")]
        yield from same("What limits the date", sorted(listed), sorted(limits))
        yield from same("The order of the dates", [until for _, until in listed], sorted(until for _, until in limits))
        yield from same("The day of making", (written.day("made_on"), written.yes("made_is_day_one")), (desk.today, day_one))
        before = made.text("name"), min(until for _, until in limits)


def _label(made: Paper) -> tuple[str, str, Fraction, Fraction]:
    return str(made.whole("number")), made.text("name"), Fraction(made.text("strength")), Fraction(made.text("volume"))


def _taken(slip: Slip, key: str, desk: Desk) -> Generator[str, None, Fraction]:
    """What is really taken of the exact amount `key`: on the device's marks, not further off than the policy lets it be."""
    exact = slip[key]
    if desk.device is None:
        return exact
    mark, least = _marks(desk.device)
    taken = slip[f"{key}_measured"]
    yield from nearest(key, exact, taken, mark=mark)
    yield from must(f"{key}, not less than the device measures,", holds=taken >= least)
    yield from same(f"The error of {key}", (100 + slip[f"{key}_error"]) * exact, 100 * taken)
    yield from must(f"{key}, near enough,", holds=abs(taken - exact) <= Fraction(desk.policy.text("rounding_refuse")) * exact)
    capacity = Fraction(desk.device.text("capacity")) if desk.device.has("capacity") else taken
    if taken > capacity or slip.has(f"{key}_draws"):
        draws = slip[f"{key}_draws"]
        yield from must(f"The draws of {key}", holds=draws.denominator == 1 and (draws - 1) * capacity < taken <= draws * capacity and draws > 1)
    return taken


def _marks(device: Paper) -> tuple[Fraction, Fraction]:
    """The distance of two marks and the least amount: of a syringe in mL, of a balance in g."""
    if device.has("graduation"):
        mark = Fraction(device.text("graduation"))
        return mark, mark
    return Fraction(device.text("readability")) * Fraction(1, _GRAM), Fraction(device.text("least")) * Fraction(1, _GRAM)


def _content(slip: Slip, content: Fraction, whole: Fraction, *, result: str = "strength") -> Iterator[str]:
    yield from same("The naltrexone in it", slip["held"], content)
    yield from same("The strength that results", slip[result] * whole, content)


def _fields(desk: Desk, units: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {key: (desk.question.text(key), unit) for key, unit in units.items()}


def _of_solids(rule: Callable[[Slip, Paper, Paper | None], Iterator[str]]) -> Callable[[Slip, Desk], Iterator[str]]:
    return lambda slip, desk: rule(slip, desk.question, desk.device)


_RULES: Mapping[str, Callable[[Slip, Desk], Iterator[str]]] = {
    "Diluting": _diluting,
    "Mixing": _mixing,
    "Strength": _strength,
    "Serial": _serial,
    "Sensitivity": _of_solids(bench_solids.sensitivity),
    "Repeatability": _of_solids(bench_solids.repeatability),
    "Little": _of_solids(bench_solids.little),
    "Trituration": _of_solids(bench_solids.trituration),
}
