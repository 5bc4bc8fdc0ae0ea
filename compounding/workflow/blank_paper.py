"""A blank worksheet for a power cut: every field of the compounding record (USP <795> 7.2) in its order, with places to write by hand."""

from compounding.domain.formula import Formula, Ingredient
from compounding.domain.quantity import decimal_text
from compounding.workflow.blanks import Blank
from compounding.workflow.paper_parts import WRITING_MM, Desk, signing, warning
from labels.paper import Block, Boxes, Column, Facts, Heading, Paper, Paragraph, Table, WritingLines

_SPARE = 2  # rows for what comes from a second lot
_GRID = 5  # capsules beside each other


def blank_paper(blank: Blank, desk: Desk) -> Paper:
    """The paper of one number, by the formula's version as it was approved."""
    formula, profile = blank.formula, desk.profile
    blocks: tuple[Block, ...] = (
        warning("For a power cut. Enter it as a late entry as soon as the records can be reached, with the time of each step."),
        Heading("1. The preparation"),
        Facts(
            (
                ("Name", f"{formula.name}, {formula.strength_text}, {formula.dosage_form}"),
                ("Master formula", f"{formula.code}, version {formula.version}"),
                ("Printed", f"{desk.moment(blank.printed_at)}, by {blank.printed_by}"),
            )
        ),
        Facts((("Patient, birth date, Rx", ""), ("Make, dispense", "")), row_mm=WRITING_MM),
        Heading("2. When"),
        Facts((("Day and time of making", ""), ("The line is clear: by, time", "")), row_mm=WRITING_MM),
        Heading("3. Components"),
        _components(formula),
        *signing("Tablet count witnessed by, before crushing", "Weights witnessed by, before mixing"),
        Heading("4. Calculations"),
        *(Paragraph(f"{item.what}: {item.rule}") for item in formula.calculations),
        WritingLines("Calculated by hand, and checked by", 4),
        Heading("Make"),
        Boxes(formula.instructions),
        WritingLines("Times of the steps that are timed: begun, ended", 2),
        Heading("5. What came out"),
        *_result(formula),
        Heading("6. Beyond-use date and storage"),
        Facts((("Beyond use", ""), ("Kept at", " or ".join(formula.storages))), row_mm=WRITING_MM),
        WritingLines("7. What went otherwise, and why", 3),
        Heading("8. Signatures"),
        *signing("Compounded by", "Verified and released by a pharmacist who did not compound"),
        Heading("9. Late entry"),
        Facts((("Batch number, entered by, day and time", ""),), row_mm=WRITING_MM),
    )
    return Paper(
        kind="Blank worksheet",
        title=f"Blank worksheet {blank.number}",
        subtitle=f"{formula.name}, {formula.strength_text}",
        footer=f"Blank worksheet {blank.number} of {formula.code}, version {formula.version}. {profile.name}, {profile.address}",
        barcode=blank.number,
        blocks=blocks,
    )


def _components(formula: Formula) -> Table:
    """One row for each ingredient with what it is in the formula, and rows to spare."""
    columns = (
        Column("Component", 2.2),
        Column("Maker, lot, expiry", 2.2),
        Column("Theory", 1.1),
        Column("Actual", 1.1),
        Column("With", 1.1),
        Column("By, time", 1.3),
    )
    rows = [(name, "", "", "", "", "") for name in (*_ingredients(formula), *("",) * _SPARE)]
    return Table("What was really taken of each, with its lot", columns, tuple(rows), row_mm=WRITING_MM + 2)


def _ingredients(formula: Formula) -> tuple[str, ...]:
    active = () if formula.stock_solution else ("naltrexone hydrochloride 50 mg tablets, counted", "powder of these tablets, if weighed")
    if formula.liquid is not None:
        return (*active, *map(_in_100_ml, formula.liquid.ingredients), "container")
    if formula.capsules is not None:
        return (*active, formula.capsules.filler.name, f"shells, size {formula.capsules.size}", "container")
    return active


def _in_100_ml(item: Ingredient) -> str:
    return f"{item.name} ({item.mass_in_100_ml or item.volume_in_100_ml or 'the rest'} of 100 mL)"


def _result(formula: Formula) -> tuple[Block, ...]:
    rows = [("Made, of theory", ""), ("Yield", "")]
    if formula.liquid and formula.liquid.preservative:
        kept = formula.liquid.preservative
        rows.append((f"pH, {decimal_text(kept.ph_low)} to {decimal_text(kept.ph_high)}", ""))
    blocks: list[Block] = [Facts(tuple(rows), row_mm=WRITING_MM)]
    if formula.capsules is not None:
        columns = tuple(Column(f"mg, {number} and {number + _GRID}", 1) for number in range(1, _GRID + 1))
        blocks.append(Facts((("Empty shells: lot, how many, weight together", ""),), row_mm=WRITING_MM))
        blocks.append(Table("Ten capsules, gross, one by one", columns, (("",) * _GRID,) * 2, row_mm=WRITING_MM))
    checks = tuple((check.trait, check.expected, Boxes(("yes", "no"))) for check in formula.checks)
    blocks.append(Table("The finished item has it", (Column("Trait", 1.2), Column("Expected", 3), Column("It has it", 1.2)), checks, row_mm=9))
    return tuple(blocks)
