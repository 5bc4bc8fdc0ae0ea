"""A pharmacist who works alone: off by default, then with a reason that is signed, shown and counted; the database lets nothing else through."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Forbidden, Invalid
from compounding.domain.policy import Policy
from compounding.workflow import batches, records
from compounding.workflow.act import Act
from tests.workflow.aside import details
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules


def allow(act: Act) -> None:
    document = encode(replace(Policy(), version=2, release_alone=True))
    act.session.add(PolicyRow(version=2, document=document, sha256=sha256(document), approver_id=act.actor.id, approved_at=act.at))


def test_one_person_compounds_and_verifies_only_where_the_policy_allows_it_and_a_reason_is_recorded(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)
    bench.count(batch, by=bench.maria)
    bench.weigh_all(batch, by=bench.maria)
    bench.compound(batch, by=bench.maria)

    def release(reason: str) -> None:
        bench.pharmacy.perform(ActName.BATCH_RELEASE, bench.maria, lambda act: batches.verify_and_release(act, batch, reason))

    with pytest.raises(Forbidden, match="same person"):
        release("the other pharmacist is ill")
    same = "UPDATE batch SET verifier_id = compounder_id"
    with pytest.raises(IntegrityError), bench.pharmacy.engine.connect().execution_options(compounding_migrates=True) as connection, connection.begin():
        connection.execute(text(same))

    bench.pharmacy.perform(ActName.POLICY_APPROVE, bench.maria, allow)
    with pytest.raises(Invalid, match="Say why nobody else"):
        release("")
    assert bench.batch(batch).status == "compounded"
    assert bench.pharmacy.look(LookName.DAY, bench.linh, records.released_alone) == 0
    release("the other pharmacist is ill")

    found = details(bench, batch)
    assert bench.batch(batch).status == "released"
    assert [(event.kind, event.reason) for event in found.events] == [("alone", "the other pharmacist is ill")]
    signed = [item.meaning for item in found.signatures if item.name == "Maria Garcia"]
    assert signed[1:] == ["compounded", "verified", "released", "verified and released alone"]
    assert found.broken == ()
    assert bench.pharmacy.look(LookName.DAY, bench.linh, records.released_alone) == 1
    bench.label(fill)
