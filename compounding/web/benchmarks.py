"""NADAC as a benchmark: the lots beside it, the lists that were imported, and the form that imports another."""

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName, require
from compounding.schemas.price_lists import read_price_list
from compounding.web.beside import beside_lines
from compounding.web.page import actor, page_number, pharmacy, render
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import benchmarks as work

blueprint = Blueprint("benchmarks", __name__, url_prefix="/costs/nadac")

LIST_LIMIT = 250_000_000  # bytes: a week's list has about 30,000 rows and 4 MB, and a year's file holds every week until then
_REST = 20_000  # bytes of the form beside its file


def let_lists_in() -> None:
    """The form that brings a price list may be larger than any other; called before anything reads the form."""
    if request.endpoint == "benchmarks.take_in":
        request.max_content_length = LIST_LIMIT + _REST


@blueprint.get("")
def overview() -> str:
    """The lots beside NADAC, and what was imported."""
    return _page({})


@blueprint.post("")
def take_in() -> Answer:
    """Import a list."""
    return attempt(_taken_in, _page)


def _taken_in() -> str:
    require(actor(), ActName.BENCHMARK_IMPORT)  # before a large file is read
    sent = request.files.get("file")
    stocked = pharmacy().look(LookName.BENCHMARKS, actor(), work.stocked)
    told = read_price_list(sent.stream if sent and sent.filename else None, stocked)
    kept = pharmacy().perform(ActName.BENCHMARK_IMPORT, actor(), lambda act: work.take_in(act, told))
    flash(kept.sentence)
    return "/costs/nadac"


def _page(errors: Errors) -> str:
    found = pharmacy().look(LookName.BENCHMARKS, actor(), lambda look: work.page(look, page_number()))
    may = actor().role in ACTS[ActName.BENCHMARK_IMPORT]
    return render("benchmarks.html", errors=errors, it=found, lines=beside_lines(found.bought), may=may, zone=pharmacy().zone, most=LIST_LIMIT // 1_000_000)
