"""Worked examples of a course: what is asked, and the numbers of the answer as they are on 2 March 2026 in the demonstration pharmacy."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A request with the answer to it. `told` leaves out what `left_out` names, for its length."""

    summary: str
    request: Mapping[str, object]
    response: Mapping[str, object]
    left_out: tuple[str, ...]

    @property
    def asked(self) -> dict[str, object]:
        """The request, as OpenAPI shows an example."""
        return {"summary": self.summary, "value": dict(self.request)}

    @property
    def told(self) -> dict[str, object]:
        """The answer, as OpenAPI shows an example."""
        missing = f"Left out here for their length: {', '.join(self.left_out)}."
        return {"summary": self.summary, "description": missing, "value": dict(self.response)}


def _step(dose: str, days: int) -> dict[str, object]:
    return {"dose": dose, "unit": "mg", "when": ["bedtime"], "days": days}


def _amount(exact: str, unit: str, text: str) -> dict[str, str]:
    return {"exact": exact, "unit": unit, "text": text}


def _quarters(count: int) -> str:
    """So many quarters of a milligram, as a dose is written."""
    whole, rest = divmod(count, 4)
    return f"{whole}{('', '.25', '.5', '.75')[rest]}"


_LEFT_OUT = ("steps", "fills", "notices", "workings", "alternatives")

EXAMPLES: Mapping[str, Example] = {
    "titration": Example(
        "Three steps of 14 days, in the formula and with the syringe that are named",
        {
            "form": "oral_liquid",
            "steps": [_step("1.5", 14), _step("3", 14), _step("4.5", 14)],
            "strength": {"value": "1", "unit": "mg/mL"},
            "formula": "L1",
            "device": "syringe-5-by-0.1",
        },
        {
            "chosen": {
                "formula": "L1",
                "name": "Naltrexone 1 mg/mL oral liquid, preserved",
                "strength": "1 mg/mL",
                "device": "syringe-5-by-0.1",
                "device_name": "5 mL syringe by 0.1 mL",
                "storage": "refrigerator",
                "container": "bottle-120-ml",
                "method": "whole tablets",
                "starts_on": "2026-03-02",
                "lead_days": 0,
            },
            "days": 42,
            "prescribed": _amount("126", "mg", "126 mg"),
            "taken": _amount("126", "mg", "126 mg"),
            "tablets": 3,
            "left": _amount("24", "mg", "24 mg"),
        },
        _LEFT_OUT,
    ),
    "drops": Example(
        "A quarter of a milligram more every week, up to 4.5 mg; the pharmacy chooses",
        {"form": "oral_drops", "steps": [_step(_quarters(week), 7) for week in range(1, 19)]},
        {
            "chosen": {
                "formula": "L5",
                "name": "Naltrexone 5 mg/mL oral drops in saline, not preserved",
                "strength": "5 mg/mL",
                "device": "dropper-20",
                "device_name": "dropper of 20 drops/mL",
                "storage": "refrigerator",
                "container": "bottle-10-ml",
                "method": "whole tablets",
                "starts_on": "2026-03-02",
                "lead_days": 0,
            },
            "days": 126,
            "prescribed": _amount("1197/4", "mg", "299.25 mg"),
            "taken": _amount("1197/4", "mg", "299.25 mg"),
            "tablets": 10,
            "left": _amount("803/4", "mg", "200.75 mg"),
        },
        _LEFT_OUT,
    ),
    "capsules": Example(
        "A month of capsules; the pharmacy chooses among its strengths and says what the other would take",
        {"form": "capsule", "steps": [_step("4.5", 30)]},
        {
            "chosen": {
                "formula": "C4.5",
                "name": "Naltrexone 4.5 mg capsules with microcrystalline cellulose",
                "strength": "4.5 mg",
                "device": "",
                "device_name": "",
                "storage": "room temperature",
                "container": "vial-120-capsules",
                "method": "weighed powder",
                "starts_on": "2026-03-02",
                "lead_days": 0,
            },
            "days": 30,
            "prescribed": _amount("135", "mg", "135 mg"),
            "taken": _amount("135", "mg", "135 mg"),
            "tablets": 3,
            "left": _amount("15", "mg", "15 mg"),
            "alternatives": [
                {
                    "formula": "C1.5",
                    "name": "Naltrexone 1.5 mg capsules with microcrystalline cellulose",
                    "strength": "1.5 mg",
                    "device": "",
                    "usable": True,
                    "practical": True,
                    "tablets": 3,
                    "left": _amount("15", "mg", "15 mg"),
                    "containers": 1,
                    "remakes": 0,
                    "container": "vial-120-capsules",
                    "container_why": "the smallest that takes the course in 1, and the usual one",
                    "why_not": "up to 3 capsules a dose instead of 1",
                }
            ],
        },
        ("steps", "fills", "notices", "workings"),
    ),
}
