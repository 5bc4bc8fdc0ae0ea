"""The routes of what does not go as it was planned: what each needs, and a form that it would take."""

from collections.abc import Mapping

from compounding.domain.authority import ActName, LookName
from tests.adversary import Fields
from tests.ways_of_pages import SIGNED

ROUTES: Mapping[str, ActName | LookName] = {
    "blanks.index": LookName.BATCHES,
    "blanks.number": ActName.BLANK_PRINT,
    "blanks.paper": LookName.BATCHES,
    "blanks.papers": LookName.BATCHES,
    "blanks.spoiling": LookName.BATCHES,
    "blanks.spoil": ActName.BLANK_SPOIL,
    "blanks.beginning": LookName.BATCHES,
    "blanks.begin": ActName.BATCH_ENTER_LATE,
    "transfers.page": LookName.PRESCRIPTIONS,
    "transfers.move": ActName.PRESCRIPTION_TRANSFER,
    "setbacks.page": LookName.LABELS,
    "setbacks.record": ActName.FILL_SET_BACK,
    "setbacks.destroy": ActName.FILL_DESTROY,
    "voids.page": LookName.LABELS,
    "voids.void": ActName.FILL_VOID,
    "owed.index": LookName.DAY,
    "owed.page": LookName.LABELS,
    "owed.give_part": ActName.FILL_PART,
    "owed.cancelling": LookName.LABELS,
    "owed.cancel": ActName.FILL_CANCEL,
}
FORMS: Mapping[str, Fields] = {
    "blanks.number": {"formula": "C4.5", "count": "2"},
    "blanks.spoil": {"reason": "torn"},
    "blanks.begin": {"blank": "W1", "reason": "no power from 9 to 11"},
    "voids.void": {"whereabouts": "here", "reason": "another bag was scanned", **SIGNED},
    "owed.give_part": {"given": "10", "asked_by": "patient", "rest": "here", "reason": "cannot pay for all", **SIGNED},
    "owed.cancel": {"reason": "the patient stopped", **SIGNED},
}
