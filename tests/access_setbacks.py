"""The routes of what does not go as it was planned: what each needs, and a form that it would take."""

from collections.abc import Mapping

from tests.adversary import Fields
from tests.ways_of_pages import SIGNED

FORMS: Mapping[str, Fields] = {
    "blanks.number": {"formula": "C4.5", "count": "2"},
    "blanks.spoil": {"reason": "torn"},
    "blanks.begin": {"blank": "W1", "reason": "no power from 9 to 11"},
    "voids.void": {"whereabouts": "here", "reason": "another bag was scanned", **SIGNED},
    "owed.give_part": {"given": "10", "asked_by": "patient", "rest": "here", "reason": "cannot pay for all", **SIGNED},
    "owed.cancel": {"reason": "the patient stopped", **SIGNED},
}
