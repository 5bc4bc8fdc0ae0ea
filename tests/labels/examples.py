"""Fictional labels that are printed again and again: the patient's of each form, a batch's, an intermediate's."""

from dataclasses import replace

from labels.label import BatchLabel, DispensingLabel, IntermediateLabel

PHARMACY = "Example Compounding Pharmacy"

LIQUID = DispensingLabel(
    patient="Maria Gonzalez-Ramirez",
    drug_and_strength="naltrexone 1 mg/mL oral liquid",
    directions=("Take 4.5 mL by mouth at bedtime.",),
    purpose="For fibromyalgia pain",
    strength_notice="",
    salt_line="as naltrexone hydrochloride. Each 1 mL contains 1 mg.",
    quantity="94.5 mL",
    date_filled="Mar 1, 2026",
    batch="B-2026-0012",
    beyond_use="Discard after Apr 4, 2026",
    storage="Keep in the refrigerator.",
    refills="2",
    prescriber="Dr. Jane Example",
    pharmacy_name=PHARMACY,
    pharmacy_address="12 Main Street, Springfield, CA 90000",
    pharmacy_phone="(555) 010-0199",
    rx_number="100023",
    container="Bottle 1 of 2",
    pharmacist="AB",
    licence="PHY 12345",
    compounded=f"This medicine was compounded for you by {PHARMACY}.",
    warnings=(
        "Do not take with opioid medicines.",
        "Shake well before each use.",
        "Use only the oral syringe provided.",
        "Protect from light.",
        "Keep out of reach of children.",
    ),
    barcode="RX100023-B20260012",
)
TITRATION = replace(
    LIQUID,
    directions=(
        "Mar 1 to Mar 14, 2026: Take 1.5 mL by mouth at bedtime.",
        "Mar 15 to Mar 28, 2026: Take 3 mL by mouth at bedtime.",
        "From Mar 29, 2026: Take 4.5 mL by mouth at bedtime.",
    ),
    strength_notice="NEW STRENGTH: volume has changed",
)
CAPSULES = replace(
    LIQUID,
    drug_and_strength="naltrexone 4.5 mg capsules",
    directions=("Take 1 capsule by mouth at bedtime.",),
    salt_line="as naltrexone hydrochloride.",
    quantity="30 capsules",
    storage="Store at room temperature.",
    warnings=("Do not take with opioid medicines.", "Keep out of reach of children."),
    container="",
)
DROPS = replace(
    LIQUID,
    drug_and_strength="naltrexone 5 mg/mL oral drops",
    salt_line="as naltrexone hydrochloride. Each 1 mL contains 5 mg.",
    directions=tuple(f"Week {week}: Take {week} {'drop' if week == 1 else 'drops'} by mouth at bedtime." for week in range(1, 19)),
    barcode="RX100023",
)
BATCH = BatchLabel(
    internal_id="7F3A-22",
    name_and_strength="naltrexone 1 mg/mL oral liquid",
    batch="B-2026-0012",
    made_on="2026-03-01",
    beyond_use="2026-04-04",
    storage="Refrigerate, 2 to 8 °C. Protect from light.",
    quantity="100 mL",
    status="QUARANTINE",
    barcode="B-2026-0012",
)
INTERMEDIATE = IntermediateLabel(
    notice="INTERMEDIATE - NOT FOR DISPENSING",
    name_and_strength="naltrexone 10 mcg/mL",
    reference="B-2026-0012 dilution 1",
    volume="100 mL",
    made="Made: 2026-03-02 by LT",
    beyond_use="2026-03-15",
    storage="Keep in the refrigerator.",
)
