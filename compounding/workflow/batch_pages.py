"""What the bench and the inspector see of a batch; nothing here changes anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow, WeighingRow
from compounding.db.document import decode
from compounding.db.inventory import LotRow
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.records import is_held, timings_of
from compounding.db.signing import signatures
from compounding.db.values import batch_row, formula_by_id, formula_sha256, plan_of, planned, policy_in_force
from compounding.domain.batch import BatchStatus, Meaning, Record, bench_lines
from compounding.domain.capsule import Fit, Rounds, machine_rounds, shell_fit
from compounding.domain.capsule_check import Accounted, CapsuleWeights, Limits, WeightStatistics, accounted, check_lot, limits_of, of_net, statistics
from compounding.domain.errors import Conflict
from compounding.domain.excipients import Carried, InDose, base_of, carried, false_claims, in_dose
from compounding.domain.formula import Formula, Part, Storage
from compounding.domain.inventory import Lot
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.preparation import BatchPlan, ForStock, Line, Pool, Preparation
from compounding.domain.prescription import Order
from compounding.domain.quantity import NANOLITRES, Mass
from compounding.domain.signature import Signed
from compounding.domain.timing import TimedStep, Timing, timed_steps
from compounding.workflow.act import Look
from compounding.workflow.proof import prove_weights


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was recorded for a line, in the line's unit, by whom and when."""

    line: int
    lot_number: str
    actual: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """What a batch holds for one fill: `amount` mL or capsules, for whom, when it is used, and the date of its own plan where it shares."""

    fill_id: UUID
    prescription_id: UUID
    prescription_number: str
    order: Order
    plan: Plan
    fill: FillPlan
    amount: Fraction
    opens_on: date
    closes_on: date
    no_later: date | None


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch, whole: for whom it is, how it is to be made, and what was done so far. Its shares are in the order of the prescriptions."""

    id: UUID
    number: str
    status: BatchStatus
    shares: tuple[Share, ...]
    storage: Storage
    pool: Pool | None
    stock: ForStock | None
    lot_id: UUID | None
    formula: Formula
    formula_sha256: str
    preparation: Preparation
    made_on: date | None
    beyond_use: date | None
    compounder: UUID | None
    verifier: UUID | None
    weighed: tuple[Weighed, ...]
    record: Record | None
    signatures: tuple[Signed, ...]
    carried: tuple[Carried, ...]
    machine: Rounds | None
    fit: Fit | None
    held: bool = False
    alone_allowed: bool = False
    timed: tuple[TimedStep, ...] = ()
    timings: Mapping[int, Timing] = field(default_factory=dict)
    lots: tuple[Lot, ...] = ()

    @property
    def statistics(self) -> WeightStatistics | None:
        """What the capsules' weights say; None for a liquid and before it was compounded. Records of before hold net weights alone."""
        limits = limits_of(self.preparation)
        if self.record is None or limits is None:
            return None
        return self.record.weighed or of_net(self.record.finished.weights, limits)

    @property
    def accounted(self) -> Accounted | None:
        """What became of each capsule; None for a liquid and before it was compounded."""
        capsules = self.record.finished.capsules if self.record else None
        if self.record is None or capsules is None or self.record.weighed is None:
            return None
        made = self.record.finished.made.numerator
        return accounted(capsules, self.record.weighed, good=made, started=self.preparation.amounts.made.numerator)

    @property
    def limits(self) -> Limits | None:
        """The limits of one capsule; None for a liquid."""
        return limits_of(self.preparation)

    @property
    def shell_lots(self) -> tuple[str, ...]:
        """The lots of shells that the batch is filled into."""
        return tuple(line.lot_number for line in self.preparation.lines if line.part is Part.SHELL)

    @property
    def set_aside(self) -> bool:
        """Whether the batch waits for all of its capsules to be weighed, or to be rejected."""
        return self.status is BatchStatus.QUARANTINED and self.verifier is None and not self.held

    @property
    def base(self) -> Mass:
        """The naltrexone base in its hydrochloride."""
        return base_of(self.preparation.amounts.active)

    @property
    def largest_dose(self) -> Mass | None:
        """The largest dose of all that it is for; None while it is for nobody."""
        return max((step.dose for share in self.shares for step in share.order.steps), default=None)

    @property
    def in_dose(self) -> tuple[InDose, ...]:
        """What the largest dose holds of what is weighed or measured beside the drug, what a stock solution brings among it."""
        return in_dose(self.preparation, self.lots, self.largest_dose) if self.largest_dose else ()

    @property
    def false_claims(self) -> tuple[str, ...]:
        """What may not be said of this batch."""
        return false_claims(self.carried)

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """The lines of the bench that nobody recorded yet, in order."""
        done = {item.line for item in self.weighed}
        return tuple(line for line in bench_lines(self.preparation) if line.number not in done)

    @property
    def weights_witnessed(self) -> bool:
        """Whether a second person has seen the weights before mixing."""
        return any(item.meaning == Meaning.WITNESS_WEIGHTS for item in self.signatures)

    def weighed_line(self, number: int) -> Weighed | None:
        """What was recorded for line `number`, if anything."""
        return next((item for item in self.weighed if item.line == number), None)


def batch(look: Look, batch_id: UUID) -> BatchView:
    """One batch, whole; raises `Unknown`."""
    row = batch_row(look.session, batch_id)
    drawn, formula = decode(BatchPlan, row.document), formula_by_id(look.session, row.formula_id)
    shares = _shares(look, row, formula)
    return BatchView(
        id=row.id,
        number=str(row.number),
        status=BatchStatus(row.status),
        shares=shares,
        storage=drawn.storage or shares[0].plan.storage,
        pool=drawn.pool,
        stock=drawn.stock,
        lot_id=look.session.scalars(select(LotRow.id).where(LotRow.batch_id == row.id)).first(),
        formula=formula,
        formula_sha256=formula_sha256(look.session, row.formula_id),
        preparation=drawn.preparation,
        made_on=row.made_on,
        beyond_use=row.beyond_use,
        compounder=row.compounder_id,
        verifier=row.verifier_id,
        weighed=_weighed(look, row.id),
        record=decode(Record, row.record) if row.record else None,
        signatures=signatures(look.session, [row])[row.id],
        carried=carried(drawn.preparation, drawn.lots),
        machine=_machine(look, drawn.preparation),
        fit=_fit(drawn, formula),
        held=is_held(look.session, row.id),
        alone_allowed=policy_in_force(look.session).release_alone,
        timed=timed_steps(formula),
        timings=timings_of(look.session, row.id),
        lots=drawn.lots,
    )


def weighed(look: Look, batch_id: UUID, capsules: CapsuleWeights) -> WeightStatistics:
    """What the weights say, computed twice; nothing is kept. Raises `Invalid` for a tare or a weight that cannot be, and for a liquid."""
    preparation = decode(BatchPlan, batch_row(look.session, batch_id).document).preparation
    limits = limits_of(preparation)
    if limits is None:
        raise Conflict("no-capsules", "This batch holds no capsules to weigh.")
    check_lot(capsules, preparation)
    found = statistics(capsules, limits)
    prove_weights(capsules, found, preparation)
    return found


def _shares(look: Look, row: BatchRow, formula: Formula) -> tuple[Share, ...]:
    rows = look.session.execute(
        select(ShareRow, FillRow, PrescriptionRow)
        .join(FillRow, ShareRow.fill_id == FillRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .where(ShareRow.batch_id == row.id)
        .order_by(PrescriptionRow.number, FillRow.number)
    )
    return tuple(_share(look, share, formula, fill, prescription) for share, fill, prescription in rows)


def _share(look: Look, share: ShareRow, formula: Formula, fill: FillRow, prescription: PrescriptionRow) -> Share:
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    plan = plan_of(look.session, fill)
    return Share(
        fill_id=fill.id,
        prescription_id=prescription.id,
        prescription_number=str(prescription.number),
        order=decode(Order, prescription.document),
        plan=plan,
        fill=planned(look.session, fill, plan),
        amount=Fraction(share.amount, NANOLITRES) if formula.liquid else Fraction(share.amount),
        opens_on=fill.opens_on,
        closes_on=fill.closes_on,
        no_later=share.no_later,
    )


def _machine(look: Look, preparation: Preparation) -> Rounds | None:
    if preparation.weight is None:
        return None
    policy = policy_in_force(look.session)
    return machine_rounds(preparation.amounts.made.numerator, policy.capsule_machines, policy.largest_overage)


def _fit(drawn: BatchPlan, formula: Formula) -> Fit | None:
    """What share of its shell the powder takes: all that the filler leaves."""
    weight = drawn.preparation.weight
    if formula.capsules is None or weight is None:
        return None
    size = formula.capsules.size
    filler = next(line.lot_id for line in drawn.preparation.lines if line.part is Part.FILLER)
    pack = next(pack for lot in drawn.lots if lot.id == filler for pack in lot.packs if pack.size == size)
    return shell_fit(1 - weight.filler / pack.each, size)


def _weighed(look: Look, batch_id: UUID) -> tuple[Weighed, ...]:
    rows = look.session.execute(
        select(WeighingRow, LotRow.lot_number, PersonRow.name)
        .join(LotRow, WeighingRow.lot_id == LotRow.id)
        .join(PersonRow, WeighingRow.person_id == PersonRow.id)
        .where(WeighingRow.batch_id == batch_id)
        .order_by(WeighingRow.line)
    )
    return tuple(Weighed(row.line, lot, row.actual, row.reason, name, row.weighed_at) for row, lot, name in rows)
