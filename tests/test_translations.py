"""A language is printed once somebody who reads it has read every text, and the pharmacist in charge approves these very texts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.db.values import policy_in_force
from compounding.domain.authority import ActName, LookName
from compounding.domain.people import system_actor
from compounding.domain.policy import Translation
from compounding.workflow.act import Act
from compounding.workflow.languages import languages
from tests.adversary import PASSWORD, House
from tests.web.conftest import Visitor
from tests.web.reading import Page


def _unread(act: Act) -> None:
    """A policy for which only older Spanish texts were read."""
    before = policy_in_force(act.session)
    policy = replace(before, version=before.version + 1, translations=(Translation("es", "0" * 64, "Rosa Lectora", act.today),))
    act.session.add(PolicyRow(version=policy.version, document=encode(policy), sha256=sha256(encode(policy)), approved_at=act.at))


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    house = House.opened(sqlite_template, tmp_path)
    yield house
    house.close()


def signed(house: House, who: str, **fields: str) -> Page:
    visitor = Visitor(house.browser(who)[0])
    seen = languages()["es"].sha256
    return visitor.send("/translations/es", {"reviewed_by": "Rosa Lectora", "seen": seen, "signature.secret": PASSWORD, **fields})


def test_the_texts_are_read_beside_the_english_ones_and_printed_only_after_their_approval(house: House) -> None:
    house.bench.pharmacy.perform(ActName.PHARMACY_SEED, system_actor("seed"), _unread)
    maria, linh = (Visitor(house.browser(who)[0]) for who in ("maria", "linh"))
    spanish, book = languages()["es"], maria.read("/formulas")
    assert "Spanish changed since they were read no" in book.text
    page = maria.read("/translations/es")
    for text in (*spanish.directions.values(), *spanish.sentences.values(), spanish.words.opioids_never, spanish.dates.months[0]):
        assert " ".join(text.split()) in page.text
    assert "The texts have changed since Rosa Lectora read them" in page.text
    assert "For: pharmacist in charge." in linh.read("/translations/es").text

    before = house.records()
    assert (signed(house, "linh").status, signed(house, "james").status) == (403, 403)
    assert "Name the translator or pharmacist" in signed(house, "maria", reviewed_by="").text
    assert signed(house, "maria", **{"signature.secret": "wrong"}).status == 422
    assert "other texts of this language than you read" in signed(house, "maria", seen="0" * 64).text
    assert maria.read("/translations/en").status == maria.read("/translations/xx").status == 404
    assert house.records() == before

    assert signed(house, "maria").status == 303
    policy = house.bench.pharmacy.look(LookName.FORMULAS, house.bench.linh, lambda look: policy_in_force(look.session))
    assert [(item.language, item.sha256, item.reviewed_by) for item in policy.translations] == [("es", spanish.sha256, "Rosa Lectora")]
    assert "Read by Rosa Lectora, approved 2 March 2026" in maria.read("/translations/es").text.replace("\u00a0", " ")
    assert "approved already" in signed(house, "maria").text
    assert [row for row in house.rows()["signature"] if "approved the texts of a language" in row and "Maria Garcia" in row]
