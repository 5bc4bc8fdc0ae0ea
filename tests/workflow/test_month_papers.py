"""The month on paper: its lists hold the dearest, its sums everything."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest

from compounding.domain.cost import CostKind
from compounding.domain.money import Money
from compounding.domain.valuation import Valuation
from compounding.settings import DEMONSTRATION_PROFILE
from compounding.workflow.costs import MonthCost, PatientCost
from compounding.workflow.month_papers import LONGEST_LIST, month_paper
from compounding.workflow.month_reports import Doses, Made, Report
from labels.paper import Picture, Table, Words
from labels.render import Renderer

BORN = date(1970, 5, 5)
NOTHING = Money(0)


def month(count: int) -> tuple[MonthCost, Report]:
    """So many patients and batches, each of a cost of its own with a third of a cent, the dearest patient first and the dearest batch last."""
    paid = [Money(1_003_333 + 10_000 * number) for number in range(count)]
    patients = tuple(PatientCost(UUID(int=number), f"P{number}", BORN, 1, 30, paid[-1 - number], Money(2_000_000)) for number in range(count))
    batches = tuple(
        Made(
            UUID(int=number),
            str(1001 + number),
            "L1" if number % 2 else "C45",
            bool(number % 2),
            BORN,
            2,
            Fraction(63),
            Fraction(126, 2),
            "released",
            cost,
            NOTHING,
        )
        for number, cost in enumerate(paid)
    )
    whole = sum(paid, NOTHING) + Money(5_000_000)
    cost = MonthCost(
        "2026-03", Money(40_000_000), ((CostKind.TABLETS, whole),), count, count, patients, (), NOTHING, 1, 1, Money(5_000_000), Money(2_000_000 * count)
    )
    return cost, Report(None, (), (), batches, (), Valuation(0, NOTHING, NOTHING, NOTHING), ())


def tables(count: int) -> dict[str, Table]:
    paper = month_paper(*month(count), name="March 2026", profile=DEMONSTRATION_PROFILE, today=BORN)
    return {block.caption.partition(",")[0].partition(";")[0]: block for block in paper.blocks if isinstance(block, Table)}


def column(table: Table, place: int) -> list[Decimal]:
    return [Decimal(str(row[place])) for row in table.rows]


def test_a_month_of_many_lists_the_dearest_and_sums_the_others_so_that_every_column_adds_up() -> None:
    found = tables(LONGEST_LIST + 3)
    patients, batches, formulas = found["Patients"], found["Batches"], found["Batches by formula"]

    assert [row[0] for row in patients.rows[:2]] == ["P0", "P1"]
    assert [row[0] for row in patients.rows[-2:]] == ["3 more, each in the spreadsheet of the month", "What reached nobody"]
    assert sum(column(patients, 3)) == Decimal(patients.total[3])
    assert patients.rows[-2][2] == "90"
    assert batches.rows[0][0] == str(1001 + LONGEST_LIST + 2)
    assert (batches.rows[-1][1], batches.rows[-1][3]) == ("3 more, each in the spreadsheet of the month", "6")
    assert len(batches.rows) == LONGEST_LIST + 1
    assert sum(column(batches, 5)) == Decimal(batches.total[5])
    assert sum(column(batches, 3)) == Decimal(batches.total[3])
    assert [row[:5] for row in formulas.rows] == [("C45", "4", "8", "252.0", "252.0"), ("L1", "4", "8", "252.0", "252.0")]
    assert sum(column(formulas, 5)) == Decimal(formulas.total[5]) == Decimal(batches.total[5])


def test_a_month_of_few_lists_everybody() -> None:
    found = tables(LONGEST_LIST)
    assert len(found["Patients"].rows) == LONGEST_LIST + 1
    assert len(found["Batches"].rows) == LONGEST_LIST
    assert not any("more" in str(cell) for table in found.values() for row in table.rows for cell in row)


def test_a_part_is_the_same_number_in_the_picture_and_in_the_table_below_it() -> None:
    cost, report = month(3)
    parts = tuple((kind, Money(1_004_000)) for kind in (CostKind.TABLETS, CostKind.LABOUR, CostKind.OVERHEAD))
    paper = month_paper(replace(cost, parts=parts), report, name="March 2026", profile=DEMONSTRATION_PROFILE, today=BORN)
    (picture,) = [block for block in paper.blocks if isinstance(block, Picture)]
    (table,) = [block for block in paper.blocks if isinstance(block, Table) and block.caption == "Cost by part"]
    drawn = [shape.text for shape in picture.shapes if isinstance(shape, Words)]
    assert list(zip(drawn[::2], drawn[1::2], strict=True)) == [tuple(row) for row in table.rows]
    assert [text for _, text in table.rows] != [amount.display() for _, amount in parts]  # a cent was dealt, so that the column adds up


def test_a_dose_costs_its_share_half_up_on_page_and_paper() -> None:
    doses = Doses("L1", 1, 2, 2, Money(1_009_999), Money(2_000_001))
    assert (doses.cost_each, doses.charged_each) == (Money(505_000), Money(1_000_001))
    assert doses.cost_each.display() == "0.51"


def test_what_was_not_finished_counts_in_no_yield() -> None:
    cost, report = month(2)
    batches = (replace(report.batches[0], made=None), report.batches[1])
    paper = month_paper(cost, replace(report, batches=batches), name="March 2026", profile=DEMONSTRATION_PROFILE, today=BORN)
    (by_formula,) = [block for block in paper.blocks if isinstance(block, Table) and block.caption.startswith("Batches by formula")]
    assert [row[:5] for row in by_formula.rows] == [("C45", "1", "2", "0.0", "0.0"), ("L1", "1", "2", "63.0", "63.0")]


@pytest.mark.campaign
def test_the_sums_of_five_thousand_patients_stand_in_their_columns() -> None:
    paper = month_paper(*month(5_000), name="March 2026", profile=DEMONSTRATION_PROFILE, today=BORN)
    assert Renderer().paper(paper).pages < 10
