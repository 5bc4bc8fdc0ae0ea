"""Every route of the program: what it needs, where it leads, and a form that it would take."""

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID

from werkzeug.routing import Rule

from compounding.domain.authority import ACTS, LOOKS, ActName, LookName
from compounding.domain.people import Role
from tests import access_costs, access_printing, access_recalls, access_setbacks
from tests.adversary import Fields, House
from tests.api.orders import titration
from tests.ways_of_formulas import FORMS_OF_FORMULAS, LISTED_OF_FORMULAS
from tests.ways_of_pages import HANDED, PLAN, SEEN, SIGNED
from tests.ways_of_upkeep import AROUND_THE_BENCH
from tests.workflow.orders import IN_CAPSULES, capsules

OPEN = "open"  # for whoever knows the address
SIGNED_IN = "signed in"  # for everybody of the staff
Needed = ActName | LookName | str

LISTED: Mapping[str, Needed] = {
    "health": OPEN,
    "house.asset": OPEN,
    "session.form": OPEN,
    "session.sign_in": OPEN,
    "session.sign_out": SIGNED_IN,
    "api-page.page": OPEN,
    "api-page.asset": OPEN,
    "api-docs.openapi_json": OPEN,
    "prescriptions-v1.send": ActName.PRESCRIPTION_RECEIVE,
    "prescriptions-v1.several": LookName.OWN_PRESCRIPTIONS,
    "prescriptions-v1.one": LookName.OWN_PRESCRIPTIONS,
    "plans-v1.work_out": LookName.SKETCHES,
    "day.home": LookName.DAY,
    "day.search": LookName.DAY,
    "pooling.proposals": LookName.DAY,
    "pooling.take_up": ActName.BATCH_PLAN,
    "demand.weeks": LookName.DAY,
    "prescriptions.new": LookName.DAY,
    "prescriptions.rows": LookName.DAY,
    "prescriptions.understood": LookName.DAY,
    "prescriptions.create": ActName.PRESCRIPTION_RECEIVE,
    "orders.trail": LookName.PRESCRIPTIONS,
    "orders.plan": LookName.PRESCRIPTIONS,
    "orders.accept": ActName.PRESCRIPTION_ACCEPT,
    "orders.answer": ActName.PRESCRIPTION_OVERRIDE,
    "orders.hold": ActName.PRESCRIPTION_HOLD,
    "orders.ask_again": ActName.PRESCRIPTION_ASK_AGAIN,
    "orders.decline": ActName.PRESCRIPTION_DECLINE,
    "orders.cancel": ActName.PRESCRIPTION_CANCEL,
    "orders.review": ActName.REVIEW_RECORD,
    "orders.go_on": ActName.PRESCRIPTION_GO_ON,
    "orders.keep_plan": ActName.PLAN_MAKE,
    "batches.index": LookName.BATCHES,
    "batches.worksheet": LookName.BATCHES,
    "batches.rejecting": LookName.BATCHES,
    "batches.bench": LookName.BATCHES,
    "batches.start_step": ActName.BATCH_TIME_STEP,
    "batches.end_step": ActName.BATCH_TIME_STEP,
    "batches.count": ActName.BATCH_COUNT,
    "batches.begin": ActName.BATCH_BEGIN,
    "batches.weigh": ActName.BATCH_WEIGH,
    "batches.witness_weights": ActName.BATCH_WITNESS,
    "batches.compound": ActName.BATCH_COMPOUND,
    "batches.weights": LookName.BATCHES,
    "batches.release": ActName.BATCH_RELEASE,
    "batches.reject": ActName.BATCH_REJECT,
    "records.record": LookName.BATCHES,
    "records.record_pdf": LookName.BATCHES,
    "records.worksheet_pdf": LookName.BATCHES,
    "records.label_pdf": LookName.BATCHES,
    "records.setting_aside": LookName.BATCHES,
    "records.set_aside": ActName.BATCH_QUARANTINE,
    "records.lifting": LookName.BATCHES,
    "records.lift": ActName.BATCH_LIFT,
    "records.signatures": LookName.BATCHES,
    "fills.counter": LookName.LABELS,
    "fills.draw_up": ActName.BATCH_PLAN,
    "fills.serve": ActName.FILL_SERVE,
    "for-stock.page": LookName.BATCHES,
    "for-stock.draw_up": ActName.BATCH_PLAN,
    "leaflets.leaflet": ActName.LEAFLET_ISSUE,
    "leaflets.pdf": LookName.LABELS,
    "fills.check": ActName.FILL_CHECK,
    "fills.redate": ActName.FILL_HAND_OVER,
    "fills.hand_over": ActName.FILL_HAND_OVER,
    "stock.lots": LookName.STOCK,
    "stock.lot": LookName.STOCK,
    "stock_receiving.form": LookName.STOCK,
    "stock_receiving.scan": LookName.STOCK,
    "stock_receiving.receive": ActName.LOT_RECEIVE,
    "stock_receiving.purchase": LookName.STOCK,
    "stock.release": ActName.LOT_RELEASE,
    "stock.withdraw": ActName.LOT_WITHDRAW,
    "stock.weigh": ActName.LOT_WEIGH_TABLETS,
    "stock.pack": ActName.LOT_WEIGH_TABLETS,
    "stock_products.index": LookName.STOCK,
    "stock_products.form": LookName.STOCK,
    "stock_products.add": ActName.PRODUCT_ADD,
    "stock_products.product": LookName.STOCK,
    "stock_products.describe": ActName.PRODUCT_DESCRIBE,
    "stock_products.level": ActName.PRODUCT_SET_LEVEL,
    "stock_counts.form": LookName.STOCK,
    "stock_counts.count": ActName.LOT_COUNT,
    "stock_counts.counted": LookName.STOCK,
    "stock_counts.adjust": ActName.LOT_ADJUST,
    "stock_counts.destruction": LookName.STOCK,
    "stock_counts.destroy": ActName.LOT_DESTROY,
    "stock_papers.of_lot": LookName.PAPERS,
    "stock_papers.file_on_lot": ActName.PAPER_FILE,
    "stock_papers.paper": LookName.PAPERS,
    "stock_papers.supersede": ActName.PAPER_SUPERSEDE,
    "devices.index": LookName.STOCK,
    "devices.calibrate": ActName.DEVICE_CALIBRATE,
    "planner.page": LookName.SKETCHES,
    "planner.compute": LookName.SKETCHES,
    **LISTED_OF_FORMULAS,
    "calculations.overview": LookName.CALCULATIONS,
    "calculations.calculation": LookName.CALCULATIONS,
    "calculations.label": ActName.LABEL_ISSUE,
    "calculations.label_pdf": LookName.CALCULATIONS,
    "upkeep.overview": LookName.UPKEEP,
    "upkeep.balances": LookName.UPKEEP,
    "upkeep.check": ActName.BALANCE_CHECK,
    "upkeep.calibrate": ActName.BALANCE_CALIBRATE,
    "upkeep.set_weight": ActName.BALANCE_SET_WEIGHT,
    "climate.page": LookName.UPKEEP,
    "climate.read": ActName.TEMPERATURE_READ,
    "climate.put": ActName.LOT_PUT,
    "climate.decide": ActName.EXCURSION_DECIDE,
    "routines.cleaning": LookName.UPKEEP,
    "routines.clean": ActName.CLEANING_RECORD,
    "routines.training": LookName.UPKEEP,
    "routines.train": ActName.TRAINING_RECORD,
    **access_setbacks.ROUTES,
    **access_recalls.ROUTES,
    **access_costs.ROUTES,
    **access_printing.ROUTES,
}
ROLES = {"linh": Role.TECHNICIAN, "james": Role.PHARMACIST, "maria": Role.IN_CHARGE, "ada": Role.ADMINISTRATOR}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NAME = "Zyxwina Quorble"
API = "/api/v1/"
# A good form for each act, so that what turns somebody away is the authority; what a page needs no field for is not here.
FORMS: Mapping[str, Fields] = {
    "orders.accept": {"retyped.0": "4.5", **SIGNED},
    "orders.ask_again": {name: text for name, text in HANDED.items() if name.startswith("opioid.")},
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
    "leaflets.leaflet": {"language": "en", "size": "ordinary"},
    "fills.check": {"scanned": "1-1", **SIGNED},
    "fills.redate": {"new_first_dose_on": "2026-03-03"},
    "fills.hand_over": HANDED,
    **AROUND_THE_BENCH,
    **FORMS_OF_FORMULAS,
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
        **access_costs.rejected(house),
        "intermediate_id": intermediate.location.rpartition("/")[2].removesuffix(".pdf"),
        "kind": "dilution",
        "code": "C4.5",
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
    return built[1] + ("?q=100001" if rule.endpoint == "day.search" else "")


def is_api(rule: Rule) -> bool:
    return rule.rule.startswith(API)


def may(role: Role, needed: Needed) -> bool:
    if isinstance(needed, ActName):
        return role in ACTS[needed]
    return role in LOOKS[needed] if isinstance(needed, LookName) else True
