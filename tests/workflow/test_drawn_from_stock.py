"""A stock solution is made, verified and released; a course is planned from it, made, labelled and handed over; and a recall finds the patient."""

from dataclasses import replace
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.inventory import LotRow, MovementRow, ProductRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.chooser import why_lost
from compounding.domain.cost import CostKind
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Formula, Storage
from compounding.domain.plan import Inquiry, Request
from compounding.domain.preparation import Line, Take
from compounding.domain.prescription import Form, Order
from compounding.domain.quantity import Mass
from compounding.domain.recall import Days, Kind
from compounding.domain.signature import Standing
from compounding.domain.stocking import StockRequest
from compounding.plan_command import lines_of
from compounding.schemas.plan_answers import plan_answer
from compounding.workflow import batches, proof, recall_walks, sketches, stocking
from compounding.workflow.act import Act
from compounding.workflow.proof import Disagreement
from tests.domain.stock_solutions import from_stock
from tests.workflow.bench import ANSWER, Bench
from tests.workflow.making import stocked
from tests.workflow.orders import FIRST_DAY, IN_L1, order
from tests.workflow.test_formulas import approve, draft

pytestmark = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
STOCK = StockRequest("L2", "bottle-120-ml", Storage.REFRIGERATOR, volume=Fraction(100))
IN_L05 = Request("L0.5", Storage.REFRIGERATOR, "bottle-60-ml", from_stock("L0.5", "L2").method, FIRST_DAY, "syringe-5-by-0.1")
WEAK: Formula = from_stock("L0.5", "L2")


def fortnight(name: str = "Ann Sample") -> Order:
    """14 doses of 1.5 mg: 42 mL of 0.5 mg/mL, 21 mg, 4.2 mL of the stock solution."""
    return order(("1.5", 14), form=Form.ORAL_LIQUID, name=name)


@pytest.fixture
def weak(bench: Bench) -> Bench:
    """The formula is written by one and approved by another, on the trial batch that both pharmacists counted."""
    draft(bench, WEAK)
    approve(bench, "L0.5")
    return bench


def begin(bench: Bench, batch: UUID, *, line_clear: bool = True) -> None:
    bench.pharmacy.perform(ActName.BATCH_BEGIN, bench.linh, lambda act: batches.begin(act, batch, line_clear=line_clear))


def drawn_line(bench: Bench, batch: UUID) -> Line:
    line, *_ = bench.batch(batch).preparation.lines
    assert line.take is Take.MEASURE
    return line


def lot_of(bench: Bench, batch: UUID) -> LotRow:
    with reading(bench.pharmacy.engine) as session:
        return session.scalars(select(LotRow).where(LotRow.batch_id == batch)).one()


def moved(bench: Bench, lot: UUID) -> list[int]:
    with reading(bench.pharmacy.engine) as session:
        return list(session.scalars(select(MovementRow.amount).where(MovementRow.lot_id == lot).order_by(MovementRow.moved_at)))


def made(bench: Bench, fill: UUID) -> UUID:
    batch = bench.draw_up(fill)
    begin(bench, batch)
    bench.weigh_all(batch)
    bench.compound(batch)
    bench.release(batch)
    return batch


def test_from_the_stock_solution_to_the_patient_and_back_from_the_tablets(weak: Bench) -> None:
    source = stocked(weak, STOCK)
    lot = lot_of(weak, source)
    (fill,) = weak.planned(fortnight(), IN_L05)
    batch = made(weak, fill)
    shown = weak.batch(batch)

    line = shown.preparation.lines[0]
    assert (line.product, line.lot_number, line.exact, line.target) == ("formula-L2", str(lot.lot_number), 4_200_000, 4_200_000)
    assert (shown.preparation.amounts.tablets, shown.preparation.amounts.active) == (0, Mass.of_mg(21))
    assert moved(weak, lot.id) == [100_000_000, -4_200_000]  # the ledger counts mL
    assert {item.meaning: item.standing for item in shown.signatures}.keys() >= {"compounded", "verified", "released"}
    assert {item.standing for item in shown.signatures} == {Standing.WHOLE}
    assert {"lactose monohydrate", "sodium benzoate"} <= {item.name for item in shown.carried}
    # 1.5 mg are 0.3 mL of a stock solution with 1 mg of benzoate and 0.2 mL of glycerol in each mL
    assert {item.name: str(item.amount) for item in shown.in_dose} == {"Ascorbic acid": "1.5 mg", "Sodium benzoate": "0.3 mg", "Glycerol": "0.06 mL"}

    label = weak.compose(fill).value
    assert (label.drug_and_strength, label.quantity) == ("naltrexone 0.5 mg/mL oral liquid", "42 mL")
    weak.label(fill)
    weak.check(fill)
    weak.hand_over(fill)
    _costs_follow_the_lot(weak, lot)
    _recall_reaches(weak, "Ann Sample")


def _costs_follow_the_lot(bench: Bench, lot: LotRow) -> None:
    (handed,) = bench.month("2026-03").fills
    taken = next(part for part in handed.parts if part.kind is CostKind.TABLETS)
    paid = Fraction(lot.invoice_micros, lot.invoice_quantity) * 4_200_000
    assert abs(taken.amount.micros - paid) <= 1  # nothing is left over: 42 mL are taken of 42
    assert f"4.2 mL of lot {lot.lot_number}" in taken.reason


def _recall_reaches(bench: Bench, name: str) -> None:
    """From the tablets' lot, through the stock solution that was made of it."""
    with reading(bench.pharmacy.engine) as session:
        crushed = select(LotRow.id).join(MovementRow, MovementRow.lot_id == LotRow.id).join(ProductRow, LotRow.product_id == ProductRow.id)
        tablets = session.scalars(crushed.where(MovementRow.reason == "batch", ProductRow.kind == "tablet")).one()
    walk = bench.pharmacy.look(LookName.RECALLS, bench.maria, lambda look: recall_walks.walk(look, Kind.LOT, tablets, days=Days()))
    assert [bottle.patient for bottle in walk.bottles] == [name]


def test_where_no_stock_solution_is_there_it_says_so_and_leads_to_making_it(weak: Bench) -> None:
    accepted = weak.accepted(fortnight())
    with pytest.raises(Conflict, match=r"Naltrexone 5 mg/mL oral liquid, preserved: 4\.2 mL of 5 mg/mL needed\. Make L2 for stock first") as refused:
        weak.draft(accepted, IN_L05)
    assert refused.value.facts["where"] == "/batches/for-stock?formula=L2"
    assert weak.choosable(accepted).usual.formula != "L0.5"  # never proposed where tablets do it


def test_a_stock_solution_that_ends_sooner_cuts_the_course_and_one_past_its_date_is_not_drawn(weak: Bench) -> None:
    lot = lot_of(weak, stocked(weak, STOCK))
    weak.clock.pass_days((lot.expires_on - weak.today).days - 4)
    plan = weak.draft(weak.accepted(fortnight()), replace(IN_L05, starts_on=weak.today))
    first = plan.fills[0]
    assert (first.until, first.closes_on) == (lot.expires_on, lot.expires_on)
    assert first.preparation.beyond_use.decided_by.name.startswith("Beyond-use date of Naltrexone 5 mg/mL")
    weak.clock.pass_days(5)
    with pytest.raises(Conflict, match="Make L2 for stock first"):
        weak.draft(weak.accepted(fortnight("Bea Sample")), replace(IN_L05, starts_on=weak.today))


def test_the_bench_takes_the_lot_of_the_worksheet_alone_and_counts_no_tablets(weak: Bench) -> None:
    stock = stocked(weak, STOCK)
    (fill,) = weak.planned(fortnight(), IN_L05)
    batch = weak.draw_up(fill)
    with pytest.raises(Conflict, match="takes no tablets"):
        weak.count(batch, 0)
    with pytest.raises(Conflict, match="only a batch in process"):
        weak.weigh(batch, drawn_line(weak, batch))
    with pytest.raises(Conflict, match="Tick that it is clear"):
        begin(weak, batch, line_clear=False)
    begin(weak, batch)
    line = drawn_line(weak, batch)
    with pytest.raises(Invalid, match=r"was scanned\. Fetch the right lot"):
        weak.weigh(batch, line, lot="SUN2201")
    with pytest.raises(Unsafe, match="of the labelled content"):
        weak.weigh(batch, line, 5_000_000, reason="the syringe slipped")
    lot = lot_of(weak, stock)
    weak.clock.pass_days((lot.expires_on - weak.today).days + 1)
    with pytest.raises(Conflict, match="has expired"):
        weak.weigh(batch, line)
    assert moved(weak, lot.id) == [100_000_000]


def test_a_batch_from_tablets_is_not_begun_without_its_count(weak: Bench) -> None:
    (fill,) = weak.planned(fortnight(), IN_L1)
    batch = weak.draw_up(fill)
    with pytest.raises(Conflict, match="Count the tablets"):
        begin(weak, batch)
    assert weak.batch(batch).status == "planned"


def test_a_course_is_worked_out_by_it_for_the_api_and_in_the_terminal(weak: Bench) -> None:
    """Nothing is asked of the stock, and no tablet is told."""
    asked = Inquiry(fortnight().regimen, formula="L0.5", device="syringe-5-by-0.1")
    found = weak.pharmacy.look(LookName.SKETCHES, weak.linh, lambda look: sketches.sketch(look, asked))
    told = plan_answer(found.course, found.chosen, found.options)
    assert (told["tablets"], told["drawn"], told["chosen"]["method"]) == (0, {"exact": "21/5", "unit": "mL", "text": "4.2 mL"}, "drawn from stock")
    assert "fill.1.drawn" in {working["key"] for working in told["workings"]}
    assert any("21 mg taken, 4.2 mL of stock solution, 0 mg left" in line for line in lines_of(found))
    by_itself = weak.pharmacy.look(LookName.SKETCHES, weak.linh, lambda look: sketches.sketch(look, Inquiry(fortnight().regimen)))
    assert by_itself.chosen.formula.stock_solution is None
    lost = next(option for option in by_itself.options if option.formula.code == "L0.5")
    assert "has to be made first" in why_lost(lost, by_itself.chosen)


def test_an_allergy_to_what_the_stock_solution_brings_stops_the_plan(weak: Bench) -> None:
    stocked(weak, STOCK)
    sensitive = fortnight()
    accepted = weak.accepted(replace(sensitive, patient=replace(sensitive.patient, allergies=("sodium benzoate",))))
    with pytest.raises(Invalid, match="not answered"):
        weak.plan(accepted, IN_L05, {})
    (fill,) = weak.plan(accepted, IN_L05, {"r4": ANSWER})
    assert weak.fill(fill).status is FillStatus.DUE


def test_a_stock_solution_of_a_withdrawn_lot_is_drawn_by_nobody(weak: Bench) -> None:
    lot = lot_of(weak, stocked(weak, STOCK))
    (fill,) = weak.planned(fortnight(), IN_L05)
    weak.withdraw(str(lot.lot_number))
    with pytest.raises(Conflict, match="Make L2 for stock first"):
        weak.draw_up(fill)


def test_a_stock_solution_may_itself_be_drawn_from_one(weak: Bench) -> None:
    """0.1 mg/mL from 0.5 mg/mL from 5 mg/mL: what the tablets brought is in each, and the dates go down with it."""
    weakest = from_stock("L0.1", "L0.5", "20", strength="0.1")
    draft(weak, weakest)
    approve(weak, "L0.1")
    first = lot_of(weak, stocked(weak, STOCK))
    between = weak.pharmacy.perform(ActName.BATCH_PLAN, weak.linh, lambda act: _drawn_up(act, StockRequest("L0.5", "bottle-120-ml", volume=Fraction(50))))
    begin(weak, between)
    weak.weigh_all(between)
    weak.compound(between)
    weak.release(between)
    second = lot_of(weak, between)
    assert (second.balance, moved(weak, first.id)) == (50_000_000, [100_000_000, -5_000_000])
    assert second.invoice_micros >= Fraction(first.invoice_micros, first.invoice_quantity) * 5_000_000

    wanted = replace(IN_L05, formula="L0.1", container="bottle-120-ml")
    (fill,) = weak.planned(order(("0.3", 14), form=Form.ORAL_LIQUID), wanted)
    shown = weak.batch(made(weak, fill))
    assert str(shown.preparation.lines[0].lot_number) == second.lot_number
    assert {"lactose monohydrate", "sodium benzoate"} <= set(shown.preparation.excipients)
    # 0.3 mg are 0.06 mL of 5 mg/mL
    assert {item.name: item.amount for item in shown.in_dose}["Sodium benzoate"] == Mass.of_mg("0.06")
    assert shown.beyond_use <= second.expires_on <= first.expires_on


def _drawn_up(act: Act, wanted: StockRequest) -> UUID:
    return stocking.draw_up(act, wanted)


def test_a_difference_between_the_two_counts_keeps_no_plan_and_no_batch(weak: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    stocked(weak, STOCK)
    accepted = weak.accepted(fortnight())
    (fill,) = weak.planned(fortnight("Bea Sample"), IN_L05)
    real = proof._plain

    def off(value: object) -> dict[str, object]:
        """Each lot of stock solution is a little stronger to the second pharmacist than to the first."""
        plain = real(value)
        if isinstance(plain.get("made"), dict):
            plain["made"]["strength"] = str(Fraction(plain["made"]["strength"]) + Fraction(1, 10))
        return plain

    monkeypatch.setattr(proof, "_plain", off)
    with pytest.raises(Disagreement, match="does not hold the naltrexone"):
        weak.draft(accepted, IN_L05)
    with pytest.raises(Disagreement, match="does not hold the naltrexone"):
        weak.draw_up(fill)
    assert weak.fill(fill).status is FillStatus.DUE
