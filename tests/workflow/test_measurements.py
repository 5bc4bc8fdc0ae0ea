"""What was measured stays as it was measured: the newest holds, the old ones stay, and records from before are read as they were."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import select

from compounding.db.audit import AuditRow
from compounding.db.document import decode, encode
from compounding.db.inventory import CalibrationRow, DeviceRow, PackStatisticRow, TabletWeighingRow
from compounding.db.session import reading
from compounding.domain import library
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.inventory import Assay, Lot, TabletWeight, Weighing
from compounding.domain.prescription import QuantityUnit, Supply
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import DropCount
from compounding.workflow import devices, plans
from compounding.workflow.act import Act
from compounding.workflow.devices import Calibration
from tests.workflow.bench import Bench
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, IN_L5, capsules, gp

on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def drops(*counts: tuple[int, str]) -> tuple[DropCount, ...]:
    return tuple(DropCount(number, Volume.of_ml(volume)) for number, volume in counts)


SIXTEEN = drops((40, "2.5"), (40, "2.5"), (40, "2.5"))


def calibrations(bench: Bench) -> tuple[Calibration, ...]:
    return bench.pharmacy.look(LookName.STOCK, bench.linh, devices.cabinet).calibrations


def powder(bench: Bench) -> Fraction:
    """The powder that the worksheet of a month of capsules asks for, in mg."""
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    preparation = bench.batch(bench.draw_up(fill)).preparation
    return next(line.exact for line in preparation.lines if line.take == "weigh" and line.lot_number == "SUN2201") / 1_000_000


def test_the_newest_weighing_of_a_lot_is_what_its_powder_is_weighed_by(bench: Bench) -> None:
    lot = bench.lot("SUN2201")
    bench.weigh_tablets(lot.id, library.single_weights(Mass.of_mg(260)), Assay(Fraction(96), "certificate 17"))

    weight = bench.lot("SUN2201").tablet_weight
    assert weight is not None
    assert (weight.average, weight.weighed) == (Mass.of_mg(260), Weighing("balance by 0.1 mg", FIRST_DAY, bench.linh.name))
    assert weight.weights == library.single_weights(Mass.of_mg(260))
    assert powder(bench) == Fraction(135 * 260 * 100, 50 * 96)


def test_every_measurement_is_a_row_of_its_own_with_person_and_moment(bench: Bench) -> None:
    lot = bench.lot("SUN2201")
    bench.weigh_tablets(lot.id, library.single_weights(Mass.of_mg(260)))
    bench.measure_pack(lot.id, library.single_weights(Mass.of_mg(298)), Mass.of_mg(480))
    bench.count_drops("dropper of 20 drops/mL", "L5", SIXTEEN)
    with reading(bench.pharmacy.engine) as session:
        weighings = session.scalars(select(TabletWeighingRow).where(TabletWeighingRow.lot_id == lot.id)).all()
        packs = session.scalars(select(PackStatisticRow).where(PackStatisticRow.lot_id == lot.id)).all()
        counts = session.scalars(select(CalibrationRow)).all()
        written = {row.table_name for row in session.scalars(select(AuditRow).where(AuditRow.actor_id == bench.linh.id))}
    assert [len(rows) for rows in (weighings, packs, counts)] == [2, 2, 2]  # what the demonstration has, and these
    assert {row.person_id for row in (*weighings, *packs, *counts)} == {None, bench.linh.id}
    assert decode(TabletWeight, weighings[0].document).together.nanograms == weighings[0].total_ng
    assert written >= {"tablet_weighing", "pack_statistic", "calibration"}


@on_sqlite
def test_records_from_before_single_weights_were_kept_are_still_reckoned_with(bench: Bench) -> None:
    lot = bench.lot("SUN2201")
    together, packed = Mass.of_mg(5040), Mass.of_mg(2400)

    def of_before(act: Act) -> None:
        act.session.add(TabletWeighingRow(lot_id=lot.id, tablets=20, total_ng=together.nanograms, document=encode(together), weighed_at=bench.clock()))
        act.session.add(PackStatisticRow(lot_id=lot.id, capsule_size="3", shells=10, total_ng=packed.nanograms, measured_at=bench.clock()))

    bench.clock.pass_days(1)
    bench.pharmacy.perform(ActName.LOT_WEIGH_TABLETS, bench.linh, of_before)
    weight = bench.lot("SUN2201").tablet_weight
    assert weight is not None
    assert (weight.average, weight.weights, weight.weighed) == (Mass.of_mg(252), (), None)
    assert bench.lot("SUN2201").packs[0].weights == ()
    bench.clock.pass_days(-1)
    assert powder(bench) == Fraction(135 * 252, 50)


def test_a_lot_in_a_record_of_before_has_its_average_still(bench: Bench) -> None:
    """Batches keep the lots as they stood, and those documents are never written anew."""
    text = encode(replace(bench.lot("SUN2201"), packs=(), tablet_weight=TabletWeight(20, Mass.of_mg(5000))))
    for new in ('"assay":null,', ',"weighed":null', ',"weights":[]'):
        text = text.replace(new, "")
    assert '"tablet_weight":{"tablets":20,"together":"5000"}' in text
    weight = decode(Lot, text).tablet_weight
    assert weight is not None
    assert weight.average == Mass.of_mg(250)


# Droppers


def test_a_plan_is_made_by_the_newest_count_and_the_one_before_keeps_its_own(bench: Bench) -> None:
    order_id = bench.accepted(gp())
    bench.plan(order_id, IN_L5)
    before = bench.draft(order_id, IN_L5)
    assert before.steps[-1].reading is not None
    assert (before.steps[-1].reading.drops, before.drops) == (18, 1197)

    bench.count_drops("Dropper of 20 drops/mL", "L5", drops((37, "2"), (36, "2"), (38, "2")))
    after = bench.draft(order_id, IN_L5).steps[-1].reading
    assert after is not None
    assert after.drops == 17  # 0.9 mL at 18.5 in a mL
    kept = bench.pharmacy.look(LookName.PRESCRIPTIONS, bench.linh, lambda look: plans.kept(look, order_id))
    assert kept == before
    assert [(item.dropper.code, item.dropper.drops_in_ml, item.holds) for item in calibrations(bench)] == [
        ("dropper-20", Fraction(37, 2), True),
        ("dropper-20", Fraction(20), False),
    ]


def test_a_new_dropper_has_a_code_of_its_own_and_counts_for_its_own_liquid(bench: Bench) -> None:
    bench.count_drops("dropper lot D/7", "L2", SIXTEEN)
    bench.count_drops("dropper lot D/7", "L5", SIXTEEN)
    assert {item.dropper.code for item in calibrations(bench)} == {"dropper-20", "dropper-lot-d-7-l2", "dropper-lot-d-7-l5"}
    with pytest.raises(Unsafe, match="counted for formula L2"):
        bench.draft(bench.accepted(gp()), replace(IN_L5, device="dropper-lot-d-7-l2"))


@on_sqlite
def test_a_count_that_lapsed_is_no_longer_planned_by_until_the_drops_are_counted_anew(bench: Bench) -> None:
    bench.clock.pass_days(181)
    order_id = bench.accepted(replace(gp(), written_on=bench.today))
    late = replace(IN_L5, starts_on=bench.today)
    with pytest.raises(Conflict, match="ended on 29 August 2026"):
        bench.draft(order_id, late)
    bench.count_drops("dropper of 20 drops/mL", "L5", drops((40, "2"), (40, "2"), (41, "2")))
    assert bench.draft(order_id, late).drops == 1197


@on_sqlite
def test_golden_43_an_order_of_eighteen_drops_is_refused_by_a_dropper_of_sixteen(bench: Bench) -> None:
    order = gp()
    order_id = bench.accepted(replace(order, steps=order.steps[-1:], supply=Supply(quantity=Fraction(126), quantity_unit=QuantityUnit.DROP)))
    assert not [notice for notice in bench.draft(order_id, IN_L5).notices if notice.code == "drops_ordered"]
    bench.count_drops("dropper of 20 drops/mL", "L5", SIXTEEN)
    with pytest.raises(Unsafe, match=r"\+25 %"):
        bench.draft(order_id, IN_L5)


@on_sqlite
def test_capsules_have_no_drops_and_nobody_counts_for_a_formula_that_is_not_approved(bench: Bench) -> None:
    for formula in ("C4.5", "L99", ""):
        with pytest.raises(Invalid) as refusal:
            bench.count_drops("dropper lot D7", formula, SIXTEEN)
        assert set(refusal.value.fields) == {"formula"}


def test_a_dropper_from_before_calibrations_were_kept_apart_has_its_own_counts(bench: Bench) -> None:
    (first,) = [item.dropper for item in calibrations(bench)]
    older = replace(first, code="old", name="old dropper", counts=SIXTEEN)
    bench.pharmacy.perform(
        ActName.DEVICE_CALIBRATE,
        bench.linh,
        lambda act: act.session.add(DeviceRow(code="old", kind="dropper", name="old dropper", document=encode(older), active=True)),
    )
    assert Calibration(older, holds=True) in calibrations(bench)
    bench.count_drops("old dropper", "L5", drops((40, "2"), (40, "2"), (40, "2")))
    assert [item.dropper.drops_in_ml for item in calibrations(bench) if item.dropper.code == "old"] == [20]
