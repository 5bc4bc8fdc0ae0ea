"""Shared batches of the accepted orders' fills: from the rows to proposals that the second pharmacist has counted too."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.audit import ReadRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.session import reading
from compounding.domain import pooling as rules
from compounding.domain.authority import LookName
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Storage
from compounding.domain.prescription import Form, Order
from compounding.workflow import pooling as work
from compounding.workflow.pooling import Proposals
from compounding.workflow.proof import Disagreement
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, IN_L1, IN_L1_AT_ROOM, IN_L2, capsules, order

only_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def months(name: str) -> Order:
    """103.5 mg, as in golden number G07."""
    return order(("4.5", 23), form=Form.ORAL_LIQUID, name=name)


def proposals(bench: Bench) -> Proposals:
    return bench.pharmacy.look(LookName.DAY, bench.linh, work.proposals)


def alone(bench: Bench) -> dict[str, str]:
    return {item.whose.patient: item.reason for item in proposals(bench).apart}


def test_three_bottles_of_one_formula_share_a_batch_and_everybody_whose_data_is_shown_stands_in_the_read_log(bench: Bench) -> None:
    fills = [bench.planned(months(name), IN_L1)[0] for name in ("Ann Sample", "Bea Sample", "Cal Sample")]
    bench.planned(capsules("Dora Sample"), IN_CAPSULES)
    bench.planned(months("Eve Sample"), IN_L1_AT_ROOM)
    found = proposals(bench)
    (proposal,) = found.proposals
    pool = proposal.pool

    assert [share.fill for _, share in proposal.shares] == fills
    assert [whose.patient for whose, _ in proposal.shares] == ["Ann Sample", "Bea Sample", "Cal Sample"]
    assert (pool.made_on, pool.storage, pool.tablets_apart, pool.amounts.tablets) == (bench.today, Storage.REFRIGERATOR, 9, 7)
    assert (pool.amounts.dispensed, pool.amounts.made) == (Fraction("310.5"), 350)
    assert {item.whose.patient: item.reason for item in found.apart} == {
        "Dora Sample": "Nothing else of this formula is to be made in these days.",
        "Eve Sample": "The others have another storage than room temperature.",
    }
    assert _read(bench) >= {bench.fill(fill).prescription_id for fill in fills}


def _read(bench: Bench) -> set[UUID | None]:
    with reading(bench.pharmacy.engine) as session:
        return set(session.scalars(select(ReadRow.prescription_id).where(ReadRow.look_name == LookName.DAY)))


def test_what_is_begun_or_lies_beyond_the_days_ahead_is_not_there(bench: Bench) -> None:
    begun, *_ = bench.planned(months("Ann Sample"), IN_L1)
    bench.draw_up(begun)
    later = replace(IN_L1, starts_on=bench.today + timedelta(days=8))
    bench.planned(months("Bea Sample"), later)
    bench.planned(months("Cal Sample"), replace(IN_L1, starts_on=bench.today + timedelta(days=7)))

    assert list(alone(bench)) == ["Cal Sample"]


@only_sqlite
def test_an_allergy_to_what_a_lot_holds_keeps_a_fill_apart(bench: Bench) -> None:
    sensitive = months("Ann Sample")
    bench.planned(replace(sensitive, patient=replace(sensitive.patient, allergies=("lactose",))), IN_L1)
    for name in ("Bea Sample", "Cal Sample"):
        bench.planned(months(name), IN_L1)

    assert alone(bench)["Ann Sample"].startswith("An excipient does not suit the patient.")
    assert [whose.patient for whose, _ in proposals(bench).proposals[0].shares] == ["Bea Sample", "Cal Sample"]


@only_sqlite
def test_a_new_strength_for_the_patient_keeps_a_fill_apart(bench: Bench) -> None:
    course = replace(order(("4.5", 10), form=Form.ORAL_LIQUID), refills=1)
    order_id = bench.accepted(course)
    bench.handed_over(bench.plan(order_id, IN_L2)[0])
    bench.plan(order_id, replace(IN_L1, starts_on=bench.today + timedelta(days=7)), by=bench.maria, dose="4.5")
    for name in ("Bea Sample", "Cal Sample"):
        bench.planned(months(name), IN_L1)

    assert alone(bench)["Ann Sample"].startswith("It would change the strength that the patient has at home.")
    assert len(proposals(bench).proposals[0].shares) == 2


@only_sqlite
def test_an_order_that_is_not_clear_today_shares_with_nobody(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object, rows: Iterable[PrescriptionRow], **__: object) -> dict[UUID, Unsafe]:
        return {row.id: Unsafe("R1", "Ask the opioid question again.") for row in rows}

    bench.planned(months("Ann Sample"), IN_L1)
    monkeypatch.setattr(work, "cleared_orders", refuse)

    assert alone(bench) == {"Ann Sample": "Its order is not clear today. Ask the opioid question again."}


@only_sqlite
def test_a_difference_between_the_two_counts_shows_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def slipped(*given: object, **named: object) -> rules.Pooling:
        found = rules.propose(*given, **named)
        return replace(found, pools=tuple(replace(pool, until=pool.until + timedelta(days=1)) for pool in found.pools))

    for name in ("Ann Sample", "Bea Sample"):
        bench.planned(months(name), IN_L1)
    monkeypatch.setattr(work, "propose", slipped)

    with pytest.raises(Disagreement, match="Beyond-use date"):
        proposals(bench)


@only_sqlite
def test_nothing_due_is_nothing_to_propose(bench: Bench) -> None:
    found = proposals(bench)

    assert (found.proposals, found.apart, found.through) == ((), (), bench.today + timedelta(days=7))
