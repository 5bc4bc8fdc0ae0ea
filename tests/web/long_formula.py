"""A second version of a formula, with words as long as people write them."""

from dataclasses import replace

from compounding.domain.formula import Formula
from compounding.domain.quantity import Mass
from tests.domain.formulary import written

_L1 = written("L1")
_ACID, *_OTHERS = _L1.liquid.ingredients
LONG: Formula = replace(
    _L1,
    name="Naltrexone 1 mg/mL oral liquid, preserved, without colour and with half of the antioxidant, for patients who do not stand it",
    change="The manufacturer of the antioxidant, Pharmaceutical-Chemicals-of-the-Lower-Mississippi-Valley-Incorporated, sells another grade.",
    liquid=replace(_L1.liquid, ingredients=(replace(_ACID, mass_in_100_ml=Mass.of_mg(250)), *_OTHERS)),
    instructions=(*_L1.instructions[:1], "Crush and triturate to a very fine powder, without sieving.", *_L1.instructions[2:], "Label."),
    supplies=(*_L1.supplies, "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft filter paper, 110 mm"),
    checks=_L1.checks[:1],
)
