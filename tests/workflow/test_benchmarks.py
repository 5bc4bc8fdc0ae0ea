"""NADAC's lists: kept for what is bought here, added to and never changed, held beside each lot, and no part of any sum."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from compounding.db.audit import AuditRow
from compounding.db.benchmarks import ListedPriceRow, PriceListRow
from compounding.db.costs import CostRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.cost import CostKind
from compounding.domain.errors import Conflict, Forbidden
from compounding.domain.money import Money
from compounding.domain.people import Actor, system_actor
from compounding.schemas.price_lists import read_price_list
from compounding.workflow import benchmarks, costs, month_reports, months
from compounding.workflow.benchmarks import Bought, Imported
from compounding.workflow.ledger import figures
from tests.schemas.price_lists import SUN, row, text
from tests.schemas.price_lists import file as list_of
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

MARCH = "2026-03"
on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
CALIFORNIA = ("00093721410", "0.99999")


def imported(bench: Bench, *rows: tuple[str, ...], by: Actor | None = None) -> Imported:
    actor = by or bench.maria
    stocked = bench.pharmacy.look(LookName.BENCHMARKS, actor, benchmarks.stocked)
    return bench.pharmacy.perform(ActName.BENCHMARK_IMPORT, actor, lambda act: benchmarks.take_in(act, read_price_list(list_of(*rows), stocked)))


def lots(bench: Bench) -> dict[str, Bought]:
    found = bench.pharmacy.look(LookName.BENCHMARKS, bench.linh, lambda look: benchmarks.page(look, 1)).bought
    return {item.lot_number: item for item in found}


def test_of_a_list_what_is_bought_here_is_kept_with_who_and_when_and_the_database_keeps_it(bench: Bench) -> None:
    kept = imported(bench, row(), row(*CALIFORNIA), row(*CALIFORNIA, as_of="01/14/2026"))
    assert kept.sentence == "3 rows were read: 1 kept, 2 passed over, since nobody buys their packages here."
    (shown,) = bench.pharmacy.look(LookName.BENCHMARKS, bench.linh, lambda look: benchmarks.page(look, 1)).imports
    assert (shown.rows, shown.kept, shown.known, shown.passed_over, shown.person) == (3, 1, 0, 2, "Maria Garcia")
    assert (shown.first_as_of, shown.last_as_of, shown.at.date()) == (date(2026, 1, 7), date(2026, 1, 14), bench.today)
    with reading(bench.pharmacy.engine) as session:
        (price,) = session.scalars(select(ListedPriceRow)).all()
        told = session.scalars(select(AuditRow.table_name).where(AuditRow.act_name == ActName.BENCHMARK_IMPORT)).all()
    assert (price.ndc, price.price_micros, price.pricing_unit, price.effective_on, price.as_of) == (SUN, 612_340, "EA", date(2025, 12, 18), date(2026, 1, 7))
    assert set(told) == {"price_list", "listed_price"}

    for kind, change in ((ListedPriceRow, {"price_micros": 1}), (PriceListRow, {"rows_kept": 0})):
        for statement in (update(kind).values(change), delete(kind)):
            with pytest.raises(IntegrityError), bench.pharmacy.engine.execution_options(compounding_migrates=True).begin() as connection:
                connection.execute(statement)


@on_sqlite
def test_the_same_list_again_is_refused_in_words_and_another_one_adds_only_what_is_new(bench: Bench) -> None:
    imported(bench, row(), row(*CALIFORNIA))
    with pytest.raises(Conflict, match=r"imported on 2 March 2026 already, and says nothing that is not known here"):
        imported(bench, row(), row(*CALIFORNIA))
    assert imported(bench, row(), row(as_of="01/14/2026")).sentence.startswith("2 rows were read: 1 kept, 1 known before, 0 passed over")
    assert imported(bench, row(price="0.6"), by=system_actor("command line")).kept == 1  # a list that corrects itself
    assert imported(bench, row(), row(unit="EA"), row(*CALIFORNIA, as_of="01/14/2026")).kept == 1  # and takes it back
    held = lots(bench)["SUN2201"].beside
    assert held is not None
    assert held.listed.price == Money(612_340)
    with reading(bench.pharmacy.engine) as session:
        assert len(session.scalars(select(ListedPriceRow)).all()) == 4
        assert session.scalars(select(PriceListRow.person_id).where(PriceListRow.rows_read == 1)).one() is None


@on_sqlite
def test_only_the_pharmacist_in_charge_and_the_command_line_import(bench: Bench) -> None:
    for actor in (bench.linh, bench.james):
        with pytest.raises(Forbidden):
            imported(bench, row(), by=actor)
    assert text(row()).startswith(b"NDC Description,NDC,NADAC Per Unit")


@on_sqlite
def test_a_lot_stands_beside_the_price_in_force_on_the_day_that_it_was_bought(bench: Bench) -> None:
    before = lots(bench)
    assert {item.why_not for item in before.values()} == {"no list that was imported has this NDC"}
    assert "SH3-20" not in before  # shells have no NDC
    day = before["SUN2201"].bought_on
    imported(bench, row(price="0.5", effective=f"{day:%m/%d/%Y}"), row(price="9", effective=f"{day + timedelta(days=1):%m/%d/%Y}", as_of="2027-01-06"))

    found = lots(bench)["SUN2201"]
    assert found.beside is not None
    assert (found.beside.each, found.beside.listed.price, found.beside.share) == (Money.of("0.70"), Money.of("0.5"), Fraction(2, 5))
    assert found.beside.is_over
    assert found == bench.pharmacy.look(LookName.STOCK, bench.linh, lambda look: benchmarks.of_lot(look, found.lot_id))
    first = day.replace(day=1)
    in_month = bench.pharmacy.look(LookName.COSTS, bench.linh, lambda look: benchmarks.bought_in(look, first, (first + timedelta(days=31)).replace(day=1)))
    assert in_month[0] == found
    assert bench.pharmacy.look(LookName.COSTS, bench.linh, lambda look: benchmarks.bought_in(look, day + timedelta(days=1), date.max)) == ()


@on_sqlite
def test_an_import_changes_no_sum_of_any_month_and_breaks_no_signature(bench: Bench) -> None:
    bench.handed_over(bench.planned(capsules(), IN_CAPSULES)[0])
    bench.clock.pass_days(31)
    bench.pharmacy.perform(ActName.MONTH_CLOSE, bench.maria, lambda act: months.close(act, MARCH))
    with reading(bench.pharmacy.engine) as session:
        entry = session.scalars(select(CostRow.id).where(CostRow.kind == CostKind.CONTAINER)).one()
    bench.pharmacy.perform(ActName.COST_CORRECT, bench.maria, lambda act: months.correct(act, entry, Money.of("0.99"), "the invoice said so"))

    def sums() -> list[object]:
        def question(look: benchmarks.Look) -> list[object]:
            found: list[object] = []
            for month in (MARCH, "2026-04"):
                report = month_reports.report(look, month)
                found += [costs.month(look, month, every=True), figures(look.session, month)]
                found += [report.closing, report.waste, report.months, report.batches, report.doses, report.tablets, report.expiring]
            return found

        return bench.pharmacy.look(LookName.COSTS, bench.maria, question)

    before = sums()
    imported(bench, row(price="0.00001", effective="01/01/2020"), row(price="999999", as_of="01/14/2026"))
    assert lots(bench)["SUN2201"].beside is not None
    assert sums() == before
