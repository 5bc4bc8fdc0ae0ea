"""The words of a patient's label, set at the sizes of its media and put in order, but not yet in their places."""

from dataclasses import dataclass, replace
from typing import Final

from labels.label import DispensingLabel
from labels.media import Media
from labels.paragraph import Line, Setter, Style

GUTTER: Final = 10.0  # points between columns

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a column: a paragraph, or two short ones beside each other, the second at `offset` points."""

    lines: tuple[Line, ...]
    beside: Line | None = None
    offset: float = 0.0

    @property
    def height(self) -> float:
        """The height in points."""
        return sum(line.height for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wording:
    """Sets the parts of one label in one kind of stock. Widths are in points."""

    setter: Setter
    media: Media
    label: DispensingLabel

    @property
    def left_share(self) -> float:
        """How much of the room of two columns the left one takes."""
        return 0.45

    @property
    def critical(self) -> Style:
        """The style of the four items."""
        return Style(self.media.critical_pt)

    @property
    def critical_bold(self) -> Style:
        """The style of what must be found first among the four items."""
        return Style(self.media.critical_pt, bold=True)

    @property
    def lesser(self) -> Style:
        """The style of all else."""
        return Style(self.media.lesser_pt)

    @property
    def lesser_bold(self) -> Style:
        """The style of the few lesser things that must stand out."""
        return Style(self.media.lesser_pt, bold=True)

    def identity(self, style: Style, width: float) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """Set the patient's name and the drug with its strength."""
        return (
            self.setter.lines("patient", self.label.patient, style, width=width, anywhere=True),
            self.setter.lines("drug_and_strength", self.label.drug_and_strength, style, width=width),
        )

    def steps(self, width: float) -> tuple[tuple[Line, ...], ...]:
        """Set each direction; the dates of all stand on lines of their own, in bold, when one of them needs two lines anyway."""
        plain = tuple(self.setter.lines(f"directions {number}", text, self.critical, width=width) for number, text in enumerate(self.label.directions, 1))
        parted = tuple(self._parted(f"directions {number}", text, width) for number, text in enumerate(self.label.directions, 1))
        saves = any(two and len(two) <= len(one) for one, two in zip(plain, parted, strict=True) if len(one) > 1)
        return tuple(two if two and saves else one for one, two in zip(plain, parted, strict=True))

    def _parted(self, field: str, text: str, width: float) -> tuple[Line, ...]:
        """A direction with its dates above it; nothing where it has none."""
        dates, colon, act = text.partition(": ")
        if not colon or not act.strip():
            return ()
        return self.setter.lines(field, f"{dates}:", self.critical_bold, width=width) + self.setter.lines(field, act, self.critical, width=width)

    def facts(self, width: float) -> tuple[Row, ...]:
        """Set what the pharmacy and the patient look up; a short fact shares its row with the next where both have room."""
        label = self.label
        facts = (
            ("rx_number", f"Rx {label.rx_number}"),
            ("container", label.container),
            ("quantity", f"Quantity: {label.quantity}"),
            ("refills", f"Refills: {label.refills}"),
            ("date_filled", f"Filled: {label.date_filled}"),
            ("pharmacist", f"RPh: {label.pharmacist}"),
            ("batch", f"Batch: {label.batch}"),
            ("prescriber", f"Prescriber: {label.prescriber}"),
        )
        rows = [Row(self.setter.lines("beyond_use", label.beyond_use, self.lesser_bold, width=width))]
        for field, text in facts:
            lines = self.setter.lines(field, text, self.lesser, width=width, anywhere=field == "prescriber")
            if len(rows) > 1 and self._has_room(rows[-1], lines, width):
                rows[-1] = replace(rows[-1], beside=lines[0], offset=width - lines[0].width)
            elif lines:
                rows.append(Row(lines))
        return tuple(rows)

    def _has_room(self, row: Row, lines: tuple[Line, ...], width: float) -> bool:
        """Tell whether a fact of one line may share a row; accents that raise one line and not the other would tear it."""
        if row.beside or len(row.lines) != 1 or len(lines) != 1:
            return False
        first, second = row.lines[0], lines[0]
        is_level = (first.above, first.height) == (second.above, second.height)
        return is_level and first.width + self.lesser.size + second.width <= width

    def salt(self, width: float) -> tuple[Row, ...]:
        """Set the salt and the strength of one mL or one capsule: near the four items, but outside them."""
        lines = self.setter.lines("salt_line", self.label.salt_line, self.lesser, width=width)
        return (Row(lines),) if lines else ()

    def compounded(self, width: float) -> tuple[Row, ...]:
        """Set the sentence that the medicine was compounded."""
        return (Row(self.setter.lines("compounded", self.label.compounded, self.lesser, width=width)),)

    def cautions(self, width: float) -> tuple[Row, ...]:
        """Set what the patient must heed: opioids first, then how to keep and use it."""
        label = self.label
        opioids, *others = label.warnings
        paragraphs = [("storage", label.storage)]
        paragraphs += [(f"warnings {number}", text) for number, text in enumerate(others, start=2)]
        rows = [Row(self.setter.lines("warnings 1", opioids, self.lesser_bold, width=width))]
        rows += [Row(self.setter.lines(field, text, self.lesser, width=width)) for field, text in paragraphs if text.strip()]
        return tuple(rows)

    def pharmacy(self, width: float, number: tuple[Line, ...]) -> tuple[Line, ...]:
        """Set the pharmacy's name, telephone number, address and licence, leaving room after them for the label's number."""
        label = self.label
        phone = label.pharmacy_phone.replace(" ", _NO_BREAK)
        lines = self.setter.lines("pharmacy_name", f"{label.pharmacy_name}, {phone}", self.lesser, width=width)
        address = f"{label.pharmacy_address}. Licence {label.licence}" if label.licence else label.pharmacy_address
        lines += self.setter.lines("pharmacy_address", address, self.lesser, width=width)
        if number and not free_line(lines, number, width):
            lines += self.setter.lines("label number", _NO_BREAK, self.lesser, width=width)
        return lines

    def notice(self, width: float) -> tuple[Line, ...]:
        """Set the notice of a changed strength, white on black, outside the four items."""
        style = Style(self.media.lesser_pt + 1, bold=True, inverse=True)
        return self.setter.lines("strength_notice", self.label.strength_notice, style, width=width - 2 * style.size)

    def label_number(self, number: int, total: int) -> tuple[Line, ...]:
        """Set which of the labels this is; nothing when it is the only one."""
        text = f"Label {number} of {total}" if total > 1 else ""
        return self.setter.lines("label number", text, self.lesser_bold, width=self.media.width)


def free_line(lines: tuple[Line, ...], number: tuple[Line, ...], width: float) -> int:
    """Tell after which line, counted from 1, there is room for the label's number; 0 when there is none."""
    fitting = [index for index, line in enumerate(lines, 1) if line.width + GUTTER + number[0].width <= width]
    return fitting[-1] if fitting else 0
