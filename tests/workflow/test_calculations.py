"""The labels of bench intermediates: who printed which is kept, what no longer holds is not printed, and a difference stops the work."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from compounding.db.audit import AuditRow
from compounding.db.bench_labels import BenchLabelRow
from compounding.db.document import encode
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.bench_serial import Serial
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.formula import BeyondUseClass, Storage
from compounding.domain.policy import Policy
from compounding.domain.quantity import Concentration, Volume
from compounding.workflow import calculations
from compounding.workflow.calculations import Composed
from compounding.workflow.proof import Disagreement, prove_bench
from tests.application import renderer
from tests.domain.sums import ASKED as QUESTIONS
from tests.domain.sums import TODAY, found
from tests.workflow.bench import Bench

ASKED = Serial(
    stock=Concentration.of(1),
    to=Concentration.of("0.0003"),
    flask=Volume.of_ml(1000),
    least=Volume.of_ml(1),
    reference="B-2026-0012",
    stock_until=date(2026, 4, 5),
    kind=BeyondUseClass.AQUEOUS_UNPRESERVED,
    storage=Storage.REFRIGERATOR,
    device="syringe-5-by-0.1",
)


def composed(bench: Bench, number: int = 1, **changes: object) -> Composed:
    return bench.pharmacy.look(LookName.CALCULATIONS, bench.linh, lambda look: calculations.compose(look, replace(ASKED, **changes), number))


def test_a_label_is_finished_text_with_the_strength_that_was_really_made(bench: Bench) -> None:
    value = composed(bench, 2).value
    assert (value.notice, value.name_and_strength) == ("INTERMEDIATE - NOT FOR DISPENSING", "naltrexone 0.3 mcg/mL")
    assert (value.reference, value.volume, value.storage) == ("B-2026-0012 dilution 2", "1,000 mL", "Keep in the refrigerator.")
    assert (value.made, value.beyond_use) == ("Made: 2026-03-02 by LT", "2026-03-15")
    assert composed(bench, to=Concentration.of("0.00123")).value.name_and_strength == "naltrexone 1.2 mcg/mL"  # 1.23 mL on marks of 0.1 mL


def test_a_printed_label_is_kept_with_its_calculation_and_who_printed_it(bench: Bench) -> None:
    ready = composed(bench)
    printed = calculations.lay_out(renderer(), ready, "thermal-2.25x1.25")
    key = bench.pharmacy.perform(ActName.LABEL_ISSUE, bench.linh, lambda act: calculations.keep(act, ready, printed))
    with reading(bench.pharmacy.engine) as session:
        row = session.get_one(BenchLabelRow, key)
        assert (row.question, row.number, row.value, row.person_id) == (encode(ASKED), 1, encode(ready.value), bench.linh.id)
        assert (row.pdf, row.pdf_sha256, row.media) == (printed.pdf, printed.sha256, "thermal-2.25x1.25")
        (entry,) = session.scalars(select(AuditRow).where(AuditRow.table_name == "bench_label"))
        assert (entry.act_name, entry.actor_name) == ("label.issue", "Linh Tran")
    assert bench.pharmacy.look(LookName.CALCULATIONS, bench.maria, lambda look: calculations.pdf(look, key)) == printed.pdf
    (listed,) = bench.pharmacy.look(LookName.CALCULATIONS, bench.maria, calculations.printed)
    assert (listed.id, listed.value, listed.person) == (key, ready.value, "Linh Tran")


def test_what_was_composed_yesterday_is_not_printed_today(bench: Bench) -> None:
    ready = composed(bench)
    printed = calculations.lay_out(renderer(), ready, "roll-70x35")
    bench.clock.pass_days(1)
    with pytest.raises(Conflict, match="has changed meanwhile"):
        bench.pharmacy.perform(ActName.LABEL_ISSUE, bench.linh, lambda act: calculations.keep(act, ready, printed))
    assert bench.pharmacy.look(LookName.CALCULATIONS, bench.linh, calculations.printed) == ()


def test_nobody_else_prints_what_somebody_composed(bench: Bench) -> None:
    """The initials on the label are those of who made it."""
    ready = composed(bench)
    printed = calculations.lay_out(renderer(), ready, "roll-70x35")
    with pytest.raises(Conflict):
        bench.pharmacy.perform(ActName.LABEL_ISSUE, bench.maria, lambda act: calculations.keep(act, ready, printed))


def test_a_label_that_does_not_fit_or_is_not_there_is_refused(bench: Bench) -> None:
    with pytest.raises(Invalid, match="no such step"):
        composed(bench, 3)
    for medium in ("", "thermal-9x9"):
        with pytest.raises(Invalid):
            calculations.lay_out(renderer(), composed(bench), medium)
    long = replace(composed(bench).value, reference="W" * 60)
    with pytest.raises(Invalid) as refused:
        calculations.lay_out(renderer(), Composed(ASKED, 1, long), "thermal-2.25x1.25")
    assert refused.value.facts["field"] == "reference"
    with pytest.raises(Unknown):
        bench.pharmacy.look(LookName.CALCULATIONS, bench.linh, lambda look: calculations.pdf(look, uuid4()))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_difference_between_the_two_stops_the_work(name: str) -> None:
    question, answer, device, made = found(name)
    prove_bench(question, answer, device=device, intermediates=made, policy=Policy(), today=TODAY)
    last = answer.workings[-1]
    wrong = replace(answer, workings=(*answer.workings[:-1], replace(last, exact=last.exact * 10 + 1)))
    with pytest.raises(Disagreement):
        prove_bench(question, wrong, device=device, intermediates=made, policy=Policy(), today=TODAY)
