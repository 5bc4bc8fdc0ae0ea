"""The bench's calculations: asked without a patient, answered only after the second pharmacist has looked; and the labels of what a dilution makes."""

from dataclasses import dataclass
from typing import TypeAlias

from compounding.db.values import devices, policy_in_force
from compounding.domain.bench import Answer
from compounding.domain.bench_liquids import Diluting, Mixing, Strength, dilution, mixture, strength
from compounding.domain.bench_serial import Intermediate, Serial, ladder
from compounding.domain.bench_solids import Little, Repeatability, Sensitivity, Trituration, an_aliquot, by_repeatability, by_sensitivity, trituration
from compounding.domain.errors import Invalid
from compounding.domain.policy import Policy
from compounding.domain.weighing import Balance, Syringe
from compounding.workflow.act import Look
from compounding.workflow.proof import prove_bench

Question: TypeAlias = Diluting | Mixing | Strength | Serial | Sensitivity | Repeatability | Little | Trituration


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An answer that two have found; a serial dilution has its liquids beside it."""

    answer: Answer
    intermediates: tuple[Intermediate, ...] = ()


def instruments(look: Look) -> tuple[Syringe | Balance, ...]:
    """What the pharmacy measures and weighs with."""
    return tuple(item for item in devices(look.session) if isinstance(item, Syringe | Balance))


def reckon(look: Look, question: Question) -> Reckoned:
    """The answer to `question`; raises `Unsafe` with what would work where it cannot be done."""
    policy = policy_in_force(look.session)
    device = _device(look, question)
    found = _answer(look, question, device, policy)
    prove_bench(question, found.answer, device=device, intermediates=found.intermediates, policy=policy, today=look.today)
    return found


def _answer(look: Look, question: Question, device: Syringe | Balance | None, policy: Policy) -> Reckoned:
    match question:
        case Diluting():
            found = dilution(question, device, policy)
        case Mixing():
            found = mixture(question, device, policy)
        case Strength():
            found = strength(question)
        case Serial():
            made = ladder(question, device, policy=policy, today=look.today)
            return Reckoned(made.answer, made.intermediates)
        case Sensitivity():
            found = by_sensitivity(question)
        case Repeatability():
            found = by_repeatability(question)
        case Little():
            found = an_aliquot(question)
        case Trituration():
            found = trituration(question, policy)
    return Reckoned(found)


def _device(look: Look, question: Question) -> Syringe | Balance | None:
    """The instrument that a mixture is measured with, if one was chosen."""
    if not isinstance(question, Diluting | Mixing | Serial) or not question.device:
        return None
    for item in instruments(look):
        if item.code == question.device:
            return item
    message = "The pharmacy has no such instrument. Choose one from the list."
    raise Invalid("device", message, fields={"device": (message,)})
