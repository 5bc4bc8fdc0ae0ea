"""A label with a barcode, as it is stored."""

import pytest

from labels.label import BatchLabel
from labels.media import MEDIA
from tests.application import renderer

BARCODE = "100023-17"


@pytest.fixture(scope="session")
def pdf() -> bytes:
    texts = ("A1B2C3D4", "naltrexone 1 mg/mL oral liquid", "17", "2026-03-01", "2026-04-04", "Keep in the refrigerator.", "126 mL", "RELEASED", BARCODE)
    return renderer().batch(BatchLabel(*texts), MEDIA["thermal-4x3"]).pdf
