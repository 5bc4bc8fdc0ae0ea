"""Scanners send Enter: no form that does something is sent by it."""

import re
from pathlib import Path

import pytest

import compounding.web

_TEMPLATES = sorted((Path(compounding.web.__file__).parent / "templates").glob("*.html"))
_NO_ACT = {"base.html", "sign_in.html", "sign_in_code.html"}  # signing out has no field; signing in signs nothing


@pytest.mark.parametrize("template", [path for path in _TEMPLATES if path.name not in _NO_ACT], ids=lambda path: path.name)
def test_every_form_that_posts_lets_enter_move_on(template: Path) -> None:
    posting = re.findall(r"<form method=\"post\"[^\n]*", template.read_text(encoding="utf-8"))
    assert [form for form in posting if 'data-enter="next"' not in form] == []
