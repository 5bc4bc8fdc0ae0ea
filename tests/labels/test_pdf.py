"""The file itself: the same bytes everywhere, no patient in its metadata, our fonts only, tagged, and nothing of the pharmacy imported."""

import os
import resource
import shutil
import subprocess
import sys
from dataclasses import asdict
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from labels.label import BatchLabel, DispensingLabel
from labels.media import MEDIA
from labels.render import TEMPLATE_VERSION, Renderer

ROOT = Path(__file__).parents[2]

PRINT_ELSEWHERE = """
import locale, sys
locale.setlocale(locale.LC_ALL, "")
from hashlib import sha256
from labels.label import BatchLabel, DispensingLabel
from labels.media import MEDIA
from labels.offset import shifted
from labels.paper import Facts, Paper, Paragraph
from labels.render import Renderer
dispensing, batch = eval(sys.stdin.read())
renderer = Renderer()
renderer.warm()
sheet = MEDIA["5163"]
label = renderer.dispensing(DispensingLabel(**dispensing), sheet)
paper = renderer.paper(Paper(kind="Letter", title="A letter", barcode="B-1", blocks=(Paragraph("Words."), Facts((("Said", "1.5 mg"),)))))
prints = [label, renderer.batch(BatchLabel(**batch), MEDIA["roll-70x35"]), paper, renderer.ruler(sheet), renderer.sheets([label.pdf] * 2, sheet, first=4)]
print(*(done.sha256 for done in prints), sha256(shifted(prints[-1].pdf, sheet, right_mm=1.5, down_mm=-1)).hexdigest())
assert not [name for name in sys.modules if name.startswith(("compounding", "flask", "sqlalchemy"))]
"""


def test_bytes_are_the_same_in_other_processes_zones_locales_and_hash_seeds_without_the_pharmacy(
    renderer: Renderer, titration: DispensingLabel, batch_label: BatchLabel, tmp_path: Path
) -> None:
    """Everything is printed by a copy of `labels` alone, in a folder of its own, with nothing of the pharmacy to import."""
    shutil.copytree(ROOT / "labels", tmp_path / "labels", ignore=shutil.ignore_patterns("__pycache__"))
    elsewhere = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT_ELSEWHERE],
            cwd=tmp_path,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": words, "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for zone, seed, words in (("Pacific/Kiritimati", "1", "C"), ("America/Los_Angeles", "2", "C.UTF-8"))
    ]
    given = repr((asdict(titration), asdict(batch_label)))
    first, second = (process.communicate(given)[0].split() for process in elsewhere)
    assert len(first) == 6
    assert first == second
    assert renderer.dispensing(titration, MEDIA["5163"]).sha256 == first[0], "whatever was printed before in this process"


def test_what_is_returned_describes_the_bytes(renderer: Renderer, titration: DispensingLabel) -> None:
    printed = renderer.dispensing(titration, MEDIA["thermal-4x2"])
    assert printed.sha256 == sha256(printed.pdf).hexdigest()
    assert printed.media == "thermal-4x2"
    assert printed.template_version == TEMPLATE_VERSION
    with pikepdf.open(BytesIO(printed.pdf)) as pdf:
        assert len(pdf.pages) == printed.pages


def test_no_metadata_names_the_patient_and_the_file_is_declared_and_tagged(renderer: Renderer, label: DispensingLabel) -> None:
    printed = renderer.dispensing(label, MEDIA["thermal-4x3"])
    with pikepdf.open(BytesIO(printed.pdf)) as pdf:
        told = f"{dict(pdf.docinfo)} {pdf.Root.Metadata.read_bytes().decode()}"
        assert "Maria" not in told
        assert "naltrexone" not in told
        assert label.rx_number not in told
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Prescription label"
            assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "Names" not in pdf.Root
        assert "OpenAction" not in pdf.Root
        assert any(_figures(pdf.Root.StructTreeRoot))


def test_only_the_bundled_fonts_are_embedded_and_the_machines_configuration_is_left_alone(renderer: Renderer, label: DispensingLabel) -> None:
    before = os.environ.get("FONTCONFIG_FILE")
    printed = renderer.dispensing(label, MEDIA["thermal-4x3"])
    with pikepdf.open(BytesIO(printed.pdf)) as pdf:
        embedded = {str(font.BaseFont).partition("+")[2] for page in pdf.pages for font in page.Resources.Font.values()}
    assert embedded
    assert all(name.startswith(("Inter", "Noto-Sans")) for name in embedded)
    assert os.environ.get("FONTCONFIG_FILE") == before


@pytest.mark.campaign
def test_memory_does_not_grow_with_the_labels_printed(renderer: Renderer, capsules: DispensingLabel) -> None:
    for _ in range(30):
        renderer.dispensing(capsules, MEDIA["thermal-4x3"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(40):
        renderer.dispensing(capsules, MEDIA["thermal-4x3"])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4_000, "a Fontconfig configuration for each label would leak 0.22 MB each, 8.8 MB here"


def test_a_forked_worker_that_ends_leaves_the_fonts_to_the_others(tmp_path: Path) -> None:
    script = """
import os, sys
from labels.render import Renderer
renderer = Renderer()
if os.fork() == 0:
    sys.exit()
os.wait()
print(renderer._fonts._folder.is_dir(), renderer._fonts._folder)
"""
    (tmp_path / "labels").symlink_to(ROOT / "labels")
    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    kept, folder = ended.stdout.split()
    assert kept == "True"
    assert not Path(folder).exists()


def _figures(element: pikepdf.Object) -> list[str]:
    """The alternative texts of all figures below an element of the structure."""
    if not isinstance(element, pikepdf.Dictionary):
        return []
    found = [str(element.Alt)] if element.get("/S") == "/Figure" and "/Alt" in element else []
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        found += _figures(child)
    return found


@pytest.fixture(autouse=True)
def _clean_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
