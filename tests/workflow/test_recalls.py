"""A recall from its opening to its end, what it stops, whom it lists with the law's hours; and complaints with what shares their components."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL, select

from compounding.db.batches import SignatureRow
from compounding.db.document import sha256
from compounding.db.inventory import MovementRow
from compounding.db.recalls import LotQuarantineRow, RecallRow
from compounding.db.records import BatchEventRow
from compounding.db.session import make_engine, reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import Meaning
from compounding.domain.complaint import Harm, Report, Review
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.inventory import StockUnit
from compounding.domain.recall import Days, Kind
from compounding.domain.recall_case import ContactKind, Notice, RecallClass, Result, Try, Way
from compounding.workflow import complaints, recall_cases, recall_starts, recalls
from compounding.workflow.act import Pharmacy
from compounding.workflow.recall_cases import Case
from tests.adversary import people_of
from tests.application import ZONE
from tests.keys import VAULT
from tests.workflow.bench import Bench
from tests.workflow.conftest import TickingClock
from tests.workflow.orders import IN_CAPSULES, capsules

Shelves = tuple[UUID, UUID, UUID]
EVERY_DAY = Days()
GRAVE = Notice(RecallClass.FIRST, "The assay found 45 mg in a tablet.", datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
MILD = Notice(RecallClass.THIRD, "The label of the bottle is crooked.", None)


def brought(bench: Bench, name: str) -> UUID:
    (fill,) = bench.planned(capsules(name), IN_CAPSULES)
    return fill


def opened(bench: Bench, lot_number: str = "SUN2201", notice: Notice = GRAVE) -> UUID:
    lot = bench.lot(lot_number).id
    return bench.pharmacy.perform(ActName.RECALL_OPEN, bench.maria, lambda act: recalls.recall(act, Kind.LOT, lot, days=EVERY_DAY, notice=notice))


def seen(bench: Bench, recall: UUID) -> Case:
    return bench.pharmacy.look(LookName.RECALLS, bench.linh, lambda look: recall_cases.case(look, recall))


def tried(bench: Bench, recall: UUID, contact: UUID, result: Result = Result.REACHED, **said: object) -> None:
    attempt = Try(Way.PHONE, result, str(said.get("note", "")), said.get("returned"), said.get("unit"))  # type: ignore[arg-type]
    bench.pharmacy.perform(ActName.RECALL_CONTACT, bench.linh, lambda act: recalls.try_contact(act, recall, contact, attempt))


def close(bench: Bench, recall: UUID) -> None:
    bench.pharmacy.perform(ActName.RECALL_CLOSE, bench.maria, lambda act: recalls.close(act, recall, "The supplier took the lot back."))


@pytest.fixture(scope="module")
def prepared(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Shelves]:
    """A demonstration with three bottles of one lot, made once: handed over, checked, and on the bench."""
    path = tmp_path_factory.mktemp("recalls") / "template.db"
    shutil.copy(filled_sqlite, path)
    engine, clock = make_engine(f"sqlite:///{path}", vault=VAULT), TickingClock()
    pharmacy = Pharmacy(engine=engine, clock=clock, zone=ZONE)
    bench = Bench.staffed(pharmacy, clock, people_of(pharmacy))
    given, checked, counted = (brought(bench, name) for name in ("Ann Sample", "Bea Sample", "Cy Sample"))
    bench.handed_over(given)
    bench.checked(checked)
    bench.counted(counted)
    engine.dispose()
    return path, (given, checked, counted)


@pytest.fixture
def filled(prepared: tuple[Path, Shelves], tmp_path: Path) -> URL:
    path = tmp_path / "pharmacy.db"
    shutil.copy(prepared[0], path)
    return URL.create("sqlite", database=str(path))


@pytest.fixture
def shelves(prepared: tuple[Path, Shelves]) -> Shelves:
    return prepared[1]


def test_a_recall_stops_all_that_is_in_the_house_and_makes_its_bottles_due_again(bench: Bench, shelves: Shelves) -> None:
    checked = shelves[1]
    batches = [bench.fill(fill).batch_id for fill in shelves]

    opened(bench)

    assert bench.lot("SUN2201").status == "recalled"
    assert [bench.batch(batch).status for batch in batches if batch] == ["recalled", "recalled", "rejected"]
    assert [bench.fill(fill).status for fill in shelves] == [FillStatus.HANDED_OVER, FillStatus.DUE, FillStatus.DUE]
    assert [bench.holding_labels(fill) for fill in shelves] == [1, 0, 0]
    for step in (bench.hand_over, bench.label):
        with pytest.raises(Conflict):
            step(checked)
    again = bench.draw_up(checked)  # from the other lot
    assert {line.lot_number for line in bench.batch(again).preparation.lines} & {"SUN2201", "ACC7710"} == {"ACC7710"}


def test_whoever_has_a_bottle_is_listed_with_the_hours_that_the_law_leaves(bench: Bench, shelves: Shelves) -> None:
    case = seen(bench, opened(bench))

    kinds = {one.kind: one for one in case.contacts}
    assert {kind: one.name for kind, one in kinds.items()} == {
        ContactKind.PATIENT: "Ann Sample",
        ContactKind.PRESCRIBER: "Dr Paula Prescriber",
        ContactKind.BOARD: recalls.BOARD,
        ContactKind.MEDWATCH: recalls.MEDWATCH,
    }
    twelve = case.line.opened_at + timedelta(hours=12)
    assert {one.due_at for kind, one in kinds.items() if kind is not ContactKind.MEDWATCH} == {twelve}
    assert kinds[ContactKind.MEDWATCH].due_at == datetime(2026, 3, 5, 1, 30, tzinfo=UTC)  # 72 hours after it was told
    assert case.line.due_at == twelve
    assert [one.fill_id for one in case.scope.handed_over] == [shelves[0]]


def test_without_grave_danger_the_law_names_no_hour_and_no_authority(bench: Bench) -> None:
    case = seen(bench, opened(bench, notice=MILD))
    assert {one.kind for one in case.contacts} == {ContactKind.PATIENT, ContactKind.PRESCRIBER}
    assert case.line.due_at is None


def test_the_scope_is_kept_signed_and_stays_as_it_was(bench: Bench) -> None:
    recall = opened(bench)
    with reading(bench.pharmacy.engine) as session:
        row = session.get_one(RecallRow, recall)
        signature = session.scalars(select(SignatureRow).where(SignatureRow.subject_id == recall, SignatureRow.meaning == Meaning.RECALL)).one()
    assert row.sha256 == sha256(row.document)
    assert signature.content_sha256 == sha256(f"I {GRAVE.reason} {row.document}")
    assert signature.person_name == bench.maria.name
    assert {batch.strength for batch in seen(bench, recall).scope.batches} == {"4.5 mg"}


def test_a_case_is_closed_when_everybody_is_settled_and_takes_nothing_afterwards(bench: Bench) -> None:
    recall = opened(bench, notice=MILD)
    patient, prescriber = (one.id for one in seen(bench, recall).contacts)
    tried(bench, recall, prescriber)
    with pytest.raises(Conflict, match="Ann Sample"):
        close(bench, recall)
    tried(bench, recall, patient, Result.UNREACHED)
    with pytest.raises(Conflict, match="Ann Sample"):
        close(bench, recall)
    tried(bench, recall, patient, Result.RETURNED, returned=12, unit=StockUnit.PIECE)

    close(bench, recall)

    assert not seen(bench, recall).line.is_open
    with pytest.raises(Conflict, match="closed"):
        tried(bench, recall, patient)
    with pytest.raises(Conflict, match="closed already"):
        close(bench, recall)


def test_what_comes_back_is_never_stock_again(bench: Bench) -> None:
    recall = opened(bench, notice=MILD)
    with reading(bench.pharmacy.engine) as session:
        before = len(session.scalars(select(MovementRow.id)).all())
    tried(bench, recall, seen(bench, recall).contacts[0].id, Result.RETURNED, returned=12, unit=StockUnit.PIECE)
    with reading(bench.pharmacy.engine) as session:
        assert len(session.scalars(select(MovementRow.id)).all()) == before


@pytest.mark.parametrize(
    ("result", "said", "field"),
    [(Result.RETURNED, {}, "returned.amount"), (Result.REACHED, {"returned": 3, "unit": StockUnit.PIECE}, "returned.amount"), (Result.GIVEN_UP, {}, "note")],
)
def test_a_try_that_says_too_little_names_the_field(bench: Bench, result: Result, said: dict[str, object], field: str) -> None:
    recall = opened(bench, notice=MILD)
    with pytest.raises(Invalid) as refused:
        tried(bench, recall, seen(bench, recall).contacts[0].id, result, **said)
    assert field in refused.value.fields


def test_nobody_is_given_up_who_was_never_tried(bench: Bench) -> None:
    recall = opened(bench, notice=MILD)
    patient = seen(bench, recall).contacts[0].id
    with pytest.raises(Invalid, match="too little"):
        tried(bench, recall, patient, Result.GIVEN_UP, note="moved away")
    tried(bench, recall, patient, Result.UNREACHED)
    tried(bench, recall, patient, Result.GIVEN_UP, note="moved away, no number known")
    assert {one.state for one in seen(bench, recall).contacts if one.id == patient} == {Result.GIVEN_UP}


def test_anybody_sets_aside_and_only_the_pharmacist_in_charge_recalls(bench: Bench, shelves: Shelves) -> None:
    lot, checked = bench.lot("SUN2201").id, shelves[1]

    def aside(reason: str) -> recalls.SetAside:
        return bench.pharmacy.perform(ActName.RECALL_QUARANTINE, bench.linh, lambda act: recalls.quarantine(act, Kind.LOT, lot, days=EVERY_DAY, reason=reason))

    assert aside("a bitter taste") == recalls.SetAside(lots=1, batches=2)
    assert bench.lot("SUN2201").status == "quarantined"
    with pytest.raises(Unsafe, match="not released"):
        bench.hand_over(checked)
    with reading(bench.pharmacy.engine) as session:
        assert session.scalars(select(LotQuarantineRow.reason)).all() == ["a bitter taste"]
        assert session.scalars(select(BatchEventRow.reason).where(BatchEventRow.kind == "quarantined")).all() == ["a bitter taste"] * 2
    with pytest.raises(Conflict, match="nothing to set aside"):
        aside("again")
    for person in (bench.linh, bench.james):
        with pytest.raises(Forbidden):
            bench.pharmacy.perform(ActName.RECALL_OPEN, person, lambda act: recalls.recall(act, Kind.LOT, lot, days=EVERY_DAY, notice=MILD))


def test_a_scan_or_words_find_where_to_begin(bench: Bench, shelves: Shelves) -> None:
    page = bench.fill(shelves[0])

    def kinds(text: str) -> list[Kind]:
        return [one.kind for one in bench.pharmacy.look(LookName.RECALLS, bench.linh, lambda look: recall_starts.find(look, text))]

    assert kinds(f"{page.prescription_number}-{page.batch_number}") == [Kind.BOTTLE]
    assert kinds(page.batch_number) == [Kind.BATCH]
    assert kinds(f"Rx {page.prescription_number}") == [Kind.PRESCRIPTION]
    assert kinds("sun2201")[0] is Kind.LOT
    assert kinds("47335-326-08") == [Kind.PRODUCT]
    assert Kind.PRODUCT in kinds("purified water")
    assert Kind.FORMULA in kinds("c4.5")
    assert Kind.BALANCE in kinds("balance")
    assert Kind.PERSON in kinds("linh")
    assert Kind.PRESCRIPTION in kinds("ann sam")


def test_a_balance_and_a_person_lead_to_what_they_made(bench: Bench) -> None:
    def reached(text: str, kind: Kind) -> int:
        def question(look: recall_starts.Look) -> int:
            starts = [one for one in recall_starts.find(look, text) if one.kind is kind]
            return len({batch for one in starts for batch in recall_starts.start_of(look, kind, one.id, EVERY_DAY).things.batches})

        return bench.pharmacy.look(LookName.RECALLS, bench.linh, question)

    assert reached("linh", Kind.PERSON) == 3
    assert reached("james", Kind.PERSON) == 3  # who witnessed
    assert reached("balance", Kind.BALANCE) == 2  # of the third, nothing is weighed yet
    assert reached("c4.5", Kind.FORMULA) == 3


REPORT = Report(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), "Ann Sample", "An emergency room after one dose.", "Told to stop.", Harm.EMERGENCY)
FOUND = Review("The assay of the batch is right.", "Reported; nothing else shows it.", is_quality=False, medwatch_on=None, why_not="known effect")


def complained(bench: Bench, fill: UUID | None = None, report: Report = REPORT) -> UUID:
    return bench.pharmacy.perform(ActName.COMPLAINT_RECORD, bench.linh, lambda act: complaints.record(act, report, fill_id=fill))


def shown(bench: Bench, complaint: UUID) -> complaints.ComplaintView:
    return bench.pharmacy.look(LookName.COMPLAINTS, bench.linh, lambda look: complaints.complaint(look, complaint))


def test_a_complaint_keeps_which_other_batches_share_its_components(bench: Bench, shelves: Shelves) -> None:
    found = shown(bench, complained(bench, shelves[0]))

    others = sorted((bench.fill(fill).batch_number for fill in shelves[1:]), key=int)
    tablets = next(one for one in found.kin.components if one.lot_number == "SUN2201")
    assert list(tablets.other_batches) == others
    assert (found.kin.batches, found.kin.handed_over) == (2, 0)
    assert (found.against.patient, found.against.batch_number) == ("Ann Sample", bench.fill(shelves[0]).batch_number)
    assert found.medwatch_due == REPORT.received_at + timedelta(hours=72)


def test_a_complaint_waits_until_the_pharmacist_in_charge_signs_its_review(bench: Bench, shelves: Shelves) -> None:
    complaint = complained(bench, shelves[0])

    def review(found: Review) -> None:
        bench.pharmacy.perform(ActName.COMPLAINT_REVIEW, bench.maria, lambda act: complaints.review(act, complaint, found))

    assert [one.id for one in bench.pharmacy.look(LookName.COMPLAINTS, bench.linh, lambda look: complaints.complaints(look, only_open=True))] == [complaint]
    with pytest.raises(Forbidden):
        bench.pharmacy.perform(ActName.COMPLAINT_REVIEW, bench.james, lambda act: complaints.review(act, complaint, FOUND))
    with pytest.raises(Invalid) as refused:
        review(Review("x", "y", is_quality=True, medwatch_on=None, why_not=None))
    assert "why_not" in refused.value.fields
    review(FOUND)
    assert not shown(bench, complaint).is_open
    assert bench.pharmacy.look(LookName.COMPLAINTS, bench.linh, lambda look: complaints.complaints(look, only_open=True)) == ()
    with reading(bench.pharmacy.engine) as session:
        assert session.scalars(select(SignatureRow.meaning).where(SignatureRow.subject_id == complaint)).all() == [Meaning.REVIEW_COMPLAINT]


def test_a_complaint_about_nothing_known_is_kept_and_one_from_the_future_is_not(bench: Bench) -> None:
    found = shown(bench, complained(bench))
    assert (found.kin.components, found.against.patient) == ((), "")
    with pytest.raises(Invalid, match="still to come"):
        complained(bench, report=Report(bench.clock() + timedelta(hours=1), "A", "b", "c", Harm.NONE))
