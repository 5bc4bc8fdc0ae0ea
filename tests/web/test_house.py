"""The frame: one source for everything, nothing inline, nothing from elsewhere."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize("address", ["/sign-in", "/prescriptions/new"])
def test_pages_carry_no_inline_script_or_style_and_load_nothing_from_elsewhere(at_work: Callable[[str], Visitor], address: str) -> None:
    page = at_work("tess").read(address)

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page.html)
    assert not re.search(r"(src|href)=\"(https?:)?//", page.html)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert len(page.html) < 100_000


@pytest.mark.parametrize(
    ("name", "kind"), [("house.css", "text/css"), ("house.js", "text/javascript"), ("inter.ttf", "font/ttf"), ("mark.svg", "image/svg+xml")]
)
def test_assets_are_kept_by_caches(visitor: Visitor, name: str, kind: str) -> None:
    with visitor.client.get(f"/assets/{name}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.cache_control.max_age == 31_536_000


@pytest.mark.parametrize("name", ["page.py", "..%2Fpage.py", "house.css/"])
def test_nothing_else_is_given_out_as_an_asset(visitor: Visitor, name: str) -> None:
    assert visitor.client.get(f"/assets/{name}").status_code in {302, 404}


def test_the_banner_says_that_this_is_a_demonstration_and_only_then(visitor: Visitor, app: Flask) -> None:
    assert "Demonstration." in visitor.read("/sign-in").text
    app.config["DEMONSTRATION"] = False
    assert "Demonstration." not in visitor.read("/sign-in").text


def test_the_drug_is_named_in_full(at_work: Callable[[str], Visitor]) -> None:
    assert "LDN" not in at_work("tess").read("/prescriptions/new").html
