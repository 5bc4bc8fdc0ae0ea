"""Papers that are filed: what kinds there are, and what a file really is, told by its own bytes and never by its name."""

from dataclasses import dataclass
from enum import StrEnum

from compounding.domain.errors import Invalid

# How a file of each media type begins and ends: ISO 32000 7.5, PNG (ISO/IEC 15948) 5.2 and 5.6, JPEG (ITU-T T.81) B.1.
_PDF_END = b"%%EOF"
_PDF_END_WITHIN = 1024  # bytes from the end; ISO 32000, Annex H
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


class PaperKind(StrEnum):
    """What a paper is."""

    CERTIFICATE = "certificate of analysis"
    INVOICE = "invoice"
    ASSAY = "assay report"
    STABILITY = "stability study"
    OTHER = "other paper"


class MediaType(StrEnum):
    """What is let in; nothing that a browser would run."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"

    @property
    def ending(self) -> str:
        """What its file's name ends with."""
        return {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpg"}[self]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as it is to be kept: whole, unchanged, with the title that a person gave it."""

    kind: PaperKind
    title: str
    content: bytes
    media_type: MediaType


def media_type_of(content: bytes) -> MediaType:
    """What `content` is; raises `Invalid` for whatever is not a whole PDF, PNG or JPEG."""
    if content.startswith(b"%PDF-") and _PDF_END in content[-_PDF_END_WITHIN:]:
        return MediaType.PDF
    if content.startswith(_PNG) and content.endswith(_PNG_END):
        return MediaType.PNG
    if content.startswith(_JPEG) and content.rstrip(b"\x00").endswith(_JPEG_END):
        return MediaType.JPEG
    if not content:
        raise _refused("There is nothing in this file. Choose another.")
    raise _refused("This is not a whole PDF, PNG or JPEG file. Save or scan the paper as one of these, and choose that.")


def require_size(content: bytes, most: int) -> None:
    """Let a file of at most `most` bytes pass; raises `Invalid`."""
    if len(content) > most:
        raise _refused(f"This file has {len(content) // 1000} kB, and at most {most // 1000} kB fit. Scan it in grey, or at 150 dots an inch.")


def _refused(message: str) -> Invalid:
    return Invalid("paper", message, fields={"file": (message,)})
