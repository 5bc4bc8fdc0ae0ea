"""The label of a bench intermediate: it says first that it is none to be given away, and what does not fit is not printed."""

from dataclasses import replace

import pytest

from labels import intermediate
from labels.label import CannotPrint, ErrorProne, Incomplete, LabelDoesNotFit
from labels.media import MEDIA, Media, Purpose
from labels.render import Renderer
from tests.labels.examples import INTERMEDIATE
from tests.labels.reading import page_sizes, page_texts, touching, unseen

STOCK = [media for media in MEDIA.values() if Purpose.BATCH in media.purposes]
SAID = (
    "INTERMEDIATE - NOT FOR DISPENSING",
    "naltrexone 10 mcg/mL",
    "B-2026-0012 dilution 1",
    "Volume: 100 mL",
    "Beyond use: 2026-03-15",
    "Made: 2026-03-02 by LT",
    "Keep in the refrigerator.",
)


@pytest.mark.parametrize("media", STOCK, ids=lambda media: media.id)
def test_on_every_stock_it_is_one_page_of_its_size_with_every_glyph_seen(renderer: Renderer, media: Media) -> None:
    printed = renderer.intermediate(INTERMEDIATE, media)
    assert page_sizes(printed.pdf) == [pytest.approx((media.width, media.height), abs=0.01)]
    (text,) = page_texts(printed.pdf)
    assert text.startswith("INTERMEDIATE - NOT FOR DISPENSING naltrexone 10 mcg/mL")
    assert [part for part in SAID if part not in text] == []
    assert unseen(printed.pdf, min(media.dots_per_inch, 300)) == []
    for sheet in intermediate.compose(renderer._setter, media, INTERMEDIATE):
        assert touching(sheet, media.safe_area) == []


@pytest.mark.parametrize("media_id", ["thermal-2.25x1.25", "roll-70x35"])
@pytest.mark.parametrize("field", ["reference", "storage", "name_and_strength"])
def test_what_does_not_fit_is_refused_by_its_field_and_never_cut(renderer: Renderer, media_id: str, field: str) -> None:
    with pytest.raises(LabelDoesNotFit):
        renderer.intermediate(replace(INTERMEDIATE, **{field: "word " * 45}), MEDIA[media_id])


@pytest.mark.parametrize(
    ("field", "text", "kind"),
    [
        ("name_and_strength", "naltrexone .5 mcg/mL", ErrorProne),
        ("name_and_strength", "naltrexone 5.0 mcg/mL", ErrorProne),
        ("volume", "1000 mL", ErrorProne),
        ("reference", "B-2026\N{RIGHT-TO-LEFT OVERRIDE}", CannotPrint),
        *((field, "", Incomplete) for field in ("notice", "name_and_strength", "reference", "volume", "made", "beyond_use", "storage")),
    ],
)
def test_what_is_missing_misread_or_unprintable_is_refused(renderer: Renderer, field: str, text: str, kind: type[LabelDoesNotFit]) -> None:
    with pytest.raises(kind):
        renderer.intermediate(replace(INTERMEDIATE, **{field: text}), MEDIA["roll-70x35"])


def test_equal_labels_give_equal_bytes(renderer: Renderer) -> None:
    first, second = (renderer.intermediate(INTERMEDIATE, MEDIA["roll-70x35"]) for _ in range(2))
    assert first.pdf == second.pdf
