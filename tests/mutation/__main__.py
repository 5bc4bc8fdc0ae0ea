"""Mutation testing of modules of the domain: puts one small fault after the other into each and sees whether a test goes red.

Run in a copy of the tree: python -m tests.mutation planner capsule [tests...]; only the faults of some lines: planner:51,120

The tests are collected once and run once, to see how long each takes and which functions take part in it. For each fault the process is forked,
the functions of the module get the faulty code, and the tests in which that function takes part run until one fails: the one that found the last
fault first, then the quickest. What stands outside functions is written into the file, and the tests start anew, those that name the module first.
"""

import ast
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from tests.mutation.mutants import mutants
from tests.mutation.reach import Reach, functions_around, reached_by, tests_of

TESTS = ["tests/domain", "tests/deep"]
HOUSE = Path(__file__).parents[2]
QUICK = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not campaign"]


@dataclass(frozen=True)
class Asked:
    """A module and the lines of it whose faults are asked for; all where none is named."""

    path: Path
    lines: frozenset[int]

    @classmethod
    def of(cls, word: str) -> "Asked | None":
        """What `word` asks for, such as `planner:51,120`; None where it names no module of the domain."""
        name, _, only = word.partition(":")
        path = HOUSE / "compounding" / "domain" / f"{name}.py"
        return cls(path, frozenset(int(line) for line in only.split(",") if line)) if path.exists() else None


class Forked:
    """Runs the collected tests once as they are, and then for each mutant those of them that its function takes part in."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self.asked = asked

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The loop of loops."""
        reached = _in_child(lambda: reached_by(session), limit=3600)
        if not reached:
            pytest.exit("The tests fail without any fault.", 2)
        for asked in self.asked:
            self._infected(session, asked, [Reach.read(line) for line in reached.splitlines()])
        return True

    def _infected(self, session: pytest.Session, asked: Asked, reaches: Sequence[Reach]) -> None:
        path, began = asked.path, time.monotonic()
        source = path.read_text(encoding="utf-8")
        module = importlib.import_module(".".join(path.relative_to(HOUSE).with_suffix("").parts))
        found = list(mutants(ast.parse(source)))
        inside = [number for number, mutant in enumerate(found) if mutant.inside and (not asked.lines or mutant.line in asked.lines)]
        survived, last = 0, -1
        for number in inside:
            places = tests_of(functions_around(source, found[number].line), str(path), reaches, first=last)
            limit = int(3 * sum(reaches[place].seconds for place in places)) + 10
            said = _in_child(lambda number=number, places=places: _first_failure(session, places, module, path, faulty(source, number)), limit=limit)
            if said == "none":
                survived += 1
                sys.stdout.write(f"SURVIVED {path.name}:{found[number].line} {found[number].what} ({len(places)} tests)\n")
                sys.stdout.flush()
            elif said:
                last = int(said)
        sys.stdout.write(f"{path.name}: {len(inside)} in {time.monotonic() - began:.0f} s, {survived} survived\n")
        sys.stdout.flush()


def _in_child(task: Callable[[], str], *, limit: int) -> str:
    """What `task` says in a process of its own, where it may leave whatever it likes; nothing where the time was up."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(limit)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        said = "0"  # a fault that breaks the run itself is seen by whichever test is first
        try:
            said = task()
        finally:
            with os.fdopen(writing, "w") as telling:
                telling.write(said)
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    os.waitpid(child, 0)
    return said


def faulty(source: str, number: int) -> ast.Module:
    """The tree of `source` with fault `number`."""
    tree = ast.parse(source)
    next(islice(mutants(tree), number, None)).apply()
    return ast.fix_missing_locations(tree)


def _first_failure(session: pytest.Session, places: Sequence[int], module: ModuleType, path: Path, tree: ast.Module) -> str:
    """The place of the first test of `places` that fails with the functions of `tree`, "none" where none does."""
    _infect(module, path, tree)
    for place in places:
        item = session.items[place]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if session.testsfailed:
            return str(place)
    return "none"


def _infect(module: ModuleType, path: Path, tree: ast.Module) -> None:
    """Give the functions that everybody has already imported the code of `tree`."""
    there = {"__name__": module.__name__}
    FunctionType(compile(tree, str(path), "exec"), there)()
    for name, value in list(vars(module).items()):
        if getattr(value, "__module__", None) == module.__name__ and name in there:
            for old, new in _functions(value, there[name]):
                old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__


def _functions(old: object, new: object) -> Iterator[tuple[FunctionType, FunctionType]]:
    old, new = (getattr(value, "fget", None) or getattr(value, "__func__", value) for value in (old, new))
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        if isinstance(old.__code__, CodeType) and len(old.__code__.co_freevars) == len(new.__code__.co_freevars):
            yield old, new
    elif isinstance(old, type) and isinstance(new, type):
        for name, value in vars(old).items():
            if name in vars(new):
                yield from _functions(value, vars(new)[name])


def outside(path: Path, tests: list[str]) -> None:
    """The faults in what a module says outside its functions; the file is put back at the end."""
    source = path.read_text(encoding="utf-8")
    tests = sorted((str(file) for test in tests for file in _files(HOUSE / test)), key=lambda file: f".{path.stem} import" not in Path(file).read_text("utf-8"))
    try:
        for number, mutant in enumerate(mutants(ast.parse(source))):
            if not mutant.inside:
                path.write_text(ast.unparse(faulty(source, number)), encoding="utf-8")
                again = subprocess.run([sys.executable, "-m", "pytest", *QUICK, *tests], cwd=HOUSE, capture_output=True, check=False)
                if again.returncode == 0:
                    sys.stdout.write(f"SURVIVED {path.name}:{mutant.line} {mutant.what}\n")
    finally:
        path.write_text(source, encoding="utf-8")


def _files(test: Path) -> Iterator[Path]:
    yield from sorted(test.rglob("test_*.py")) if test.is_dir() else [test]


def main(words: Sequence[str]) -> int:
    """Both kinds of faults in every module that `words` name, by the tests that they name; of some lines only those inside functions."""
    asked = [one for word in words if (one := Asked.of(word))]
    tests = [word for word in words if not Asked.of(word)] or TESTS
    ended = pytest.main([*QUICK, "-s", "-p", "no:terminalreporter", *tests], plugins=[Forked(asked)])
    for one in asked:
        if not (ended or one.lines):
            outside(one.path, tests)
    return int(ended)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
