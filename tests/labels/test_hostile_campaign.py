"""A small run of the ten thousand hostile texts (`python -m tests.hostile`), and that it would see what it looks for."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from labels.label import LabelDoesNotFit, Printed
from labels.render import Renderer
from tests import hostile
from tests.benchmarks.labels import in_worker
from tests.hostile import KINDS, Attempt, attempts, fault_of, listen, main, try_one

CALM = Attempt("letters", "dispensing patient", "thermal-4x3", "Ann Lee")


def page(renderer: Renderer, body: str) -> Printed:
    markup = f"""<html lang="en"><title>t</title><style>@page {{ size: 101.6mm 76.2mm; margin: 0 }} body {{ margin: 20pt; font: 12pt/15pt Inter }}
        p {{ margin: 0 }}</style>{body}</html>"""
    return Printed(renderer._engine.pdf(markup, pages=1), "", 1, "thermal-4x3", "")


def test_hostile_texts_are_printed_whole_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(40, seed=20261129) == 0
    said = capsys.readouterr().out
    assert "40 texts, 0 faults" in said
    assert all(kind in said for kind in KINDS)


def test_every_kind_is_hostile_in_its_way_and_the_same_each_time() -> None:
    assert list(attempts(400, 7)) == list(attempts(400, 7))
    texts = {attempt.kind: attempt.text for attempt in attempts(800, 7)}
    assert set(texts) == set(KINDS)
    lengths = [len(attempt.text) for attempt in attempts(800, 7) if attempt.kind == "length"]
    assert min(lengths) < 10
    assert max(lengths) > 50_000


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>Whole words.", ""),
        ("<p style='width: 30pt; height: 15pt; overflow: hidden; white-space: pre'>Words that are cut", "not seen"),
        ("<p style='position: absolute; left: 1pt; top: 30pt'>Too near", "outside of the safe area"),
    ],
)
def test_what_is_cut_or_too_near_to_the_edge_is_seen(renderer: Renderer, body: str, fault: str) -> None:
    found = fault_of(CALM, page(renderer, body))
    assert fault in found
    assert bool(fault) == bool(found)


def test_the_box_of_a_missing_glyph_is_seen(renderer: Renderer) -> None:
    done = page(renderer, "<p>A")
    written = BytesIO()
    with pikepdf.open(BytesIO(done.pdf)) as pdf:
        content = pdf.pages[0].Contents
        content.write(re.sub(rb"<[0-9a-f]{4}>", b"<0000>", content.read_bytes()))
        pdf.save(written)
    assert fault_of(CALM, replace(done, pdf=written.getvalue())) == "the box of a missing glyph"


def test_a_print_that_opens_a_file_is_heard_and_gets_none() -> None:
    class Prying:
        def dispensing(self, *_: object) -> Printed:
            with pytest.raises(OSError, match="Too many open files"):
                Path("/etc/passwd").read_bytes()
            raise LabelDoesNotFit("patient", "x", available="y", sentence="No.")

    assert in_worker(lambda: try_one(Prying(), CALM, listen())[0]) == "FAULT it did open"


def test_a_print_that_takes_too_long_is_a_fault(monkeypatch: pytest.MonkeyPatch, renderer: Renderer) -> None:
    monkeypatch.setattr(hostile, "LONGEST", 0.0001)
    assert try_one(renderer, CALM, [])[0].startswith("FAULT it took")
