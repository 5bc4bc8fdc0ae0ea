"""What may not be approved: each rule of USP <795> that a formula could break, at the field where it is mended."""

from dataclasses import replace
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.approval import FormulaStatus, House, advance, longest, objections, refuse_own, refuse_unfit
from compounding.domain.beyond_use import MOST_DAYS, TABLE_4, assigned_class, shelf_days
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.formula import BeyondUseClass, Characteristics, Formula, Ingredient, Method, Part, Preservative, Stability, Storage
from compounding.domain.quantity import Concentration, Mass, Volume
from tests.domain.examples import FORMULAS
from tests.domain.formulary import CONTAINERS, HOUSE, NAMES, written
from tests.domain.stock_solutions import from_stock

L1, C45, L5 = written("L1"), written("C4.5"), written("L5")


def against(formula: Formula, house: House = HOUSE) -> dict[str, str]:
    return {found.field: found.sentence for found in objections(formula, house)}


def liquid(**changes: object) -> Formula:
    return replace(L1, liquid=replace(L1.liquid, **changes))


def filled_with(name: str) -> Formula:
    product = name.lower().replace(" ", "-")
    return replace(C45, capsules=replace(C45.capsules, filler=Ingredient(product, name, Part.FILLER)))


def with_study(days: int, storage: Storage = Storage.REFRIGERATOR, *, indicating: bool | None = True, tested: bool = True) -> Stability:
    return Stability(storage, days, antimicrobial_test=tested, source="a study", stability_indicating=indicating)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_the_library_has_every_field_of_usp_795_and_may_be_approved(formula: Formula) -> None:
    assert against(formula) == {}
    refuse_unfit(formula, HOUSE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"active": Characteristics()}, "active.salt_form"),
        ({"containers": ()}, "containers"),
        ({"equipment": ()}, "equipment"),
        ({"instructions": ()}, "instructions"),
        ({"description": ""}, "description"),
        ({"storages": ()}, "storages"),
        ({"date_source": ""}, "date_source"),
        ({"calculations": ()}, "calculations"),
        ({"handling": (), "labelling": ()}, "handling"),
        ({"checks": ()}, "checks"),
        ({"source": ""}, "source"),
        ({"version": 2}, "change"),
        ({"usual_container": "bottle-480-ml"}, "usual_container"),
        ({"beyond_use_class": BeyondUseClass.NONAQUEOUS_SOLID}, "beyond_use_class"),
        ({"beyond_use_class": BeyondUseClass.NONAQUEOUS_LIQUID}, "beyond_use_class"),
        ({"beyond_use_class": BeyondUseClass.AQUEOUS_UNPRESERVED}, "storages"),
        ({"capsules": C45.capsules}, "dosage_form"),
        ({"stability": (with_study(0),)}, "studies.0.days"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named_at_its_field(changes: dict[str, object], field: str) -> None:
    assert field in against(replace(L1, **changes))


@pytest.mark.parametrize(
    ("preservative", "field"),
    [
        (None, "liquid.preservative.name"),
        (Preservative("sodium benzoate", Fraction(0), Fraction(3), Fraction(4)), "liquid.preservative.percent"),
        (Preservative("sodium benzoate", Fraction(1, 100), Fraction(3), Fraction(4)), "liquid.preservative.percent"),
        (Preservative("sodium benzoate", Fraction(1, 10), Fraction(5), Fraction(4)), "liquid.preservative.ph_low"),
        (Preservative("sodium benzoate", Fraction(1, 10), Fraction(0), Fraction(4)), "liquid.preservative.ph_low"),
        (Preservative("sodium benzoate", Fraction(1, 10), Fraction(3), Fraction(15)), "liquid.preservative.ph_low"),
    ],
)
def test_preserved_needs_a_named_preservative_with_its_percent_and_its_ph(preservative: Preservative | None, field: str) -> None:
    assert field in against(liquid(preservative=preservative))


def test_the_percent_of_the_preservative_is_what_the_ingredients_hold() -> None:
    assert (
        "0.01 % are 10 mg in 100 mL, and the ingredients hold 100 mg"
        in against(liquid(preservative=Preservative("sodium benzoate", Fraction(1, 100), Fraction(3), Fraction(4))))["liquid.preservative.percent"]
    )


@pytest.mark.parametrize("filler", ["Calcium carbonate", "Hypromellose K100M", "Methocel E4M", "Carbomer 934P", "Compritol"])
def test_calcium_carbonate_and_slow_release_polymers_are_no_fillers(filler: str) -> None:
    house = replace(HOUSE, products={**NAMES, filler.lower().replace(" ", "-"): filler})
    assert "R17" in against(filled_with(filler), house)["capsules.filler"]
    assert "capsules.filler" not in against(filled_with("Lactose monohydrate"), replace(HOUSE, products={**NAMES, "lactose-monohydrate": "Lactose"}))


def test_ingredients_and_containers_are_products_of_the_house() -> None:
    bare = House(FORMULAS, {}, {})
    assert {"liquid.ingredients.0.product", "liquid.ingredients.3.product", "containers.0.container"} <= set(against(L1, bare))
    assert {"capsules.filler", "capsules.shell"} <= set(against(C45, bare))
    assert set(against(L1, replace(HOUSE, containers=CONTAINERS))) == set()


def test_capsules_are_weighed_and_strengths_are_above_zero() -> None:
    assert "method" in against(replace(C45, method=Method.WHOLE_TABLETS))
    assert "strength" in against(replace(C45, capsules=replace(C45.capsules, strength=Mass.of_mg(0))))
    assert "strength" in against(liquid(strength=Concentration.of(0)))


def test_one_ingredient_is_added_to_volume_and_the_others_leave_room_for_it() -> None:
    water = Ingredient("purified-water", "Purified water", Part.VEHICLE)
    assert "liquid.ingredients" in against(liquid(ingredients=(water, water), preservative=L1.liquid.preservative))
    flood = replace(L1.liquid.ingredients[2], volume_in_100_ml=Volume.of_ml(100))
    assert "liquid.ingredients" in against(liquid(ingredients=(*L1.liquid.ingredients[:2], flood, water)))
    active = replace(water, part=Part.ACTIVE)
    assert "liquid.ingredients.0.part" in against(liquid(ingredients=(active, water)))


def test_the_strength_is_the_one_that_follows_from_the_stock_solution() -> None:
    assert against(from_stock("L0.5", "L2")) == {}
    wrong = against(from_stock("L0.5", "L2", "20"))
    assert wrong == {"liquid.source.volume": "20 mL of 5 mg/mL in 100 mL give 1 mg/mL, not 0.5 mg/mL: take 10 mL."}
    assert "goes round in a circle" in against(from_stock("L2", "L2"))["liquid.source.formula"]
    assert "no liquid" in against(from_stock("X", "C4.5"))["liquid.source.formula"]
    assert "no version of it is approved" in against(from_stock("X", "Y"))["liquid.source.formula"]
    two = from_stock("L0.5", "L2")
    assert (
        "one at most"
        in against(replace(two, liquid=replace(two.liquid, ingredients=(two.liquid.ingredients[0], *two.liquid.ingredients))))["liquid.source.formula"]
    )


def test_how_the_drug_goes_in_fits_its_source() -> None:
    assert "drawn from stock" in against(replace(from_stock("L0.5", "L2"), method=Method.POWDER))["method"]
    assert "name a stock solution" in against(replace(L1, method=Method.STOCK))["method"]


def test_the_preservative_that_a_stock_solution_brings_is_diluted_too() -> None:
    """L2 has 100 mg of sodium benzoate in 100 mL; ten of them in a hundred bring a tenth."""
    weak, benzoate = from_stock("L0.5", "L2"), L1.liquid.preservative
    kept = replace(weak, beyond_use_class=BeyondUseClass.AQUEOUS_PRESERVED, liquid=replace(weak.liquid, preservative=benzoate))
    assert against(kept) == {"liquid.preservative.percent": "0.1 % are 100 mg in 100 mL, and the ingredients hold 10 mg. Correct one of them."}
    rest = Ingredient("sodium-benzoate", "Sodium benzoate", Part.PRESERVATIVE, mass_in_100_ml=Mass.of_mg(90))
    assert against(replace(kept, liquid=replace(kept.liquid, ingredients=(*kept.liquid.ingredients, rest)))) == {}


studies = st.lists(
    st.builds(with_study, st.integers(1, 800), st.sampled_from(Storage), indicating=st.sampled_from([True, False, None]), tested=st.booleans()), max_size=4
)


@given(studies, st.sampled_from([L1, L5, C45, replace(L1, beyond_use_class=BeyondUseClass.NONAQUEOUS_LIQUID)]))
def test_no_evidence_extends_past_180_days_nor_an_aqueous_date_past_the_table_without_usp_51(found: list[Stability], of: Formula) -> None:
    formula = replace(of, stability=tuple(found))
    for storage in formula.storages:
        days, _ = shelf_days(formula, storage)
        assert days <= longest(formula, storage) <= MOST_DAYS
        if not any(study.antimicrobial_test and study.stability_indicating and study.storage is storage for study in found):
            assert formula.capsules or formula.beyond_use_class is BeyondUseClass.NONAQUEOUS_LIQUID or days <= TABLE_4[assigned_class(formula)]
    assert "studies" not in against(formula)


def test_every_objection_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        refuse_unfit(replace(L1, description="", equipment=(), checks=()), HOUSE)
    assert set(refused.value.fields) == {"description", "equipment", "checks"}


def test_who_wrote_it_does_not_approve_it() -> None:
    me = uuid4()
    with pytest.raises(Forbidden):
        refuse_own(me, me)
    refuse_own(me, uuid4())
    refuse_own(None, me)


def test_a_formula_goes_one_way() -> None:
    draft, approved, retired = FormulaStatus
    assert advance(draft, approved) is approved
    assert advance(approved, retired) is retired
    for before, after in ((draft, retired), (approved, draft), (approved, approved), (retired, approved), (retired, draft)):
        with pytest.raises(Conflict):
            advance(before, after)
