"""A master formula's way: drafted, corrected, approved by a second person and then fixed, replaced, retired; on both databases."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from compounding.db.audit import Attribution, AuditRow
from compounding.db.document import sha256
from compounding.db.formulas import FormulaRow
from compounding.db.session import reading, writing
from compounding.db.values import approved_formulas, batch_row
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unknown, Unsafe
from compounding.domain.formula import Formula
from compounding.domain.people import Actor
from compounding.workflow import formula_pages, formulas
from tests.domain.formulary import written
from tests.domain.stock_solutions import from_stock
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

NEW = replace(written("L1"), code="L9", name="Naltrexone 1 mg/mL oral liquid, ninth", description="Pale yellow.")
C45 = replace(written("C4.5"), change="A darker description.", description="A capsule of size 3 with a pale yellow powder.")


def draft(bench: Bench, formula: Formula = NEW, by: Actor | None = None) -> Formula:
    return bench.pharmacy.perform(ActName.FORMULA_DRAFT, by or bench.james, lambda act: formulas.draft(act, formula))


def next_version(bench: Bench, formula: Formula = C45, by: Actor | None = None) -> Formula:
    return bench.pharmacy.perform(ActName.FORMULA_DRAFT, by or bench.james, lambda act: formulas.new_version(act, formula.code, formula))


def entry(bench: Bench, code: str, version: int = 1) -> formula_pages.Entry:
    return bench.pharmacy.look(LookName.FORMULAS, bench.linh, lambda look: formula_pages.entry(look, code, version))


def approve(bench: Bench, code: str, version: int = 1, by: Actor | None = None, seen: str = "") -> None:
    read = seen or entry(bench, code, version).sha256
    bench.pharmacy.perform(ActName.FORMULA_APPROVE, by or bench.maria, lambda act: formulas.approve(act, code, version, read))


def correct(bench: Bench, formula: Formula, seen: str, by: Actor | None = None, version: int = 1) -> None:
    bench.pharmacy.perform(ActName.FORMULA_CORRECT, by or bench.james, lambda act: formulas.correct(act, formula.code, version, formula, seen))


def retire(bench: Bench, code: str, version: int = 1) -> None:
    bench.pharmacy.perform(ActName.FORMULA_RETIRE, bench.maria, lambda act: formulas.retire(act, code, version, "The vehicle is no longer made."))


def in_use(bench: Bench) -> dict[str, int]:
    with reading(bench.pharmacy.engine) as session:
        return {formula.code: formula.version for _, formula in approved_formulas(session)}


def raw(bench: Bench, statement: str) -> None:
    """A hand in the database, past every use case."""
    engine = bench.pharmacy.engine.execution_options(compounding_migrates=True)
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_a_draft_is_kept_with_its_author_and_nothing_is_planned_by_it(bench: Bench) -> None:
    draft(bench)
    found = entry(bench, "L9")
    assert (found.approval.status, found.author, found.formula) == ("draft", "James Okafor", NEW)
    assert "L9" not in in_use(bench)
    assert found.objections == ()
    assert found.trial is not None
    assert [working.text for working in found.trial.workings if working.key == "trial.tablets"] == ["3 tablets"]


def test_a_second_person_approves_the_very_text_that_they_read(bench: Bench) -> None:
    draft(bench)
    with pytest.raises(Forbidden, match="second person"):
        approve(bench, "L9", by=bench.james)
    with pytest.raises(Conflict, match="corrected this draft"):
        approve(bench, "L9", seen=sha256("another text"))
    with pytest.raises(Forbidden):
        approve(bench, "L9", by=bench.linh)
    approve(bench, "L9")
    found = entry(bench, "L9")
    assert (found.approval.status, found.approval.by) == ("approved", "Maria Garcia")
    assert [(signed.meaning, signed.name) for signed in found.signatures] == [("approved the master formula", "Maria Garcia")]
    assert in_use(bench)["L9"] == 1


def test_a_draft_is_corrected_once_for_each_reading_and_audit_keeps_what_it_said(bench: Bench) -> None:
    draft(bench)
    seen = entry(bench, "L9").sha256
    correct(bench, replace(NEW, description="Yellow."), seen, by=bench.linh)
    assert (entry(bench, "L9").formula.description, entry(bench, "L9").author) == ("Yellow.", "Linh Tran")
    with pytest.raises(Conflict, match="corrected this draft"):
        correct(bench, replace(NEW, description="Green."), seen)
    with reading(bench.pharmacy.engine) as session:
        said = [row.old or "" for row in session.scalars(select(AuditRow).where(AuditRow.act_name == ActName.FORMULA_CORRECT))]
    assert any("Pale yellow." in old for old in said)


def test_what_is_approved_is_fixed_and_a_change_is_a_new_version(bench: Bench) -> None:
    with pytest.raises(Conflict, match="new version"):
        correct(bench, C45, entry(bench, "C4.5").sha256)
    kept = next_version(bench)
    assert (kept.version, entry(bench, "C4.5", 2).approval.status) == (2, "draft")
    with pytest.raises(Conflict, match="draft already"):
        next_version(bench)
    assert in_use(bench)["C4.5"] == 1
    approve(bench, "C4.5", 2)
    assert in_use(bench)["C4.5"] == 2
    old = entry(bench, "C4.5")
    assert (old.approval.status, old.retired_reason) == ("retired", "Replaced by version 2.")
    assert [(item.version, item.status) for item in old.versions] == [(1, "retired"), (2, "approved")]


def test_a_code_is_taken_once_and_an_unknown_one_has_no_versions(bench: Bench) -> None:
    with pytest.raises(Invalid) as refused:
        draft(bench, written("L1"))
    assert "code" in refused.value.fields
    with pytest.raises(Unknown):
        next_version(bench, NEW)
    with pytest.raises(Unknown):
        approve(bench, "L9", seen="x")


def test_what_breaks_a_rule_may_be_a_draft_and_is_never_approved(bench: Bench) -> None:
    liquid = replace(NEW.liquid, preservative=None)
    draft(bench, replace(NEW, liquid=liquid, description=""))
    assert {item.field for item in entry(bench, "L9").objections} >= {"liquid.preservative.name", "description"}
    with pytest.raises(Invalid) as refused:
        approve(bench, "L9")
    assert {"liquid.preservative.name", "description"} <= set(refused.value.fields)
    assert entry(bench, "L9").approval.status == "draft"


def test_a_formula_whose_trial_cannot_be_weighed_is_not_approved(bench: Bench) -> None:
    """Half a milligram of an antioxidant in the bottle: no balance here weighs that."""
    antioxidant = replace(NEW.liquid.ingredients[0], mass_in_100_ml=NEW.liquid.ingredients[0].mass_in_100_ml / 2000)
    draft(bench, replace(NEW, liquid=replace(NEW.liquid, ingredients=(antioxidant, *NEW.liquid.ingredients[1:]))))
    assert "cannot be weighed" in entry(bench, "L9").refused
    with pytest.raises(Unsafe, match="cannot be weighed"):
        approve(bench, "L9")


def test_a_source_that_goes_round_in_a_circle_is_no_draft_even(bench: Bench) -> None:
    with pytest.raises(Invalid, match="circle"):
        draft(bench, from_stock("L0.5", "L0.5"))
    draft(bench, from_stock("L0.5", "L2"))
    assert [item.name for item in entry(bench, "L0.5").components][:2] == [
        "Naltrexone 5 mg/mL oral liquid, preserved",
        "Naltrexone hydrochloride, from 50 mg tablets",
    ]


def test_open_plans_and_batches_keep_their_version_and_new_orders_take_the_newest(bench: Bench) -> None:
    before, after = capsules("Ann Before"), capsules("Zoe After")
    (waiting,) = bench.planned(before, IN_CAPSULES)
    next_version(bench)
    approve(bench, "C4.5", 2)
    old = bench.batch(bench.draw_up(waiting))
    (fresh,) = bench.planned(after, IN_CAPSULES)
    new = bench.batch(bench.draw_up(fresh))
    assert (old.formula.version, new.formula.version) == (1, 2)
    assert entry(bench, "C4.5", 1).begun == entry(bench, "C4.5", 2).begun == 1


def test_what_an_old_batch_shows_does_not_change_with_a_new_version(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.made(fill)
    before = bench.batch(batch)
    next_version(bench)
    approve(bench, "C4.5", 2)
    retire(bench, "C4.5", 2)
    assert bench.batch(batch) == before
    with reading(bench.pharmacy.engine) as session:
        kept = session.scalars(select(FormulaRow).where(FormulaRow.id == batch_row(session, batch).formula_id)).one()
        assert (kept.version, kept.sha256) == (before.formula.version, before.formula_sha256)
        assert sha256(kept.document) == before.formula_sha256


def test_nothing_new_is_planned_by_a_retired_formula(bench: Bench) -> None:
    retire(bench, "C4.5")
    assert "C4.5" not in in_use(bench)
    with pytest.raises(Invalid):
        bench.planned(capsules(), IN_CAPSULES)
    found = entry(bench, "C4.5")
    assert found.retired_reason == "The vehicle is no longer made."
    assert [signed.meaning for signed in found.signatures] == ["retired the master formula"]
    with pytest.raises(Conflict):
        retire(bench, "C4.5")


RIGHT = (
    "UPDATE formula SET status = 'approved', approved_at = (SELECT approved_at FROM policy), "
    "approver_id = (SELECT id FROM person WHERE username = 'maria') WHERE code = 'L9'"
)
FORCED = (
    "UPDATE formula SET document = '{}' WHERE code = 'C4.5'",
    "UPDATE formula SET name = 'other' WHERE code = 'C4.5'",
    "UPDATE formula SET version = 7 WHERE code = 'L9'",
    "UPDATE formula SET code = 'L8' WHERE code = 'L9'",
    "UPDATE formula SET status = 'draft' WHERE code = 'C4.5'",
    "UPDATE formula SET approver_id = author_id WHERE code = 'L9'",
    "UPDATE formula SET status = 'approved', approved_at = (SELECT approved_at FROM policy) WHERE code = 'L9'",
    RIGHT.replace("'approved'", "'retired'"),
    "DELETE FROM formula WHERE code = 'L9'",
)


def test_the_database_itself_keeps_a_formula(bench: Bench) -> None:
    """What is approved is fixed, a draft keeps its code and goes one way, its author never approves it, and nothing goes away."""
    draft(bench)
    for change in FORCED:
        with pytest.raises(DBAPIError):
            raw(bench, change)
    raw(bench, RIGHT)


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_the_database_keeps_one_draft_and_one_approved_version_of_a_code(bench: Bench, status: str) -> None:
    def second(version: int) -> Callable[[], None]:
        with writing(bench.pharmacy.engine, Attribution(bench.maria.id, ActName.FORMULA_DRAFT, bench.maria.id, "x", bench.clock())) as session:
            person = None if status == "draft" else bench.maria.id
            at = None if status == "draft" else bench.clock()
            row = FormulaRow(code="L7", version=version, name="x", status=status, document="{}", sha256=sha256("{}"), approver_id=person, approved_at=at)
            session.add(row)

    second(1)
    with pytest.raises(DBAPIError):
        second(2)
