"""A person at the counter: fills in the pages in a real browser, as somebody with a keyboard, a scanner and a second person would."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page


@dataclass(frozen=True)
class Secrets:
    """How one of the staff signs in and signs."""

    username: str
    password: str
    pin: str


@dataclass
class Person:
    """One of the staff, at a browser of their own; `pictures` is where screenshots go, if anywhere."""

    context: BrowserContext
    address: str
    secrets: Secrets
    pictures: Path | None = None
    page: Page = field(init=False)
    signed: bool = False

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("#username", self.secrets.username)
        self.page.fill("#password", self.secrets.password)
        self.page.click("button.primary")
        self.page.wait_for_url(f"{self.address}/")

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def type(self, **fields: str) -> None:
        """Type into fields by name, with __ for a point."""
        for name, text in fields.items():
            self.box(name).fill(text)

    def box(self, name: str) -> Locator:
        return self.page.locator(f'[name="{name.replace("__", ".")}"]')

    def tick(self, **choices: str) -> None:
        for name, value in choices.items():
            self.page.check(f'[name="{name.replace("__", ".")}"][value="{value}"]')

    def day(self, name: str, day: date) -> None:
        self.page.fill(f'[name="{name}.day"]', str(day.day))
        self.page.select_option(f'[name="{name}.month"]', str(day.month))
        self.page.fill(f'[name="{name}.year"]', str(day.year))

    def sign(self) -> None:
        """The password the first time, the PIN afterwards."""
        self.page.fill('[name="signature.secret"]', self.secrets.pin if self.signed else self.secrets.password)
        self.signed = True

    def let_witness(self, witness: "Person") -> None:
        self.page.fill('[name="witness.username"]', witness.secrets.username)
        self.page.fill('[name="witness.secret"]', witness.secrets.password)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words).first.click()
        self.page.wait_for_load_state()

    def picture(self, name: str) -> None:
        if self.pictures is not None:
            self.page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)

    def problems(self) -> str:
        summary = self.page.locator("#summary")
        return summary.inner_text() if summary.count() else ""

    def close(self) -> None:
        self.context.close()
