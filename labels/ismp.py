"""Reads finished text for notation that people misread, and refuses it.

Sources: ISMP, List of Error-Prone Abbreviations, Symbols and Dose Designations; Joint Commission "Do Not Use" list;
USP <17> for directions in plain words. Names, addresses and identifiers are not read: "Rx 5.0" is no dose.
"""

import re
from dataclasses import dataclass
from typing import Final

from labels.label import BatchLabel, DispensingLabel, ErrorProne, IntermediateLabel

# With the Spanish words for what is counted: a number and its word are read together in every language.
_UNITS: Final = (
    r"(?:mg|mcg|g|kg|mL|L|mmol|units?|drops?|tablets?|capsules?|days?|weeks?|hours?|°C|gotas?|tabletas?|c[áa]psulas?|d[íi]as?|semanas?|horas?|unidad(?:es)?)"
)


@dataclass(frozen=True, slots=True)
class _Trap:
    pattern: re.Pattern[str]
    advice: str


_EVERYWHERE: Final = (
    _Trap(re.compile(r"(?<![\d.,])\d+[.,]\d*0(?![\d,])(?<!,000)"), "leave out the zero at the end: 5 mg, never 5.0 mg"),
    _Trap(re.compile(r"(?<!\d)\.\d"), "put a zero before the point: 0.5 mg, never .5 mg"),
    _Trap(re.compile(rf"\d\.\s*{_UNITS}\b"), "leave out the point after the number"),
    _Trap(re.compile(r"\d[·‧∙]\d"), "write a point on the line in decimal numbers"),
    _Trap(re.compile(r"\d,\d{1,2}(?!\d)"), "write a point, not a comma, in decimal numbers"),
    _Trap(re.compile(r"[µμ]g|\bug\b|\bmcgs\b"), "write mcg"),
    _Trap(re.compile(r"\bcc\b|(?<=\d)\s*cc\b|\b(?:ml|mls|mLs|ML)\b|(?<=\d)(?:ml|mls|ML)\b"), "write mL"),
    _Trap(re.compile(rf"\d{_UNITS}(?![A-Za-z])"), "put a space between the number and its unit"),
    _Trap(re.compile(rf"(?<![\d,.])\d{{4,}}(?:\.\d+)?\s{_UNITS}(?![A-Za-z])"), "write a comma in thousands: 1,000"),
    _Trap(re.compile(r"\d\s?(?:U|IU|u)\b"), "write units"),
    _Trap(re.compile(r"\bLDN\b", re.IGNORECASE), "write naltrexone in full"),
)

_ABBREVIATIONS: Final = (
    r"q\.?\s?d|q\.?\s?o\.?\s?d|o\.?\s?d|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?\s?h\.?\s?s|h\.?\s?s|q\.?\s?\d+\s?h|p\.?o|p\.?r\.?n"
    r"|a\.?c|p\.?c|s\.?c|s\.?q|sub\s?q|d/c|b\.?t|ud|ut\sdict|stat"
)

_FOR_PATIENTS: Final = (
    *_EVERYWHERE,
    _Trap(re.compile(rf"(?<![\w.])(?:{_ABBREVIATIONS})(?![\w])", re.IGNORECASE), "write the words in full"),
    _Trap(re.compile(r"(?<![\w])(?:U|IU)(?![\w])"), "write units"),
)

# Elsewhere a sign may be right, as in "1 mg/mL".
_IN_DIRECTIONS: Final = (
    *_FOR_PATIENTS,
    _Trap(re.compile(r"[@&<>+/]"), "write the word instead of the sign"),
)


def refuse_error_prone(label: DispensingLabel) -> None:
    """Read every field of a patient's label that holds clinical text.

    Raises:
        ErrorProne: names the field, the notation and what to write instead.
    """
    for number, line in enumerate(label.directions, start=1):
        _read(f"directions {number}", line, _IN_DIRECTIONS)
    for number, line in enumerate(label.warnings, start=1):
        _read(f"warnings {number}", line, _FOR_PATIENTS)
    clinical = ("drug_and_strength", "purpose", "strength_notice", "salt_line", "quantity", "beyond_use", "storage", "refills", "compounded", "container")
    for field in clinical:
        _read(field, getattr(label, field), _FOR_PATIENTS if field in {"purpose", "strength_notice", "storage", "beyond_use"} else _EVERYWHERE)


def refuse_error_prone_batch(label: BatchLabel) -> None:
    """Read the clinical fields of a batch's label; raises as `refuse_error_prone` does."""
    for field in ("name_and_strength", "storage", "quantity", "status"):
        _read(field, getattr(label, field), _EVERYWHERE)


def refuse_error_prone_intermediate(label: IntermediateLabel) -> None:
    """Read the clinical fields of an intermediate's label; raises as `refuse_error_prone` does."""
    for field in ("notice", "name_and_strength", "volume", "storage"):
        _read(field, getattr(label, field), _EVERYWHERE)


def refuse_misread(field: str, text: str) -> None:
    """Read one clinical text of a paper; raises as `refuse_error_prone` does."""
    _read(field, text, _EVERYWHERE)


def _read(field: str, text: str, traps: tuple[_Trap, ...]) -> None:
    for trap in traps:
        if found := trap.pattern.search(text):
            notation = found.group().strip()
            raise ErrorProne(
                field,
                trap.advice,
                available=notation,
                sentence=f"“{field}” says “{notation}”, which people misread: {trap.advice}.",
            )
