"""Conditions as ICD-10-CM codes or in words, by what they mean for naltrexone (rules R3, R5, R6, R13, R14, R18, R26).

Codes are matched from their beginning, with or without the point, anywhere in an entry ("E11.9 type 2 diabetes"); words as whole words.
The codes are those of the tabular list of ICD-10-CM, 2026.
"""

import re
from dataclasses import dataclass

from compounding.domain.prescription import Order
from compounding.domain.safety.naming import words

_CODE = re.compile(r"\b[A-Z][0-9][0-9AB](?:\.?[0-9A-Z]{1,4})?\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition by the beginnings of its codes, and by phrases of which every word must stand in the entry (a word ending in `*` by its beginning)."""

    codes: tuple[str, ...]
    phrases: tuple[str, ...]

    def met_by(self, entry: str) -> bool:
        """Whether an entry says this condition."""
        if any(code.startswith(self.codes) for code in codes(entry)):
            return True
        spelled = words(entry)
        return any(all(_stands_in(word, spelled) for word in phrase.split()) for phrase in self.phrases)


def codes(entry: str) -> tuple[str, ...]:
    """The ICD-10-CM codes of an entry, without their points."""
    return tuple(code.replace(".", "") for code in _CODE.findall(entry.upper()))


def told(order: Order) -> tuple[str, ...]:
    """Everything that the order says about the patient's state: the conditions, and the indication with its code."""
    indication = f"{order.indication.code} {order.indication.words}".strip()
    return (*order.patient.conditions, indication)


def matching(order: Order, condition: Condition) -> tuple[str, ...]:
    """The entries that say `condition`, each once."""
    return tuple(dict.fromkeys(entry for entry in told(order) if condition.met_by(entry)))


def _stands_in(word: str, spelled: tuple[str, ...]) -> bool:
    if word.endswith("*"):
        return any(other.startswith(word[:-1]) for other in spelled)
    return word in spelled


_OPIOID = ("opioid", "opioids", "opiate", "opiates", "heroin", "fentanyl", "methadone", "buprenorphine", "suboxone", "oxycodone", "kratom")
_STATE = ("depend*", "addict*", "abus*", "withdrawal", "maintenance", "misuse", "disorder", "user", "on")

OPIOID_DEPENDENCE = Condition(("F11",), ("oud", *(f"{drug} {state}" for drug in _OPIOID for state in _STATE)))
ACUTE_HEPATITIS = Condition(
    ("B15", "B16", "B17", "K701", "K712", "K720", "K721", "K729", "K704", "K711"),
    ("acute hepatitis", "acute viral hepatitis", "liver failure", "hepatic failure", "failing liver", "hepatic coma"),
)
CIRRHOSIS = Condition(("K74", "K703", "K717"), ("cirrhosis", "cirrhotic"))
DECOMPENSATION = Condition(
    ("K7031", "R18", "I8501", "I8511", "K767", "K7682", "K652"),
    ("decompensated", "ascites", "encephalopathy", "bleeding varices", "variceal", "hepatorenal", "jaundice"),
)
LIVER = Condition(
    ("K70", "K71", "K72", "K73", "K74", "K75", "K76", "K77", "B18", "B19"),
    ("hepatitis", "liver", "hepatic", "cirrhosis", "cirrhotic", "nash", "nafld", "masld", "mash"),
)
PREGNANCY = Condition(("Z33", "Z34", "Z391", "Z3A", "O"), ("pregnan*", "breastfeeding", "breast feeding", "lactating", "nursing mother"))
THYROID = Condition(
    ("E03", "E05", "E06", "E890"), ("hashimoto*", "graves", "grave s disease", "thyroiditis", "hypothyroid*", "hyperthyroid*", "thyrotoxicosis")
)
DIABETES = Condition(("E08", "E09", "E10", "E11", "E13", "O24"), ("diabetes", "diabetic", "dm 1", "dm 2", "t 1 dm", "t 2 dm", "t 1 d", "t 2 d"))
DEPRESSION = Condition(("F32", "F33", "F341", "R45851", "T1491", "Z915"), ("depression", "depressed", "depressive", "suicid*", "dysthymia", "self harm"))
DEFENCES = Condition(
    ("N184", "N185", "N186", "Z94", "T86", "Z992", "D80", "D81", "D82", "D83", "D84", "D898", "B20", "Z796"),
    (
        "severe renal", "renal failure", "kidney failure", "severe kidney", "dialysis", "ckd 4", "ckd 5", "esrd", "stage 4 kidney", "stage 5 kidney",
        "transplant*", "immunosuppress*", "immunodefici*", "immunocompromised", "hiv", "egfr below 30",
    ),
)  # fmt: skip
