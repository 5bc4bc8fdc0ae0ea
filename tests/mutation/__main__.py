"""Mutation testing of modules of the domain: puts one small fault after the other into each and sees whether a test goes red.

Run in a copy of the tree: python -m tests.mutation planner capsule [tests...]; only the faults of some lines: planner:51,120

The tests are collected once, and those that name a module come first for it. For each fault the process is forked, the functions of the module
get the faulty code, and the tests run until one fails, the one that found the last fault first. What stands outside functions is written into
the file, and the tests start anew.
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
from functools import cache
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from tests.mutation.mutants import mutants

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
    """Runs the collected tests once for each mutant, instead of once."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self.asked = asked

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The loop of loops."""
        began = time.monotonic()
        if self._killed(session, list(session.items)) is not None:
            pytest.exit("The tests fail without any fault.", 2)
        limit = int(3 * (time.monotonic() - began)) + 10
        for asked in self.asked:
            self._infected(session, asked, limit)
        return True

    def _infected(self, session: pytest.Session, asked: Asked, limit: int) -> None:
        path, began = asked.path, time.monotonic()
        source = path.read_text(encoding="utf-8")
        module = importlib.import_module(".".join(path.relative_to(HOUSE).with_suffix("").parts))
        order = sorted(session.items, key=lambda item: not _names(item.path, module.__name__))
        found = list(mutants(ast.parse(source)))
        inside = [number for number, mutant in enumerate(found) if mutant.inside and (not asked.lines or mutant.line in asked.lines)]
        survived = 0
        for number in inside:
            killer = self._killed(session, order, lambda number=number: _infect(module, path, faulty(source, number)), limit=limit)
            if killer is None:
                survived += 1
                sys.stdout.write(f"SURVIVED {path.name}:{found[number].line} {found[number].what}\n")
                sys.stdout.flush()
            elif killer < len(order):
                order.insert(0, order.pop(killer))
        sys.stdout.write(f"{path.name}: {len(inside)} in {time.monotonic() - began:.0f} s, {survived} survived\n")
        sys.stdout.flush()

    def _killed(self, session: pytest.Session, order: list[pytest.Item], infect: Callable[[], None] = lambda: None, *, limit: int = 1200) -> int | None:
        """The place of the test that failed, one past the last where the time was up, None where none did."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            signal.alarm(limit)
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            place: int | None = 0
            try:
                infect()
                place = _first_failure(session, order)
            finally:
                os.write(writing, b"none" if place is None else str(place).encode())
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            said = told.read()
        os.waitpid(child, 0)
        return None if said == "none" else int(said or len(order))


@cache
def _names(path: Path, module: str) -> bool:
    return module in path.read_text(encoding="utf-8")


def faulty(source: str, number: int) -> ast.Module:
    """The tree of `source` with fault `number`."""
    tree = ast.parse(source)
    next(islice(mutants(tree), number, None)).apply()
    return ast.fix_missing_locations(tree)


def _first_failure(session: pytest.Session, order: list[pytest.Item]) -> int | None:
    for place, item in enumerate(order):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=order[place + 1] if place + 1 < len(order) else None)
        if session.testsfailed:
            return place
    return None


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
    try:
        for number, mutant in enumerate(mutants(ast.parse(source))):
            if not mutant.inside:
                path.write_text(ast.unparse(faulty(source, number)), encoding="utf-8")
                again = subprocess.run([sys.executable, "-m", "pytest", *QUICK, *tests], cwd=HOUSE, capture_output=True, check=False)
                if again.returncode == 0:
                    sys.stdout.write(f"SURVIVED {path.name}:{mutant.line} {mutant.what}\n")
    finally:
        path.write_text(source, encoding="utf-8")


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
