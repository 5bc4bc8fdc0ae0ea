"""Rows: tables, exact column types, the session and its audit; no rule, no arithmetic beyond SUM.

Every table is imported here, so that a foreign key finds its target whichever file is imported first.
"""

from compounding.db import (
    audit,
    batches,
    bench_labels,
    complaints,
    costs,
    counters,
    demand,
    dispenses,
    formulas,
    idempotency,
    inventory,
    labels,
    owed,
    papers,
    people,
    prescriptions,
    products,
    purchases,
    recalls,
    records,
    stock_counts,
    upkeep,
)

__all__ = [
    "audit",
    "batches",
    "bench_labels",
    "complaints",
    "costs",
    "counters",
    "demand",
    "dispenses",
    "formulas",
    "idempotency",
    "inventory",
    "labels",
    "owed",
    "papers",
    "people",
    "prescriptions",
    "products",
    "purchases",
    "recalls",
    "records",
    "stock_counts",
    "upkeep",
]
