"""The syringe on paper: read back from the PDF, every mark and the plunger's edge stand where they stand on the real one, in proportion."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from pypdfium2.raw import FPDF_PAGEOBJ_PATH

from labels.counted import drops
from labels.paper import Ink, Paper, Polygon
from labels.render import Renderer
from labels.syringe import draw
from tests.labels.reading import glyphs, page_texts, unseen

SYRINGES = [("1", "0.01"), ("5", "0.1"), ("5", "0.2"), ("10", "0.2"), ("20", "1")]


@dataclass(frozen=True)
class Seen:
    """What stands on the page, in points from its left edge: the lower ends of the marks, and the edge of the plunger."""

    marks: tuple[float, ...]
    edge: float
    numbers: dict[str, float]


def paper(*blocks: object) -> Paper:
    return Paper(kind="Leaflet", title="Syringe", blocks=blocks)  # type: ignore[arg-type]


def seen(pdf: bytes) -> Seen:
    """Told by nothing but the file: upright lines of two lengths on one line are marks, what is filled with the liquid's colour ends at the plunger."""
    upright, filled, height = drawn(pdf)
    bottom = min(low for _, low, high in upright if 7 < high - low < 16)
    marks = sorted(x for x, low, high in upright if 7 < high - low < 16 and low < bottom + 0.1)
    found = [(glyph.text, (glyph.left + glyph.right) / 2, glyph.top) for glyph in glyphs(pdf) if glyph.text in "0123456789."]
    return Seen(tuple(marks), filled, numbers(found, height - bottom))


def drawn(pdf: bytes) -> tuple[list[tuple[float, float, float]], float, float]:
    """Every upright line with its ends, the right edge of the liquid, and the height of the page."""
    amber = tuple(round(int(Ink.AMBER.value[place : place + 2], 16) / 255, 2) for place in (1, 3, 5))
    upright: list[tuple[float, float, float]] = []
    right, pen = 0.0, (0.0, 0.0)
    for operator, points, colour in placed(pdf):
        if operator == "l" and abs(points[0][0] - pen[0]) < 0.001:
            upright.append((pen[0], min(pen[1], points[0][1]), max(pen[1], points[0][1])))
        if operator == "re" and colour == amber:
            right = max(right, points[1][0])
        if operator in {"m", "l"}:
            pen = points[0]
    return upright, right, pypdfium2.PdfDocument(pdf)[0].get_height()


def placed(pdf: bytes) -> Iterator[tuple[str, list[tuple[float, float]], tuple[float, ...]]]:
    """What the content stream draws, with its points on the page and its colour; pictures are only moved and scaled."""
    colour, matrix, kept = (0.0,), (1.0, 1.0, 0.0, 0.0), []
    with pikepdf.open(BytesIO(pdf)) as file:
        for operands, instruction in pikepdf.parse_content_stream(file.pages[0]):
            values = [float(part) for part in operands if isinstance(part, int | float | Decimal)]
            match str(instruction):
                case "rg":
                    colour = tuple(round(value, 2) for value in values)
                case "q":
                    kept.append((matrix, colour))
                case "Q":
                    matrix, colour = kept.pop()
                case "cm":
                    assert values[1:3] == [0, 0]
                    matrix = (matrix[0] * values[0], matrix[1] * values[3], *on_page(matrix, values[4], values[5]))
                case "m" | "l" as operator:
                    yield operator, [on_page(matrix, *values)], colour
                case "re":
                    yield "re", [on_page(matrix, *values[:2]), on_page(matrix, values[0] + values[2], values[1] + values[3])], colour


def on_page(matrix: tuple[float, float, float, float], x: float, y: float) -> tuple[float, float]:
    return matrix[2] + matrix[0] * x, matrix[3] + matrix[1] * y


def numbers(found: list[tuple[str, float, float]], bottom: float) -> dict[str, float]:
    """The numbers of the scale, each with its middle: digits that stand closely beside each other below the barrel."""
    row = sorted((left, text) for text, left, top in found if bottom < top < bottom + 16)
    groups: list[list[tuple[float, str]]] = []
    for left, text in row:
        if groups and left - groups[-1][-1][0] < 9:
            groups[-1].append((left, text))
        else:
            groups.append([(left, text)])
    return {"".join(text for _, text in group): (group[0][0] + group[-1][0]) / 2 for group in groups}


@pytest.mark.parametrize(("capacity", "graduation"), SYRINGES)
@pytest.mark.parametrize("share", [1, 3])
def test_the_plunger_stands_at_the_mark_of_the_dose_and_every_mark_in_its_place(renderer: Renderer, capacity: str, graduation: str, share: int) -> None:
    whole, step = Fraction(capacity), Fraction(graduation)
    marks = int(whole / step)
    place = max(1, marks * share // 3)
    pdf = renderer.paper(paper(draw(whole, step, step * place, words="Fill it.", size=13, title="A syringe"))).pdf
    page = seen(pdf)

    assert len(page.marks) == marks + 1
    zero, length = page.marks[0], page.marks[-1] - page.marks[0]
    for number, mark in enumerate(page.marks):
        assert mark == pytest.approx(zero + length * number / marks, abs=0.02)
    assert page.edge == pytest.approx(page.marks[place], abs=0.02)
    assert (page.edge - zero) / length == pytest.approx(float(step * place / whole), abs=0.0002)
    assert len(page.numbers) >= 3
    for text, middle in page.numbers.items():
        assert middle == pytest.approx(zero + length * float(Fraction(text) / whole), abs=1.2), text
    assert unseen(pdf, 300) == []


@pytest.mark.parametrize(("capacity", "graduation", "volume"), [("5", "0.2", "4.5"), ("5", "0.1", "5.1"), ("1", "0.01", "0.005"), ("5", "0.1", "0")])
def test_a_dose_that_is_on_no_mark_of_the_syringe_is_never_drawn(capacity: str, graduation: str, volume: str) -> None:
    with pytest.raises(ValueError, match="not on a mark"):
        draw(Fraction(capacity), Fraction(graduation), Fraction(volume), words="Fill it.", size=13, title="A syringe")


@pytest.mark.parametrize("size", [18.0])
def test_the_words_of_the_dose_stand_inside_the_picture_wherever_the_plunger_is(renderer: Renderer, size: float) -> None:
    words = "1 of 12: 10.05 mL or so"  # longer than any that a leaflet says
    for place in (1, 25, 50):
        pdf = renderer.paper(paper(draw(Fraction(10), Fraction(1, 5), Fraction(place, 5), words=words, size=size, title="A syringe"))).pdf
        assert words in page_texts(pdf)[0]


@pytest.mark.parametrize("count", [1, 18, 21])
def test_as_many_drops_are_drawn_as_are_counted_and_none_lies_on_another(renderer: Renderer, count: int) -> None:
    picture = drops(count, words="Take them.")
    boxes = []
    for shape in picture.shapes:
        assert isinstance(shape, Polygon)
        xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
        assert min(xs) >= 0
        assert max(xs) <= picture.width
        assert min(ys) >= 0
        assert max(ys) <= picture.height
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    assert len(boxes) == count
    assert not [(a, b) for a in boxes for b in boxes if a < b and min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])]
    page = pypdfium2.PdfDocument(renderer.paper(paper(picture)).pdf)[0]
    assert len([item for item in page.get_objects(filter=[FPDF_PAGEOBJ_PATH], max_depth=9) if 8 < item.get_bounds()[2] - item.get_bounds()[0] < 11]) == count
