"""NADAC's list as the tests write it, in the shape in which data.medicaid.gov publishes it; the prices are made up."""

from collections.abc import Sequence
from io import BytesIO

HEADS = (
    "NDC Description", "NDC", "NADAC Per Unit", "Effective Date", "Pricing Unit", "Pharmacy Type Indicator", "OTC", "Explanation Code",
    "Classification for Rate Setting", "Corresponding Generic Drug NADAC Per Unit", "Corresponding Generic Drug Effective Date", "As of Date",
)  # fmt: skip
SUN = "47335032608"  # NDC 47335-326-08 as price lists write it


def row(ndc: str = SUN, price: str = "0.61234", effective: str = "12/18/2025", unit: str = "EA", as_of: str = "01/07/2026") -> tuple[str, ...]:
    return ("NALTREXONE 50 MG TABLET", ndc, price, effective, unit, "C/I", "N", '"1, 5"', "G", "", "", as_of)


def text(*rows: Sequence[str], heads: Sequence[str] = HEADS) -> bytes:
    return "".join(",".join(cells) + "\r\n" for cells in (heads, *rows)).encode()


def file(*rows: Sequence[str], heads: Sequence[str] = HEADS) -> BytesIO:
    return BytesIO(text(*rows, heads=heads))
