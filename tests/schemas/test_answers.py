"""What may be nothing in an answer is declared so in its document."""

from typing import get_args, get_type_hints

import pytest
from marshmallow import Schema

from compounding.domain.safety import Finding
from compounding.schemas import answers
from compounding.workflow.correspondence import ChangeView, QuestionView
from compounding.workflow.order_views import FillView, PrescriptionView
from compounding.workflow.own_dispenses import DispenseView
from compounding.workflow.own_labels import LabelView


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (answers.FindingAnswer, Finding),
        (answers.FillAnswer, FillView),
        (answers.QuestionAnswer, QuestionView),
        (answers.ChangeAnswer, ChangeView),
        (answers.PrescriptionAnswer, PrescriptionView),
        (answers.DispenseAnswer, DispenseView),
        (answers.LabelAnswer, LabelView),
    ],
)
def test_what_may_be_nothing_is_declared_so(schema: type[Schema], told: type) -> None:
    may_be_nothing = {name for name, kind in get_type_hints(told).items() if type(None) in get_args(kind)}
    fields = {name: field for name, field in schema().fields.items() if (field.attribute or name) in may_be_nothing}
    assert {name: field.allow_none for name, field in fields.items()} == dict.fromkeys(fields, True)
