"""A batch at the bench: its worksheet, one line after the other, then compounding, verification and release."""

from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import BatchStatus, Finished, bench_lines
from compounding.domain.capsule_check import CapsuleWeights, WeightStatistics
from compounding.domain.errors import Invalid
from compounding.domain.inventory import StockUnit
from compounding.domain.quality import said_limits
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass, Volume, decimal_text
from compounding.domain.timing import said_time
from compounding.domain.weighing import half_up, percent
from compounding.schemas.bench import ALONE, CAPSULES, COUNT, ENDED, FINISHED, LINE, WEIGHING, Weighing
from compounding.schemas.counter import REASON
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.page import actor, page_number, pharmacy, render, unflatten
from compounding.web.signing import pharmacist, sign, witness
from compounding.web.told_times import told_done
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import batch_lists, batch_pages, batches, quarantine, records, step_times, upkeep
from compounding.workflow.act import Act

blueprint = Blueprint("batches", __name__, url_prefix="/batches")

_WEIGHING = frozenset({BatchStatus.IN_PROCESS, BatchStatus.QUARANTINED})  # when a balance is asked for


@blueprint.get("")
def index() -> str:
    """The batches, the newest first."""
    return render("batches.html", found=pharmacy().look(LookName.BATCHES, actor(), lambda look: batch_lists.batches(look, page_number())))


@blueprint.get("/<uuid:batch_id>")
def worksheet(batch_id: UUID) -> str:
    """One batch, whole."""
    return _worksheet(batch_id, {})


@blueprint.get("/<uuid:batch_id>/bench")
def bench(batch_id: UUID) -> str:
    """The batch on a tablet at the bench: one line after another, large."""
    return _worksheet(batch_id, {}, page="bench.html")


@blueprint.post("/<uuid:batch_id>/steps/<int:number>/start")
def start_step(batch_id: UUID, number: int) -> Answer:
    """Begin a timed step."""
    return attempt(lambda: _started(batch_id, number), lambda errors: _worksheet(batch_id, errors))


@blueprint.post("/<uuid:batch_id>/steps/<int:number>/end")
def end_step(batch_id: UUID, number: int) -> Answer:
    """End a timed step."""
    return attempt(lambda: _ended(batch_id, number), lambda errors: _worksheet(batch_id, errors))


@blueprint.post("/<uuid:batch_id>/count")
def count(batch_id: UUID) -> Answer:
    """The witnessed tablet count."""
    return attempt(lambda: _counted(batch_id), lambda errors: _worksheet(batch_id, errors))


@blueprint.post("/<uuid:batch_id>/begin")
def begin(batch_id: UUID) -> Answer:
    """A batch that takes no tablets begins."""
    return attempt(lambda: _begun(batch_id), lambda errors: _worksheet(batch_id, errors))


@blueprint.post("/<uuid:batch_id>/weigh")
def weigh(batch_id: UUID) -> Answer:
    """One line of the worksheet."""
    return attempt(lambda: _weighed(batch_id), lambda errors: _worksheet(batch_id, errors))


@blueprint.post("/<uuid:batch_id>/witness")
def witness_weights(batch_id: UUID) -> Answer:
    """A second person has seen the weights, before mixing."""
    return attempt(lambda: _seen(batch_id), lambda errors: _worksheet(batch_id, errors))


@blueprint.post("/<uuid:batch_id>/compound")
def compound(batch_id: UUID) -> Answer:
    """Sign what was made."""
    return attempt(lambda: _compounded(batch_id), lambda errors: _worksheet(batch_id, errors))


@blueprint.post("/<uuid:batch_id>/weights")
def weights(batch_id: UUID) -> Answer:
    """What the capsules' weights say, before anything is signed or kept."""
    return _weights(batch_id)


@blueprint.post("/<uuid:batch_id>/release")
def release(batch_id: UUID) -> Answer:
    """Verify and release: one entry, two signatures."""
    return attempt(lambda: _released(batch_id), lambda errors: _worksheet(batch_id, errors))


@blueprint.get("/<uuid:batch_id>/reject")
def rejecting(batch_id: UUID) -> str:
    """The page on which a batch is rejected."""
    return _worksheet(batch_id, {}, page="batch_reject.html")


@blueprint.post("/<uuid:batch_id>/reject")
def reject(batch_id: UUID) -> Answer:
    """Reject what may not be used."""
    return attempt(lambda: _rejected(batch_id), lambda errors: _worksheet(batch_id, errors, page="batch_reject.html"))


def _own(batch_id: UUID) -> str:
    return f"/batches/{batch_id}{'/bench' if _at_bench() else ''}"


def _at_bench() -> bool:
    """Whether a form of the bench's page was sent, which then goes on there."""
    return request.args.get("at") == "bench"


def _worksheet(batch_id: UUID, errors: Errors, *, page: str = "", statistics: WeightStatistics | None = None) -> str:
    room = pharmacy()
    found, now = room.look(LookName.BATCHES, actor(), lambda look: (batch_pages.batch(look, batch_id), look.at))
    saying = {"shown_amount": shown_amount, "exact_amount": exact_amount, "percent": percent, "short": short, "said_limits": said_limits}
    proved = pharmacy().look(LookName.UPKEEP, actor(), upkeep.balances).balances if found.status in _WEIGHING else ()
    page = page or ("bench.html" if _at_bench() else "batch.html")
    late = room.look(LookName.BATCHES, actor(), lambda look: records.late_of(look, batch_id))
    told = {"it": found, "late": late, "zone": room.zone, "now": now, "one": Fraction(1), "said_time": said_time, "statistics": statistics, "balances": proved}
    return render(page, values=request.form, errors=errors, **told, **saying)


def shown_amount(unit: StockUnit, amount: int) -> str:
    """A line's amount as its instrument shows it: mg, mL or pieces."""
    return exact_amount(unit, Fraction(amount))


def exact_amount(unit: StockUnit, amount: Fraction) -> str:
    """The same for an amount before it was rounded to what the instrument shows."""
    match unit:
        case StockUnit.NANOGRAM:
            return str(Mass(amount / NANOGRAMS))
        case StockUnit.NANOLITRE:
            return str(Volume(amount / NANOLITRES))
        case _:
            return decimal_text(amount)


def short(amount: Mass | Volume) -> str:
    """An amount for reading, not for measuring: to a tenth of a microgram or of a microlitre."""
    if isinstance(amount, Mass):
        return str(Mass(Fraction(half_up(amount.mg * 10_000), 10_000)))
    return str(Volume(Fraction(half_up(amount.ml * 10_000), 10_000)))


def _counted(batch_id: UUID) -> str:
    said = cast("dict[str, Any]", read(COUNT, from_form(unflatten(request.form))))
    counted, clear = said["counted"], said["line_clear"]
    done, second = told_done(), witness()
    pharmacy().perform(ActName.BATCH_COUNT, actor(), lambda act: batches.count(act, batch_id, counted, second, line_clear=clear, done=done))
    return _own(batch_id)


def _begun(batch_id: UUID) -> str:
    clear = cast("dict[str, bool]", read(LINE, from_form(unflatten(request.form))))["line_clear"]
    done = told_done()
    pharmacy().perform(ActName.BATCH_BEGIN, actor(), lambda act: batches.begin(act, batch_id, line_clear=clear, done=done))
    return _own(batch_id)


def _weighed(batch_id: UUID) -> str:
    said = cast("Weighing", read(WEIGHING, from_form(unflatten(request.form))))
    found = pharmacy().look(LookName.BATCHES, actor(), lambda look: batch_pages.batch(look, batch_id))
    unit = next((line.unit for line in bench_lines(found.preparation) if line.number == said.line), found.preparation.lines[0].unit)
    actual = said.actual(unit)
    done, judge = told_done(), pharmacist() if said.reason else None

    def change(act: Act) -> None:
        told = {"lot_number": said.lot.lot_number, "gtin": said.lot.gtin, "reason": said.reason, "balance": said.balance}
        batches.weigh(act, batch_id, said.line, actual=actual, allowed_by=judge, done=done, **told)

    pharmacy().perform(ActName.BATCH_WEIGH, actor(), change)
    return _own(batch_id)


def _started(batch_id: UUID, number: int) -> str:
    done = told_done()
    pharmacy().perform(ActName.BATCH_TIME_STEP, actor(), lambda act: step_times.start(act, batch_id, number, done=done))
    return _own(batch_id)


def _ended(batch_id: UUID, number: int) -> str:
    reason = cast("dict[str, str]", read(ENDED, from_form(unflatten(request.form))))["ended"]
    done = told_done()
    pharmacy().perform(ActName.BATCH_TIME_STEP, actor(), lambda act: step_times.end(act, batch_id, number, reason, done=done))
    return _own(batch_id)


def _seen(batch_id: UUID) -> str:
    done, second = told_done(), witness()
    pharmacy().perform(ActName.BATCH_WITNESS, actor(), lambda act: batches.witness_weights(act, batch_id, second, done=done))
    return _own(batch_id)


def _compounded(batch_id: UUID) -> str:
    finished = cast("Finished", read(FINISHED, from_form(unflatten(request.form))))
    done = told_done()
    sign()
    pharmacy().perform(ActName.BATCH_COMPOUND, actor(), lambda act: batches.compound(act, batch_id, finished, done=done))
    return _own(batch_id)


def _weights(batch_id: UUID) -> Answer:
    """The page with the statistics of what was typed; weights that cannot be are shown with what is wrong."""
    try:
        said = from_form(unflatten(request.form)).get("capsules", {})
        capsules = cast("CapsuleWeights", read(CAPSULES, said))
        found = pharmacy().look(LookName.BATCHES, actor(), lambda look: batch_pages.weighed(look, batch_id, capsules))
    except Invalid as error:
        fields = {name if name.startswith("capsules.") else f"capsules.{name}": messages for name, messages in error.fields.items()}
        return _worksheet(batch_id, fields), 422
    return _worksheet(batch_id, {}, statistics=found), 200


def _released(batch_id: UUID) -> str:
    alone = cast("dict[str, str]", read(ALONE, from_form(unflatten(request.form))))["alone"]
    done = told_done()
    sign()
    fills = pharmacy().perform(ActName.BATCH_RELEASE, actor(), lambda act: batches.verify_and_release(act, batch_id, alone, done=done))
    return f"/fills/{fills[0]}" if len(fills) == 1 else _own(batch_id)


def _rejected(batch_id: UUID) -> str:
    reason = cast("dict[str, str]", read(REASON, from_form(unflatten(request.form))))["reason"]
    sign()
    pharmacy().perform(ActName.BATCH_REJECT, actor(), lambda act: quarantine.reject(act, batch_id, reason))
    return _own(batch_id)
