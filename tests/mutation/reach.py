"""Which functions take part in which test, and how long each test takes: so that a fault is shown only to tests that can see it."""

import ast
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import CodeType, FrameType

import pytest

Place = tuple[str, int]  # the file of a function and the line on which it begins


@dataclass(frozen=True, slots=True)
class Reach:
    """One test: how long it took, and where the functions begin that took part in it."""

    seconds: float
    places: frozenset[Place]

    @classmethod
    def read(cls, line: str) -> "Reach":
        """What `reached_by` wrote."""
        seconds, places = json.loads(line)
        return cls(seconds, frozenset((file, number) for file, number in places))


def reached_by(session: pytest.Session) -> str:
    """A line for each test of the session, in its order; nothing where one fails."""
    lines = []
    for place, item in enumerate(session.items):
        codes: set[CodeType] = set()

        def seen(frame: FrameType, event: str, _what: object, codes: set[CodeType] = codes) -> None:
            if event == "call":
                codes.add(frame.f_code)

        began = time.monotonic()
        sys.setprofile(seen)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=session.items[place + 1] if place + 1 < len(session.items) else None)
        sys.setprofile(None)
        if session.testsfailed:
            return ""
        lines.append(
            json.dumps([round(time.monotonic() - began, 3), [[code.co_filename, code.co_firstlineno] for code in codes if "/domain/" in code.co_filename]])
        )
    return "\n".join(lines)


def functions_around(source: str, line: int) -> frozenset[int]:
    """Where the functions around `line` begin; a decorated one begins with its first decorator."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and _begins(node) <= line <= (node.end_lineno or line)]
    return frozenset(map(_begins, found))


def _begins(function: ast.FunctionDef) -> int:
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def tests_of(functions: frozenset[int], file: str, reaches: Sequence[Reach], *, first: int) -> list[int]:
    """The tests in which one of `functions` takes part, the quickest first, but before all of them the one that found the last fault."""
    wanted = {(file, line) for line in functions}
    able = [place for place, reach in enumerate(reaches) if reach.places & wanted]
    return sorted(able, key=lambda place: (place != first, reaches[place].seconds))
