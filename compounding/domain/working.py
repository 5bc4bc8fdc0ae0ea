"""Why a number is what it is: the rule, the inputs with their units, the exact ratio and the source."""

from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.quantity import decimal_text


@dataclass(frozen=True, slots=True)
class Working:
    """The reasoning behind one number; `key` names the number, `exact` is its value in `unit`, `shown` what people read."""

    key: str
    rule: str
    inputs: tuple[tuple[str, str], ...]
    exact: Fraction
    unit: str
    source: str
    shown: str = ""

    @property
    def ratio(self) -> str:
        """The exact fraction ("63/25"); a whole number stands alone."""
        return str(self.exact)

    @property
    def exactly(self) -> str:
        """The exact value as a decimal with its unit ("2.7 tablets"), or as a fraction where no decimal is exact."""
        return f"{decimal_text(self.exact)} {_counted(self.exact, self.unit)}"

    @property
    def text(self) -> str:
        """What people read, with its unit."""
        return self.shown or self.exactly


def _counted(number: Fraction, unit: str) -> str:
    return unit.removesuffix("s") if number == 1 else unit
