"""Notation that people misread never reaches a label, and what only looks like it does."""

from dataclasses import replace

import pytest

from labels.label import BatchLabel, DispensingLabel, ErrorProne
from labels.media import MEDIA
from labels.render import Renderer

MEDIUM = MEDIA["thermal-4x6"]


@pytest.mark.parametrize(
    "text",
    [
        "Take 5.0 mL by mouth.",
        "Take 0.50 mL by mouth.",
        "Take .5 mL by mouth.",
        "Take 5. mL by mouth.",
        "Take 4,5 mL by mouth.",
        "Take 5mL by mouth.",
        "Take 500 µg by mouth.",
        "Take 500 μg by mouth.",
        "Take 500 ug by mouth.",
        "Take 5 cc by mouth.",
        "Take 5cc by mouth.",
        "Take 5 ml by mouth.",
        "Take 1500 mcg by mouth.",
        "Take 5 mL PO.",
        "Take 5 mL p.o. daily.",
        "Take 5 mL QD.",
        "Take 5 mL q.d.",
        "Take 5 mL QOD.",
        "Take 5 mL qhs.",
        "Take 5 mL HS.",
        "Take 5 mL at BT.",
        "Take 5 mL b.i.d.",
        "Take 5 mL BID.",
        "Take 5 mL q12h.",
        "Take 5 mL prn.",
        "D/C after 5 days.",
        "Take 5 U by mouth.",
        "Take 5U by mouth.",
        "Take 5 mL @ bedtime.",
        "Take > 5 mL.",
        "Take 5 mL & rest.",
        "Take 1 mL + 1 mL.",
        "Take LDN at bedtime.",
        "Tome 5gotas por la boca.",
        "Tome 2cápsulas por la boca.",
        "Tome 1000 gotas por la boca.",
        "Take 1·5 mL by mouth.",
    ],
)
def test_error_prone_directions_are_refused_with_what_to_write_instead(renderer: Renderer, label: DispensingLabel, text: str) -> None:
    with pytest.raises(ErrorProne) as refusal:
        renderer.dispensing(replace(label, directions=("Take 1 mL by mouth.", text)), MEDIUM)
    assert refusal.value.field == "directions 2"
    assert refusal.value.needed in refusal.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "Mar 1 to Mar 14, 2026: Take 1.5 mL by mouth at bedtime.",
        "From Oct 10, 2026: Take 10 mL by mouth in the morning.",
        "Take 1,000 mcg by mouth at bedtime.",
        "Take 0.05 mL by mouth in the morning and in the evening.",
        "Take 20 drops by mouth at bedtime. Hold the dropper upright.",
        "Take 1 capsule by mouth at 8:30 in the evening.",
        "Take 1 capsule by mouth every other day, on an empty stomach.",
    ],
)
def test_plain_directions_pass(renderer: Renderer, label: DispensingLabel, text: str) -> None:
    assert renderer.dispensing(replace(label, directions=(text,)), MEDIUM).pages >= 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("drug_and_strength", "naltrexone 1.0 mg/mL oral liquid"),
        ("drug_and_strength", "LDN 1 mg/mL oral liquid"),
        ("salt_line", "Each 1mL contains 1 mg."),
        ("quantity", "94.50 mL"),
        ("storage", "Keep at 2 to 8°C."),
        ("purpose", "For pain, .5 h"),
        ("purpose", "For pain prn"),
        ("storage", "Keep cold, max. 5·5 °C."),
        ("storage", "Keep in the refrigerator q.d."),
        ("beyond_use", "D/C after Apr 4, 2026"),
        ("strength_notice", "NEW STRENGTH: now 2cc"),
        ("container", "Bottle of .5 L"),
    ],
)
def test_every_clinical_field_is_read(renderer: Renderer, label: DispensingLabel, field: str, text: str) -> None:
    with pytest.raises(ErrorProne) as refusal:
        renderer.dispensing(replace(label, **{field: text}), MEDIUM)
    assert refusal.value.field == field


def test_names_addresses_and_numbers_are_not_read(renderer: Renderer, label: DispensingLabel) -> None:
    odd = replace(label, patient="Po Ud Stat", prescriber="Dr. D. Qd", rx_number="5.0", batch=".5-10.0", pharmacy_address="5cc Road 1500 mg", licence="U 1.0")
    assert renderer.dispensing(odd, MEDIUM).pages >= 1


def test_a_batch_label_is_read_too(renderer: Renderer, batch_label: BatchLabel) -> None:
    with pytest.raises(ErrorProne) as refusal:
        renderer.batch(replace(batch_label, quantity="100.0 mL"), MEDIUM)
    assert refusal.value.field == "quantity"


def test_warnings_are_read_for_abbreviations_and_may_hold_signs(renderer: Renderer, label: DispensingLabel) -> None:
    first, *_ = label.warnings
    with pytest.raises(ErrorProne) as refusal:
        renderer.dispensing(replace(label, warnings=(first, "Shake well prn.")), MEDIUM)
    assert refusal.value.field == "warnings 2"
    assert renderer.dispensing(replace(label, warnings=(first, "Each 5 mL holds 1 mg/mL.")), MEDIUM).pages >= 1
