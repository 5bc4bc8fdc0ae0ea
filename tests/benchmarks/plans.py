"""Prints how many plans a second the library makes beside a plain Fraction script that does the same sums, in one interleaved run of one process.

Run: python -m tests.benchmarks.plans [rounds]

The script knows nothing of lots, dates of lots, notices or workings: it only measures the doses, cuts the course and counts
tablets, as one would in a notebook. "proved" is the library's plan together with the second pharmacist's check of it.
"chosen" lays a course of 18 steps out in every way of the demonstration pharmacy, 25 or more, and ranks them.
Time is that of the processor, since a machine is shared; ratios travel between machines, the seconds beside them do not.
"""

import sys
import time
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from statistics import median

from compounding.domain import library
from compounding.domain.chooser import options
from compounding.domain.option import Option
from compounding.domain.plan import Plan
from compounding.domain.planner import make_plan
from compounding.domain.safety import clear
from tests.domain import examples as have
from tests.domain.choosing import ALL, QUARTERS

CHOICES = have.choices("L1", have.bottle(120), have.SYRINGE_5)
CLEARED = clear(have.TITRATION, (), ())
STOCK = have.shelf()
HOUSE = have.at_hand(*ALL, *library.droppers(have.TODAY))


def notebook() -> list[tuple[int, Fraction, Fraction]]:
    """The same course by hand: tablets, volume made and milligrams left of each bottle."""
    daily = [mark * Fraction(1, 10) for dose in ("1.5", "3", "4.5") for mark in [floor(Fraction(dose) * 10 + Fraction(1, 2))] for _ in range(14)]
    bottles = []
    while daily:
        used = sum(daily[:35], Fraction(0))
        tablets = ceil(used / 50)
        bottles.append((tablets, tablets * Fraction(50), tablets * 50 - used))
        daily = daily[35:]
    return bottles


def planned() -> Plan:
    """The library's plan."""
    return make_plan(CLEARED, CHOICES, stock=STOCK, balances=have.BALANCES, today=have.TODAY, policy=have.POLICY)


def proved() -> Plan:
    """The same, checked by the second pharmacist as every stored plan is."""
    return have.planned(have.TITRATION, CHOICES)


def chosen() -> tuple[Option, ...]:
    """Every way to make eighteen steps, the best first."""
    return options(QUARTERS.regimen, HOUSE)


def main(rounds: int) -> None:
    """Interleave the ways, so that a slow moment of the machine slows all, and print medians and ratios."""
    ways: dict[str, Callable[[], object]] = {"notebook": notebook, "library": planned, "proved": proved, "chosen": chosen}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-5, rounds):
        for name, way in ways.items():
            start = time.process_time()
            way()
            if number >= 0:  # the first rounds warm up
                times[name].append(time.process_time() - start)
    base = median(times["notebook"])
    for name, taken in times.items():
        middle = median(taken)
        sys.stdout.write(f"{name:9} {middle * 1000:8.3f} ms a plan, {1 / middle:8.0f} plans a second, {middle / base:6.1f} times the notebook\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
