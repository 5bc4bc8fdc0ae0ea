"""Text that wants to falsify a label, fetch something or run off it: printed whole, or refused by the name of its field."""

import unicodedata
from dataclasses import fields, replace

import pytest
import uharfbuzz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from labels import dispensing
from labels.confirmation import TOLERANCE_OF_SIZE
from labels.inspection import inspect_dispensing
from labels.label import BatchLabel, CannotPrint, DispensingLabel, Incomplete, LabelDoesNotFit, RenderingDefect
from labels.letters import held
from labels.media import MEDIA, Media, Purpose
from labels.render import Renderer
from tests.labels.reading import glyphs, page_texts, rasters, touching, unseen

SMALL, MIDDLE, LARGE = MEDIA["thermal-4x2"], MEDIA["thermal-4x3"], MEDIA["thermal-4x6"]
TEXT_FIELDS = [field.name for field in fields(DispensingLabel) if field.name not in {"directions", "warnings", "barcode"}]

# Three times the profile: 150 in an ordinary run, 600 in CI, 15,000 in the deep one.
HOSTILE = settings(
    max_examples=3 * settings.default.max_examples,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

MARKUP = [
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "</p><img src=http://127.0.0.1:1/x>",
    '"><svg><image href="file:///etc/passwd"/></svg>',
    "{{ 7*7 }} {% raw %}",
    "&lt;i&gt; &amp; &#82;",
    "<style>@import url(http://127.0.0.1:1/x)</style>",
    "<link rel=attachment href=file:///etc/passwd>",
    "url(data:text/css,x)",
    "--> ]]> <!--",
    "../../etc/passwd",
    "'; DROP TABLE patients; --",
]

REFUSED = {
    "a direction override": "Ann \N{RIGHT-TO-LEFT OVERRIDE}51",
    "an isolate": "Ann\N{LEFT-TO-RIGHT ISOLATE}",
    "a zero-width joiner": "An\N{ZERO WIDTH JOINER}n",
    "a soft hyphen": "An\N{SOFT HYPHEN}n",
    "a NUL": "Ann\0",
    "a line feed": "Ann\nBob",
    "a tab": "Ann\tBob",
    "half a pair": "Ann\ud800",
    "a private letter": "Ann\ue000",
    "what is not assigned": "Ann\u0378",
    "a line separator": "Ann\N{LINE SEPARATOR}",
    "a paragraph separator": "Ann\N{PARAGRAPH SEPARATOR}",
    "an Arabic digit": "Ann \N{ARABIC-INDIC DIGIT FOUR}",
    "a Devanagari digit": "Ann \N{DEVANAGARI DIGIT FOUR}",
    "a superscript": "Ann 10²",
    "a wide space": "Ann\N{EM SPACE}Bob",
    "a hidden filler": "Ann\N{HANGUL FILLER}",
    "a variation selector": "Ann\N{VARIATION SELECTOR-16}",
    "Chinese": "王小明",
    "Arabic": "محمد",
    "Hebrew": "דוד",
    "Devanagari": "राम",
    "Hangul": "김철수",
    "an emoji": "Ann \N{GRINNING FACE}",
    "cuneiform": "\N{CUNEIFORM SIGN A}",
}


@pytest.mark.parametrize("field", ["patient", "prescriber", "pharmacy_name", "purpose", "batch"])
@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_could_falsify_or_cannot_be_drawn_is_refused_by_field_and_code_point(renderer: Renderer, label: DispensingLabel, field: str, text: str) -> None:
    with pytest.raises(CannotPrint, match=r"U\+[0-9A-F]{4,6} ") as refusal:
        renderer.dispensing(replace(label, **{field: text}), LARGE)
    assert refusal.value.field == field
    assert field in refusal.value.sentence


def test_a_right_to_left_override_is_named(renderer: Renderer, label: DispensingLabel) -> None:
    with pytest.raises(CannotPrint) as refusal:
        renderer.dispensing(replace(label, patient="Ann \N{RIGHT-TO-LEFT OVERRIDE}51"), SMALL)
    assert refusal.value.needed == "U+202E RIGHT-TO-LEFT OVERRIDE"


def test_a_forbidden_character_is_named_on_a_batch_label_too(renderer: Renderer, batch_label: BatchLabel) -> None:
    with pytest.raises(CannotPrint) as refusal:
        renderer.batch(replace(batch_label, storage="\N{RIGHT-TO-LEFT OVERRIDE}"), SMALL)
    assert refusal.value.field == "storage"


@pytest.mark.parametrize("name", ["Nguyễn Thị Ếch", "NGUYỄN THỊ Ệ", "Łukasz Żółć", "Þórður Ægisson", "Щербаков Ёлкин", "Αλέξανδρος Ψ", "O’Brien-Ñandú"])
@pytest.mark.parametrize("media", [SMALL, MIDDLE, LARGE], ids=lambda media: media.id)
def test_names_in_latin_greek_and_cyrillic_print_right(renderer: Renderer, label: DispensingLabel, media: Media, name: str) -> None:
    pdf = renderer.dispensing(replace(label, patient=name), media).pdf
    assert page_texts(pdf)[0].startswith(name)
    assert unseen(pdf) == []
    assert min(glyph.top for glyph in glyphs(pdf)) >= media.safe_area - max(0.3, TOLERANCE_OF_SIZE * media.critical_pt), (
        "accents on capitals must push the line down"
    )


def test_an_accent_that_raises_one_fact_keeps_it_from_sharing_a_row(renderer: Renderer, label: DispensingLabel) -> None:
    for sheet in dispensing.compose(renderer._setter, MIDDLE, replace(label, refills="Ä\N{COMBINING ACUTE ACCENT}")):
        assert touching(sheet, MIDDLE.safe_area) == []


@pytest.mark.parametrize("text", ["->", "=>", "3x3", "<->", "ffi", "0:0"])
def test_no_letters_melt_into_another_sign(renderer: Renderer, label: DispensingLabel, text: str) -> None:
    """Inter draws "->" as one arrow and "3x3" with a sign of multiplication unless its ligatures are off, in measuring and in the PDF."""
    sheet, *_ = dispensing.compose(renderer._setter, MIDDLE, replace(label, patient=text * 4))
    pdf = renderer.dispensing(replace(label, patient=text * 4), MIDDLE).pdf
    first_line = [glyph for glyph in glyphs(pdf) if glyph.bottom < sheet.texts[1].top]
    assert len({(glyph.left, glyph.text) for glyph in first_line}) == 4 * len(text)
    assert max(glyph.right for glyph in first_line) == pytest.approx(sheet.texts[0].left + sheet.texts[0].width, abs=1)


def test_a_letter_that_inter_lacks_sets_the_whole_field_in_noto_sans(renderer: Renderer, label: DispensingLabel) -> None:
    lacking = "Ꞧ"
    assert ord(lacking) not in held()["Inter"]
    sheet, *_ = dispensing.compose(renderer._setter, SMALL, replace(label, patient=f"Ann {lacking}"))
    assert [text.family for text in sheet.texts[:2]] == ["Noto Sans", "Inter"]
    assert unseen(renderer.dispensing(replace(label, patient=f"Ann {lacking}"), SMALL).pdf) == []


@pytest.mark.parametrize("text", MARKUP)
def test_markup_and_addresses_print_as_the_letters_that_they_are(renderer: Renderer, label: DispensingLabel, text: str) -> None:
    hostile = replace(label, patient=text, prescriber=text, pharmacy_name="Example")
    pdf = renderer.dispensing(hostile, LARGE).pdf
    assert "".join(text.split()) in "".join(page_texts(pdf)[0].split())
    assert unseen(pdf) == []


@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="x" src="http://127.0.0.1:1/x.png">',
        '<img alt="x" src="file:///etc/passwd">',
        '<img alt="x" src="data:image/png;base64,AAAA">',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://127.0.0.1:1/x.png" width="9" height="9"/></svg>',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        "<style>@import url(http://127.0.0.1:1/x.css);</style>",
        '<style>@font-face { font-family: X; src: url("http://127.0.0.1:1/x.ttf") } p { font-family: X }</style>',
        '<p style="background: url(http://127.0.0.1:1/x.png)">x</p>',
    ],
)
def test_a_document_that_tries_to_fetch_anything_gives_no_pdf(renderer: Renderer, markup: str) -> None:
    with pytest.raises(RenderingDefect):
        renderer._engine.pdf(f'<html lang="en"><title>t</title><body>{markup}<p>x</p></body></html>', pages=1)


def test_sixty_letters_without_a_space_break_inside_the_name_and_nowhere_is_one_lost(renderer: Renderer, label: DispensingLabel) -> None:
    for name in ("W" * 60, "Wolfeschlegelsteinhausenbergerdorff" + "welchevoralternwaren", "x" * 29 + "-" + "y" * 30):
        for media in (SMALL, MIDDLE, LARGE):
            printed = renderer.dispensing(replace(label, patient=name), media)
            for page in page_texts(printed.pdf):
                assert page.replace("\ufffe", "-").replace(" ", "").startswith(name)
            assert unseen(printed.pdf) == []


@pytest.mark.parametrize("field", ["rx_number", "batch", "drug_and_strength", "quantity", "pharmacy_name", "purpose"])
def test_sixty_letters_without_a_space_elsewhere_are_refused_by_field(renderer: Renderer, label: DispensingLabel, field: str) -> None:
    with pytest.raises(LabelDoesNotFit) as refusal:
        renderer.dispensing(replace(label, **{field: "W" * 60}), LARGE)
    assert refusal.value.field == field
    assert "mm" in refusal.value.needed
    assert "mm" in refusal.value.available


def test_a_tower_of_marks_is_refused(renderer: Renderer, label: DispensingLabel) -> None:
    with pytest.raises(LabelDoesNotFit) as refusal:
        renderer.dispensing(replace(label, patient="Ann" + "\N{COMBINING ACUTE ACCENT}" * 12), LARGE)
    assert refusal.value.field == "patient"


@pytest.mark.parametrize("length", [241, 5_000, 100_000])
def test_a_text_longer_than_any_label_is_refused_before_it_is_measured(renderer: Renderer, label: DispensingLabel, length: int) -> None:
    with pytest.raises(LabelDoesNotFit) as refusal:
        renderer.dispensing(replace(label, directions=("a " * length,)), LARGE)
    assert refusal.value.field == "directions 1"
    with pytest.raises(LabelDoesNotFit):
        renderer.dispensing(replace(label, warnings=(*label.warnings, *["Protect from light."] * length)), LARGE)


@pytest.mark.parametrize("field", ["patient", "drug_and_strength", "beyond_use", "rx_number", "pharmacist", "compounded", "barcode"])
def test_a_label_without_what_it_must_carry_is_refused(renderer: Renderer, label: DispensingLabel, field: str) -> None:
    for nothing in ("", "  "):
        with pytest.raises(Incomplete) as refusal:
            renderer.dispensing(replace(label, **{field: nothing}), LARGE)
        assert refusal.value.field == field


def test_directions_and_the_opioid_warning_are_compulsory(renderer: Renderer, label: DispensingLabel) -> None:
    for broken in ({"directions": ()}, {"directions": ("Take 1 mL by mouth.", "")}, {"warnings": ()}, {"warnings": ("Shake well.",)}):
        with pytest.raises(Incomplete):
            renderer.dispensing(replace(label, **broken), LARGE)


LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Mn", "Nd", "Po", "Sm", "So", "Cf", "Zs"])
FRIENDLY = st.sampled_from("abcdefgWMil ÄéĞőŠŻΑΩλЖщйẾỘ-'.,()01\u0301\u0323\u0328 ")


@HOSTILE
@given(field=st.sampled_from(TEXT_FIELDS), text=st.text(LETTERS, max_size=60) | st.text(st.characters(), max_size=300))
def test_any_text_at_all_is_laid_out_apart_or_refused_by_its_field(renderer: Renderer, label: DispensingLabel, field: str, text: str) -> None:
    assert_whole_or_refused(renderer, replace(label, **{field: text}), field, MIDDLE)


@settings(HOSTILE, max_examples=settings.default.max_examples)
@given(
    texts=st.dictionaries(st.sampled_from(TEXT_FIELDS), st.text(FRIENDLY, min_size=1, max_size=70), max_size=6),
    steps=st.lists(st.text(FRIENDLY, min_size=1, max_size=120), min_size=1, max_size=8),
    media=st.sampled_from([SMALL, MIDDLE, LARGE]),
)
def test_letters_that_can_be_drawn_never_touch_each_other(
    renderer: Renderer, label: DispensingLabel, texts: dict[str, str], steps: list[str], media: Media
) -> None:
    assert_whole_or_refused(renderer, replace(label, **texts, directions=tuple(steps)), "", media)


@settings(HOSTILE, max_examples=max(20, settings.default.max_examples // 4))
@given(name=st.text(FRIENDLY, min_size=1, max_size=80), media=st.sampled_from([m for m in MEDIA.values() if Purpose.DISPENSING in m.purposes]))
def test_every_letter_of_any_name_is_seen_in_the_picture(renderer: Renderer, label: DispensingLabel, name: str, media: Media) -> None:
    try:
        pdf = renderer.dispensing(replace(label, patient=name), media).pdf
    except LabelDoesNotFit as refusal:
        assert refusal.field == "patient"
    else:
        # The box of a mark alone may be empty for pdfium, which then names no place.
        assert [glyph for glyph in unseen(pdf) if glyph.text not in "\u0301\u0323\u0328.,'-" and glyph.right > glyph.left] == []


def assert_whole_or_refused(renderer: Renderer, label: DispensingLabel, field: str, media: Media) -> None:
    try:
        inspect_dispensing(renderer._fonts, label)
        sheets = dispensing.compose(renderer._setter, media, label)
    except LabelDoesNotFit as refusal:
        assert refusal.field
        assert refusal.sentence
        if field and isinstance(refusal, CannotPrint):
            assert refusal.field == field
    else:
        for sheet in sheets:
            assert touching(sheet, media.safe_area) == []


@pytest.mark.parametrize("name", ["Nguyễn Thị Ếch", "NGUYỄN THỊ Ệ", "Щербаков Ёлкин Й", "Żółć Ñandú Ångström"])
def test_a_name_that_is_typed_with_single_marks_prints_as_the_one_with_composed_letters(renderer: Renderer, label: DispensingLabel, name: str) -> None:
    """Shaping: each mark joins its letter, or is set on it, and no letter prints as a box; both spellings look alike to within a shade at the edges."""
    composed, apart = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    assert composed != apart
    pictures = [rasters(renderer.dispensing(replace(label, patient=text), MIDDLE).pdf)[0] for text in (composed, apart)]
    differing = ImageChops.difference(*pictures).point(lambda shade: 255 if shade > 128 else 0).getbbox()
    assert differing is None
    face = renderer._fonts._faces[renderer._fonts.family_for("patient", composed), True]
    buffer = uharfbuzz.Buffer()
    buffer.add_str(composed)
    buffer.guess_segment_properties()
    uharfbuzz.shape(face.font, buffer)
    assert all(glyph.codepoint != 0 for glyph in buffer.glyph_infos)
