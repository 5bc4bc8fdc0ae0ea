"""A container's page and its batch's: two forms ask for a first day, each by its own name; a signature is told in the pharmacy's time."""

from tests.adversary import House
from tests.web.reading import Page
from tests.workflow.orders import IN_CAPSULES, capsules


def test_no_two_fields_of_a_checked_container_share_an_id_and_a_refused_day_stands_beside_its_own(house: House) -> None:
    (fill,) = house.bench.planned(capsules("Cora Container"), IN_CAPSULES)
    house.bench.made(fill)
    house.bench.label(fill)
    house.bench.check(fill)
    page = Page.of(house.browser("maria")[0].get(f"/fills/{fill}"))
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    assert page.named("new_first_dose_on")
    assert page.named("first_dose_on.day")
    assert sorted(ids) == sorted(set(ids))

    refused = Page.of(house.post("maria", f"/fills/{fill}/redate", {"new_first_dose_on": "2026-03-01"}))
    assert refused.status == 422
    assert "Give today or a later day." in refused.message("new_first_dose_on")
    assert not refused.message("first_dose_on")
    assert refused.value("new_first_dose_on") == "2026-03-01"


def test_a_signature_is_told_in_the_time_of_the_pharmacy(house: House) -> None:
    (fill,) = house.bench.planned(capsules("Sig Nature"), IN_CAPSULES)
    batch = house.bench.made(fill)
    page = Page.of(house.browser("maria")[0].get(f"/batches/{batch}"))
    assert "2 March 2026 , 09:00" in page.text  # in Los Angeles, where it is 17:00 UTC
    assert "UTC" not in page.text
