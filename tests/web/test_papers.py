"""Papers: kept byte for byte, known by their bytes and not by their name, saved as a file and never shown, superseded and never gone."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from compounding.db.papers import PaperRow
from compounding.db.session import reading
from compounding.domain.errors import Invalid
from compounding.domain.paper import MediaType, media_type_of
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def picture(kind: str) -> bytes:
    kept = BytesIO()
    Image.new("L", (8, 8), 200).save(kept, kind)
    return kept.getvalue()


PDF, PNG, JPEG = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n", picture("PNG"), picture("JPEG")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("papers") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    """A technician."""
    return shop.visit(app, "linh")


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    """The pharmacist in charge."""
    return shop.visit(app, "maria")


@pytest.fixture
def lot(linh: Visitor) -> str:
    return next(link.get("href", "") for link in linh.read("/stock").root.iter("a") if words(link) == "SUN2201")


def send(visitor: Visitor, place: str, content: bytes, *, name: str = "scan.pdf", kind: str = "certificate", title: str = "Certificate 17") -> Page:
    token = visitor.read("/sign-in").value("csrf_token")
    told = {"csrf_token": token, "kind": kind, "title": title, "file": (BytesIO(content), name)}
    return Page.of(visitor.client.post(f"{place}/papers", data=told))


def only(page: Page) -> str:
    """The address of the one paper of a page."""
    (found,) = {link.get("href", "") for link in page.root.iter("a") if link.get("href", "").startswith("/papers/")}
    return found


@pytest.mark.parametrize(("content", "kind"), [(PDF, MediaType.PDF), (PNG, MediaType.PNG), (JPEG, MediaType.JPEG)])
def test_a_paper_is_got_out_as_it_came_as_a_file_of_its_own_kind(app: Flask, linh: Visitor, lot: str, content: bytes, kind: MediaType) -> None:
    assert send(linh, lot, content, name="../../evil<script>.html").status == 303
    page = linh.read(lot)
    assert "Certificate 17 certificate of analysis 2 March 2026 , Linh Tran – filed" in page.text
    address = only(page)
    answer = linh.client.get(address)

    assert answer.data == content
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="paper-{address.rpartition("/")[2]}.{kind.ending}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with reading(app.extensions["pharmacy"].engine) as session:
        assert session.query(PaperRow).one().sha256 == sha256(content).hexdigest()


def test_a_paper_stands_on_the_version_of_a_formula(linh: Visitor) -> None:
    assert send(linh, "/formulas/C4.5/1", PDF, kind="assay", title="Assay of batch 1001").status == 303
    page = linh.read("/formulas/C4.5/1")
    assert "Assay of batch 1001 assay report" in page.text
    own = next(link.get("href", "") for link in page.root.iter("a") if "File a paper" in words(link))
    assert "Assay of batch 1001 assay report" in linh.read(own).text
    assert send(linh, "/formulas/C4.5/99", PDF).status == 404


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "There is nothing in this file"),
        (b"<html><script>alert(1)</script></html>", "not a whole PDF, PNG or JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a whole PDF, PNG or JPEG"),
        (b"GIF89a" + PNG, "not a whole PDF, PNG or JPEG"),
        (PDF[:-8], "not a whole PDF, PNG or JPEG"),
        (PNG[:-1], "not a whole PDF, PNG or JPEG"),
        (JPEG[:-1], "not a whole PDF, PNG or JPEG"),
        (b"MZ" + PDF, "not a whole PDF, PNG or JPEG"),
    ],
)
def test_what_a_file_is_is_told_by_its_bytes_and_not_by_its_name(linh: Visitor, lot: str, content: bytes, message: str) -> None:
    page = send(linh, lot, content, name="certificate.pdf")

    assert page.status == 422
    assert message in page.message("file")
    assert page.value("title") == "Certificate 17"
    with pytest.raises(Invalid):
        media_type_of(content)


def test_without_a_file_or_a_title_nothing_is_filed(linh: Visitor, lot: str) -> None:
    page = linh.send(f"{lot}/papers", {"kind": "", "title": ""})
    assert page.status == 422
    assert [bool(page.message(name)) for name in ("kind", "title", "file")] == [True, True, True]


def test_only_the_form_of_a_paper_may_be_large_and_only_up_to_its_limit(app: Flask, linh: Visitor, lot: str) -> None:
    most = app.config["PAPER_LIMIT"] = 300_000
    large = PDF.replace(b"<<>>", b"<<" + b" " * (most - len(PDF)) + b">>")
    assert len(large) == most
    assert send(linh, lot, large).status == 303
    over = send(linh, lot, large.replace(b"<< ", b"<<  "))
    assert (over.status, f"at most {most // 1000} kB fit" in over.message("file")) == (422, True)
    assert send(linh, lot, large + b" " * 100_000).status == 413
    token = linh.read("/sign-in").value("csrf_token")
    elsewhere = linh.client.post(f"{lot}/count", data={"csrf_token": token, "counted": "1", "file": (BytesIO(large), "x.pdf")})
    assert elsewhere.status_code == 413


def test_the_same_file_is_filed_once_on_one_thing(linh: Visitor, lot: str) -> None:
    assert send(linh, lot, PDF).status == 303
    assert "filed here already" in send(linh, lot, PDF, title="Again").message("file")
    assert send(linh, "/formulas/C4.5/1", PDF).status == 303


def test_a_superseded_paper_stays_with_the_reason(linh: Visitor, maria: Visitor, lot: str) -> None:
    send(linh, lot, PDF)
    address = only(linh.read(lot))
    assert linh.send(f"{address}/superseded", {"reason": "wrong lot"}).status == 403
    assert "Write what takes its place" in maria.send(f"{address}/superseded", {"reason": ""}).message("reason")
    assert maria.send(f"{address}/superseded", {"reason": "certificate 18 is right"}).status == 303

    page = maria.read(f"{lot}/papers")
    assert "– superseded certificate 18 is right" in page.text
    assert maria.client.get(address).data == PDF
    assert maria.send(f"{address}/superseded", {"reason": "again"}).status == 409


@pytest.mark.parametrize("gone", ["/papers/00000000-0000-0000-0000-000000000001", "/stock/00000000-0000-0000-0000-000000000001/papers", "/formulas/X/1/papers"])
def test_a_paper_that_is_not_there_is_not_found(linh: Visitor, gone: str) -> None:
    assert linh.read(gone).status == 404
