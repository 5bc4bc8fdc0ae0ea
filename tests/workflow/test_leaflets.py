"""Leaflets: the numbers of the label and of the plan and no others, one for each label, the same bytes again, and every reading noted."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from compounding.db.audit import ReadRow
from compounding.db.private import give_vault
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.plan import Request
from compounding.domain.prescription import Order
from compounding.domain.quantity import Volume, decimal_text
from compounding.domain.translation import Asked
from compounding.workflow import leaflets
from labels.label import Printed
from tests.application import renderer
from tests.labels.reading import page_texts, unseen
from tests.workflow.bench import PROFILE, Bench
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, IN_L1, IN_L5, capsules, gp, titration
from tests.workflow.test_signatures import beneath

SQLITE = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
ENGLISH = Asked("en", large=False)
_REPLACE = "UPDATE label SET value = replace(value, '{}', '{}')"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def compose(bench: Bench, fill: UUID, asked: Asked = ENGLISH) -> leaflets.Composed:
    return bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: leaflets.compose(look, fill, asked, PROFILE))


def lay_out(composed: leaflets.Composed) -> Printed:
    return leaflets.lay_out(renderer(), composed)


def issue(bench: Bench, composed: leaflets.Composed, printed: Printed) -> UUID:
    return bench.pharmacy.perform(ActName.LEAFLET_ISSUE, bench.linh, lambda act: leaflets.issue(act, composed, printed, PROFILE))


def bytes_of(bench: Bench, leaflet: UUID) -> bytes:
    return bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: leaflets.pdf(look, leaflet))


def labelled(bench: Bench, order: Order, request: Request) -> tuple[UUID, ...]:
    fills = bench.planned(order, request)
    bench.made(fills[0])
    bench.label(fills[0])
    return fills


def read_entries(bench: Bench) -> list[tuple[str, UUID | None, bool]]:
    """Who looked at whose data, in order."""
    with reading(bench.pharmacy.engine) as session:
        return [(row.actor_name, row.prescription_id, row.patient_id is not None) for row in session.scalars(select(ReadRow).order_by(ReadRow.at))]


def squeezed(pdf: bytes) -> str:
    return " ".join(page_texts(pdf)).replace("\ufffe", "-")


@SQLITE
@pytest.mark.parametrize(
    ("order", "request_"),
    [(titration(), IN_L1), (gp(), IN_L5), (capsules(), IN_CAPSULES)],
    ids=["liquid", "drops", "capsules"],
)
def test_every_dose_date_and_strength_is_that_of_the_label_and_of_the_plan(bench: Bench, order: Order, request_: Request) -> None:
    (fill, *_) = labelled(bench, order, request_)
    page, label, value = bench.fill(fill), bench.compose(fill).value, compose(bench, fill).value

    told = [f"{step.days}: {step.direction}" for step in value.steps]
    assert told == list(label.directions) if len(page.plan.fills) > 1 else [step.direction for step in value.steps] == list(label.directions)
    assert label.drug_and_strength in value.medicine
    assert label.salt_line in value.medicine
    assert label.beyond_use.removeprefix("Discard after ") in value.use_by
    assert label.rx_number in value.whose
    for part, step in zip(page.fill.steps, value.steps, strict=True):
        planned = page.plan.steps[part.step - 1]
        assert [decimal_text(planned.taken.mg)] == NUMBER.findall(step.holds)
        if planned.capsules is not None:
            assert (step.capsules, step.fillings, step.drops) == (planned.capsules, (), 0)
        elif request_ is IN_L5:
            assert planned.reading is not None
            assert (step.drops, step.fillings) == (planned.reading.drops, ())
        else:
            assert planned.reading is not None
            assert sum((filling.volume for filling in step.fillings), Volume.of_ml(0)) == planned.reading.measured
            assert [NUMBER.findall(filling.words) for filling in step.fillings] == [[decimal_text(filling.volume.ml)] for filling in step.fillings]
    printed = lay_out(compose(bench, fill))
    text = squeezed(printed.pdf)
    for line in (*[step.days for step in value.steps], *[step.direction for step in value.steps], value.use_by, order.patient.name, PROFILE.phone):
        assert line in text, line
    assert unseen(printed.pdf, 150) == []


@SQLITE
def test_what_comes_after_is_told_by_its_own_days_and_the_article_s_questions_are_answered(bench: Bench) -> None:
    opening, _ = labelled(bench, replace(titration(), therapy=replace(titration().therapy, naive=True, present_dose=None)), IN_L1)
    value = compose(bench, opening).value
    assert value.later is not None
    assert value.later.rows == (("2 of 2", "Apr 6 to Apr 12, 2026", "Take 4.5 mL by mouth at bedtime."),)
    text = squeezed(lay_out(compose(bench, opening)).pdf)
    for fact in (
        "vivid dreams", "headache", "in the morning instead", "thyroid dose may become too high", "blood sugar", "1 mg a day", "72 hours", "more than 14 days",
        "free of opioids for 10 days", "14 days after methadone", "May 25, 2026", "35 days", "Is it for life?", "blood test?", "cortisone", "1-800-222-1222",
        "Go up only if you feel well", "Dr Paula Prescriber", "Shake well.", "911", "1-800-FDA-1088", "Syringe of 5 mL, a mark at every 0.1 mL",
    ):  # fmt: skip
        assert fact in text, fact


@SQLITE
def test_a_leaflet_is_kept_with_its_bytes_printed_again_as_those_and_every_reading_is_noted(bench: Bench) -> None:
    (fill,) = labelled(bench, capsules(), IN_CAPSULES)
    composed = compose(bench, fill)
    printed = lay_out(composed)
    first = issue(bench, composed, printed)
    again = compose(bench, fill)
    assert again.kept == first
    assert bench.pharmacy.perform(ActName.LEAFLET_ISSUE, bench.linh, lambda act: leaflets.print_again(act, first)) == first
    before = read_entries(bench)
    assert bytes_of(bench, first) == printed.pdf == lay_out(again).pdf
    assert read_entries(bench)[len(before) :] == [("Linh Tran", bench.fill(fill).prescription_id, True)]
    large = Asked("en", large=True)
    assert issue(bench, compose(bench, fill, large), lay_out(compose(bench, fill, large))) != first
    seen = bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: leaflets.leaflets_of(look, fill))
    assert [(item.language, item.large, item.current, item.prints) for item in seen] == [("English", False, True, 2), ("English", True, True, 1)]
    with pytest.raises(Unknown):
        bytes_of(bench, uuid4())


@SQLITE
def test_without_a_label_there_is_no_leaflet_and_with_a_new_one_the_old_leaflet_is_void(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), replace(IN_L1, lead_days=2, starts_on=FIRST_DAY + timedelta(days=2)))
    bench.made(opening)
    with pytest.raises(Conflict, match="no label yet"):
        compose(bench, opening)
    bench.label(opening)
    composed = compose(bench, opening)
    printed = lay_out(composed)
    leaflet = issue(bench, composed, printed)
    bench.redate(opening, FIRST_DAY + timedelta(days=1))
    with pytest.raises(Conflict, match="void"):
        bench.pharmacy.perform(ActName.LEAFLET_ISSUE, bench.linh, lambda act: leaflets.print_again(act, leaflet))
    bench.label(opening)
    with pytest.raises(Conflict, match="changed meanwhile"):
        issue(bench, composed, printed)
    assert compose(bench, opening).kept is None
    assert compose(bench, opening).value.steps[0].days == "Mar 3 to Mar 16, 2026"
    assert bytes_of(bench, leaflet) == printed.pdf


@SQLITE
def test_a_leaflet_that_would_say_something_else_than_the_label_or_in_an_unknown_language_is_refused(bench: Bench) -> None:
    give_vault(bench.pharmacy.engine, None)  # what SQL replaces here cannot be locked
    fill, _ = labelled(bench, titration(), IN_L1)
    with pytest.raises(Invalid) as refusal:
        compose(bench, fill, Asked("vi", large=False))
    assert list(refusal.value.fields) == ["language"]
    for old, new in (("1.5 mL", "15 mL"), ("Mar 2 to", "Mar 1 to"), ("after Apr 5", "after Apr 6")):
        beneath(bench, _REPLACE.format(old, new))
        with pytest.raises(Conflict, match="says something else"):
            compose(bench, fill)
        beneath(bench, _REPLACE.format(new, old))
        assert compose(bench, fill).value.steps[0].fillings[0].mark == "1.5 mL"
