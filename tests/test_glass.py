"""Breaking the glass, and the trail's own page: reading where the role has no look, with a reason, for an hour, and every look kept."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from compounding.db.audit import ReadRow
from compounding.db.dispenses import DispenseRow
from compounding.db.glass import GlassRow, TrailReadingRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from tests.adversary import PASSWORD, House
from tests.workflow.orders import IN_CAPSULES, capsules

WHY = "a court's order of this morning"
NAME = "Ann Featherstonehaugh-Vandersteen"


@pytest.fixture(scope="module")
def opened(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("glass"))
    house.bench.handed_over(house.bench.planned(capsules(NAME), IN_CAPSULES)[0])
    yield house
    house.close()


@pytest.fixture
def house(opened: House) -> House:
    """One pharmacy for all of these: two hours later, so that what was broken before is closed again."""
    opened.bench.clock.moment += timedelta(hours=2)
    return opened


def row_of(house: House, where: str) -> GlassRow:
    with reading(house.bench.pharmacy.engine) as session:
        return session.get_one(GlassRow, UUID(where.rpartition("/")[2]))


def count(house: House) -> int:
    with reading(house.bench.pharmacy.engine) as session:
        return session.query(GlassRow).count()


def last_reading(house: House) -> TrailReadingRow:
    with reading(house.bench.pharmacy.engine) as session:
        return session.scalars(select(TrailReadingRow).order_by(TrailReadingRow.read_at.desc()).limit(1)).one()


def broken(house: House, who: str = "omar", rx: str = "100001", reason: str = WHY) -> TestResponse:
    return house.post(who, "/glass", {"rx": rx, "reason": reason, "signature.secret": PASSWORD})


def read(house: House, who: str, where: str) -> TestResponse:
    return house.browser(who)[0].get(where)


@pytest.mark.parametrize("who", ["omar", "ada"])
def test_the_records_are_open_for_an_hour_and_each_look_is_kept(house: House, who: str) -> None:
    answer = broken(house, who)
    assert answer.status_code == 303
    page = read(house, who, answer.location)
    assert NAME in page.get_data(as_text=True)
    row = row_of(house, answer.location)
    with reading(house.bench.pharmacy.engine) as session:
        looks = session.query(ReadRow).filter_by(actor_id=row.person_id, patient_id=row.patient_id, at=row.broken_at).all()
    assert sorted(look.look_name for look in looks) == ["glass.break", "glass.read"]
    house.bench.clock.moment += timedelta(hours=1)
    closed = read(house, who, answer.location)
    assert closed.status_code == 409
    assert NAME not in closed.get_data(as_text=True)


def test_nobody_else_sees_what_lies_behind_it(house: House) -> None:
    where = broken(house).location
    assert read(house, "ada", where).status_code == 404
    for who in ("maria", "james", "linh"):
        assert read(house, who, where).status_code == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"rx": "999999"}, "no prescription 999999"), ({"reason": "x"}, "at least 10 characters"), ({"signature.secret": "wrong"}, "not your password")],
)
def test_without_a_number_a_reason_or_a_signature_nothing_opens(house: House, fields: dict[str, str], said: str) -> None:
    before = count(house)
    answer = house.post("omar", "/glass", {"rx": "100001", "reason": WHY, "signature.secret": PASSWORD, **fields})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert count(house) == before


def test_the_pharmacist_in_charge_is_told_on_the_day_and_says_what_it_was_once(house: House) -> None:
    key = row_of(house, broken(house).location).id
    assert "See the broken glass" in read(house, "maria", "/").get_data(as_text=True)
    assert WHY.split("'", maxsplit=1)[0] in read(house, "maria", "/glass/reports").get_data(as_text=True)
    said = {"judgement": "the order was shown to me", "signature.secret": PASSWORD}
    assert house.post("omar", f"/glass/{key}/judgement", said).status_code == 403
    assert house.post("maria", f"/glass/{key}/judgement", said).status_code == 303
    assert house.post("maria", f"/glass/{key}/judgement", said).status_code == 409
    assert "the order was shown to me" in read(house, "omar", "/glass/reports").get_data(as_text=True)
    with reading(house.bench.pharmacy.engine) as session:
        unseen = session.scalars(select(GlassRow.id).where(GlassRow.seen_at.is_(None))).all()
    for other in unseen:
        assert house.post("maria", f"/glass/{other}/judgement", said).status_code == 303
    assert "See the broken glass" not in read(house, "maria", "/").get_data(as_text=True)


def test_the_trail_shows_before_and_after_by_person_act_table_patient_and_day(house: House) -> None:
    maria, linh = house.actors["maria"], house.actors["linh"]
    broken(house)
    everything = read(house, "omar", "/trail").get_data(as_text=True)
    assert "<code>glass.break" in everything
    narrowed = read(house, "omar", f"/trail?act=batch.release&person={maria.id}").get_data(as_text=True)
    assert "Maria Garcia</span> <code>batch.release" in narrowed
    assert "<del>compounded</del>" in narrowed
    assert "<ins>released</ins>" in narrowed
    assert "Nothing is told of this" in read(house, "omar", f"/trail?act=batch.release&person={linh.id}").get_data(as_text=True)
    of_patient = read(house, "omar", "/trail?rx=100001").get_data(as_text=True)
    assert "<code>fill.hand_over" in of_patient
    assert "<code>person.add" not in of_patient
    assert "<code>lot.receive" not in of_patient
    received = read(house, "omar", "/trail?act=prescription.receive").get_data(as_text=True)
    assert "locked: what is known of a patient" in received
    assert NAME not in received
    days = "since.day=5&since.month=3&since.year=2026&until.day=6&until.month=3&until.year=2026"
    assert "Nothing is told of this" in read(house, "omar", f"/trail?{days}").get_data(as_text=True)
    assert read(house, "omar", "/trail?rx=999999").status_code == 422
    assert read(house, "omar", "/trail?nothing=1").status_code == 422


def test_what_is_private_opens_on_the_trail_for_whoever_may_read_it_one_patient_at_a_time(house: House) -> None:
    def trail(who: str, asked: str) -> tuple[int, str]:
        answer = read(house, who, f"/trail?{asked}")
        return answer.status_code, answer.get_data(as_text=True)

    birth, locked = "1970-05-05", "locked: what is known of a patient"
    status, seen = trail("maria", "rx=100001&subject=patient&opened=true")
    assert (status, NAME in seen, birth in seen, locked in seen, "codes by which a name is found" in seen) == (200, True, True, False, True)
    assert last_reading(house).filters == "of changes, subject patient, rx 100001, opened True, page 1"
    status, seen = trail("maria", "rx=100001&subject=patient")
    assert (status, NAME in seen, locked in seen) == (200, False, True)
    assert trail("maria", "opened=true")[0] == 422
    status, seen = trail("omar", "rx=100001&subject=patient&opened=true")
    assert (status, NAME in seen, "Break the glass for this patient first" in seen) == (422, False, True)
    broken(house, "ada")  # somebody else's glass opens nothing
    assert trail("omar", "rx=100001&subject=patient&opened=true")[0] == 422
    way = broken(house).location
    assert "/trail?rx=100001&amp;opened=true" in read(house, "omar", way).get_data(as_text=True)
    status, seen = trail("omar", "rx=100001&subject=patient&opened=true")
    row = row_of(house, way)
    with reading(house.bench.pharmacy.engine) as session:
        assert session.query(ReadRow).filter_by(actor_id=row.person_id, patient_id=row.patient_id, look_name=ActName.TRAIL_CONSULT, at=row.broken_at).count()
    assert (status, NAME in seen) == (200, True)
    house.bench.clock.moment += timedelta(hours=1)
    assert trail("omar", "rx=100001&opened=true")[0] == 422


def test_reads_are_listed_and_reading_the_trail_is_kept_too(house: House) -> None:
    read(house, "james", f"/fills/{_first_fill(house)}")
    listed = read(house, "maria", "/trail?kind=reads&rx=100001").get_data(as_text=True)
    assert "James Okafor" in listed
    row = last_reading(house)
    with reading(house.bench.pharmacy.engine) as session:
        look = session.query(ReadRow).filter_by(actor_id=house.actors["maria"].id, look_name=ActName.TRAIL_CONSULT, at=row.read_at).one()
    assert (row.person_id, row.filters) == (house.actors["maria"].id, "of reads, rx 100001, page 1")
    assert look.patient_id is not None


def _first_fill(house: House) -> object:
    with reading(house.bench.pharmacy.engine) as session:
        return session.scalars(select(DispenseRow.fill_id)).one()


def test_the_trail_is_verified_and_exported_by_its_page(house: House) -> None:
    verified = house.post("omar", "/trail/verify", {}).get_data(as_text=True)
    assert "The records are as they were written" in verified, re.findall(r"THE RECORDS[^<]*", verified)
    answer = house.post("omar", "/trail/export", {})
    with ZipFile(BytesIO(answer.data)) as bundle:
        assert set(bundle.namelist()) == {"README.txt", "anchor.txt", "verify.py", "trail.jsonl"}
        assert bundle.read("trail.jsonl").count(b"\n") > 10
        assert not [name for name in bundle.namelist() if NAME.encode() in bundle.read(name) or b"1970-05-05" in bundle.read(name)]
    assert last_reading(house).filters == "export of the whole"


def test_pages_of_the_trail_follow_one_another(house: House) -> None:
    first = read(house, "omar", "/trail?act=pharmacy.seed").get_data(as_text=True)
    assert 'href="/trail?act=pharmacy.seed&amp;page=2"' in first
    second = read(house, "omar", "/trail?act=pharmacy.seed&page=2").get_data(as_text=True)
    assert "Newer" in second
    assert first.split("<article")[1] not in second
