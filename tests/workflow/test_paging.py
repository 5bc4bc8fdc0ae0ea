"""Pages of a list."""

import pytest

from compounding.workflow.paging import paged


@pytest.mark.parametrize(
    ("count", "page", "found"),
    [(0, 1, (1, 1)), (0, 7, (1, 1)), (100, 1, (1, 1)), (101, 2, (2, 2)), (200, 3, (2, 2)), (201, 3, (3, 3)), (50, 0, (1, 1))],
)
def test_there_is_one_page_at_least_and_the_last_is_shown_where_there_are_not_so_many(count: int, page: int, found: tuple[int, int]) -> None:
    assert paged(count, page, 100) == found
