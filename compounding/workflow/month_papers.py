"""A month's report as a paper for the file: its sums, waste, batches and patients beside the article's month."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from sqlalchemy import select

from compounding.db.costs import ClosingRow, CostRow, MonthPaperRow
from compounding.domain.errors import Conflict
from compounding.domain.money import Money, display_parts, total
from compounding.domain.people import PharmacyProfile
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.wording import said
from compounding.workflow import costs, month_reports
from compounding.workflow.act import Act, Look
from compounding.workflow.costs import MonthCost
from compounding.workflow.ledger import closing
from compounding.workflow.month_reports import Report
from labels.label import Printed
from labels.paper import Block, Column, Facts, Heading, Paper, Paragraph, Picture, Rectangle, Shape, Table, Words
from labels.paper import Ink as _Ink

LONGEST_LIST = 5  # patients and batches that stand on the paper one by one; of more it gives the dearest, and sums the others
_ROW, _BAR, _LEFT, _WIDTH = 18.0, 10.0, 150.0, 300.0  # points of a picture of bars


class PrintsPapers(Protocol):
    """What turns a paper into a PDF: the renderer."""

    def paper(self, paper: Paper) -> Printed:
        """The PDF of `paper`."""


def pdf(look: Look, month: str, *, name: str, profile: PharmacyProfile, renderer: PrintsPapers) -> bytes:
    """The PDF of a month that is called `name`: as it was filed, or as the month stands."""
    return _filed(look, month) or printed(look, month, name=name, profile=profile, renderer=renderer).pdf


def printed(look: Look, month: str, *, name: str, profile: PharmacyProfile, renderer: PrintsPapers) -> Printed:
    """The paper of a month as it stands."""
    cost, report = costs.month(look, month, every=True, named=LONGEST_LIST, explained=False), month_reports.report(look, month)
    return renderer.paper(month_paper(cost, report, name=name, profile=profile, today=look.today))


def file(act: Act, month: str, paper: Printed) -> None:
    """File the paper of a month that was closed, once: nothing in it changes any more. Raises `Conflict`."""
    row = act.session.scalars(select(ClosingRow).where(ClosingRow.month == month)).first()
    if row is None or is_filed(act, month):
        raise Conflict("paper-filed", "This month is open, or its paper is filed already. Load the page again.")
    filing = MonthPaperRow(closing_id=row.id, pdf=paper.pdf, pdf_sha256=paper.sha256, template_version=paper.template_version, filed_at=act.at)
    act.session.add(filing)


def is_filed(look: Look, month: str) -> bool:
    """Whether the paper of a month was filed."""
    of_month = select(MonthPaperRow.id).join(ClosingRow, MonthPaperRow.closing_id == ClosingRow.id).where(ClosingRow.month == month)
    return look.session.scalars(of_month).first() is not None


def _filed(look: Look, month: str) -> bytes | None:
    """The paper that was filed, byte for byte; those whom it counts are noted as read.

    None where there is none, and where the signature of the month is broken: then it is to be printed anew, and says so.
    """
    query = select(MonthPaperRow.pdf).join(ClosingRow, MonthPaperRow.closing_id == ClosingRow.id).where(ClosingRow.month == month)
    paper = look.session.scalars(query).first()
    closed = closing(look.session, month) if paper is not None else None
    if closed is None or not closed.intact:
        return None
    for patient_id in look.session.scalars(select(CostRow.patient_id).where(CostRow.month == month, CostRow.patient_id.is_not(None)).distinct()):
        look.note_read(patient_id=patient_id)
    return paper


def month_paper(cost: MonthCost, report: Report, *, name: str, profile: PharmacyProfile, today: date) -> Paper:
    """The paper itself: its sums are those of all patients and batches, its lists hold the dearest of them."""
    blocks: list[Block] = [
        _state(report),
        Facts(
            (
                ("Cost, $", cost.total.display()),
                ("Price, $", cost.charged.display()),
                ("Margin, $", _less(cost.charged.display(), cost.total.display())),
                ("Of the cost, waste, $", report.wasted.display()),
                ("Hand-overs", str(cost.fill_count)),
                ("Patients", f"{cost.patient_count}, of them above the article's {cost.article_month.display()} in 30 days: {cost.over_count}"),
                ("Tablets used", str(report.tablets.units)),
            )
        ),
        Heading("By part"),
        _bars("Cost by part, $", [(str(kind), amount) for kind, amount in cost.parts]),
        _amounts("Cost by part", [(str(kind), amount) for kind, amount in cost.parts], cost.total),
        Table(
            "Waste by cause",
            (Column("Cause", 3), Column("Naltrexone hydrochloride, mg", 2, numeric=True), Column("Cost, $", 1.3, numeric=True)),
            tuple(
                (str(item.cause), _mg(item.active), amount)
                for item, amount in zip(report.waste, display_parts([item.amount for item in report.waste]), strict=True)
            ),
            total=("Total", _mg(Mass(sum((item.active.mg for item in report.waste), Mass.of_mg(0).mg))), report.wasted.display()),
        ),
        Heading("Tablets, valued three ways"),
        Facts(
            (
                ("By the lots really used, $", report.tablets.by_lot.display()),
                ("First in, first out, $", report.tablets.first_in.display()),
                ("Moving average, $", report.tablets.average.display()),
            )
        ),
        _doses(report),
        _patients(cost),
        _by_formula(report),
        _batches(report),
    ]
    if report.expiring:
        blocks.append(_expiring(report))
    if report.bought:
        blocks.append(_bought(report))
    return Paper(
        kind="Month of costs",
        title=f"Costs of {name}",
        subtitle=f"{profile.name}, printed on {said(today)}",
        blocks=tuple(blocks),
        footer=f"{profile.name}. Costs of {name}.",
    )


def _state(report: Report) -> Paragraph:
    if report.closing is None:
        return Paragraph("This month is open: what is recorded later changes these figures.")
    if not report.closing.intact:
        return Paragraph("THE SIGNATURE IS BROKEN: entries of this month are not those that were signed.", bold=True, boxed=True)
    return Paragraph(f"Closed and signed by {report.closing.person} on {said(report.closing.at.date())}.")


def _amounts(caption: str, parts: list[tuple[str, Money]], whole: Money) -> Table:
    shown = display_parts([amount for _, amount in parts])
    rows = tuple((name, text) for (name, _), text in zip(parts, shown, strict=True))
    return Table(caption, (Column("Part", 3), Column("Cost, $", 1, numeric=True)), rows, total=("Total", whole.display()))


def _bars(title: str, parts: list[tuple[str, Money]]) -> Picture:
    most = max([amount.micros for _, amount in parts] + [1])
    texts = display_parts([amount for _, amount in parts])  # as in the table below, whose column adds up
    shapes: list[Shape] = []
    for place, ((name, amount), text) in enumerate(zip(parts, texts, strict=True)):
        top = place * _ROW
        long = max(0, amount.micros) * _WIDTH / most
        shapes += [Words(name, 0, top + 10), Rectangle(_LEFT, top + 2, max(long, 0.5), _BAR, _Ink.BLUE), Words(text, _LEFT + long + 4, top + 10)]
    return Picture(title, _LEFT + _WIDTH + 60, len(parts) * _ROW, tuple(shapes))


def _doses(report: Report) -> Table:
    rows = tuple((item.formula, str(item.doses), item.cost_each.display(), item.charged_each.display()) for item in report.doses)
    heads = (Column("Formula", 4), Column("Doses", 1, numeric=True), Column("Cost of one, $", 1.5, numeric=True), Column("Price of one, $", 1.5, numeric=True))
    return Table("Doses", heads, rows)


def _patients(cost: MonthCost) -> Table:
    heads = (
        Column("Patient", 3),
        Column("Born", 2.3),
        Column("Days", 1.1, numeric=True),
        Column("Cost, $", 1.5, numeric=True),
        Column("Price, $", 1.5, numeric=True),
        Column("Margin, $", 1.5, numeric=True),
        Column("30 days, $", 1.5, numeric=True),
    )
    shown, others = cost.patients[:LONGEST_LIST], cost.patients[LONGEST_LIST:]
    *paid, rest, nobodys = display_parts([*(item.total for item in shown), total([item.total for item in others]), cost.nobodys])
    rows = [
        (item.patient, said(item.birth_date), str(item.days), text, item.charged.display(), _less(item.charged.display(), text), item.month.display())
        for item, text in zip(shown, paid, strict=True)
    ]
    if others:
        asked = total([item.charged for item in others]).display()
        rows.append((_others(len(others)), "", str(sum(item.days for item in others)), rest, asked, _less(asked, rest), ""))
    if cost.nobodys.micros:
        rows.append(("What reached nobody", "", "", nobodys, "", _less("0.00", nobodys), ""))
    sums = ("Total", "", "", cost.total.display(), cost.charged.display(), _less(cost.charged.display(), cost.total.display()), "")
    return Table("Patients, the dearest 30 days first", heads, tuple(rows), total=sums)


def _batches(report: Report) -> Table:
    heads = (
        Column("Batch", 1, numeric=True),
        Column("Formula", 4),
        Column("Made", 2.3),
        Column("Tablets", 1, numeric=True),
        Column("Came out", 1.3, numeric=True),
        Column("Cost, $", 1.3, numeric=True),
    )
    shown = sorted(report.batches, key=lambda item: (-item.cost.micros, item.number))[:LONGEST_LIST]
    places = {item.id for item in shown}
    others = [item for item in report.batches if item.id not in places]
    *paid, rest = display_parts([*(item.cost for item in shown), total([item.cost for item in others])])
    rows = [
        (item.number, item.formula, said(item.made_on), str(item.tablets), "-" if item.made is None else decimal_text(item.made), text)
        for item, text in zip(shown, paid, strict=True)
    ]
    if others:
        rows.append(("", _others(len(others)), "", str(sum(item.tablets for item in others)), "", rest))
    sums = ("", "Total", "", str(sum(item.tablets for item in report.batches)), "", total([item.cost for item in report.batches]).display())
    return Table("Batches, the dearest first", heads, tuple(rows), total=sums)


def _by_formula(report: Report) -> Table:
    """All batches of each formula together, those of liquids in mL."""
    heads = (
        Column("Formula", 4),
        Column("Batches", 1, numeric=True),
        Column("Tablets", 1, numeric=True),
        Column("Planned", 1.2, numeric=True),
        Column("Came out", 1.2, numeric=True),
        Column("Cost, $", 1.3, numeric=True),
        Column("Of it waste, $", 1.5, numeric=True),
    )
    names = sorted({item.formula for item in report.batches})
    groups = [[item for item in report.batches if item.formula == name] for name in names]
    paid = display_parts([total([item.cost for item in group]) for group in groups])
    wasted = display_parts([total([item.waste for item in group]) for group in groups])
    rows = [
        (
            name,
            str(len(group)),
            str(sum(item.tablets for item in group)),
            _tenths(sum((item.planned for item in group if item.made is not None), Fraction(0))),
            _tenths(sum((item.made for item in group if item.made is not None), Fraction(0))),
            cost,
            waste,
        )
        for name, group, cost, waste in zip(names, groups, paid, wasted, strict=True)
    ]
    every = (total([item.cost for item in report.batches]).display(), total([item.waste for item in report.batches]).display())
    sums = ("Total", str(len(report.batches)), str(sum(item.tablets for item in report.batches)), "", "", *every)
    return Table("Batches by formula; planned and came out of those that were finished", heads, tuple(rows), total=sums)


def _others(count: int) -> str:
    return f"{count} more, each in the spreadsheet of the month"


def _expiring(report: Report) -> Table:
    rows = tuple((item.product, item.lot_number, said(item.expires_on), item.worth.display()) for item in report.expiring)
    heads = (Column("Product", 4), Column("Lot", 2), Column("Expires", 2.3), Column("Bought for, $", 1.5, numeric=True))
    return Table("Lots that expire within 90 days", heads, rows)


def _bought(report: Report) -> Table:
    rows = tuple(
        (
            f"{item.product}, {item.labeler}, lot {item.lot_number}",
            said(item.bought_on),
            item.paid.display(),
            (item.paid - item.beside.difference).display() if item.beside else "",
            item.beside.difference.display() if item.beside else "",
            ("above the limit" if item.beside.is_over else "within") if item.beside else item.why_not,
        )
        for item in report.bought
    )
    heads = (
        Column("Lot", 4),
        Column("Bought", 2),
        Column("Paid, $", 1.3, numeric=True),
        Column("At NADAC, $", 1.3, numeric=True),
        Column("Above, $", 1.3, numeric=True),
        Column("Beside NADAC", 2),
    )
    return Table("Bought in the month, beside NADAC: a benchmark, in no sum", heads, rows)


def _less(asked: str, paid: str) -> str:
    """The margin between two numbers as they are printed, so that a reader who subtracts finds it."""
    return str(Decimal(asked) - Decimal(paid))


def _mg(mass: Mass) -> str:
    return _tenths(mass.mg)


def _tenths(value: Fraction) -> str:
    """To the tenth, half up."""
    tenths = (20 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{tenths // 10}.{tenths % 10}"
