"""A page as a reader of its HTML sees it: fields, their values, their messages, and the words."""

import re
from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

import tinyhtml5
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Page:
    """A parsed answer."""

    status: int
    headers: dict[str, str]
    html: str
    root: Element

    @classmethod
    def of(cls, answer: TestResponse) -> Self:
        html = answer.get_data(as_text=True)
        return cls(answer.status_code, dict(answer.headers), html, tinyhtml5.parse(html, namespace_html_elements=False))

    @property
    def text(self) -> str:
        """Everything that can be read, with single blanks."""
        return words(self.root)

    def with_id(self, identity: str) -> Element:
        return next(element for element in self.root.iter() if element.get("id") == identity)

    def named(self, name: str) -> list[Element]:
        """The fields of this name."""
        return [element for element in self.root.iter() if element.get("name") == name]

    def value(self, name: str) -> str:
        """What the field holds that would be sent: typed text, or the chosen one of several."""
        for element in self.named(name):
            match element.tag:
                case "textarea":
                    return element.text or ""
                case "select":
                    return next((option.get("value", "") for option in element.iter("option") if "selected" in option.attrib), "")
                case "input" if element.get("type") not in {"radio", "checkbox"} or "checked" in element.attrib:
                    return element.get("value", "")
        return ""

    def message(self, name: str) -> str:
        """What is said beside a field; nothing if nothing is wrong."""
        return next((words(element) for element in self.root.iter() if element.get("id") == f"{name}-error"), "")


def words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def batches(page: Page) -> list[str]:
    """The address of each batch that a page leads to, in its order; other pages stand below the same address."""
    found = dict.fromkeys(element.get("href", "") for element in page.root.iter("a"))
    return [address for address in found if re.fullmatch(r"/batches/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", address)]
