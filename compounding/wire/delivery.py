"""One print on its way: the stored bytes, moved by the printer's offset, in the language that the printer speaks."""

from compounding.domain.print_job import Answer, Outcome
from compounding.domain.printer import Printer, Way
from compounding.wire import ipp, raw
from compounding.wire.connection import USUAL, Patience, Refused
from labels import zpl
from labels.media import MEDIA
from labels.offset import shifted

_HUNDREDTHS = 100  # of a millimetre, in which IPP tells the size of a label


_MICROMETRES = 1000  # in a millimetre


def moved(printer: Printer, pdf: bytes) -> bytes:
    """The stored bytes as this printer gets them: moved by its offset, and the very same where that is nothing."""
    offset = printer.offset
    return shifted(pdf, MEDIA[printer.medium], right_mm=offset.right_um / _MICROMETRES, down_mm=offset.down_um / _MICROMETRES)


def deliver(printer: Printer, pdf: bytes, name: str, patience: Patience = USUAL) -> Answer:
    """Send `pdf` to the printer under the job name `name`, which holds no patient data, and tell what became of it."""
    media, reach, pdf = MEDIA[printer.medium], printer.reach, moved(printer, pdf)
    try:
        match reach.way:
            case Way.SOCKET:
                return raw.send(reach.host, reach.port, zpl.graphics(pdf, media.dots_per_inch), patience)
            case Way.IPP:
                width, height = media.grid.sheet_mm if media.grid else (media.width_mm, media.height_mm)
                size = round(width * _HUNDREDTHS), round(height * _HUNDREDTHS)
                return ipp.send(reach.host, reach.port, reach.path, pdf, name=name, size=size, patience=patience)
        return Answer(Outcome.REFUSED, "This printer is one of the browser: open the label there.")
    except Refused as refusal:
        return refusal.answer
