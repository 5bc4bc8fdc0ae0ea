"""Rule R17: calcium carbonate and polymers that release slowly are blocked as filler, and only as filler."""

from dataclasses import replace

import pytest

from compounding.domain.plan_screening import plan_facts
from compounding.domain.safety import Action, screen_plan
from tests.domain.examples import FORMULAS, MONTH_OF_CAPSULES, POLICY, TODAY, capsule_choices, filler, planned, shelf
from tests.domain.safety.orders import GOOD, actions
from tests.domain.safety.orders import planned as facts

SLOW = (
    "Calcium carbonate", "Calcium Carbonate USP, light", "Precipitated calcium carbonate", "precipitated chalk", "CaCO3", "oyster shell powder", "E170",
    "Methocel E4M", "Methocel K100M Premium CR", "METHOCEL", "K100M", "E4M", "K4M CR", "K15M", "Hypromellose", "Hypromellose 2208", "HPMC", "HPMC K100LV",
    "E464", "hydroxypropyl methylcellulose", "Hydroxypropyl Methyl Cellulose", "hydroxypropylmethylcellulose", "methylcellulose A4M", "Benecel K4M",
    "Metolose 90SH", "hypromellose acetate succinate", "hypromellose phthalate", "Hydroxypropyl cellulose", "hydroxypropylcellulose", "Klucel HF", "HPC",
    "hyprolose", "hydroxyethylcellulose", "Natrosol 250", "HEC", "Ethylcellulose", "Ethyl cellulose", "Ethocel 20", "Surelease", "cellulose acetate phthalate",
    "Carbomer", "Carbomer 934P", "Carbopol 71G", "carboxyvinyl polymer", "polycarbophil", "Eudragit RS PO", "polymethacrylate", "Methacrylic acid copolymer",
    "ammonio methacrylate copolymer", "Polyethylene oxide", "POLYOX WSR", "polyvinyl acetate", "Kollidon SR", "sodium alginate", "Alginic acid", "xanthan gum",
    "guar gum", "carrageenan", "chitosan", "locust bean gum", "glyceryl behenate", "Compritol 888", "carnauba wax", "hydrogenated castor oil", "shellac",
    "slow-release filler", "sustained release blend", "extended-release matrix", "controlled release polymer", "Filler, prolonged release",
)  # fmt: skip
FAST = (
    "Microcrystalline cellulose", "Avicel PH-105", "Avicel PH 102", "MCC", "Lactose monohydrate", "Sucrose", "Mannitol", "Starch 1500", "Corn starch",
    "Silicified microcrystalline cellulose", "Dibasic calcium phosphate", "Calcium sulfate", "Sodium bicarbonate", "Ginger root powder",
    "Lactobacillus acidophilus", "powdered cellulose", "croscarmellose sodium", "magnesium stearate", "immediate release blend", "Rice flour",
)  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_a_filler_that_lowers_or_delays_the_absorption_is_blocked_by_every_name_it_goes_by(name: str) -> None:
    assert actions(facts(GOOD, fillers=(name,)), "R17") == ["block"]


@pytest.mark.parametrize("name", SLOW)
def test_the_same_substance_in_a_tablet_or_a_shell_is_no_filler(name: str) -> None:
    assert actions(facts(GOOD, fillers=("Microcrystalline cellulose",), excipients=(name, f"{name} shell")), "R17") == []


@pytest.mark.parametrize("name", FAST)
def test_a_filler_that_lets_go_at_once_is_let_through(name: str) -> None:
    assert actions(facts(GOOD, fillers=(name,)), "R17") == []


@pytest.mark.parametrize(
    ("formula_says", "lot_says", "wanted"), [("Avicel", "Avicel", []), ("Methocel", "Avicel", [Action.BLOCK]), ("Avicel", "Methocel E4M", [Action.BLOCK])]
)
def test_the_lot_that_is_really_taken_is_looked_at_beside_the_formula(formula_says: str, lot_says: str, wanted: list[Action]) -> None:
    formula = FORMULAS["C4.5"]
    assert formula.capsules is not None
    named = replace(formula, capsules=replace(formula.capsules, filler=replace(formula.capsules.filler, name=formula_says)))
    stock = shelf(replace(filler(), name=lot_says))
    plan = planned(MONTH_OF_CAPSULES, replace(capsule_choices(), formula=named), stock=stock)
    seen = plan_facts(plan, MONTH_OF_CAPSULES, named, made=plan.fills[0].preparation, before=None, today=TODAY, policy=POLICY)
    assert [finding.action for finding in screen_plan(seen) if finding.rule == "R17"] == wanted
