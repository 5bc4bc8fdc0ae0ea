"""Around the bench: a balance that was not proved today weighs nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from compounding.db.batches import WeighingRow
from compounding.db.inventory import DeviceRow
from compounding.db.readiness import balances_in_care
from compounding.db.session import reading
from compounding.db.upkeep import BalanceCheckRow
from compounding.domain import library
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.quantity import Mass
from compounding.domain.upkeep import Calibration
from compounding.workflow import batches, inventory, seed, upkeep
from compounding.workflow.act import Act
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

FINE, COARSE = "balance-0.1-mg", "balance-1-mg"


def check(bench: Bench, **readings: str) -> None:
    told = {{"fine": FINE, "coarse": COARSE}[name]: Mass.of_mg(text) for name, text in readings.items()}
    bench.pharmacy.perform(ActName.BALANCE_CHECK, bench.linh, lambda act: upkeep.check_balances(act, told))


def standing(bench: Bench) -> upkeep.Balances:
    return bench.pharmacy.look(LookName.UPKEEP, bench.linh, upkeep.balances)


def weigh(bench: Bench, batch_id: object, *, balance: str = "") -> None:
    """The first line of a batch that is weighed, without a check before it."""
    line = next(line for line in bench.batch(batch_id).open_lines if line.take == "weigh")
    bench.pharmacy.perform(
        ActName.BATCH_WEIGH,
        bench.linh,
        lambda act: batches.weigh(act, batch_id, line.number, lot_number=line.lot_number, actual=line.target, reason="", balance=balance),
    )


def test_a_balance_that_was_not_checked_today_weighs_nothing(bench: Bench) -> None:
    batch = bench.counted(bench.planned(capsules(), IN_CAPSULES)[0])
    bench.clock.pass_days(1)
    with pytest.raises(Conflict, match="was not checked today"):
        weigh(bench, batch)
    with pytest.raises(Conflict, match="was not checked today"):
        bench.pharmacy.perform(
            ActName.LOT_WEIGH_TABLETS,
            bench.linh,
            lambda act: inventory.weigh_tablets(act, bench.lot("SUN2201").id, weights=library.single_weights(Mass.of_mg(250)), balance=FINE),
        )
    bench.check_balances()
    weigh(bench, batch)


def test_a_reading_out_of_tolerance_is_kept_and_blocks_until_another_passes(bench: Bench) -> None:
    batch = bench.counted(bench.planned(capsules(), IN_CAPSULES)[0])
    check(bench, fine="20020.1", coarse="100101")
    with pytest.raises(Conflict, match=r"showed 20020\.1 mg for 20000 mg today"):
        weigh(bench, batch, balance=FINE)
    check(bench, fine="19980.0")
    weigh(bench, batch, balance=FINE)
    found = standing(bench)
    kept = [(item.balance, item.check.passed) for item in found.checks[:3]]
    assert kept == [("balance by 0.1 mg", True), ("balance by 0.1 mg", False), ("balance by 1 mg", False)]
    assert [item.care.balance.code for item in found.unready] == [COARSE]
    assert {item.check.by for item in found.checks[:3]} == {"Linh Tran"}


def test_each_weighing_keeps_its_balance(bench: Bench) -> None:
    bench.weighed(bench.planned(capsules(), IN_CAPSULES)[0])
    with reading(bench.pharmacy.engine) as session:
        names = dict(session.execute(select(DeviceRow.id, DeviceRow.name)).all())
        kept = {row.unit: names.get(row.device_id) for row in session.scalars(select(WeighingRow))}
    assert kept["ng"] in {"balance by 0.1 mg", "balance by 1 mg"}
    assert kept["piece"] is None


def test_capsules_name_the_balance_that_they_were_weighed_on(bench: Bench) -> None:
    batch = bench.weighed(bench.planned(capsules(), IN_CAPSULES)[0])
    bench.witness(batch)
    finished = bench.finished(batch)

    def compound(balance: str) -> None:
        told = replace(finished, capsules=replace(finished.capsules, balance=balance))
        bench.pharmacy.perform(ActName.BATCH_COMPOUND, bench.linh, lambda act: batches.compound(act, batch, told))

    with pytest.raises(Invalid, match="Choose the balance") as refused:
        compound("")
    assert set(refused.value.fields) == {"capsules.balance"}
    bench.clock.pass_days(1)
    with pytest.raises(Conflict, match="was not checked today"):
        compound("balance by 0.1 mg")


def test_a_calibration_past_its_day_blocks_until_the_next_is_recorded(bench: Bench) -> None:
    bench.clock.pass_days(366)
    bench.check_balances()
    assert len(standing(bench).unready) == 2
    today = bench.today
    new = Calibration(today, today + timedelta(days=365), "Weights Inc", "C-18", passed=True)
    bench.pharmacy.perform(ActName.BALANCE_CALIBRATE, bench.maria, lambda act: upkeep.calibrate(act, FINE, new))
    assert [item.care.balance.code for item in standing(bench).unready] == [COARSE]
    assert standing(bench).calibrations[0].calibration == new
    with pytest.raises(Forbidden):
        bench.pharmacy.perform(ActName.BALANCE_CALIBRATE, bench.linh, lambda act: upkeep.calibrate(act, FINE, new))
    with pytest.raises(Invalid, match="Choose the balance"):
        bench.pharmacy.perform(ActName.BALANCE_CALIBRATE, bench.maria, lambda act: upkeep.calibrate(act, "syringe-5", new))


def test_another_test_weight_is_the_one_that_the_next_check_is_held_against(bench: Bench) -> None:
    told = {"nominal": Mass.of_mg(10_000), "tolerance": Mass.of_mg(5)}
    bench.pharmacy.perform(ActName.BALANCE_SET_WEIGHT, bench.maria, lambda act: upkeep.set_test_weight(act, FINE, **told))
    check(bench, fine="10006.0")
    assert standing(bench).checks[0].check.nominal == Mass.of_mg(10_000)
    assert [item.care.balance.code for item in standing(bench).unready] == [FINE]


def test_the_database_lets_no_check_pass_that_did_not(bench: Bench) -> None:
    def lie(act: Act) -> None:
        key, care = balances_in_care(act.session)[0]
        act.session.add(
            BalanceCheckRow(
                device_id=key, nominal_ng=20_000, tolerance_ng=20, reading_ng=20_021, passed=True,
                checked_on=act.today, checked_at=act.at, person_name=care.balance.name,
            )
        )  # fmt: skip

    with pytest.raises(DBAPIError, match="ck_balance_check_passed"):
        bench.pharmacy.perform(ActName.BALANCE_CHECK, bench.linh, lie)


def test_the_demonstration_checks_its_balances_once_a_day(bench: Bench) -> None:
    before = len(standing(bench).checks)
    seed.morning(bench.pharmacy)
    assert len(standing(bench).checks) == before
    bench.clock.pass_days(3)
    assert len(standing(bench).unready) == 2
    seed.morning(bench.pharmacy)
    assert standing(bench).unready == ()
    assert standing(bench).checks[0].check.by == "demonstration"
