"""The second pharmacist: recomputes a plan from plain integers and strings, by another way than the first, and says where they differ.

Nothing of the program is imported here. A difference is a defect of the program, never of the person who uses it.
"""

from compounding.second.batch import check_preparation
from compounding.second.bench import check_bench
from compounding.second.capsule_ways import check_way
from compounding.second.capsule_weights import check_weights
from compounding.second.container import check_container
from compounding.second.demand import check_demand
from compounding.second.for_stock import check_stock
from compounding.second.part import check_parts
from compounding.second.plan import check
from compounding.second.pool import check_pool

__all__ = [
    "check",
    "check_bench",
    "check_container",
    "check_demand",
    "check_parts",
    "check_pool",
    "check_preparation",
    "check_stock",
    "check_way",
    "check_weights",
]
