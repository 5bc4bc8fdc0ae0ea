"""The routes of recalls and complaints: what each needs, a form that it would take, and something for it to lead to."""

from collections.abc import Mapping

from compounding.domain.authority import ActName, LookName
from compounding.domain.complaint import Harm, Report
from compounding.domain.recall import Days, Kind
from compounding.domain.recall_case import ContactKind, Notice, RecallClass
from compounding.workflow import complaints, recall_cases, recalls
from tests.adversary import Fields, House
from tests.ways_of_pages import SIGNED
from tests.workflow.orders import IN_CAPSULES, capsules

FORMS: Mapping[str, Fields] = {
    "recalls.find": {"q": "100001"},
    "recalls.quarantine": {"reason": "a bitter taste"},
    "recalls.recall": {"recall_class": "II", "reason": "the assay", "harmed": "false", **SIGNED},
    "recall_cases.close": {"closing": "the supplier changed", **SIGNED},
    "recall_cases.try_contact": {"way": "phone", "result": "reached"},
    "complaints.review": {"findings": "nothing", "follow_up": "none", "is_quality": "false", "reported": "false", "why_not": "no harm", **SIGNED},
}


def recalled(house: House) -> dict[str, str]:
    """The keys of a recall that has to reach a patient, of that contact, and of a complaint."""
    bench = house.bench
    (fill,) = bench.planned(capsules("Recalled Sample"), IN_CAPSULES)
    batch = bench.handed_over(fill)
    notice = Notice(RecallClass.SECOND, "a bitter taste", None)
    told = Report(bench.clock(), "Recalled Sample", "it tastes bitter", "told to wait", Harm.NONE)
    complaint = bench.pharmacy.perform(ActName.COMPLAINT_RECORD, bench.linh, lambda act: complaints.record(act, told, fill_id=fill))
    recall = bench.pharmacy.perform(ActName.RECALL_OPEN, bench.maria, lambda act: recalls.recall(act, Kind.BATCH, batch, days=Days(), notice=notice))
    case = bench.pharmacy.look(LookName.RECALLS, bench.maria, lambda look: recall_cases.case(look, recall))
    contact = next(one.id for one in case.contacts if one.kind is ContactKind.PATIENT)
    return {"recall_id": str(recall), "contact_id": str(contact), "complaint_id": str(complaint)}
