"""Whether the records are what was written: the chain of seals, the anchor outside of the database, and every row against its trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import func, select

from compounding.db.audit import AuditRow, ReadRow
from compounding.db.rebuilding import differences
from compounding.db.seals import SealRow, Seals, trail, unsealed
from compounding.domain.trail import BEFORE, Fault, Harm, faults
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was held against each other, and the first thing that is wrong; None where all is as it was written."""

    seals: int
    changes: int
    reads: int
    fault: Fault | None

    @property
    def sentence(self) -> str:
        """For a person."""
        if self.fault is not None:
            return f"THE RECORDS WERE CHANGED. First of all, {self.fault.sentence}"
        return f"The records are as they were written: {self.seals} seals over {self.changes} changes and {self.reads} reads, and every row is what they say."


def verify(look: Look, seals: Seals) -> Verdict:
    """Hold everything against its trail. The anchor is read first: what is sealed meanwhile is in neither."""
    anchor, session = seals.told(), look.session
    wrong = chain(faults(seals.key, anchor, trail(session)), _unsealed(look), differences(session))
    seals_made, changes, reads = (session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (SealRow, AuditRow, ReadRow))
    return Verdict(seals_made, changes, reads, next(wrong, None))


def _unsealed(look: Look) -> Iterator[Fault]:
    """Rows that no seal knows; those from before the first seal are known to it together."""
    first = look.session.scalar(select(SealRow.entries).where(SealRow.number == 1)) or ""
    if f'["{BEFORE}",' not in first:
        yield from (Fault(f"row {key} of the trail", Harm.INSERTED) for key, _ in unsealed(look.session))
