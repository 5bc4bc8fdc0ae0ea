"""The form of a master formula: its rows, and a formula as somebody would have typed it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from compounding.domain.approval import House
from compounding.domain.capsule import VOLUMES
from compounding.domain.formula import BeyondUseClass, Capsules, Characteristics, Formula, Ingredient, Liquid, Method, Part, Stability, Storage
from compounding.domain.quantity import decimal_text
from compounding.schemas.formulas import Told

GROUPS = ("liquid.ingredients", "containers", "studies", "calculations", "checks", "conditions")
_ROW = re.compile(rf"(?P<group>{'|'.join(map(re.escape, GROUPS))})\.(?P<number>0|[1-9][0-9]?)\.(?P<rest>[a-z_.]+)", re.ASCII)
_COMMAND = re.compile(rf"(?P<verb>add|remove):(?P<group>{'|'.join(map(re.escape, GROUPS))})(:(?P<number>0|[1-9][0-9]?))?", re.ASCII)
_MOST = 30
_TOLD = {told.value: told.name.lower() for told in Told}
_PARTS = (Part.VEHICLE, Part.PRESERVATIVE, Part.ANTIOXIDANT, Part.COSOLVENT)
_YES = {True: "true", False: "false"}
Row = dict[str, str]
Pairs = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, as pairs of value and words."""

    products: tuple[tuple[str, str], ...]
    containers: tuple[tuple[str, str], ...]
    stock: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str], ...] = tuple((part, part) for part in _PARTS)
    methods: tuple[tuple[str, str], ...] = tuple((method, method) for method in Method)
    storages: tuple[tuple[str, str], ...] = tuple((storage, storage) for storage in Storage)
    classes: tuple[tuple[str, str], ...] = tuple((kind, kind) for kind in BeyondUseClass)
    units: tuple[tuple[str, str], ...] = (("mg", "mg"), ("g", "g"), ("mL", "mL"), ("to volume", "added to volume"))
    told: tuple[tuple[str, str], ...] = (("yes", "yes"), ("no", "no"), ("unread", "not read in it"))
    sizes: tuple[tuple[str, str], ...] = tuple((size, size) for size in VOLUMES)


def choices(house: House, code: str) -> Choices:
    """What the form of formula `code` offers: a formula is no source of itself, and only a liquid is one."""
    stock = tuple((item.code, f"{item.code}: {item.name}") for item in house.book.values() if item.liquid and item.code != code)
    products = sorted((pair for pair in house.products.items() if pair[0] not in house.containers), key=lambda pair: pair[1].casefold())
    return Choices(tuple(products), tuple(house.containers.items()), stock)


def rows_of(form: MultiDict[str, str], group: str) -> list[Row]:
    """The rows of one group, in order."""
    found: dict[int, Row] = {}
    for name, text in form.items():
        place = _ROW.fullmatch(name)
        if place and place["group"] == group:
            found.setdefault(int(place["number"]), {})[place["rest"]] = text
    return [found[number] for number in sorted(found)]


def counts(form: MultiDict[str, str]) -> Mapping[str, int]:
    """How many rows of each group the page shows: those that there are, one at least."""
    return {group: len(rows_of(form, group)) or 1 for group in GROUPS}


def without_spare_rows(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """`form` without rows in which nothing was filled in."""
    for group in GROUPS:
        form = _with_rows(form, group, [row for row in rows_of(form, group) if any(text.strip() for text in row.values())])
    return form


def changed(form: MultiDict[str, str], command: str) -> MultiDict[str, str]:
    """`form` after `add:GROUP` or `remove:GROUP:NUMBER`; another command changes nothing."""
    asked = _COMMAND.fullmatch(command)
    if asked is None:
        return form
    group, rows = asked["group"], rows_of(form, asked["group"]) or [{}]
    if asked["verb"] == "add" and len(rows) < _MOST:
        return _with_rows(form, group, [*rows, {}])
    if asked["verb"] == "remove" and asked["number"]:
        at = int(asked["number"])
        return _with_rows(form, group, rows[:at] + rows[at + 1 :])
    return form


def _with_rows(form: MultiDict[str, str], group: str, rows: Sequence[Row]) -> MultiDict[str, str]:
    kept = [(name, text) for name, text in form.items(multi=True) if not ((place := _ROW.fullmatch(name)) and place["group"] == group)]
    first = "product" if group == "liquid.ingredients" else {"containers": "container", "studies": "days", "checks": "trait"}.get(group, "what")
    fresh = [(f"{group}.{number}.{rest}", text) for number, row in enumerate(rows) for rest, text in {first: "", **row}.items()]
    return MultiDict(kept + fresh)


def blank(form: str) -> MultiDict[str, str]:
    """The empty form of a liquid or of capsules, with what is nearly always so."""
    if form == "capsule":
        return MultiDict([("dosage_form", "capsule"), ("beyond_use_class", BeyondUseClass.NONAQUEOUS_SOLID), ("method", Method.POWDER)])
    return MultiDict(
        [("dosage_form", "oral liquid"), ("method", Method.WHOLE_TABLETS), ("liquid.made_up_to_mark", "1"), ("liquid.ingredients.0.unit", "to volume")]
    )


def typed(formula: Formula) -> MultiDict[str, str]:
    """`formula` as somebody would have typed it; the reason of its change is that version's own and is asked again."""
    return MultiDict(list(_typed(formula)))


def _typed(of: Formula) -> Pairs:
    plain = (
        ("code", of.code), ("name", of.name), ("dosage_form", of.dosage_form), ("method", str(of.method)), ("minutes", str(of.minutes)),
        ("source", of.source), ("usual_container", of.usual_container), ("description", of.description),
        ("beyond_use_class", str(of.beyond_use_class)), ("date_source", of.date_source),
    )  # fmt: skip
    yield from plain
    yield from _characteristics("active", of.active)
    for name, lines in (
        ("equipment", of.equipment), ("supplies", of.supplies), ("instructions", of.instructions), ("handling", of.handling), ("labelling", of.labelling),
    ):  # fmt: skip
        yield f"{name}[]", "\n".join(lines)
    yield from (("storages[]", str(storage)) for storage in of.storages)
    if of.liquid:
        yield from _liquid(of.liquid)
    if of.capsules:
        yield from _capsules(of.capsules)
    for number, kept_in in enumerate(of.containers):
        at = f"containers.{number}"
        yield from ((f"{at}.container", kept_in.container), (f"{at}.material", kept_in.material), (f"{at}.closure", kept_in.closure))
    for number, study in enumerate(of.stability):
        yield from _study(f"studies.{number}", study)
    for number, check in enumerate(of.checks):
        at = f"checks.{number}"
        yield from ((f"{at}.trait", check.trait), (f"{at}.expected", check.expected), (f"{at}.procedure", check.procedure))
    for number, sum_of in enumerate(of.calculations):
        yield from ((f"calculations.{number}.what", sum_of.what), (f"calculations.{number}.rule", sum_of.rule))
    for number, must in enumerate(of.conditions):
        yield from ((f"conditions.{number}.what", must.what), (f"conditions.{number}.value", must.value))


def _characteristics(at: str, of: Characteristics) -> Pairs:
    yield from ((f"{at}.salt_form", of.salt_form), (f"{at}.particle_size", of.particle_size), (f"{at}.grade", of.grade), (f"{at}.other", of.other))


def _liquid(of: Liquid) -> Pairs:
    yield "strength", decimal_text(of.strength.mg_per_ml)
    yield "liquid.made_up_to_mark", decimal_text(of.made_up_to_mark.ml)
    for name, yes in (("made_in_container", of.made_in_container), ("drops_on_label", of.drops_on_label)):
        if yes:
            yield f"liquid.{name}", "true"
    stock = of.stock_solution
    if stock and stock.made_here and stock.volume_in_100_ml:
        at = "liquid.source"
        yield from ((f"{at}.formula", stock.made_here.formula), (f"{at}.version", str(stock.made_here.version)))
        yield f"{at}.volume", decimal_text(stock.volume_in_100_ml.ml)
    if of.preservative:
        at, kept_by = "liquid.preservative", of.preservative
        yield from ((f"{at}.name", kept_by.name), (f"{at}.percent", decimal_text(kept_by.percent)))
        yield from ((f"{at}.ph_low", decimal_text(kept_by.ph_low)), (f"{at}.ph_high", decimal_text(kept_by.ph_high)))
    for number, item in enumerate(item for item in of.ingredients if item.made_here is None):
        yield from _ingredient(f"liquid.ingredients.{number}", item)


def _ingredient(at: str, of: Ingredient) -> Pairs:
    yield from ((f"{at}.product", of.product), (f"{at}.part", str(of.part)))
    if of.mass_in_100_ml:
        yield from ((f"{at}.amount", decimal_text(of.mass_in_100_ml.mg)), (f"{at}.unit", "mg"))
    elif of.volume_in_100_ml:
        yield from ((f"{at}.amount", decimal_text(of.volume_in_100_ml.ml)), (f"{at}.unit", "mL"))
    else:
        yield f"{at}.unit", "to volume"
    yield from _characteristics(f"{at}.characteristics", of.characteristics)


def _capsules(of: Capsules) -> Pairs:
    yield "strength", decimal_text(of.strength.mg)
    at = "capsules"
    yield from ((f"{at}.size", of.size), (f"{at}.shell", of.shell), (f"{at}.filler", of.filler.product), (f"{at}.overage", str(of.overage)))
    yield from _characteristics(f"{at}.filler_characteristics", of.filler.characteristics)
    yield from _characteristics(f"{at}.shell_characteristics", of.shell_characteristics)


def _study(at: str, of: Stability) -> Pairs:
    yield from ((f"{at}.storage", str(of.storage)), (f"{at}.days", str(of.days)), (f"{at}.source", of.source), (f"{at}.container", of.container))
    yield from ((f"{at}.vehicle", of.vehicle), (f"{at}.stability_indicating", _TOLD[of.stability_indicating]))
    yield from ((f"{at}.antimicrobial_test", _YES[of.antimicrobial_test]), (f"{at}.remark", of.remark))
