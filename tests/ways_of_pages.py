"""What is posted to the pages that come after an order: out of turn, by the wrong person, or with fields that the page never gave out."""

from dataclasses import dataclass, replace
from uuid import UUID

from compounding.schemas.planning import REQUEST
from tests.adversary import PASSWORD, Fields, House
from tests.workflow.orders import IN_CAPSULES, capsules

SIGNED = {"signature.secret": PASSWORD}
SEEN = {"witness.username": "james", "witness.secret": PASSWORD, "line_clear": "true"}
PLAN: Fields = {name: str(value) for name, value in REQUEST.dump(IN_CAPSULES).items()}
POWDER = {"line": "2", "lot": "WAYS", "reading": "675"}
HANDED = {
    "birth_date": "1970-05-05",
    "phone_or_address": "12 Oak Street, Los Angeles 90001",
    "opioid.recent": "no",
    "opioid.depot": "no",
    "opioid.surgery": "no",
    "opioid.answered_by": "the patient",
    "opioid.asked_by": "Maria Garcia",
    "counselling": "given",
    "first_dose_on": "2026-03-02",
    **SIGNED,
}
REFUSED, TOO_EARLY, NOT_THEIRS = 422, 409, 403


@dataclass(frozen=True)
class Post:
    """At a `stage` of an order that was right so far, `who` posts `fields` to `address`, and gets this `status`."""

    stage: str
    who: str
    address: str
    fields: Fields
    status: int


def finished(**changes: str | list[str]) -> Fields:
    """A batch of thirty capsules as it should be reported; `{trait.N}` and `{expected.N}` stand for what the page gives out."""
    found = {f"found.{number}.{part}": f"{{{part}.{number}}}" for number in range(2) for part in ("trait", "expected")}
    here = {f"found.{number}.present": "true" for number in range(2)}
    tare = {"capsules.shell_lot": "SH3-20", "capsules.shells": "10", "capsules.together": "480.0", "capsules.balance": "balance by 0.1 mg"}
    fields = {"made": "30", **tare, "capsules.gross[]": ["274.40625"] * 10, **found, **here, **SIGNED}
    return {name: value for name, value in {**fields, **changes}.items() if value}


def _planned(**changes: str | list[str]) -> Post:
    return Post("accepted", "linh", "/prescriptions/{order}/plan", {**PLAN, **changes}, REFUSED)


def _weighed(status: int = REFUSED, who: str = "linh", **changes: str) -> Post:
    return Post("counted", who, "/batches/{batch}/weigh", {**POWDER, **changes}, status)


def _compounded(status: int = REFUSED, who: str = "linh", **changes: str | list[str]) -> Post:
    return Post("witnessed", who, "/batches/{batch}/compound", finished(**{name.replace("__", "."): value for name, value in changes.items()}), status)


def _counted(status: int = REFUSED, **changes: str) -> Post:
    told = {"counted": "3", **SEEN, **{name.replace("__", "."): value for name, value in changes.items()}}
    return Post("drawn", "linh", "/batches/{batch}/count", told, status)


def _given(status: int, **changes: str) -> Post:
    return Post("checked", "maria", "/fills/{fill}/hand-over", {**HANDED, **{name.replace("__", "."): value for name, value in changes.items()}}, status)


PLANNING = {
    "another form": _planned(formula="L1"),
    "a formula that is none": _planned(formula="C45"),
    "a formula in small letters": _planned(formula="c4.5"),
    "two formulas": _planned(formula=["C4.5", "L2"]),
    "51 capsules more": _planned(overage="51"),
    "capsules by a power of ten": _planned(overage="1e1"),
    "fewer capsules": _planned(overage="-1"),
    "an overfill by a power of ten": _planned(overfill="1e3"),
    "an overfill with a comma": _planned(overfill="0,5"),
    "15 days ahead": _planned(lead_days="15"),
    "begun yesterday": _planned(starts_on="2026-03-01"),
    "begun on no day": _planned(starts_on="2026-02-30"),
    "a container that is none": _planned(container="bucket"),
    "capsules in a bottle": _planned(container="bottle-10-ml"),
    "a method that is none": _planned(method="by eye"),
    "the syringe of no one": _planned(device="syringe-5-by-50"),
    "planned anew when begun": Post("drawn", "linh", "/prescriptions/{order}/plan", PLAN, TOO_EARLY),
    "planned anew when weighed": Post("counted", "maria", "/prescriptions/{order}/plan", PLAN, TOO_EARLY),
    "planned before it is accepted": Post("received", "maria", "/prescriptions/{order}/plan", PLAN, TOO_EARLY),
    "accepted, and 45 typed again": Post("received", "maria", "/prescriptions/{order}/accept", {"retyped.0": "45", **SIGNED}, REFUSED),
    "accepted, and 4,5 typed again": Post("received", "maria", "/prescriptions/{order}/accept", {"retyped.0": "4,5", **SIGNED}, REFUSED),
    "accepted, and nothing typed again": Post("received", "maria", "/prescriptions/{order}/accept", SIGNED, REFUSED),
    "accepted, and typed again for another step": Post("received", "maria", "/prescriptions/{order}/accept", {"retyped.1": "4.5", **SIGNED}, REFUSED),
    "accepted twice": Post("accepted", "maria", "/prescriptions/{order}/accept", SIGNED, TOO_EARLY),
    "accepted by a technician": Post("received", "linh", "/prescriptions/{order}/accept", {"retyped.0": "4.5", **SIGNED}, NOT_THEIRS),
    "a refill of 45": Post("refill", "linh", "/prescriptions/{order}/plan", {**PLAN, "present_dose": "45"}, REFUSED),
    "a refill of 4,5": Post("refill", "linh", "/prescriptions/{order}/plan", {**PLAN, "present_dose": "4,5"}, REFUSED),
    "a refill without asking": Post("refill", "linh", "/prescriptions/{order}/plan", PLAN, REFUSED),
    "a refill where none is left": Post("handed over", "linh", "/prescriptions/{order}/plan", {**PLAN, "present_dose": "4.5"}, TOO_EARLY),
}
AT_THE_BENCH = {
    "30 tablets for 3": _counted(counted="30"),
    "3.0 tablets": _counted(counted="3.0"),
    "counted, and seen by the same": _counted(witness__username="linh"),
    "counted, and seen by no one": _counted(witness__secret="wrong"),
    "counted, and seen by the office": _counted(NOT_THEIRS, witness__username="ada"),
    "counted twice": Post("counted", "linh", "/batches/{batch}/count", {"counted": "3", **SEEN}, TOO_EARLY),
    "weighed before the count": Post("drawn", "linh", "/batches/{batch}/weigh", POWDER, TOO_EARLY),
    "compounded before the count": Post("drawn", "linh", "/batches/{batch}/compound", finished(), TOO_EARLY),
    "released before it is made": Post("drawn", "maria", "/batches/{batch}/release", SIGNED, TOO_EARLY),
    "drawn up twice": Post("drawn", "linh", "/fills/{fill}/batch", {}, TOO_EARLY),
    "ten times the powder": _weighed(reading="6750"),
    "ten times the powder, with a reason": _weighed(reading="6750", reason="the prescriber wants it stronger"),
    "a tenth of the powder, with a reason": _weighed(reading="67.5", reason="not enough tablets"),
    "as much powder as filler, with a reason": _weighed(reading="6117", reason="the pans were taken for each other"),
    "powder with a comma": _weighed(reading="67,5"),
    "powder by a power of ten": _weighed(reading="6.75e3"),
    "powder in wide digits": _weighed(reading="６７５０"),
    "powder of another lot": _weighed(lot="ACC7710"),
    "line 0": _weighed(line="0"),
    "line 99": _weighed(line="99"),
    "the line of the tablets": _weighed(line="1", reading="30"),
    "weighed by somebody else": _weighed(NOT_THEIRS, who="james"),
    "weighed by the office": _weighed(NOT_THEIRS, who="ada"),
    "compounded before it is weighed": Post("counted", "linh", "/batches/{batch}/compound", finished(), TOO_EARLY),
    "300 capsules of 30": _compounded(made="300"),
    "3 capsules of 30": _compounded(made="3", deviations="the rest was spilled"),
    "capsules ten times too heavy": _compounded(**{"capsules.gross[]": ["2312.0625"] * 10}),
    "one capsule too heavy": _compounded(**{"capsules.gross[]": ["274.40625"] * 9 + ["2312.0625"]}),
    "nine capsules": _compounded(**{"capsules.gross[]": ["274.40625"] * 9}),
    "a trait left out": _compounded(found__1__trait="", found__1__expected="", found__1__present=""),
    "a trait of one's own": _compounded(found__1__trait="looks nice"),
    "another expectation": _compounded(found__1__expected="ten times the strength"),
    "a trait twice": _compounded(found__2__trait="{trait.0}", found__2__expected="{expected.0}", found__2__present="false"),
    "a trait that is not there": _compounded(found__0__present="false"),
    "compounded by somebody else": _compounded(NOT_THEIRS, who="maria"),
    "compounded without a signature": _compounded(signature__secret="wrong"),
    "weights seen by the same": Post("weighed", "linh", "/batches/{batch}/witness", {**SEEN, "witness.username": "linh"}, REFUSED),
    "weights seen by the office": Post("weighed", "linh", "/batches/{batch}/witness", {**SEEN, "witness.username": "ada"}, NOT_THEIRS),
    "weights seen before they are recorded": Post("counted", "linh", "/batches/{batch}/witness", SEEN, TOO_EARLY),
    "weights seen twice": Post("witnessed", "linh", "/batches/{batch}/witness", SEEN, TOO_EARLY),
    "mixed before the weights are seen": Post("weighed", "linh", "/batches/{batch}/compound", finished(), TOO_EARLY),
    "released by a technician": Post("compounded", "linh", "/batches/{batch}/release", SIGNED, NOT_THEIRS),
    "rejected by a technician": Post("compounded", "linh", "/batches/{batch}/reject", {"reason": "no", **SIGNED}, NOT_THEIRS),
    "released twice": Post("released", "maria", "/batches/{batch}/release", SIGNED, TOO_EARLY),
}
AT_THE_COUNTER = {
    "a label of nothing": Post("planned", "linh", "/fills/{fill}/label", {"medium": "thermal-4x6"}, TOO_EARLY),
    "a label of what is not released": Post("compounded", "linh", "/fills/{fill}/label", {"medium": "thermal-4x6"}, TOO_EARLY),
    "a label on other stock": Post("released", "linh", "/fills/{fill}/label", {"medium": "../thermal-4x6"}, REFUSED),
    "a label on no stock": Post("released", "linh", "/fills/{fill}/label", {}, REFUSED),
    "checked without a label": Post("released", "maria", "/fills/{fill}/check", {"scanned": "1-1", **SIGNED}, TOO_EARLY),
    "another bottle": Post("labelled", "maria", "/fills/{fill}/check", {"scanned": "100001-1", **SIGNED}, REFUSED),
    "checked by a technician": Post("labelled", "linh", "/fills/{fill}/check", {"scanned": "1-1", **SIGNED}, NOT_THEIRS),
    "handed over unmade": Post("planned", "maria", "/fills/{fill}/hand-over", HANDED, TOO_EARLY),
    "handed over unchecked": Post("labelled", "maria", "/fills/{fill}/hand-over", HANDED, TOO_EARLY),
    "handed over by a technician": Post("checked", "linh", "/fills/{fill}/hand-over", HANDED, NOT_THEIRS),
    "handed over without a signature": _given(REFUSED, signature__secret="wrong"),
    "a birthday a day off": _given(REFUSED, birth_date="1970-05-06"),
    "another telephone": _given(REFUSED, phone_or_address="555-010-0198"),
    "no telephone": _given(REFUSED, phone_or_address=""),
    "no opioid answer at the counter": _given(REFUSED, opioid__recent=""),
    "begun another day than the label says": _given(TOO_EARLY, first_dose_on="2026-03-03"),
    "begun yesterday, at the counter": _given(TOO_EARLY, first_dose_on="2026-03-01"),
    "handed over twice": Post("handed over", "maria", "/fills/{fill}/hand-over", HANDED, TOO_EARLY),
    "labelled after the hand-over": Post("handed over", "linh", "/fills/{fill}/label", {"medium": "thermal-4x6"}, TOO_EARLY),
    "dated anew after the hand-over": Post("handed over", "maria", "/fills/{fill}/redate", {"new_first_dose_on": "2026-03-03"}, TOO_EARLY),
}


def bring(house: House, stage: str, name: str) -> dict[str, str]:
    """An order that is right, brought as far as `stage`; the keys of what there is of it."""
    bench, what = house.bench, capsules(name)
    what = replace(what, refills=1) if stage == "refill" else what
    order_id = bench.receive(what).id
    keys = {"order": str(order_id)}
    if stage == "received":
        return keys
    bench.accept(order_id)
    if stage == "accepted":
        return keys
    (fill,) = bench.plan(order_id, IN_CAPSULES)
    steps = {
        "planned": lambda: None,
        "drawn": lambda: bench.draw_up(fill),
        "counted": lambda: bench.counted(fill),
        "weighed": lambda: bench.weighed(fill),
        "witnessed": lambda: _witnessed(house, fill),
        "compounded": lambda: bench.compounded(fill),
        "released": lambda: bench.made(fill),
        "labelled": lambda: (bench.made(fill), bench.label(fill))[0],
        "checked": lambda: bench.checked(fill),
        "handed over": lambda: bench.handed_over(fill),
        "refill": lambda: bench.handed_over(fill),
    }
    return {**keys, "fill": str(fill), "batch": str(steps[stage]())}


def _witnessed(house: House, fill: UUID) -> UUID:
    batch = house.bench.weighed(fill)
    house.bench.witness(batch)
    return batch
