"""The worksheet as a paper: the lines with places to write, the checks with boxes to tick, and room for what went otherwise."""

from compounding.domain.batch import bench_lines, tablet_lines
from compounding.domain.inventory import said_amount
from compounding.domain.preparation import Line
from compounding.domain.quality import said_limits
from compounding.domain.quantity import decimal_text
from compounding.workflow.batch_pages import BatchView
from compounding.workflow.paper_parts import WRITING_MM, Desk, day, headed, signing, unit_of, warning, whose
from compounding.workflow.records import Details
from labels.paper import Block, Boxes, Column, Facts, Heading, Paper, Paragraph, Table, WritingLines

_GRID = 5  # capsules beside each other


def worksheet_paper(batch: BatchView, more: Details, desk: Desk) -> Paper:
    """The worksheet with what is recorded already, and places for the rest."""
    amounts, unit = batch.preparation.amounts, unit_of(batch)
    first: tuple[Block, ...] = (warning("QUARANTINED. Do not go on."),) if more.held else ()
    blocks: tuple[Block, ...] = (
        *first,
        Facts(
            (
                ("Make", f"{decimal_text(amounts.made)} {unit}; dispense {decimal_text(amounts.dispensed)} {unit}"),
                ("For", whose(batch)),
                ("Tablets", f"{amounts.tablets_text}; naltrexone hydrochloride in it: {amounts.active}"),
                ("Master formula", f"{more.origin.code}, version {more.origin.version}"),
                ("Beyond use", f"{day(batch.beyond_use or more.date.until)}, kept at {batch.storage}, when made on {day(more.date.made_on)}"),
            )
        ),
        *_counting(batch, more, desk),
        Heading("Weigh and measure"),
        _lines(batch, bench_lines(batch.preparation), "Lines", more, desk),
        Paragraph("Outside the limits: call a pharmacist. Never correct the number; correct the amount at the bench."),
        *signing("Weights witnessed by, before mixing"),
        *made_and_checked(batch),
    )
    return headed(batch, desk, "Worksheet", blocks)


def _counting(batch: BatchView, more: Details, desk: Desk) -> tuple[Block, ...]:
    """The count of the tablets; nothing where the drug is drawn from stock."""
    tablets = tablet_lines(batch.preparation)
    if not tablets:
        return ()
    heading = Heading("Count, before crushing")
    return (heading, _lines(batch, tablets, "Tablets", more, desk), *signing("Count witnessed by, before crushing"))


def _lines(batch: BatchView, lines: tuple[Line, ...], caption: str, more: Details, desk: Desk) -> Table:
    columns = (
        Column("No.", 0.5, numeric=True),
        Column("Take", 2.6),
        Column("Lot, expiry", 1.7),
        Column("Target", 1.3, numeric=True, bold=True),
        Column("Within", 1.5),
        Column("Actual", 1.4, numeric=True),
        Column("By, time", 1.3),
    )
    return Table(caption, columns, tuple(_line(line, batch, more, desk) for line in lines), row_mm=WRITING_MM)


def _line(line: Line, batch: BatchView, more: Details, desk: Desk) -> tuple[str, ...]:
    done, hand = batch.weighed_line(line.number), more.hands.get(line.number)
    basis = f"{line.take} {line.name}" + (f"; {line.basis}" if line.basis != line.name else "") + f"; {line.instrument}"
    within = "exactly" if line.low == line.high else f"{said_amount(line.low, line.unit)} to {said_amount(line.high, line.unit)}"
    return (
        str(line.number),
        basis,
        f"{line.lot_number}, {day(line.expires_on)}",
        said_amount(line.target, line.unit),
        within,
        said_amount(done.actual, line.unit) if done else "",
        f"{hand.by}, {desk.moment(hand.at)}" if hand else "",
    )


def made_and_checked(batch: BatchView) -> tuple[Block, ...]:
    """How it is made, step by step with a box each, what came out, and who stands behind it."""
    formula, preparation = batch.formula, batch.preparation
    capsules: tuple[Block, ...] = ()
    if preparation.weight_low is not None and preparation.weight_high is not None:
        limits = said_limits(preparation.weight_low, preparation.weight_high)
        columns = tuple(Column(f"mg, {number} and {number + _GRID}", 1) for number in range(1, _GRID + 1))
        shells = ("Empty shells", "Lot, how many, weight together")
        capsules = (
            Facts((shells, ("Limits of one, net", limits)), row_mm=WRITING_MM),
            Table("Ten capsules, gross, one by one", columns, (("",) * _GRID,) * 2, row_mm=WRITING_MM),
        )
    result = [(f"Made, {unit_of(batch)}", "")]
    if formula.liquid and formula.liquid.preservative:
        pr = formula.liquid.preservative
        result.insert(1, (f"pH, {decimal_text(pr.ph_low)} to {decimal_text(pr.ph_high)}", ""))
    checks = tuple((check.trait, check.expected, Boxes(("yes", "no"))) for check in formula.checks)
    return (
        Heading("Make"),
        Boxes(formula.instructions),
        Heading("What came out"),
        Facts(tuple(result), row_mm=WRITING_MM),
        *capsules,
        Table("The finished item has it", (Column("Trait", 1.2), Column("Expected", 3), Column("It has it", 1.2)), checks, row_mm=9),
        WritingLines("What went otherwise, and why", 2),
        *signing("Compounded by", "Verified and released by a pharmacist who did not compound"),
    )
