"""The leaflet on the container's page: one click and its PDF, in the patient's language or with the reason why not, and in large print."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from compounding.domain.prescription import Form, Order
from tests.labels.reading import page_texts
from tests.web.conftest import Visit, Visitor
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.looks import look_for

pytestmark = [pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
TITRATION = (("1.5", 14), ("3", 14), ("4.5", 14))


def wanting(what: Order, language: str) -> Order:
    return replace(what, patient=replace(what.patient, language=language))


def bring(shop: Demonstration) -> None:
    name = "María Guadalupe Hernández-Villaseñor de la Cruz y Montemayor"
    shop.bring(wanting(order(name, doses=TITRATION, form=Form.ORAL_LIQUID), "es"), LIQUID, to="checked")
    shop.bring(wanting(order("Nguyễn Thị Ánh Tuyết"), "vi"), to="released")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("leaflets") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def container(visitor: Visitor, rx: str) -> str:
    """The address of the first container of an order."""
    page = visitor.read(visitor.send("/search", {"q": rx}).headers["Location"])
    return "/fills/" + page.html.split('href="/fills/')[1].partition('"')[0]


def test_one_click_gives_the_leaflet_in_the_patient_s_language_and_again_the_same_bytes(linh: Visitor) -> None:
    own = container(linh, "100001")
    page = linh.read(own)
    assert 'value="es" checked' in page.html
    assert 'value="ordinary" checked' in page.html
    first = linh.send(f"{own}/leaflet", {"language": "es", "size": "ordinary"})
    assert first.status == 303
    answer = linh.client.get(first.headers["Location"])
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="leaflet.pdf"'
    assert "Cómo tomar su naltrexona" in page_texts(answer.data)[0]
    again = linh.send(f"{own}/leaflet", {"language": "es", "size": "ordinary"})
    assert again.headers["Location"] == first.headers["Location"]
    assert linh.read(own).value("size") == "ordinary"
    assert 'value="ordinary" checked' in linh.read(own).html
    assert linh.clock is not None
    linh.clock.moment += timedelta(minutes=1)
    large = linh.send(f"{own}/leaflet", {"language": "en", "size": "large"})
    assert 'value="large" checked' in linh.read(own).html  # who needs it once needs it again
    assert linh.read(own).value("size") == "large"  # who needs it once needs it again
    assert "How to take your naltrexone" in page_texts(linh.client.get(large.headers["Location"]).data)[0]
    text = linh.read(own).text
    assert "Spanish, with version 1 of the label: look at it , printed 2 times" in text
    assert "English, large print, with version 1 of the label: look at it , printed 1 time" in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"language": "vi", "size": "ordinary"}, "There are no texts in Vietnamese yet. Choose"),
        ({"language": "en", "size": "huge"}, "Choose the size of the print"),
        ({"size": "large"}, "language"),
    ],
)
def test_what_cannot_be_printed_is_said_at_its_field(linh: Visitor, fields: dict[str, str], said: str) -> None:
    page = linh.send(f"{container(linh, '100001')}/leaflet", fields)
    assert page.status == 422
    assert said in page.text


def test_a_container_without_label_has_no_leaflet_yet_and_says_why_its_label_is_in_english_only(linh: Visitor) -> None:
    own = container(linh, "100002")
    page = linh.read(own)
    assert "Print the leaflet" not in page.text
    assert "There are no texts in Vietnamese yet: printed in English only. Offer an interpreter." in page.text
    refused = linh.send(f"{own}/leaflet", {"language": "en", "size": "ordinary"})
    assert refused.status == 409
    assert "no label yet" in refused.text


@pytest.mark.browser
@pytest.mark.campaign
def test_the_page_has_no_barrier_and_is_no_wider_than_a_telephone(visit: Visit, shop: Shop) -> None:
    page = visit("maria", shop.passwords["maria"], "/")
    look_for(page, "100001")
    page.get_by_role("link", name="Hand over").first.click()
    page.get_by_text("Print the leaflet").scroll_into_view_if_needed()
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 390, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
