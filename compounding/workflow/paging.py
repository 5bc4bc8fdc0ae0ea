"""Pages of a list: which is shown, and how many there are."""


def paged(count: int, page: int, size: int) -> tuple[int, int]:
    """The page of `count` things that is shown where `page` is asked for, and how many of `size` there are; the last where there are not so many.

    Pages count from 1, and there is always one.
    """
    pages = max(1, -(-count // size))
    return min(max(page, 1), pages), pages
