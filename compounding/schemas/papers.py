"""The shapes of a paper that is filed: its kind, its title, its file; and of the mark that it does not count any more."""

from typing import Any

from marshmallow import ValidationError, post_load

from compounding.domain.errors import Invalid
from compounding.domain.paper import Paper, PaperKind, media_type_of
from compounding.schemas.fields import Choice, Guard
from compounding.schemas.shapes import Shape
from compounding.schemas.texts import Text


class FileOf(Guard[bytes]):
    """The bytes of a file that a browser sent."""

    ask = "Choose the file of the paper: PDF, PNG or JPEG."

    def _take(self, value: object) -> bytes:
        if not isinstance(value, bytes):
            raise self.refuse("This is not a file.")
        try:
            media_type_of(value)
        except Invalid as error:
            raise ValidationError(error.sentence) from error
        return value


class PaperSchema(Shape):
    """`Paper`; its media type is told by its bytes."""

    kind = Choice({kind.name.lower(): kind for kind in PaperKind}, required=True, ask="Choose what it is.")
    title = Text(most=120, required=True, ask="Write what it is, such as the number of the certificate.")
    file = FileOf(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Paper:
        """The value."""
        return Paper(data["kind"], data["title"], data["file"], media_type_of(data["file"]))


class SupersededSchema(Shape):
    """Why a paper does not count any more."""

    reason = Text(most=200, required=True, ask="Write what takes its place, or why it does not count.")


PAPER = PaperSchema()
SUPERSEDED = SupersededSchema()
