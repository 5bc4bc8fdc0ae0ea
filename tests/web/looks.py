"""What every page must stand, looked at in a browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def is_clean(page: Page) -> None:
    """Nothing that axe finds, and no wider than a telephone."""
    found = {violation["id"]: [node["html"][:200] for node in violation["nodes"][:3]] for violation in Axe().run(page).response["violations"]}
    assert found == {}, found
    page.set_viewport_size({"width": 390, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1366, "height": 768})


def awaits_typing(page: Page) -> None:
    """The field that a page opens with has the focus; the browser gives it with the first picture, which may come after the page is loaded."""
    for field in page.locator("[autofocus]").all():
        expect(field).to_be_focused()


def look_for(page: Page, wanted: str) -> None:
    """Type into the field that stands on every page, and go where it leads."""
    page.get_by_role("searchbox", name="Find").fill(wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")
