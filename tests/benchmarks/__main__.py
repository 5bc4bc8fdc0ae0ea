"""Prints both benchmarks: labels and plans a second, as ratios to a baseline of the same run. Run: python -m tests.benchmarks."""

from tests.benchmarks import labels, plans

labels.main(40)
plans.main(300)
