"""Mutation testing of one module of the domain: puts one small fault after the other into it and sees whether a test goes red.

Run in a copy of the tree: python -m tests.mutation planner [tests...]; only the faults of some lines: planner:51,120

The tests are collected once. For each fault the process is forked, the functions of the module get the faulty code, and the tests run until
one fails, the one that found the last fault first. What stands outside functions is written into the file, and the tests start anew.
"""

import ast
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from tests.mutation.mutants import Mutant, mutants

TESTS = ["tests/domain", "tests/deep"]
HOUSE = Path(__file__).parents[2]
QUICK = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not campaign"]


class Forked:
    """Runs the collected tests once for each mutant, instead of once."""

    def __init__(self, path: Path, lines: set[int]) -> None:
        self.path, self.lines = path, lines
        self.source = path.read_text(encoding="utf-8")
        self.survived: list[Mutant] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The loop of loops."""
        module = importlib.import_module(".".join(self.path.relative_to(HOUSE).with_suffix("").parts))
        order = list(session.items)
        began = time.monotonic()
        if self._killed(session, order, module, None) is not None:
            pytest.exit("The tests fail without any fault.", 2)
        limit = int(3 * (time.monotonic() - began)) + 10
        found = list(mutants(ast.parse(self.source)))
        inside = [number for number, mutant in enumerate(found) if mutant.inside and (not self.lines or mutant.line in self.lines)]
        for done, number in enumerate(inside, start=1):
            killer = self._killed(session, order, module, number, limit=limit)
            if killer is None:
                self.survived.append(found[number])
                sys.stdout.write(f"SURVIVED {self.path.name}:{found[number].line} {found[number].what}\n")
            elif killer < len(order):
                order.insert(0, order.pop(killer))
            if done % 20 == 0:
                sys.stdout.write(f"{done}/{len(inside)} in {time.monotonic() - began:.0f} s, {len(self.survived)} survived\n")
            sys.stdout.flush()
        return True

    def _killed(self, session: pytest.Session, order: list[pytest.Item], module: ModuleType, number: int | None, *, limit: int = 600) -> int | None:
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
                if number is not None:
                    _infect(module, self.path, faulty(self.source, number))
                place = _first_failure(session, order)
            finally:
                os.write(writing, b"none" if place is None else str(place).encode())
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            said = told.read()
        os.waitpid(child, 0)
        return None if said == "none" else int(said or len(order))


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


def main(asked: str, tests: list[str]) -> int:
    """Both kinds of faults; of some lines only those inside functions."""
    name, _, only = asked.partition(":")
    path = HOUSE / "compounding" / "domain" / f"{name}.py"
    forked = Forked(path, {int(line) for line in only.split(",") if line})
    ended = pytest.main([*QUICK, "-s", "-p", "no:terminalreporter", *tests], plugins=[forked])
    if not only:
        outside(path, tests)
    return int(ended)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:] or TESTS))
