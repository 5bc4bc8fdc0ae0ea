"""Orders as they come in: for an established patient, with the opioid question answered, unless a test changes it."""

from datetime import date

from compounding.domain.formula import Method, Storage
from compounding.domain.plan import Request
from compounding.domain.prescription import (
    Answer,
    Form,
    Indication,
    Moment,
    OpioidAnswer,
    Order,
    Origin,
    Patient,
    Pregnancy,
    Prescriber,
    Route,
    Step,
    Supply,
    Therapy,
    Unit,
)
from compounding.domain.quantity import Mass

FIRST_DAY = date(2026, 3, 2)
NO_OPIOID = OpioidAnswer(Answer.NO, Answer.NO, Answer.NO, "the patient", "Linh Tran")
TITRATION = (("1.5", 14), ("3", 14), ("4.5", 14))
GP = tuple((str(number / 4).removesuffix(".0"), 7) for number in range(1, 19))  # 0.25 mg more each week, to 4.5 mg in week 18


def order(*doses: tuple[str, int], form: Form = Form.CAPSULE, name: str = "Ann Sample", opioid: OpioidAnswer = NO_OPIOID, unit: Unit = Unit.MG) -> Order:
    """`doses` are the steps: a numeral in `unit` at bedtime, and its days."""
    to_mass = Mass.of_mg if unit is Unit.MG else Mass.of_mcg
    steps = tuple(Step(to_mass(dose), unit, (Moment.BEDTIME,), days) for dose, days in doses)
    return Order(
        patient=Patient(name, date(1970, 5, 5), "12 Oak Street, Los Angeles 90001", "555-010-0199", "en", Pregnancy.NO),
        prescriber=Prescriber("Dr Paula Prescriber", "1234567893", "555-010-0123"),
        form=form,
        route=Route.ORAL,
        steps=steps,
        therapy=Therapy(naive=False, present_dose=steps[0].daily, last_taken=date(2026, 3, 1)),
        supply=Supply(total=sum((step.total for step in steps), Mass.of_mg(0))),
        refills=0,
        indication=Indication("M79.7", "fibromyalgia", on_label=True),
        opioid=opioid,
        written_on=date(2026, 3, 1),
        origin=Origin.ELECTRONIC,
    )


def capsules(name: str = "Ann Sample") -> Order:
    """30 capsules of 4.5 mg."""
    return order(("4.5", 30), name=name)


def titration() -> Order:
    """1.5, 3, 4.5 mg, 14 days each."""
    return order(*TITRATION, form=Form.ORAL_LIQUID)


def gp(form: Form = Form.ORAL_DROPS) -> Order:
    """The GP's 18 weeks."""
    return order(*GP, form=form)


IN_CAPSULES = Request("C4.5", Storage.ROOM, "vial-120-capsules", Method.POWDER, FIRST_DAY)
IN_L1 = Request("L1", Storage.REFRIGERATOR, "bottle-120-ml", Method.WHOLE_TABLETS, FIRST_DAY, "syringe-5-by-0.1")
IN_L1_AT_ROOM = Request("L1", Storage.ROOM, "bottle-120-ml", Method.WHOLE_TABLETS, FIRST_DAY, "syringe-5-by-0.1")
IN_L1_BY_FIFTHS = Request("L1", Storage.REFRIGERATOR, "bottle-120-ml", Method.WHOLE_TABLETS, FIRST_DAY, "syringe-5-by-0.2")
IN_L5 = Request("L5", Storage.REFRIGERATOR, "bottle-10-ml", Method.WHOLE_TABLETS, FIRST_DAY, "dropper-20")
IN_L2 = Request("L2", Storage.REFRIGERATOR, "bottle-10-ml", Method.WHOLE_TABLETS, FIRST_DAY, "syringe-1-by-0.01")
