"""The values that can be printed, and the ways in which printing is refused.

A label is finished text: what a pharmacist verified, word for word.
Nothing here computes a dose, formats a number or translates; that is done before, where it can be checked.
"""

from dataclasses import dataclass


class LabelDoesNotFit(Exception):
    """A label would have to be cut, shrunk or falsified, and is therefore not printed.

    `field` is the name of the offending field of the label ("directions 3" counts from 1),
    `needed` and `available` say how much it wants and how much there is, and `sentence` tells a person what to do.
    """

    def __init__(self, field: str, needed: str, *, available: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.needed = needed
        self.available = available
        self.sentence = sentence


class CannotPrint(LabelDoesNotFit):
    """A field holds a character that no bundled font can draw, or that could falsify what is read.

    `needed` is the code point and its Unicode name, such as "U+202E RIGHT-TO-LEFT OVERRIDE".
    """


class ErrorProne(LabelDoesNotFit):
    """A field holds a notation that people misread, such as "5.0 mg" (ISMP's list of error-prone notation)."""


class Incomplete(LabelDoesNotFit):
    """A field that every label must carry is empty."""


class RenderingDefect(Exception):
    """The PDF is not what was composed: a defect of the program, never of the label. Nothing is handed out."""


@dataclass(frozen=True, slots=True)
class DispensingLabel:
    """What stands on the container that a patient takes home.

    The first four are the items which 16 CCR 1707.5 wants together, in this order, in at least half of the label.
    All others are bare values unless said otherwise: the design adds "Quantity:", "Batch:" and the like.
    Not here: anything that must be computed, and any code that only the program understands.
    """

    patient: str
    drug_and_strength: str  # "naltrexone 1 mg/mL oral liquid"
    directions: tuple[str, ...]  # one for each step, "Mar 1 to Mar 14, 2026: Take 1.5 mL by mouth at bedtime."
    purpose: str  # "For pain", or "" when it may not stand on the label
    strength_notice: str  # "" or "NEW STRENGTH: volume has changed"
    salt_line: str  # "as naltrexone hydrochloride. Each 1 mL contains 1 mg."
    quantity: str  # "94.5 mL"
    date_filled: str  # "Mar 1, 2026"
    batch: str
    beyond_use: str  # a whole sentence: "Discard after Apr 4, 2026"
    storage: str  # a whole sentence: "Keep in the refrigerator."
    refills: str  # "2"
    prescriber: str
    pharmacy_name: str
    pharmacy_address: str
    pharmacy_phone: str
    rx_number: str
    container: str  # "Bottle 1 of 2"
    pharmacist: str  # initials
    licence: str  # "" or the pharmacy's licence number
    compounded: str  # a whole sentence: "This medicine was compounded for you by Example Pharmacy."
    warnings: tuple[str, ...]  # whole sentences; the first is always the one on opioid medicines
    barcode: str  # Rx and batch number only: no patient data
    continued: str = ""  # the announcement of further labels in the patient's language: "... {number} ... {total} ...", or "" for English alone


@dataclass(frozen=True, slots=True)
class BatchLabel:
    """What stands on a batch inside the pharmacy, before and after its release."""

    internal_id: str
    name_and_strength: str
    batch: str
    made_on: str  # "2026-03-01": unambiguous for staff
    beyond_use: str  # "2026-04-04"
    storage: str
    quantity: str
    status: str  # "QUARANTINE"
    barcode: str


@dataclass(frozen=True, slots=True)
class IntermediateLabel:
    """What stands on a liquid that is only made to make another: it stays at the bench, and its label says so first."""

    notice: str  # "INTERMEDIATE - NOT FOR DISPENSING"
    name_and_strength: str  # "naltrexone 10 mcg/mL"
    reference: str  # the stock's batch number and which dilution of it this is
    volume: str
    made: str  # "Made: 2026-03-01 by LT"
    beyond_use: str  # "2026-03-14"
    storage: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished label. `sha256` is of `pdf`, in hexadecimal; `media` is the id of the stock."""

    pdf: bytes
    sha256: str
    pages: int
    media: str
    template_version: str
