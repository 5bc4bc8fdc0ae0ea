"""Laying a finished label out on a stock that serves its purpose; the same for every kind of label."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from compounding.domain.errors import Invalid
from labels.label import LabelDoesNotFit, Printed
from labels.media import MEDIA, Media, Purpose
from labels.paper import Paper

Written: TypeAlias = Paper  # a paper as doors pass it on, who never look into it


class RendersPapers(Protocol):
    """What lays a paper out; the application hands one over."""

    def paper(self, paper: Paper) -> Printed:
        """The paper as a PDF."""


class StampsPapers(Protocol):
    """What lays a paper out once for all that differ in their subtitle and footer alone."""

    def stamped(self, paper: Paper) -> Printed:
        """The paper as a PDF."""


def stock(purpose: Purpose, *, on_sheet: bool = False) -> tuple[Media, ...]:
    """Every label stock that can serve `purpose` one label at a time; sheets of labels are printed as a job of many."""
    return tuple(item for item in MEDIA.values() if purpose in item.purposes and (on_sheet or item.grid is None))


def laid_out(medium: str, purpose: Purpose, draw: Callable[[Media], Printed], *, on_sheet: bool = False) -> Printed:
    """The label that `draw` makes on the stock `medium`, which may be a sheet of labels for a job of many.

    Raises `Invalid` naming the field that cannot be printed whole.
    """
    known = (item.id for item in stock(purpose, on_sheet=on_sheet))
    if medium not in known:
        raise Invalid("medium", "Choose the label stock.", fields={"medium": ("Choose the label stock from the list.",)})
    try:
        return draw(MEDIA[medium])
    except LabelDoesNotFit as refusal:
        facts = {"field": refusal.field, "needed": refusal.needed, "available": refusal.available}
        raise Invalid("label-does-not-fit", refusal.sentence, fields={"medium": (refusal.sentence,)}, **facts) from refusal


def on_paper(renderer: RendersPapers, paper: Paper) -> bytes:
    """The bytes of a paper; raises `Invalid` naming the part that cannot be printed whole."""
    return _whole(lambda: renderer.paper(paper)).pdf


def stamped_paper(renderer: StampsPapers, paper: Paper) -> Printed:
    """A paper with its hash, from the kept rendering of all but subtitle and footer, which those who begin the same course on the same day share.

    Raises as `on_paper` does.
    """
    return _whole(lambda: renderer.stamped(paper))


def _whole(draw: Callable[[], Printed]) -> Printed:
    try:
        return draw()
    except LabelDoesNotFit as refusal:
        raise Invalid("paper-does-not-fit", refusal.sentence, fields={"": (refusal.sentence,)}, field=refusal.field) from refusal
