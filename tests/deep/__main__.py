"""The deep proof: plans the whole grid and lets the second pharmacist prove every plan, with no inexact operation anywhere.

Run: python -m tests.deep [--slice 3/40]

Each slice prints its tally as one line of JSON at the end; two slices may run beside each other. Add lines up with: python -m tests.deep --sum FILE
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import FloatOperation, Inexact, Rounded, localcontext
from pathlib import Path

from compounding.domain.prescription import Form
from tests.deep.grid import Setting, courses, drawn, settings
from tests.deep.judge import Desk
from tests.domain.examples import plain

SHOWN = 20  # mismatches, before they are only counted


@dataclass
class Tally:
    """How many courses came out how, and what is wrong with any of them."""

    outcomes: Counter[str] = field(default_factory=Counter)
    mismatches: int = 0

    def add(self, outcome: str, wrong: list[str], where: str) -> None:
        """Count one course and tell what is wrong with it."""
        self.outcomes[outcome] += 1
        self.mismatches += bool(wrong)
        if wrong and self.mismatches <= SHOWN:
            sys.stderr.write(f"MISMATCH {where}: {'; '.join(wrong)}\n")


def prove(some: Iterable[Setting], tally: Tally, *, every: int = 1) -> None:
    """Try every course (every so many-th of them) under each of `some` settings."""
    written = {form: [(order, {"steps": plain(order)["steps"]}) for order in courses(form)] for form in (Form.ORAL_LIQUID, Form.CAPSULE)}
    with localcontext() as context:
        for inexact in (Inexact, Rounded, FloatOperation):
            context.traps[inexact] = True
        for place, setting in enumerate(some):
            desk = Desk(setting)
            form = Form.CAPSULE if setting.choices.formula.capsules else Form.ORAL_LIQUID
            for order, document in written[form][place % every :: every]:
                tally.add(*desk.tried(order, document), f"{order.steps} {setting.choices}")


def _slice(part: int, parts: int) -> Tally:
    mine, tally, began = [*settings(), *drawn()][part - 1 :: parts], Tally(), time.monotonic()
    for number, setting in enumerate(mine, start=1):
        prove([setting], tally)
        if number % 10 == 0:
            rate = tally.outcomes["planned"] / (time.monotonic() - began)
            sys.stderr.write(f"slice {part}/{parts}: {100 * number // len(mine)} %, {tally.outcomes['planned']} plans, {rate:.0f} a second\n")
    seconds = round(time.monotonic() - began)
    sys.stdout.write(json.dumps({"slice": f"{part}/{parts}", "seconds": seconds, "mismatches": tally.mismatches, **tally.outcomes}) + "\n")
    return tally


def _sum(path: Path) -> None:
    whole: Counter[str] = Counter()
    slices = {line["slice"]: line for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    for line in slices.values():
        whole.update({key: value for key, value in line.items() if key != "slice"})
    sys.stdout.write(json.dumps({"slices": len(slices), **whole}, indent=1) + "\n")


def main() -> int:
    """Prove a slice, the whole, or add up what was proved; 1 where there was any mismatch."""
    parser = argparse.ArgumentParser(prog="python -m tests.deep")
    parser.add_argument("--slice", default="1/1", help="part/parts of the grid")
    parser.add_argument("--sum", type=Path, help="add up the lines of this file")
    given = parser.parse_args()
    if given.sum:
        _sum(given.sum)
        return 0
    part, parts = map(int, given.slice.split("/"))
    return int(_slice(part, parts).mismatches > 0)


if __name__ == "__main__":
    sys.exit(main())
