"""The rules of the house that a machine can keep: floors, sizes, one commit, one clock, no float, no homeless file."""

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter import configuration
from importlinter.api import read_configuration
from importlinter.application.use_cases import lint_imports

from compounding.domain.authority import ActName

HOUSE = Path(__file__).parents[1]
PYPROJECT = HOUSE / "pyproject.toml"
NOT_OURS = {".git", ".venv", "var", "__pycache__", "build", "dist"}
DESERT_ISLAND = {
    "bisect",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "hmac",
    "itertools",
    "math",
    "operator",
    "re",
    "typing",
    "unicodedata",
    "uuid",
}


def modules(*folders: str) -> list[Path]:
    """Every Python file below `folders`, and the ones that stand at the top."""
    below = [path for folder in folders for path in sorted((HOUSE / folder).rglob("*.py")) if not NOT_OURS & set(path.parts)]
    assert below
    return below


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def nodes(hint: str, *folders: str) -> Iterator[tuple[Path, ast.AST]]:
    """What is written in each file below `folders` in which `hint` is found at all: to take every file to pieces for every rule took two minutes."""
    for path in modules(*folders):
        if re.search(hint, text_of(path)):
            for node in ast.walk(ast.parse(text_of(path))):
                yield path, node


def named(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(HOUSE)}:{line}" if line else str(path.relative_to(HOUSE))


def calls(*names: str) -> list[str]:
    """Where the program calls a method of one of `names`."""
    hint = rf"\.({'|'.join(names)})\b"
    found = [(path, node) for path, node in nodes(hint, "compounding", "labels") if isinstance(node, ast.Call)]
    return [named(path, node.lineno) for path, node in found if isinstance(node.func, ast.Attribute) and node.func.attr in names]


def comments(hint: str, *folders: str) -> Iterator[tuple[Path, int, str]]:
    for path in modules(*folders):
        if hint in text_of(path):
            for token in tokenize.generate_tokens(io.StringIO(text_of(path)).readline):
                if token.type == tokenize.COMMENT:
                    yield path, token.start[0], token.string


def texts() -> Iterator[tuple[Path, str]]:
    """Every file of the project that is text."""
    for path in sorted(HOUSE.rglob("*")):
        inside = path.relative_to(HOUSE).parts
        if path.is_file() and not NOT_OURS & set(inside) and not inside[0].endswith("_cache") and inside[0] != ".hypothesis":
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_every_import_keeps_the_contracts(capsys: pytest.CaptureFixture[str]) -> None:
    configuration.configure()
    kept = lint_imports(str(PYPROJECT), cache_dir=None, no_logo=True)
    assert kept, capsys.readouterr().out


def test_no_contract_has_an_exception() -> None:
    contracts = read_configuration(str(PYPROJECT))["contracts_options"]
    assert len(contracts) >= 12
    assert [contract["name"] for contract in contracts if "ignore_imports" in contract] == []


def test_no_file_is_longer_than_300_lines_and_half_have_at_most_120() -> None:
    lengths = {named(path): len(text_of(path).splitlines()) for path in modules("compounding", "labels", "migrations", "tests")}
    assert {name: length for name, length in lengths.items() if length > 300} == {}
    assert statistics.median(length for name, length in lengths.items() if not name.endswith("__init__.py")) <= 120


def test_one_transaction_has_one_owner() -> None:
    committing = calls("commit")
    assert len(committing) == 1, committing


def test_the_clock_is_read_in_one_place() -> None:
    readings = calls("now", "today", "utcnow", "fromtimestamp", "time_ns")
    assert len(readings) == 1, readings


def test_no_dose_is_ever_a_float() -> None:
    floats = [
        named(path, node.lineno)
        for path, node in nodes(r"float|[0-9][.eE]|[.][0-9]", "compounding/domain", "compounding/second", "compounding/db")
        if (isinstance(node, ast.Name) and node.id == "float") or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert floats == []


def test_the_domain_imports_nothing_that_it_could_not_have_on_a_desert_island() -> None:
    strangers = []
    for path, node in nodes("import", "compounding/domain", "compounding/second"):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        strangers += [f"{named(path)} imports {name}" for name in names if name.split(".")[0] not in DESERT_ISLAND | {"compounding"}]
    assert strangers == []


def test_no_file_is_a_drawer_for_what_has_no_home() -> None:
    drawers = re.compile(r"(utils?|helpers?|commons?|misc|constants|tools|shared|various|manager|stuff)")
    assert [named(path) for path in modules("compounding", "labels", "tests") if drawers.fullmatch(path.stem)] == []


def test_only_the_command_line_prints() -> None:
    printing = [
        named(path, node.lineno)
        for path, node in nodes(r"\bprint\b", "compounding", "labels")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print" and path.name != "cli.py"
    ]
    assert printing == []


@pytest.mark.parametrize(
    ("silencer", "folders", "with_reason"),
    [
        ("noqa", ("compounding", "labels", "migrations", "tests"), re.compile(r"# noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*  ?\S.{9,}")),
        ("type: ignore", ("compounding", "labels", "migrations"), re.compile(r"# type: ignore\[[a-z, -]+\]  # \S.{9,}")),
    ],
    ids=["noqa", "type-ignore"],
)
def test_a_rule_is_silenced_at_most_five_times_and_never_without_a_reason(silencer: str, folders: tuple[str, ...], with_reason: re.Pattern[str]) -> None:
    silenced = [(named(path, line), comment) for path, line, comment in comments(silencer, *folders) if re.match(rf"#\s*{silencer}", comment)]
    assert len(silenced) <= 5, silenced
    assert [place for place, comment in silenced if not with_reason.match(comment)] == []


def test_every_migration_has_the_next_number_and_a_name() -> None:
    names = [path.name for path in sorted((HOUSE / "migrations/versions").glob("*.py"))]
    assert names
    assert [name for name in names if not re.fullmatch(r"[0-9]{4}_[a-z0-9_]+\.py", name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_nothing_names_a_place_on_one_machine_or_where_packages_come_from() -> None:
    places = re.compile(r"/(?:tm[p]|wor[k]|roo[t]|hom[e]|User[s]|farm)/|py[p]i\.org|pythonhoste[d]", re.IGNORECASE)
    assert [f"{named(path)}: {found[0]}" for path, text in texts() if (found := places.search(text))] == []


def test_the_drug_has_its_full_name_on_every_page_and_label() -> None:
    short = re.compile(r"\bL\.?D\.?N\b")
    templates = [*(HOUSE / "compounding/web").rglob("*.html"), *(HOUSE / "labels").rglob("*.html"), *(HOUSE / "labels").rglob("*.svg")]
    assert templates
    assert [named(path) for path in templates if short.search(path.read_text(encoding="utf-8"))] == []


def test_no_test_replaces_a_part_of_the_house_by_a_mock() -> None:
    mocking = [
        named(path)
        for path, node in nodes("mock|unittest", "tests")
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest.mock"))
        or (isinstance(node, ast.Import) and any(alias.name.startswith(("unittest", "mock")) for alias in node.names))
    ]
    assert mocking == []


def test_the_glossary_knows_the_subject_of_every_act() -> None:
    glossary = (HOUSE / "docs/glossary.md").read_text(encoding="utf-8")
    assert {act.split(".")[0] for act in ActName} <= set(re.findall(r"^\*\*([a-z]+)\*\*", glossary, re.MULTILINE))


def test_the_readme_shows_every_floor() -> None:
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    floors = [path.name for path in (HOUSE / "compounding").iterdir() if (path / "__init__.py").exists()]
    assert [floor for floor in floors if f"{floor}/" not in readme] == []
    assert [name for name in re.findall(r"\]\(([^):#]+)\)", readme) if not (HOUSE / name).exists()] == []


def test_a_decision_keeps_its_number() -> None:
    numbers = re.findall(r"^## ([0-9]+)\. ", (HOUSE / "docs/decisions.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 8
