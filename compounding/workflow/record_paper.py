"""The compounding record as a paper: every field of USP <795> 7.2, in the order in which an inspector asks."""

from fractions import Fraction

from compounding.domain.batch import Record
from compounding.domain.inventory import said_amount
from compounding.domain.preparation import Line
from compounding.domain.quality import said_limits
from compounding.domain.quantity import decimal_text
from compounding.domain.signature import Signed, Standing
from compounding.domain.timing import said_time
from compounding.domain.weighing import percent
from compounding.workflow.batch_pages import BatchView
from compounding.workflow.paper_parts import Desk, day, headed, unit_of, warning, whose
from compounding.workflow.records import Details
from labels.paper import Block, Column, Facts, Heading, Paper, Paragraph, Table

EVENTS = {
    "quarantined": "Quarantined",
    "lifted": "Quarantine lifted",
    "rejected": "Rejected",
    "alone": "Verified and released alone",
    "late": "Entered late",
}


def record_paper(batch: BatchView, more: Details, desk: Desk) -> Paper:
    """The record as it stands now."""
    blocks: tuple[Block, ...] = (
        *_warnings(batch, more),
        Heading("1. The preparation"),
        _preparation(batch, more),
        Heading("2. When and by whom"),
        Facts(
            (
                ("State", batch.status.replace("_", " ")),
                ("Drawn up", desk.moment(more.planned_at)),
                ("Made on", day(batch.made_on) or "not yet"),
                ("Compounded by", more.compounder or "nobody yet"),
                ("Verified by", more.verifier or "nobody yet"),
                ("For", whose(batch)),
            )
        ),
        *_late(more, desk),
        Heading("3. Components"),
        _components(batch, more, desk),
        Heading("4. Calculations"),
        *_calculations(batch),
        *_times(batch, desk),
        Heading("5. What came out"),
        *_result(batch),
        Heading("6. Beyond-use date and storage"),
        *_date(batch, more),
        Heading("7. Deviations and events"),
        *_deviations(batch, more, desk),
        Heading("8. Signatures"),
        _signatures(more, desk),
    )
    return headed(batch, desk, "Compounding record", blocks)


def _warnings(batch: BatchView, more: Details) -> tuple[Block, ...]:
    found: list[Block] = []
    if more.late is not None:
        found.append(warning(f"LATE ENTRY. Made on paper, on blank worksheet {more.late.number}: {more.late.reason}"))
    if more.held:
        found.append(warning("QUARANTINED. Do not label, check or hand over."))
    elif batch.status in {"rejected", "recalled", "quarantined"}:
        found.append(warning(f"{batch.status.upper()}. Do not use."))
    if more.broken or not more.plan_whole or not more.origin.whole:
        found.append(warning("This record was changed after it was signed: see the signatures."))
    return tuple(found)


def _late(more: Details, desk: Desk) -> tuple[Block, ...]:
    """When each step was done, as the paper says, and when it was entered, by the clock."""
    late = more.late
    if late is None:
        return ()
    columns = (Column("Step", 1.2), Column("Done, as the paper says", 1.6), Column("Entered, by the clock", 1.6), Column("Entered by", 1.4))
    rows = tuple((step.words, desk.moment(step.done_at), desk.moment(step.entered_at), step.by) for step in late.steps)
    facts = (("Blank worksheet", f"{late.number}, printed {desk.moment(late.printed_at)}"), ("Entered by", f"{late.by}, from {desk.moment(late.entered_at)}"))
    return Heading("Late entry", 2), Facts(facts), Table("When each step was done, and when it was entered", columns, rows)


def _preparation(batch: BatchView, more: Details) -> Facts:
    origin = more.origin
    return Facts(
        (
            ("Name", batch.formula.name),
            ("Strength", batch.formula.strength_text),
            ("Dosage form", batch.formula.dosage_form),
            ("Master formula", f"{origin.code}, version {origin.version}"),
            ("Hash of that version", origin.sha256),
            ("Hash of the plan", more.plan_sha256),
            ("Policy", f"version {more.policy_version}"),
        )
    )


def _components(batch: BatchView, more: Details, desk: Desk) -> Table:
    columns = (
        Column("No.", 0.5, numeric=True),
        Column("Component, maker", 2.1),
        Column("Lot, expiry", 1.7),
        Column("Theory", 1.35, numeric=True),
        Column("Actual", 1.35, numeric=True),
        Column("Off by", 0.95, numeric=True),
        Column("With", 1.4),
        Column("By, when", 1.7),
    )
    return Table(
        "Each component with its lot, and what was really taken", columns, tuple(_component(line, batch, more, desk) for line in batch.preparation.lines)
    )


def _component(line: Line, batch: BatchView, more: Details, desk: Desk) -> tuple[str, ...]:
    done, source, hand = batch.weighed_line(line.number), more.sources[line.number], more.hands.get(line.number)
    maker = (
        f"{line.name}; {source.maker}" + (f", NDC {source.ndc}" if source.ndc else "") + (f"; our batch {source.batch_number}" if source.batch_number else "")
    )
    by = "" if hand is None else f"{hand.by}, {desk.moment(hand.at)}" + (f"; seen by {hand.witness}" if hand.witness else "")
    return (
        str(line.number),
        maker,
        f"{line.lot_number}, {day(line.expires_on)}",
        said_amount(line.target, line.unit),
        said_amount(done.actual, line.unit) if done else "",
        percent(Fraction(done.actual - line.target, line.target)) if done else "",
        line.instrument,
        by,
    )


def _calculations(batch: BatchView) -> tuple[Block, ...]:
    amounts, weight, unit = batch.preparation.amounts, batch.preparation.weight, unit_of(batch)
    rows = [
        ("Make", f"{decimal_text(amounts.made)} {unit}"),
        ("Dispense", f"{decimal_text(amounts.dispensed)} {unit}"),
        ("Naltrexone hydrochloride in it", str(amounts.active)),
        ("Tablets", amounts.tablets_text),
        (amounts.left_text, str(amounts.left)),
    ]
    rows += [
        (f"Line {line.number}", f"{line.take} {line.name}: {_exactly(line)}" + (f", since {line.basis}" if line.basis != line.name else ""))
        for line in batch.preparation.lines
    ]
    if weight is not None and batch.preparation.weight_low is not None and batch.preparation.weight_high is not None:
        limits = said_limits(batch.preparation.weight_low, batch.preparation.weight_high)
        rows.append(("One capsule", f"powder {weight.powder} + filler {weight.filler} = {weight.net} net, each within {limits}"))
    return (Facts(tuple(rows)),)


def _exactly(line: Line) -> str:
    if line.exact.denominator == 1:
        return said_amount(line.exact.numerator, line.unit)
    return f"{said_amount(line.target, line.unit)} (as the instrument shows {line.exact} {line.unit})"


def _times(batch: BatchView, desk: Desk) -> tuple[Block, ...]:
    rows = []
    for step in batch.timed:
        time = batch.timings.get(step.number)
        said = "not timed" if time is None else "not ended"
        if time is not None and time.ended_at is not None:
            said = f"{said_time(time.ended_at - time.started_at)}, begun {desk.moment(time.started_at)} by {time.by}"
            said += f"; ended early: {time.reason}" if time.reason else ""
        rows.append((f"Step {step.number}", f"{step.text} {said}"))
    return (Heading("Timed steps", 2), Facts(tuple(rows))) if rows else ()


def _result(batch: BatchView) -> tuple[Block, ...]:
    if batch.record is None:
        return (Paragraph("Nothing yet."),)
    done, amounts, unit = batch.record.finished, batch.preparation.amounts, unit_of(batch)
    rows = [
        ("Made", f"{decimal_text(done.made)} {unit} of {decimal_text(amounts.made)}"),
        ("Yield", percent(done.made / amounts.made).lstrip("+")),
        ("pH", decimal_text(done.ph) if done.ph is not None else "not measured"),
    ]
    if batch.formula.description:
        rows.append(("As the formula describes it", batch.formula.description))
    rows += _capsules(batch, batch.record)
    rows += [("Set aside before", earlier.deviations) for earlier in batch.record.before]
    traits = tuple((item.trait, item.expected, "yes" if item.present else "NO") for item in done.found)
    columns = (Column("Trait", 1), Column("Expected", 2.5), Column("It has it", 0.8))
    return (Facts(tuple(rows)), Table("Physical description and quality checks", columns, traits))


def _capsules(batch: BatchView, record: Record) -> list[tuple[str, str]]:
    found, where = batch.statistics, batch.accounted
    if found is None:
        return []
    rows = [
        ("Net weights", ", ".join(f"{percent(share).lstrip('+')}{' OUT' if number in found.out else ''}" for number, share in enumerate(found.shares, 1))),
        ("Mean against theory", percent(found.mean_error, places=3)),
    ]
    if record.finished.capsules is not None:
        tare = record.finished.capsules.tare
        rows.append(("Tare", f"{tare.shells} empty shells of lot {tare.lot_number}, together {tare.together}"))
    if where is not None:
        said = f"{where.good} good, {where.rejected} taken out, {where.kept} kept for tests, {where.broken} broken, of {where.started} started"
        rows.append(("Accounted for", f"{said}: {percent(where.share).lstrip('+')}"))
    return rows


def _date(batch: BatchView, more: Details) -> tuple[Block, ...]:
    decided = more.date.decided_by
    facts = Facts(
        (("Beyond use", day(batch.beyond_use or more.date.until)), ("Kept at", str(batch.storage)), ("Decided by", f"{decided.name}: {decided.source}"))
    )
    weighed = tuple((day(item.until), item.name, item.source) for item in more.date.candidates)
    return facts, Table("Every date that was weighed", (Column("Until", 1), Column("Why", 2), Column("Source", 2.4)), weighed)


def _deviations(batch: BatchView, more: Details, desk: Desk) -> tuple[Block, ...]:
    rows = [(f"Line {done.line}", f"kept outside its limits: {done.reason} ({done.by})") for done in batch.weighed if done.reason]
    if batch.record and batch.record.finished.deviations:
        rows.insert(0, ("Deviations", batch.record.finished.deviations))
    rows += [(EVENTS[item.kind], f"{item.reason} ({item.by}, {desk.moment(item.at)})") for item in more.events]
    return (Facts(tuple(rows)),) if rows else (Paragraph("None was recorded."),)


def _signatures(more: Details, desk: Desk) -> Block:
    if not more.signatures:
        return Paragraph("Nobody has signed anything yet.")
    columns = (Column("Who", 1.3), Column("What it means", 1.8), Column("When", 1.4), Column("Stands", 1.4), Column("Hash of what was signed", 2.2))
    rows = tuple((item.name, item.meaning, desk.moment(item.at), stands(item), item.sha256) for item in more.signatures)
    return Table("Signatures, each compared with this record as it was printed", columns, rows)


def stands(item: Signed) -> str:
    """How a signature stands, in words."""
    if item.standing is Standing.BROKEN:
        return f"BROKEN, changed since: {', '.join(item.differs)}"
    if item.standing is Standing.UNKNOWN:
        return "unknown, from before what was signed was kept"
    return "whole, a later one took its place" if item.superseded else "whole"
