"""Which strength and device suit a course best, and why each other one lost against the one that was chosen.

The ways are compared by one thing after another; a later one counts only where all before it are alike. What can hurt goes before what costs:

1.  It can be used at all: every dose reads within the refusal limit of rounding, and the planner can plan the course.
2.  It is practical: a dose is drawn at once, or is at most as many drops as can be counted.
3.  It keeps the strength that the patient has at home. A new one is never chosen for convenience: the old volume would be another dose (rule R22).
4.  No dose is rounded by more than the warn limit: such a plan needs a reason, another does not.
5.  It keeps to mL where the order does not ask for drops: one unit on a label, and drops differ from dropper to dropper.
6.  No dose lies below a fifth of the syringe, where its own error (ISO 7886-1) is beyond 9.5 %.
7.  Every dose stands on a mark: what is prescribed is then what is read.
8.  The farthest that a dose can lie from what was prescribed, by rounding and the device's own error together, in bands as wide as the warn
    limit: 6.5 % against 7 % is no reason to throw drug away, 7 % against 17 % is.
9.  Draws, or capsules, a dose.
10. It is made from tablets: a stock solution must be made, checked and kept before anything is drawn from it.
11. Naltrexone that is crushed or drawn and never taken; then containers, and how many of them are made anew only because of a beyond-use date.
12. The weaker liquid: a volume that is misread by a millilitre then harms least (golden number G46). A few cents must not choose between 1 and 5 mg/mL.
13. The estimated cost, where prices are asked; then the very error of 8.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula
from compounding.domain.option import AtHand, Option, capsules_said, option_of, size_said
from compounding.domain.prescription import Form, Regimen
from compounding.domain.quantity import Mass
from compounding.domain.quote import Quote
from compounding.domain.weighing import Dropper, Syringe


def options(regimen: Regimen, house: AtHand) -> tuple[Option, ...]:
    """Every way to make the form of `regimen`, the best first; a prescribed strength leaves no other."""
    ways = [
        (formula, device)
        for formula in house.formulas
        if _fits(regimen, formula)
        for device in ((None,) if formula.capsules else tuple(item for item in house.devices if _goes_with(formula, item)))
    ]
    return tuple(sorted((option_of(regimen, formula, device, house) for formula, device in ways), key=_rank))


def choose(found: Sequence[Option], *, formula: str, device: str) -> Option:
    """The best of `found` with the formula and the device of these codes, empty where any will do; raises `Unsafe` where none will.

    Whoever names both gets just those: what then cannot be measured, the planner refuses.
    """
    fitting = [option for option in found if formula in {"", option.formula.code} and device in {"", option.device.code if option.device else ""}]
    for option in fitting:
        if not option.refused or (formula and device):
            return option
    if fitting:
        nearest = fitting[0]
        message = f"Nothing here can measure this course as asked. The nearest, {_named(nearest)}: {nearest.refused}. Ask for other doses or another form."
        raise Unsafe("no-way", message)
    raise Unsafe("no-way", "No approved formula of that form and strength goes with that device. Leave out what need not be so, and the pharmacy chooses.")


def why_lost(option: Option, chosen: Option) -> str:
    """Why `option` is not the one that was chosen: the first thing by which it is worse."""
    if option.refused:
        return option.refused
    for key, said in _CRITERIA:
        if key(option) != key(chosen):
            return said(option, chosen) if key(option) > key(chosen) else "it comes before the one that was asked for"
    return "as good as the one that was chosen, and later in the list"


def _fits(regimen: Regimen, formula: Formula) -> bool:
    if regimen.form is Form.CAPSULE:
        return formula.capsules is not None and regimen.capsule_strength in {None, formula.capsules.strength}
    return formula.liquid is not None and regimen.strength in {None, formula.liquid.strength}


def _goes_with(formula: Formula, device: Syringe | Dropper) -> bool:
    return isinstance(device, Syringe) or device.formula == formula.code


def _named(option: Option) -> str:
    return f"{option.formula.name} with {option.device.name}" if option.device else option.formula.name


def _rank(option: Option) -> tuple[Fraction | int, ...]:
    return tuple(key(option) for key, _ in _CRITERIA)


def _rounded(option: Option, chosen: Option) -> str:
    return f"a dose is rounded by up to {size_said(option.worst_error)} instead of {size_said(chosen.worst_error)}"


def _farther(option: Option, chosen: Option) -> str:
    return f"a dose can lie up to {size_said(option.farthest)} off, by rounding and the device's own error, instead of {size_said(chosen.farthest)}"


def _more_draws(option: Option, chosen: Option) -> str:
    if option.device is None:
        return f"up to {capsules_said(option.draws)} a dose instead of {chosen.draws}"
    return f"{option.draws} draws a dose instead of {chosen.draws}"


def _more_surplus(option: Option, chosen: Option) -> str:
    way = "drawn" if option.formula.stock_solution else "crushed"
    return f"{_surplus(option)} of naltrexone would be {way} and never taken, instead of {_surplus(chosen)}"


def _more_containers(option: Option, chosen: Option) -> str:
    return f"{_containers(option)} containers instead of {_containers(chosen)}"


def _more_remakes(option: Option, chosen: Option) -> str:
    anew = _remakes(option)
    return f"{anew} {'container is' if anew == 1 else 'containers are'} made anew because of the beyond-use date, instead of {_remakes(chosen)}"


def _stronger(option: Option, chosen: Option) -> str:
    return f"{option.formula.strength_text} is stronger than {chosen.formula.strength_text}: a misread volume would harm more"


def _dearer(option: Option, chosen: Option) -> str:
    there, here = _quote(option), _quote(chosen)
    return f"it would cost about {there.display()} instead of {here.display()}" if there and here else "its cost is not known"


def _surplus(option: Option) -> Mass:
    return option.outcome.surplus if option.outcome else Mass.of_mg(0)


def _containers(option: Option) -> int:
    return option.outcome.containers if option.outcome else 0


def _remakes(option: Option) -> int:
    return option.outcome.remakes if option.outcome else 0


def _quote(option: Option) -> Quote | None:
    return option.outcome.quote if option.outcome else None


def _unpriced(option: Option) -> int:
    found = _quote(option)
    return len(found.missing) if found else 0


def _cost(option: Option) -> int:
    found = _quote(option)
    return found.total.micros if found else 0


def _mg_in_ml(option: Option) -> Fraction:
    return option.formula.liquid.strength.mg_per_ml if option.formula.liquid else Fraction(0)


# Each criterion of the list above: the smaller the better, and what is said of the one that is worse by it.
_CRITERIA: tuple[tuple[Callable[[Option], Fraction | int], Callable[[Option, Option], str]], ...] = (
    (lambda option: bool(option.refused), lambda option, _: option.refused),
    (lambda option: bool(option.impractical), lambda option, _: option.impractical),
    (lambda option: bool(option.changes), lambda option, _: option.changes),
    (lambda option: option.warned, _rounded),
    (lambda option: option.drops_for_ml, lambda *_: "it counts drops, and the order does not ask for drops: mL by a syringe is one unit on a label"),
    (lambda option: bool(option.small), lambda option, _: option.small),
    (lambda option: option.worst_error > 0, _rounded),
    (lambda option: option.band, _farther),
    (lambda option: option.draws, _more_draws),
    (lambda option: option.formula.stock_solution is not None, lambda *_: "it is drawn from a stock solution, which has to be made first"),
    (lambda option: _surplus(option).mg, _more_surplus),
    (_containers, _more_containers),
    (_remakes, _more_remakes),
    (_mg_in_ml, _stronger),
    (_unpriced, _dearer),
    (_cost, _dearer),
    (lambda option: option.farthest, _farther),
)
