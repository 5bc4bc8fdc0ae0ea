"""What is done around the bench, so that work may begin; part of `bench.Bench`."""

from uuid import UUID

from compounding.domain.authority import ActName, LookName
from compounding.domain.people import Actor
from compounding.domain.weighing import DropCount
from compounding.workflow import devices, label_pages, labels, upkeep
from compounding.workflow.act import Pharmacy


class AroundTheBench:
    """The upkeep of a pharmacy at work, by those who work there."""

    pharmacy: Pharmacy
    maria: Actor
    james: Actor
    linh: Actor

    def check_balances(self) -> None:
        """What the first at the bench does each day: every balance that was not checked today shows its test weight."""
        found = self.pharmacy.look(LookName.UPKEEP, self.linh, upkeep.balances)
        unchecked = [item.care for item in found.balances if item.care.check is None or item.care.check.on != found.today]
        readings = {care.balance.code: care.balance.test_weight for care in unchecked}
        if readings:
            self.pharmacy.perform(ActName.BALANCE_CHECK, self.linh, lambda act: upkeep.check_balances(act, readings))

    def count_drops(self, name: str, formula: str, counts: tuple[DropCount, ...]) -> None:
        self.pharmacy.perform(ActName.DEVICE_CALIBRATE, self.linh, lambda act: devices.calibrate(act, name=name, formula=formula, counts=counts))

    def reprint(self, label_id: UUID, reason: str = "the first was smeared") -> bytes:
        """A label printed again: what comes out."""
        return self.pharmacy.perform(ActName.LABEL_REPRINT, self.linh, lambda act: label_pages.pdf(act, labels.reprint(act, label_id, reason).label_id))

    def holding_labels(self, fill_id: UUID) -> int:
        """How many labels of a container hold: one, or none once what it says is not so any more."""
        return sum(label.current for label in self.pharmacy.look(LookName.LABELS, self.linh, lambda look: label_pages.labels_of(look, fill_id)))
