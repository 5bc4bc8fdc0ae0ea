"""The signatures under a container stand under exactly what was checked, handed over and voided."""

from hashlib import sha256

import pytest
from sqlalchemy import text

from compounding.db.private import give_vault
from compounding.domain.signature import Standing
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules
from tests.workflow.test_setbacks import BACK, destroy, record
from tests.workflow.test_signatures import beneath
from tests.workflow.test_voids import void


@pytest.fixture(autouse=True)
def _unlocked(bench: Bench) -> None:
    """What SQL replaces beneath the program cannot be locked."""
    give_vault(bench.pharmacy.engine, None)


CHECKED, GIVEN, VOIDED = "checked the labelled product", "handed over", "voided a hand-over"


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_row_changed_beneath_the_program_breaks_the_signature_that_saw_it(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.handed_over(fill)
    void(bench, fill)
    bench.check(fill)
    bench.hand_over(fill)
    record(bench, fill, BACK)
    destroy(bench, fill, bench.james)
    signed = bench.fill(fill).signatures
    told, seen = "recorded what went wrong with a container", "witnessed the destruction"
    assert [item.meaning for item in signed] == [CHECKED, GIVEN, VOIDED, CHECKED, GIVEN, told, seen]
    assert {item.standing for item in signed} == {Standing.WHOLE}

    for change, broken in (
        ("UPDATE dispense SET first_dose_on = '2026-03-05' WHERE voided IS NULL", {4: ("hand-over",)}),
        ("UPDATE dispense SET document = replace(document, 'Linh', 'Ling') WHERE voided = 'here'", {1: ("answers",), 4: ("hand-over",)}),
        ("UPDATE void SET reason = 'another'", {1: ("answers",), 2: ("record",), 4: ("hand-over",)}),
        ("UPDATE setback SET reason = 'another'", {1: ("answers",), 2: ("record",), 4: ("hand-over",), 5: ("record",)}),
    ):
        beneath(bench, change)
        assert {number: item.differs for number, item in enumerate(bench.fill(fill).signatures) if item.standing is Standing.BROKEN} == broken, change
    beneath(bench, "UPDATE label SET value = replace(value, 'Ann', 'Amy')", "UPDATE label SET pdf = x'00'")
    assert bench.fill(fill).signatures[0].differs == bench.fill(fill).signatures[3].differs == ("text of label 1", "print of label 1")
    beneath(bench, "UPDATE signature SET content_sha256 = substr(content_sha256, 2) || substr(content_sha256, 1, 1)")
    assert {item.differs for item in bench.fill(fill).signatures} == {("signature",)}
    assert len(bench.fill(fill).broken) == len(signed)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_signatures_from_before_the_parts_were_kept_are_compared_with_what_they_kept(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.handed_over(fill)
    beneath(
        bench,
        "UPDATE signature SET content = (SELECT pdf_sha256 FROM label) WHERE meaning = 'checked the labelled product'",
        "UPDATE signature SET content = (SELECT document FROM dispense) WHERE meaning = 'handed over'",
    )
    _sign_anew(bench)
    assert {item.standing for item in bench.fill(fill).signatures} == {Standing.WHOLE}
    beneath(bench, "UPDATE label SET pdf = x'00'", "UPDATE dispense SET document = replace(document, 'given', 'declined')")
    assert [item.differs for item in bench.fill(fill).signatures] == [("record",), ("record",)]


def _sign_anew(bench: Bench) -> None:
    """Let each signature hold the hash of the content that it now has."""
    with bench.pharmacy.engine.connect().execution_options(compounding_migrates=True) as connection, connection.begin():
        for key, content in connection.execute(text("SELECT id, content FROM signature")).all():
            values = {"key": key, "hash": sha256(content.encode()).hexdigest()}
            connection.execute(text("UPDATE signature SET content_sha256 = :hash WHERE id = :key"), values)
