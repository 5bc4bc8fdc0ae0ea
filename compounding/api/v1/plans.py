"""What a course would take, worked out for nobody in particular: nothing is kept, so that the same may be asked any number of times."""

from flask import Response, jsonify

from compounding.api.arguments import StrictBlueprint
from compounding.api.token import caller, pharmacy
from compounding.api.v1.plan_examples import EXAMPLES
from compounding.domain.authority import LookName
from compounding.domain.plan import Inquiry
from compounding.schemas.inquiry import INQUIRY
from compounding.schemas.plan_answers import PlanAnswer, plan_answer
from compounding.workflow.sketches import sketch

blueprint = StrictBlueprint("plans-v1", __name__, url_prefix="/api/v1/plans", description="Courses worked out, with the reason for every number")


@blueprint.post("")
@blueprint.arguments(INQUIRY, location="json", examples={name: example.asked for name, example in EXAMPLES.items()})
@blueprint.response(200, PlanAnswer, examples={name: example.told for name, example in EXAMPLES.items()})
def work_out(inquiry: Inquiry) -> Response:
    """Work out a whole course: doses on the marks, containers with their dates, tablets, and why.

    Leave formula and device out, and the pharmacy chooses among its own. No patient is named and none is screened: only an order can be made.
    """
    found = pharmacy().look(LookName.SKETCHES, caller(), lambda look: sketch(look, inquiry))
    return jsonify(plan_answer(found.course, found.chosen, found.options))
