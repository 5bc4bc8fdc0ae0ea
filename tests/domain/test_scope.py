"""Scopes of prescribers' systems, in the words of SMART App Launch."""

import pytest

from compounding.domain.errors import Forbidden, Invalid
from compounding.domain.scope import ALL, Scope, require_scope, scopes_of, text_of


@pytest.mark.parametrize(
    "written",
    ["", " ", "system/*.rs", "user/Patient.r", "system/Patient.", "system/Patient.sr", "system/MedicationRequest.d",
     "system/Patient.c", "system/Patient.r system/Patient.s", "system/Condition.r", "system/Patient.r?x=1", "SYSTEM/Patient.r", "system/Patient.r\nx"],
)  # fmt: skip
def test_a_scope_that_is_malformed_or_that_nothing_answers_to_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refusal:
        scopes_of(written)
    assert list(refusal.value.fields) == ["scopes"]


def test_a_scope_covers_its_own_kind_and_letters_alone() -> None:
    granted = scopes_of("system/MedicationRequest.cr system/Patient.rs")
    for needed in ("system/MedicationRequest.c", "system/MedicationRequest.cr", "system/Patient.s"):
        require_scope(granted, Scope.read(needed))
    for needed in ("system/MedicationRequest.s", "system/MedicationRequest.cs", "system/MedicationDispense.r"):
        with pytest.raises(Forbidden, match=needed.replace(".", "[.]")):
            require_scope(granted, Scope.read(needed))
    assert scopes_of(text_of(ALL)) == tuple(sorted(ALL))
