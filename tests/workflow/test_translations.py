"""Other languages on label and leaflet: the very numbers of the English, only where a review holds and every direction has its sentence; one file makes one."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.domain import languages as folder
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.people import system_actor
from compounding.domain.policy import Policy, Translation
from compounding.domain.prescription import Moment, Order
from compounding.domain.translation import Asked
from compounding.workflow import labels, leaflets
from compounding.workflow.act import Act
from compounding.workflow.languages import languages
from tests.application import renderer
from tests.labels.reading import page_texts
from tests.workflow.bench import PROFILE, Bench
from tests.workflow.orders import IN_CAPSULES, IN_L1, capsules, titration
from tests.workflow.test_leaflets import compose, lay_out

SQLITE = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
NUMBER = re.compile(r"\d+(?:\.\d+)?(?= mL)")
MADE_UP = """
from dataclasses import replace
from compounding.domain.languages.english import LANGUAGE as ENGLISH
LANGUAGE = replace(
    ENGLISH, code="eo", name="Esperanto", directions={"Take {} capsule by mouth at bedtime.": "Prenu {} kapsulon buŝe antaŭ dormo."},
    sentences={"Do not take with opioid medicines.": "Ne prenu kun opioidoj."}, words=replace(ENGLISH.words, title="Kiel preni vian naltreksonon"),
)
"""


def wanting(order: Order, language: str) -> Order:
    return replace(order, patient=replace(order.patient, language=language))


def made(bench: Bench, order: Order, request: object = IN_CAPSULES) -> UUID:
    (fill, *_) = bench.planned(order, request)  # type: ignore[arg-type]
    bench.made(fill)
    return fill


def approve(bench: Bench, policy: Policy) -> None:
    def keep(act: Act) -> None:
        text = encode(policy)
        act.session.add(PolicyRow(version=policy.version, document=text, sha256=sha256(text), approved_at=act.at))

    bench.pharmacy.perform(ActName.PHARMACY_SEED, system_actor("seed"), keep)


def choices(bench: Bench, fill: UUID) -> leaflets.Choices:
    return bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: leaflets.choices(look, fill))


@SQLITE
def test_a_spanish_label_says_each_direction_in_both_languages_with_the_same_number(bench: Bench) -> None:
    fill = made(bench, wanting(titration(), "es"), IN_L1)
    composed = bench.compose(fill)
    english, spanish = composed.value.directions[::2], composed.value.directions[1::2]
    assert composed.language == "es"
    assert english == bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: labels.compose(look, fill, PROFILE, "en")).value.directions
    assert spanish == (
        "Del 2 de marzo al 15 de marzo de 2026: Tome 1.5 mL por la boca a la hora de acostarse.",
        "Del 16 de marzo al 29 de marzo de 2026: Tome 3 mL por la boca a la hora de acostarse.",
        "Del 30 de marzo al 5 de abril de 2026: Tome 4.5 mL por la boca a la hora de acostarse.",
    )
    assert [NUMBER.findall(text) for text in english] == [NUMBER.findall(text) for text in spanish]
    assert composed.value.warnings[0] == "Do not take with opioid medicines. No tome con medicamentos opioides."
    assert composed.value.warnings[1] == "Go up only if you feel well. If not, stay on this dose and call us."
    printed = bench.lay_out(composed, "thermal-4x3")
    first, *_ = page_texts(printed.pdf)
    assert "Continued on label 2 of 3. Read all. Sigue en la etiqueta 2 de 3. Lea todas." in first, "who reads Spanish only must not stay on the first dose"
    bench.issue(composed, printed)
    bench.check(fill)

    value = compose(bench, fill, Asked("es", large=True)).value
    assert [f"{step.days}: {step.direction}" for step in value.steps] == list(spanish)
    assert [step.beside for step in value.steps] == [f"En inglés: {text}" for text in english]
    text = " ".join(page_texts(lay_out(compose(bench, fill, Asked("es", large=True))).pdf))
    for fact in ("Página 1 de", "No lo use después del 5 de abril de 2026", "sueños muy vivos", "Agítelo bien.", "Guárdelo en el refrigerador."):
        assert fact in text, fact
    assert text.count("Suba la dosis") == 1


@SQLITE
def test_nobody_reviewed_it_so_it_is_english_only_and_says_so(bench: Bench) -> None:
    fill = made(bench, wanting(capsules(), "es"))
    assert choices(bench, fill) == leaflets.Choices((("en", "English"), ("es", "Spanish")), "es", "", (), large=False)
    before = bench.compose(fill)
    approve(bench, Policy(version=2))
    told = choices(bench, fill)
    assert (told.languages, told.chosen, told.unreviewed) == ((("en", "English"),), "en", ())
    assert told.why_english.startswith("The Spanish texts want the review")
    assert bench.compose(fill).value.directions == ("Take 1 capsule by mouth at bedtime.",)
    with pytest.raises(Invalid, match="want the review"):
        bench.issue(before, bench.lay_out(before))  # the review was withdrawn between layout and issue
    bench.label(fill)
    with pytest.raises(Invalid, match="want the review"):
        compose(bench, fill, Asked("es", large=False))


@SQLITE
def test_a_direction_without_its_standard_sentence_is_never_put_together(bench: Bench) -> None:
    order = wanting(capsules(), "es")
    twice = replace(order.steps[0], moments=(Moment.NOON, Moment.EVENING), days=15)
    fill = made(bench, replace(order, steps=(twice,), therapy=replace(order.therapy, present_dose=twice.daily)))
    assert "no standard sentence for “Take … capsule by mouth at noon, and … capsule in the evening.”" in choices(bench, fill).why_english
    composed = bench.compose(fill)
    assert composed.value.directions == ("Take 1 capsule by mouth at noon, and 1 capsule in the evening.",)
    assert composed.language == "en"
    bench.issue(composed, bench.lay_out(composed))
    with pytest.raises((Invalid, Conflict), match="no standard sentence"):
        compose(bench, fill, Asked("es", large=False))


@pytest.fixture
def esperanto(tmp_path: Path) -> Iterator[None]:
    """One more file in the folder of languages, and nothing else."""
    (tmp_path / "esperanto.py").write_text(MADE_UP, encoding="utf-8")
    folder.__path__.append(str(tmp_path))
    languages.cache_clear()
    yield
    folder.__path__.remove(str(tmp_path))
    sys.modules.pop(f"{folder.__name__}.esperanto", None)
    languages.cache_clear()


@SQLITE
@pytest.mark.usefixtures("esperanto")
def test_one_file_makes_a_language_on_label_leaflet_and_page(bench: Bench) -> None:
    approve(bench, Policy(version=2, translations=(Translation("eo", languages()["eo"].sha256, "L. Zamenhof", bench.today),)))
    fill = made(bench, wanting(capsules(), "eo"))
    assert choices(bench, fill).languages == (("en", "English"), ("eo", "Esperanto"))
    composed = bench.compose(fill)
    assert composed.value.directions == ("Take 1 capsule by mouth at bedtime.", "Prenu 1 kapsulon buŝe antaŭ dormo.")
    assert "Ne prenu kun opioidoj." in composed.value.warnings[0]
    bench.issue(composed, bench.lay_out(composed))
    leaflet = compose(bench, fill, Asked("eo", large=False))
    assert "Prenu 1 kapsulon buŝe antaŭ dormo." in page_texts(leaflets.lay_out(renderer(), leaflet).pdf)[0]
    assert leaflet.value.title == "Kiel preni vian naltreksonon"
