"""Looks at every field of a label before it is laid out: complete, printable, and free of notation that is misread."""

from collections.abc import Iterator

from labels.characters import LONGEST_TEXT, MOST_DIRECTIONS, MOST_WARNINGS, refuse_unprintable
from labels.ismp import refuse_error_prone, refuse_error_prone_batch, refuse_error_prone_intermediate
from labels.label import BatchLabel, DispensingLabel, Incomplete, IntermediateLabel, LabelDoesNotFit
from labels.typeface import BundledFonts

# What 21 USC 353(b)(2), 16 CCR 1707.5, B&P 4076 and USP <795> 9 want on every container that leaves the pharmacy.
_ALWAYS = [
    "patient",
    "drug_and_strength",
    "quantity",
    "date_filled",
    "batch",
    "beyond_use",
    "refills",
    "prescriber",
    "pharmacy_name",
    "pharmacy_address",
    "pharmacy_phone",
    "rx_number",
    "pharmacist",
    "compounded",
    "barcode",
]
_SOMETIMES = ["purpose", "strength_notice", "salt_line", "storage", "container", "licence", "continued"]

_ALWAYS_BATCH = ["internal_id", "name_and_strength", "batch", "made_on", "beyond_use", "quantity", "status", "barcode"]
_ALWAYS_INTERMEDIATE = ["notice", "name_and_strength", "reference", "volume", "made", "beyond_use", "storage"]


def inspect_dispensing(fonts: BundledFonts, label: DispensingLabel) -> None:
    """Check a patient's label.

    Raises:
        Incomplete, CannotPrint, ErrorProne, LabelDoesNotFit: each names the field.
    """
    for field in _ALWAYS:
        _require(field, getattr(label, field))
    _refuse_too_many("directions", label.directions, most=MOST_DIRECTIONS)
    _refuse_too_many("warnings", label.warnings, most=MOST_WARNINGS)
    for field, text in _fields(label):
        refuse_unprintable(field, text)
        fonts.family_for(field, text)
    if "opioid" not in label.warnings[0].lower():
        raise Incomplete(
            "warnings",
            "the warning on opioid medicines first",
            available=label.warnings[0],
            sentence="The first warning must be the one on opioid medicines: naltrexone can cause severe withdrawal.",
        )
    refuse_error_prone(label)


def inspect_batch(fonts: BundledFonts, label: BatchLabel) -> None:
    """Check a batch's label; raises as `inspect_dispensing` does."""
    for field in _ALWAYS_BATCH:
        _require(field, getattr(label, field))
    for field in (*_ALWAYS_BATCH, "storage"):
        refuse_unprintable(field, getattr(label, field))
        fonts.family_for(field, getattr(label, field))
    refuse_error_prone_batch(label)


def inspect_intermediate(fonts: BundledFonts, label: IntermediateLabel) -> None:
    """Check the label of a bench intermediate; raises as `inspect_dispensing` does."""
    for field in _ALWAYS_INTERMEDIATE:
        _require(field, getattr(label, field))
        refuse_unprintable(field, getattr(label, field))
        fonts.family_for(field, getattr(label, field))
    refuse_error_prone_intermediate(label)


def _fields(label: DispensingLabel) -> Iterator[tuple[str, str]]:
    for field in (*_ALWAYS, *_SOMETIMES):
        yield field, getattr(label, field)
    for name, lines in (("directions", label.directions), ("warnings", label.warnings)):
        for number, line in enumerate(lines, start=1):
            _require(f"{name} {number}", line)
            yield f"{name} {number}", line


def _require(field: str, text: str) -> None:
    if not text or text.isspace():
        raise Incomplete(
            field,
            "a text",
            available="nothing",
            sentence=f"“{field}” is empty, and every label must carry it. Fill it in.",
        )


def _refuse_too_many(field: str, lines: tuple[str, ...], *, most: int) -> None:
    _require(field, "".join(lines)[: LONGEST_TEXT + 1])
    if len(lines) > most:
        raise LabelDoesNotFit(
            field,
            f"{len(lines)} lines",
            available=f"{most} lines",
            sentence=f"“{field}” has {len(lines)} lines; a label takes at most {most}. Split the supply.",
        )
