"""Signatures: the password first, then the PIN; a second person is a second person."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from compounding.app import create_app
from compounding.domain.authority import Door
from compounding.domain.errors import Invalid
from compounding.settings import Settings
from compounding.web import access
from compounding.web.page import render, reshow
from compounding.web.signing import sign, witness
from tests.conftest import Clock
from tests.web.conftest import PASSWORD, PIN, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FORM = """{% extends "base.html" %}{% import "macros.html" as m with context %}{% block main %}{{ m.error_summary() }}
{% call m.posting() %}{{ m.words("reason", "Reason") }}{{ m.signature("I released it") }}{{ m.witness("I saw it") }}{% endcall %}{% endblock %}"""


@pytest.fixture
def app(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The pharmacy with one page more, on which something is signed."""
    from jinja2 import ChoiceLoader, DictLoader

    app = create_app(settings, clock=clock)
    monkeypatch.setattr(app, "jinja_loader", ChoiceLoader([DictLoader({"signed.html": FORM})]))

    monkeypatch.setitem(access.ROUTES, "signed", Door.SIGNED_IN)
    monkeypatch.setattr("compounding.app._DECLARED", {*app.view_functions, "signed"})

    @app.route("/signed", methods=["GET", "POST"])
    def signed() -> str | tuple[str, int]:
        from flask import request

        if request.method == "GET":
            return render("signed.html")
        try:
            who = sign()
            second = f" and {witness().name}" if "witness.username" in request.form else ""
        except Invalid as error:
            return reshow("signed.html", error)
        return f"signed by {who.name}{second}"

    yield app
    app.extensions["pharmacy"].engine.dispose()


def signature(visitor: Visitor, secret: str, **more: str) -> str:
    page = visitor.send("/signed", {"reason": "seen & weighed", "signature.secret": secret, **more})
    if page.status == 422:
        assert page.value("reason").strip() == "seen & weighed"
        assert page.value("signature.secret") == ""
        return page.message("signature.secret") or page.message("witness.secret") or page.message("witness.username")
    return page.text


def test_the_first_signature_takes_the_password_and_the_next_the_pin(at_work: Callable[[str], Visitor]) -> None:
    pat = at_work("pat")
    assert "Your password" in pat.read("/signed").text
    assert signature(pat, PIN) == "! Error: This is not your password. Enter it again; nothing was signed."
    assert signature(pat, PASSWORD) == "signed by Pat Pharmacist"
    assert "Your PIN" in pat.read("/signed").text
    assert signature(pat, PIN) == "signed by Pat Pharmacist"
    assert signature(pat, PASSWORD) == "signed by Pat Pharmacist"


def test_nothing_is_signed_with_nothing(at_work: Callable[[str], Visitor]) -> None:
    assert "nothing was signed" in signature(at_work("pat"), "")


def test_after_three_wrong_pins_the_password_is_asked_for(at_work: Callable[[str], Visitor]) -> None:
    pat = at_work("pat")
    signature(pat, PASSWORD)
    assert [("three times" in signature(pat, wrong)) for wrong in ("1111", "2222", "3333")] == [False, False, True]
    assert "not your password" in signature(pat, PIN)
    assert signature(pat, PASSWORD) == "signed by Pat Pharmacist"


def test_signing_out_forgets_that_the_password_was_given(at_work: Callable[[str], Visitor]) -> None:
    pat = at_work("pat")
    signature(pat, PASSWORD)
    pat.send("/sign-out", {})
    pat.sign_in("pat")

    assert "not your password" in signature(pat, PIN)


@pytest.mark.parametrize(
    ("username", "secret", "answer"),
    [
        ("tess", PASSWORD, "signed by Pat Pharmacist and Tess Technician"),
        ("tess", "wrong", "! Error: The witness's user name and password do not go together. The witness enters both again."),
        ("pat", PASSWORD, "! Error: The witness must be somebody else. Ask a second person."),
    ],
)
def test_the_witness_is_somebody_else(at_work: Callable[[str], Visitor], username: str, secret: str, answer: str) -> None:
    assert signature(at_work("pat"), PASSWORD, **{"witness.username": username, "witness.secret": secret}) == answer
