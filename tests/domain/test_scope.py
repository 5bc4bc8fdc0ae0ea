"""Scopes of prescribers' systems, in the words of SMART App Launch."""

import pytest

from compounding.domain.errors import Forbidden, Invalid
from compounding.domain.scope import ALL, Scope, kept_scopes, require_scope, scopes_of, text_of


@pytest.mark.parametrize(
    "written",
    ["", " ", "system/*.rs", "user/Patient.r", "system/Patient.", "system/Patient.sr", "system/MedicationRequest.d",
     "system/Patient.c", "system/Patient.s", "system/Subscription.c",
     "system/Patient.r system/Patient.r", "system/Condition.r", "system/Patient.r?x=1", "SYSTEM/Patient.r", "system/Patient.r\nx"],
)  # fmt: skip
def test_a_scope_that_is_malformed_or_that_nothing_answers_to_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refusal:
        scopes_of(written)
    assert list(refusal.value.fields) == ["scopes"]


def test_a_scope_covers_its_own_kind_and_letters_alone() -> None:
    granted = scopes_of("system/MedicationRequest.cr system/Patient.r")
    for needed in ("system/MedicationRequest.c", "system/MedicationRequest.cr", "system/Patient.r"):
        require_scope(granted, Scope.read(needed))
    for needed in ("system/MedicationRequest.s", "system/MedicationRequest.cs", "system/MedicationDispense.r"):
        with pytest.raises(Forbidden, match=needed.replace(".", "[.]")):
            require_scope(granted, Scope.read(needed))
    assert scopes_of(text_of(ALL)) == kept_scopes(text_of(ALL)) == tuple(sorted(ALL))


def test_of_what_was_granted_before_stays_what_still_opens_something() -> None:
    assert text_of(kept_scopes("system/MedicationRequest.crus system/Patient.rs system/Practitioner.s system/Subscription.crus")) == (
        "system/MedicationRequest.crus system/Patient.r"
    )
