"""A form for each act around the bench that lets the right person through and then comes to nothing."""

from collections.abc import Mapping

from tests.adversary import Fields
from tests.ways_of_pages import SEEN, SIGNED

AROUND_THE_BENCH: Mapping[str, Fields] = {
    # Of a balance that is not there: let through, and then refused.
    "upkeep.check": {"checks.0.balance": "none", "checks.0.reading": "100000"},
    "upkeep.calibrate": {
        "calibration.balance": "none",
        "calibration.done_on": "2026-03-01",
        "calibration.due_on": "2027-03-01",
        "calibration.by": "Weights Inc",
        "calibration.certificate": "C-1",
        "calibration.passed": "true",
    },
    "upkeep.set_weight": {"weight.balance": "none", "weight.nominal": "50000", "weight.tolerance": "50"},
    "climate.read": {"read.place": "none", "read.lowest": "4.0", "read.highest": "5.0", "read.now": "4.5"},
    "climate.put": {"put.lot": "none", "put.place": "none"},
    "climate.decide": {"hold": "00000000-0000-0000-0000-000000000000", "decision": "released", "reason": "short", **SIGNED},
    "transfers.move": {
        "direction": "in",
        "pharmacy": "Harbour Pharmacy",
        "phone": "555-010-0177",
        "licence": "RP-99",
        "pharmacist": "Sam Other",
        "on": "2026-03-01",
    },
    "setbacks.record": {"kind": "remake", "cause": "spill", "reason": "the vial fell", **SIGNED},
    "setbacks.destroy": {"witness.username": "james", "witness.secret": SEEN["witness.secret"]},
    "routines.clean": {"agent": "detergent"},
    "routines.train": {
        "person": "00000000-0000-0000-0000-000000000000",
        "topics[]": ["garbing"],
        "done_on": "2026-03-01",
        "assessor": "Maria Garcia",
        "how": "watched",
    },
}
