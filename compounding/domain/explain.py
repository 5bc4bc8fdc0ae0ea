"""Why: the workings behind every number of a plan, and the notices that a pharmacist must not miss."""

from fractions import Fraction

from compounding.domain.capsule import machine_rounds
from compounding.domain.formula import Formula, Method
from compounding.domain.plan import Choices, FillPlan, MeasuredStep, Notice, Plan
from compounding.domain.policy import Policy, sources
from compounding.domain.preparation import Amounts, Preparation
from compounding.domain.quantity import NANOGRAMS, decimal_text
from compounding.domain.source import reckoned_strength
from compounding.domain.weighing import Dropper, Syringe, percent
from compounding.domain.working import Working

_TABLET = ("One tablet", "50 mg naltrexone hydrochloride")
_SMALL_POOL = 10  # tablets: <905> lets a single one lie at 85 to 115 % of its claim, the mean of a lot at 90 to 110 %


def workings_of(plan: Plan, choices: Choices, policy: Policy) -> tuple[Working, ...]:
    """The workings of a plan, keyed `course.total`, `step.2.amount`, `fill.1.tablets` and so on."""
    found = [
        Working(
            "course.total",
            "sum of dose x times a day x days over the steps",
            tuple((f"Step {step.number}", f"{step.dose} x {len(step.moments)} x {step.days} days") for step in plan.steps),
            plan.prescribed.mg,
            "mg",
            "The prescription",
        )
    ]
    found += [_step_amount(step, plan) for step in plan.steps]
    for fill in plan.fills:
        found += _fill_workings(fill, plan, choices)
        if choices.formula.capsules is not None:
            found.append(_machine(fill, policy))
    return tuple(found)


def _step_amount(step: MeasuredStep, plan: Plan) -> Working:
    inputs = (("Dose", str(step.dose)), ("Strength", plan.strength))
    if step.reading is None:
        return Working(f"step.{step.number}.amount", "dose / strength of one capsule", inputs, step.amount, "capsules", "USP <1160>")
    reading = step.reading
    drops = "" if reading.drops is None else f"{reading.drops} {'drop' if reading.drops == 1 else 'drops'} = "
    shown = f"{drops}{reading.measured} ({percent(reading.error)})"
    measured = (*inputs, ("Device", plan.device), ("Draws", str(reading.draws)))
    rule = "dose / strength, then to the nearest mark of the device, half up"
    return Working(f"step.{step.number}.amount", rule, measured, reading.exact.ml, "mL", "USP <1160>; device marks", shown)


def _fill_workings(fill: FillPlan, plan: Plan, choices: Choices) -> list[Working]:
    unit = "capsules" if choices.formula.capsules else "mL"
    used = tuple((f"Days {part.first_day} to {part.last_day}", f"{decimal_text(plan.steps[part.step - 1].daily_amount)} {unit} a day") for part in fill.steps)
    found = amounts_workings(fill.amounts, choices.formula, f"fill.{fill.number}", used)
    return [*found, *(preparation_workings(fill.preparation, f"fill.{fill.number}") if fill.preparation else ())]


def amounts_workings(amounts: Amounts, formula: Formula, key: str, used: tuple[tuple[str, str], ...]) -> tuple[Working, ...]:
    """Why a batch is made of so much; `used` tells what it is used for."""
    unit, strength = "capsules" if formula.capsules else "mL", formula.strength_text
    made = (("Made", f"{decimal_text(amounts.made)} {unit}"), ("Strength", strength))
    tablet = (_TABLET,) if amounts.tablets else ()
    return (
        Working(f"{key}.used", "sum of the measured daily amounts", used, amounts.used, unit, "Measured doses, not the prescribed ones"),
        Working(f"{key}.made", _made_rule(amounts, formula), (*used, *tablet), amounts.made, unit, "USP <795>; q.s. by volume"),
        Working(f"{key}.active", "made x strength", made, amounts.active.mg, "mg", "Conservation of mass"),
        source_working(amounts, formula, key),
        left_working(amounts, key, f"{decimal_text(amounts.used)} {unit} of {strength}"),
    )


def source_working(amounts: Amounts, formula: Formula, key: str) -> Working:
    """Why so many tablets are crushed, or so much of a stock solution is drawn, as the formula reckons; the lots of the day have their own strength."""
    naltrexone = ("Naltrexone", str(amounts.active))
    if amounts.method is Method.STOCK:
        stock = reckoned_strength(formula)
        return Working(
            f"{key}.drawn",
            "naltrexone in all that is made / strength of the stock solution (C1 V1 = C2 V2)",
            (naltrexone, ("Stock solution", f"{stock}, as the formula reckons; the lot's own strength decides on the day")),
            (amounts.active / stock).ml,
            "mL",
            "USP <1160>; the master formula",
        )
    return Working(
        f"{key}.tablets",
        "naltrexone in all that is made / 50 mg, upwards to whole tablets",
        (naltrexone, _TABLET),
        amounts.active.mg / 50,
        "tablets",
        "Founding article: naltrexone is made only as 50 mg tablets",
        f"{amounts.tablets} {'tablet' if amounts.tablets == 1 else 'tablets'}",
    )


def left_working(amounts: Amounts, key: str, taken: str) -> Working:
    """Why so much naltrexone goes in and is never taken; `taken` says what is."""
    drawn = amounts.method is Method.STOCK
    rule = "naltrexone drawn - what is taken" if drawn else "tablets x 50 mg - what is taken"
    first = ("Drawn", str(amounts.active)) if drawn else ("Tablets", str(amounts.tablets))
    return Working(f"{key}.left", rule, (first, ("Taken", taken)), amounts.left.mg, "mg", "Waste by design")


def _machine(fill: FillPlan, policy: Policy) -> Working:
    """How many rounds of which capsule machine the batch takes."""
    found = machine_rounds(fill.amounts.made.numerator, policy.capsule_machines, policy.largest_overage)
    counted = f"{found.rounds} {'round' if found.rounds == 1 else 'rounds'} of {found.holes} holes"
    return Working(
        f"fill.{fill.number}.rounds",
        "made / holes of a machine, upwards to whole rounds; the machine that takes the fewest, and of those the one with the fewest holes left empty",
        (
            ("Made", f"{decimal_text(fill.amounts.made)} capsules"),
            ("Machines", f"{', '.join(map(str, policy.capsule_machines))} holes"),
            ("Machine", f"{found.holes} holes"),
            ("Holes left empty", str(found.empty)),
        ),
        Fraction(found.rounds),
        "rounds",
        sources()["capsule_machines"],
        counted,
    )


def _made_rule(amounts: Amounts, formula: Formula) -> str:
    if formula.capsules:
        return "capsules taken + overage"
    if amounts.method == "whole tablets":
        return "fewest whole tablets whose volume at this strength covers what is dispensed and stands on a mark of the graduate"
    return "what is dispensed, upwards to a mark of the graduate"


def preparation_workings(preparation: Preparation, key: str) -> tuple[Working, ...]:
    """Why each line of a worksheet is what it is, and the filler of a capsule."""
    found = [
        Working(f"{key}.line.{line.number}", f"{line.take}: {line.basis}", (("Instrument", line.instrument), ("Lot", line.lot_number)),
                line.exact / (NANOGRAMS if line.unit in ("ng", "nL") else 1), {"ng": "mg", "nL": "mL"}.get(line.unit, line.unit), "Master formula")
        for line in preparation.lines
    ]  # fmt: skip
    weight = preparation.weight
    if weight is not None:
        inputs = (("Powder in one", str(weight.powder)), ("Net weight of one", str(weight.net)))
        rule = "filler's pack weight x (1 - powder / powder's pack weight)"
        found.append(Working(f"{key}.filler", rule, inputs, weight.filler.mg, "mg", "Displacement method, Pharmacy Times 2008"))
    return tuple(found)


def notices_of(plan: Plan, choices: Choices, policy: Policy) -> tuple[Notice, ...]:
    """What must not go unsaid: rounding, several draws, uncountable drops, small volumes, few tablets, a course cut into bottles."""
    found = [notice for step in plan.steps for notice in _step_notices(step, choices, policy)]
    fewest = min(fill.amounts.tablets for fill in plan.fills)
    if 0 < fewest < _SMALL_POOL:
        found.append(
            Notice(
                "few_tablets",
                f"A batch is made from {fewest} {'tablet' if fewest == 1 else 'tablets'}. The content of a single tablet may lie at 85 to 115 % (USP <905>); "
                "from ten on the mean of the lot holds (90 to 110 %).",
            )
        )
    if len(plan.fills) > 1:
        found.append(
            Notice("split", f"The course of {plan.days} days takes {len(plan.fills)} containers, each made and opened on its own day: none is dated longer.")
        )
    return tuple(found)


def _step_notices(step: MeasuredStep, choices: Choices, policy: Policy) -> list[Notice]:
    reading, device = step.reading, choices.device
    if reading is None or device is None:
        return []
    found = []
    where = f"Step {step.number}: {step.dose} is {reading.exact}"
    if reading.error != 0:
        much = abs(reading.error) > policy.rounding_warn
        sentence = f"{where}, which {device.name} reads as {reading.measured} ({percent(reading.error)})."
        found.append(Notice(f"rounding_{step.number}", f"{sentence} Another device or strength may put it on a mark.", warning=much))
    if reading.draws > 1:
        found.append(Notice(f"draws_{step.number}", f"{where}: more than {device.name} holds, {reading.draws} draws a dose. Impractical.", warning=True))
    if isinstance(device, Dropper) and reading.drops is not None and reading.drops > policy.drops_a_dose:
        found.append(Notice(f"drops_{step.number}", f"{where}: {reading.drops} drops cannot be counted reliably. Choose a syringe.", warning=True))
    if isinstance(device, Syringe) and below_a_fifth(reading.measured.ml, device):
        limit = percent(tolerance(reading.measured.ml, device))[1:]
        found.append(Notice(f"small_{step.number}", f"{where}: below a fifth of {device.name}, whose own tolerance is then up to {limit} (ISO 7886-1)."))
    return found


def tolerance(volume: Fraction, device: Syringe) -> Fraction:
    """The syringe's own relative error at `volume` mL: 1.5 % of the capacity and 2 % of the volume below half of it, else 4 % (ISO 7886-1)."""
    if volume * 2 >= device.capacity.ml:
        return Fraction(4, 100)
    return (device.capacity.ml * Fraction(15, 1000) + volume * Fraction(2, 100)) / volume


def below_a_fifth(volume: Fraction, device: Syringe) -> bool:
    """Whether `volume` mL is less than a fifth of the syringe, where its own error is above 9.5 % (ISO 7886-1)."""
    return volume * 5 < device.capacity.ml
