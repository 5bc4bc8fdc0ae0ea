"""Every route of the program: what it needs, where it leads, and a form that it would take."""

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID, uuid4

from sqlalchemy import select
from werkzeug.routing import Rule

from compounding.api import access as api_access
from compounding.api.access import Scoped
from compounding.db.people import ClientTokenRow
from compounding.db.session import reading
from compounding.domain.authority import ACTS, LOOKS, ActName, Door, LookName, Needed
from compounding.domain.people import Role
from compounding.web import access as web_access
from compounding.workflow import glass
from tests import access_costs, access_printing, access_recalls, access_setbacks
from tests.adversary import Fields, House
from tests.api.orders import NPI, titration
from tests.ways_of_formulas import FORMS_OF_FORMULAS
from tests.ways_of_pages import HANDED, PLAN, SEEN, SIGNED
from tests.ways_of_upkeep import AROUND_THE_BENCH
from tests.workflow.orders import IN_CAPSULES, capsules

LISTED: Mapping[str, Needed] = {
    "health": Door.OPEN,
    **web_access.ROUTES,
    **{endpoint: route.needed if isinstance(route, Scoped) else route for endpoint, route in api_access.ROUTES.items()},
}
ROLES = {"linh": Role.TECHNICIAN, "james": Role.PHARMACIST, "maria": Role.IN_CHARGE, "ada": Role.ADMINISTRATOR, "omar": Role.AUDITOR}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NAME = "Zyxwina Quorble"
API = ("/api/v1/", "/fhir/", "/cds-services")
NOT_THERE = {"dispenses-v1.one", "fhir.dispense"}  # nothing of the two systems was handed over
# A good form for each act, so that what turns somebody away is the authority; what a page needs no field for is not here.
FORMS: Mapping[str, Fields] = {
    "orders.accept": {"retyped.0": "4.5", **SIGNED},
    "orders.ask_again": {name: text for name, text in HANDED.items() if name.startswith("opioid.")},
    "orders.hold": {"reason": "dose", "question": "Is 4.5 mg meant?"},
    "orders.review": {"reviewed_on": "2026-03-01", "outcome": "less pain"},
    "orders.go_on": {"step": "2", "going": "on", "way": "phone", "told_on": "2026-03-02"},
    "orders.keep_plan": PLAN,
    "batches.count": {"counted": "3", **SEEN},
    "batches.begin": {},
    "batches.weigh": {"line": "2", "lot": "SUN2201", "reading": "675"},
    "batches.witness_weights": SEEN,
    "batches.compound": {"made": "30", **SIGNED},
    "batches.release": SIGNED,
    "batches.reject": {"reason": "spilled", **SIGNED},
    "records.set_aside": {"reason": "a complaint"},
    "records.lift": {"reason": "nothing was found", **SIGNED},
    "day.search": {"q": "100001"},
    "leaflets.leaflet": {"language": "en", "size": "ordinary"},
    "fills.check": {"scanned": "1-1", **SIGNED},
    "fills.redate": {"new_first_dose_on": "2026-03-03"},
    "fills.hand_over": HANDED,
    **AROUND_THE_BENCH,
    **FORMS_OF_FORMULAS,
    "glass.judge": {"judgement": "the order was shown to me", **SIGNED},
    "stock.release": {"release.compared": "true"},
    "stock.withdraw": {"withdrawal.sure": "true"},
    "stock_products.describe": {"description.excipients[]": "lactose", "description.source": "package insert"},
    "stock_products.level": {"level.least": "10"},
    "stock_counts.count": {"counted": "96"},
    "stock_counts.adjust": {"adjustment.reason": "nothing was found", **SIGNED},
    "stock_counts.destroy": {"amount": "1", "cause": "damaged", "reason": "broken", **SEEN, **SIGNED},
    "stock_papers.supersede": {"reason": "a newer one is there"},
    **access_setbacks.FORMS,
    **access_recalls.FORMS,
    **access_costs.FORMS,
    **access_printing.FORMS,
}


DELIVERY: Fields = {
    "source": "manufacturer", "product": "tablet-sun-100", "lot_number": "DOORS", "expires_on.month": "6", "expires_on.year": "2028", "quantity": "100",
    "invoice": "70.00", "wholesaler": "Sample Wholesale", "invoice_number": "4711", "invoiced_on.day": "2", "invoiced_on.month": "3",
    "invoiced_on.year": "2026",
}  # fmt: skip
INTERMEDIATE: Fields = {
    "stock.value": "1", "stock.unit": "mg", "to.value": "10", "to.unit": "mcg", "flask": "100", "least": "1", "reference": "B-1", "stock_until": "2026-04-05",
    "kind": "aqueous, not preserved", "storage": "refrigerator", "number": "1", "medium": "roll-70x35",
}  # fmt: skip


def furnished(house: House) -> dict[str, str]:
    """Something that exists for every route to lead to: a labelled container of a patient whose name is like no other word."""
    bench = house.bench
    (fill,) = bench.planned(capsules(NAME), IN_CAPSULES)
    batch = bench.made(fill)
    label = bench.label(fill)
    blank = house.post("linh", "/batches/blanks", {"formula": "C4.5", "count": "1"}).location.rpartition("#blank-")[2]
    intermediate = house.post("linh", "/calculations/serial/label", INTERMEDIATE)
    sent = house.clinic.send(titration() | {"patient": titration()["patient"] | {"name": NAME}})
    return {
        "order_id": str(bench.fill(fill).prescription_id),
        "fill_id": str(fill),
        **administered(house),
        "glass_id": broken(house, bench.fill(fill).prescription_id),
        "batch_id": str(batch),
        "label_id": str(label),
        "leaflet_id": house.post("linh", f"/fills/{fill}/leaflet", FORMS["leaflets.leaflet"]).location.rpartition("/")[2].removesuffix(".pdf"),
        **access_printing.printed(house, str(label)),
        "lot_id": str(bench.lot("SUN2201").id),
        "purchase_id": purchased(house),
        "product_id": found(house, "/stock/products", "/stock/products/"),
        "count_id": counted(house, bench.lot("SUN2201").id),
        "paper_id": filed(house, bench.lot("SUN2201").id),
        "prescription_id": sent.get_json()["id"],
        "patient_id": str(bench.prescription(UUID(sent.get_json()["id"])).patient_id),
        "npi": NPI,
        "service": "naltrexone-screening",
        "etag": house.clinic.get(sent.location).headers["ETag"].strip('W/"'),
        "dispense_id": str(uuid4()),
        "clarification_id": str(UUID(int=7)),
        **access_costs.rejected(house),
        "intermediate_id": intermediate.location.rpartition("/")[2].removesuffix(".pdf"),
        "kind": "dilution",
        "code": "C4.5",
        "language": "es",
        "version": "1",
        "number": "1",
        "blank_id": blank,
        "medium": "thermal-4x2",
        "start": "lot",
        "start_id": str(bench.lot("SUN2201").id),
        "whom": "patients",
        **access_recalls.recalled(house),
        "other": "1",
    }


def administered(house: House) -> dict[str, str]:
    """The keys of one of the staff, and of a prescriber's system with its token."""
    with reading(house.bench.pharmacy.engine) as session:
        row = session.scalars(select(ClientTokenRow).order_by(ClientTokenRow.created_at, ClientTokenRow.id)).first()
    assert row is not None
    return {"person_id": str(house.actors["james"].id), "client_id": str(row.client_id), "token_id": str(row.id), "key_id": str(uuid4())}


def broken(house: House, order_id: UUID) -> str:
    """The key of glass that the auditor broke."""
    number = int(house.bench.prescription(order_id).number)
    reason = "a court's order of this morning"
    return str(house.bench.pharmacy.perform(ActName.GLASS_BREAK, house.actors["omar"], lambda act: glass.break_glass(act, number, reason)))


def purchased(house: House) -> str:
    """The key of an invoice of which one lot was taken in."""
    answer = house.post("linh", "/stock/receive", DELIVERY)
    return found(house, answer.location, "/stock/purchases/")


def found(house: House, page: str, address: str) -> str:
    """The first key in an address of a page."""
    page = house.browser("linh")[0].get(page).get_data(as_text=True)
    return next(key for part in page.split(address)[1:] if len(key := part.partition('"')[0]) == len(str(UUID(int=0))))


def counted(house: House, lot_id: UUID) -> str:
    """The key of a count that differs from the book by one."""
    return house.post("linh", f"/stock/{lot_id}/count", {"counted": "96"}).location.rpartition("/")[2]


def filed(house: House, lot_id: UUID) -> str:
    """The key of a paper that is filed on a lot."""
    client, token = house.browser("linh")
    paper = (BytesIO(b"%PDF-1.7\n%%EOF\n"), "paper.pdf")
    client.post(f"/stock/{lot_id}/papers", data={"csrf_token": token, "kind": "other", "title": "A paper", "file": paper})
    return found(house, f"/stock/{lot_id}/papers", "/papers/")


def routes(house: House) -> list[tuple[Rule, str]]:
    """Every route with each method that it takes."""
    rules = sorted(house.app.url_map.iter_rules(), key=lambda rule: (rule.rule, str(rule.methods)))
    return [(rule, method) for rule in rules for method in METHODS if method in (rule.methods or ())]


def address(rule: Rule, keys: Mapping[str, str]) -> str:
    name = "house.css" if rule.endpoint == "house.asset" else "start.js"
    values = {argument: {"name": name, **keys}[argument] for argument in rule.arguments}
    typed = {
        argument: UUID(value) if argument.endswith("_id") else int(value) if argument in {"version", "number", "other"} else value
        for argument, value in values.items()
    }
    built = rule.build(typed)
    assert built is not None
    return built[1]


def is_api(rule: Rule) -> bool:
    """Whether a route asks for a token."""
    return rule.rule.startswith(API) and LISTED[rule.endpoint] is not Door.OPEN


def may(role: Role, needed: Needed) -> bool:
    if isinstance(needed, ActName):
        return role in ACTS[needed]
    return role in LOOKS[needed] if isinstance(needed, LookName) else True
