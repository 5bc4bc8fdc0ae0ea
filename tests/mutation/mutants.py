"""Small faults, one at a time: everything that a slip of a programmer could change in a module without its being noticed at once.

Sentences are left alone (their words are no arithmetic), and so are annotations, decorators and docstrings.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
_OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SKIPPED = (ast.JoinedStr, ast.AnnAssign, ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where it is, what it does, whether it lies inside a function, and how it is put into the tree that it was found in."""

    line: int
    what: str
    inside: bool
    apply: Callable[[], None]


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every fault of `tree`, always in the same order."""
    yield from _of(tree, inside=False)


def _of(node: ast.AST, *, inside: bool) -> Iterator[Mutant]:
    for line, what, apply in _faults(node):
        yield Mutant(line, what, inside, apply)
    within = inside or isinstance(node, ast.FunctionDef | ast.Lambda)
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_comment"}:
            continue
        for place, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AnnAssign) and child.value is not None:
                yield from _of(child.value, inside=within)
            elif isinstance(child, ast.AST) and not isinstance(child, _SKIPPED) and not _is_docstring(child):
                if isinstance(value, list) and isinstance(child, ast.stmt) and within:
                    yield from _dropped(value, place, child, inside=within)
                yield from _of(child, inside=within)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _dropped(body: list[ast.stmt], place: int, statement: ast.stmt, *, inside: bool) -> Iterator[Mutant]:
    """A statement that is left out: a refusal, a call, an added amount, an answer, the end of a loop."""
    if isinstance(statement, ast.Raise | ast.Expr | ast.AugAssign | ast.Break | ast.Continue) or (isinstance(statement, ast.Return) and statement.value):
        what = f"without: {ast.unparse(statement).splitlines()[0][:70]}"
        yield Mutant(statement.lineno, what, inside, lambda: body.__setitem__(place, ast.copy_location(ast.Pass(), statement)))


def _faults(node: ast.AST) -> Iterator[tuple[int, str, Callable[[], None]]]:
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                other = _COMPARED[type(op)]
                yield _fault(node, other.__name__, lambda place=place, other=other: ops.__setitem__(place, other()))
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _RECKONED:
            other = _RECKONED[type(op)]
            yield _fault(node, other.__name__, lambda: setattr(node, "op", other()))
        case ast.BoolOp(op=op):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield _fault(node, other.__name__, lambda: setattr(node, "op", other()))
        case ast.If(test=test) | ast.IfExp(test=test):
            yield _fault(node, "not", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), test)))
        case ast.comprehension(ifs=ifs) if ifs:
            yield _fault(ifs[0], "unfiltered", ifs.clear)
        case ast.expr():
            yield from _faults_of_values(node)


def _faults_of_values(node: ast.expr) -> Iterator[tuple[int, str, Callable[[], None]]]:
    match node:
        case ast.UnaryOp(op=ast.USub()):
            yield _fault(node, "no minus", lambda: setattr(node, "op", ast.UAdd()))
        case ast.Constant(value=bool() as value):
            yield _fault(node, str(not value), lambda: setattr(node, "value", not value))
        case ast.Constant(value=int() as value):
            yield _fault(node, f"{value + 1}", lambda: setattr(node, "value", value + 1))
        case ast.Name(id=name, ctx=ast.Load()) if name in _OPPOSITE:
            yield _fault(node, _OPPOSITE[name], lambda: setattr(node, "id", _OPPOSITE[name]))


def _fault(node: ast.expr | ast.stmt, what: str, apply: Callable[[], None]) -> tuple[int, str, Callable[[], None]]:
    shown = ast.unparse(node.test if isinstance(node, ast.If) else node).splitlines()[0][:70]
    return node.lineno, f"{shown}  ->  {what}", apply
