"""Who may do what: one table of acts and one of looks, default deny.

An act changes something, in one transaction; a look only reads. Every route names the act or look that it needs.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from compounding.domain.errors import Forbidden
from compounding.domain.people import BENCH, PHARMACISTS, STAFF, Actor, Role


class ActName(StrEnum):
    """Everything that may change a record, as `subject.verb`."""

    PRESCRIPTION_RECEIVE = "prescription.receive"
    PRESCRIPTION_ACCEPT = "prescription.accept"
    PRESCRIPTION_OVERRIDE = "prescription.override"
    PRESCRIPTION_HOLD = "prescription.hold"
    PRESCRIPTION_ASK_AGAIN = "prescription.ask_again"
    PRESCRIPTION_DECLINE = "prescription.decline"
    PRESCRIPTION_CANCEL = "prescription.cancel"
    PRESCRIPTION_TRANSFER = "prescription.transfer"
    PRESCRIPTION_GO_ON = "prescription.go_on"
    REVIEW_RECORD = "review.record"
    PLAN_MAKE = "plan.make"
    BATCH_PLAN = "batch.plan"
    BATCH_COUNT = "batch.count"
    BATCH_BEGIN = "batch.begin"
    BATCH_WEIGH = "batch.weigh"
    BATCH_WITNESS = "batch.witness"
    BATCH_TIME_STEP = "batch.time_step"
    BATCH_COMPOUND = "batch.compound"
    BATCH_VERIFY = "batch.verify"
    BATCH_RELEASE = "batch.release"
    BATCH_REJECT = "batch.reject"
    BATCH_QUARANTINE = "batch.quarantine"
    BATCH_LIFT = "batch.lift"
    BATCH_PRINT_LABEL = "batch.print_label"
    BATCH_ENTER_LATE = "batch.enter_late"
    BLANK_PRINT = "blank.print"
    BLANK_SPOIL = "blank.spoil"
    LABEL_ISSUE = "label.issue"
    LABEL_REPRINT = "label.reprint"
    LEAFLET_ISSUE = "leaflet.issue"
    RUN_START = "run.start"
    RUN_STOP = "run.stop"
    RUN_PRINT = "run.print"
    PRINTER_SET = "printer.set"
    PRINTER_RETIRE = "printer.retire"
    PRINTER_TEST = "printer.test"
    JOB_SEND = "job.send"
    TRAIL_BEGIN = "trail.begin"
    JOB_CANCEL = "job.cancel"
    JOB_SEND_AGAIN = "job.send_again"
    JOB_CONFIRM = "job.confirm"
    FILL_SERVE = "fill.serve"
    FILL_CHECK = "fill.check"
    FILL_ASK = "fill.ask"
    FILL_HAND_OVER = "fill.hand_over"
    FILL_SET_BACK = "fill.set_back"
    FILL_DESTROY = "fill.destroy"
    FILL_VOID = "fill.void"
    FILL_PART = "fill.part"
    FILL_CANCEL = "fill.cancel"
    LOT_RECEIVE = "lot.receive"
    LOT_RELEASE = "lot.release"
    LOT_WITHDRAW = "lot.withdraw"
    LOT_WEIGH_TABLETS = "lot.weigh_tablets"
    LOT_COUNT = "lot.count"
    LOT_ADJUST = "lot.adjust"
    LOT_DESTROY = "lot.destroy"
    PRODUCT_ADD = "product.add"
    PRODUCT_DESCRIBE = "product.describe"
    PRODUCT_SET_LEVEL = "product.set_level"
    PAPER_FILE = "paper.file"
    PAPER_SUPERSEDE = "paper.supersede"
    DEVICE_CALIBRATE = "device.calibrate"
    BALANCE_CHECK = "balance.check"
    BALANCE_CALIBRATE = "balance.calibrate"
    BALANCE_SET_WEIGHT = "balance.set_weight"
    CLEANING_RECORD = "cleaning.record"
    TEMPERATURE_READ = "temperature.read"
    LOT_PUT = "lot.put"
    EXCURSION_DECIDE = "excursion.decide"
    TRAINING_RECORD = "training.record"
    RECALL_QUARANTINE = "recall.quarantine"
    RECALL_OPEN = "recall.open"
    RECALL_CONTACT = "recall.contact"
    RECALL_CLOSE = "recall.close"
    COMPLAINT_RECORD = "complaint.record"
    COMPLAINT_REVIEW = "complaint.review"
    MONTH_GATHER = "month.gather"
    MONTH_CLOSE = "month.close"
    COST_CORRECT = "cost.correct"
    QUOTE_KEEP = "quote.keep"
    BENCHMARK_IMPORT = "benchmark.import"
    POLICY_APPROVE = "policy.approve"
    FORMULA_DRAFT = "formula.draft"
    FORMULA_CORRECT = "formula.correct"
    FORMULA_APPROVE = "formula.approve"
    FORMULA_RETIRE = "formula.retire"
    PERSON_ADD = "person.add"
    PERSON_CHANGE_ROLE = "person.change_role"
    PERSON_DISABLE = "person.disable"
    PERSON_ENABLE = "person.enable"
    PERSON_READMIT = "person.readmit"
    PERSON_RESET_FACTOR = "person.reset_factor"
    PERSON_RENEW = "person.renew"
    FACTOR_SET_UP = "factor.set_up"
    FACTOR_USE = "factor.use"
    SESSION_BEGIN = "session.begin"
    SESSION_REFUSE = "session.refuse"
    SESSION_END = "session.end"
    GLASS_BREAK = "glass.break"
    GLASS_JUDGE = "glass.judge"
    TRAIL_CONSULT = "trail.consult"
    CLIENT_ADD = "client.add"
    CLIENT_ADD_NPI = "client.add_npi"
    CLIENT_CLOSE = "client.close"
    CLIENT_OPEN = "client.open"
    CLIENT_GRANT = "client.grant"
    CLIENT_ROTATE = "client.rotate"
    CLIENT_REVOKE = "client.revoke"
    CLIENT_NOTE_USE = "client.note_use"
    CLIENT_MOVE = "client.move"
    WEBHOOK_SET = "webhook.set"
    EVENT_SEND = "event.send"
    PHARMACY_SEED = "pharmacy.seed"


class LookName(StrEnum):
    """Everything that may be read, as `subject.read`."""

    DAY = "day.read"
    PRESCRIPTIONS = "prescriptions.read"
    OWN_PRESCRIPTIONS = "own_prescriptions.read"
    BATCHES = "batches.read"
    LABELS = "labels.read"
    PRINTERS = "printers.read"
    STOCK = "stock.read"
    PAPERS = "papers.read"
    FORMULAS = "formulas.read"
    COSTS = "costs.read"
    BENCHMARKS = "benchmarks.read"
    PEOPLE = "people.read"
    SKETCHES = "sketches.read"
    CALCULATIONS = "calculations.read"
    UPKEEP = "upkeep.read"
    RECALLS = "recalls.read"
    COMPLAINTS = "complaints.read"
    TRAIL = "trail.read"
    EVENTS = "events.read"
    STAFF = "staff.read"
    CLIENTS = "clients.read"
    SETTINGS = "settings.read"
    GLASS = "glass.read"
    GLASS_REPORTS = "glass_reports.read"


class Door(StrEnum):
    """What a route needs that is neither an act nor a look."""

    OPEN = "open"  # for whoever knows the address
    SIGNED_IN = "signed in"  # for everybody of the staff


Needed: TypeAlias = ActName | LookName | Door

_SYSTEM = frozenset({Role.SYSTEM})
_IN_CHARGE = frozenset({Role.IN_CHARGE})
_ADMINISTRATION = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})
_WITHOUT_PATIENTS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_BOOKS = BENCH | {Role.AUDITOR}  # what is no patient's, and the records of what was made

ACTS: Mapping[ActName, frozenset[Role]] = {
    ActName.PRESCRIPTION_RECEIVE: BENCH | {Role.PRESCRIBER},
    ActName.PRESCRIPTION_ACCEPT: PHARMACISTS,
    ActName.PRESCRIPTION_OVERRIDE: PHARMACISTS,
    ActName.PRESCRIPTION_HOLD: PHARMACISTS,
    ActName.PRESCRIPTION_ASK_AGAIN: BENCH,
    ActName.PRESCRIPTION_DECLINE: PHARMACISTS,
    ActName.PRESCRIPTION_CANCEL: PHARMACISTS,
    ActName.PRESCRIPTION_TRANSFER: PHARMACISTS,
    ActName.PRESCRIPTION_GO_ON: BENCH,
    ActName.REVIEW_RECORD: PHARMACISTS,
    ActName.PLAN_MAKE: BENCH,
    ActName.BATCH_PLAN: BENCH,
    ActName.BATCH_COUNT: BENCH,
    ActName.BATCH_BEGIN: BENCH,
    ActName.BATCH_WEIGH: BENCH,
    ActName.BATCH_WITNESS: BENCH,
    ActName.BATCH_TIME_STEP: BENCH,
    ActName.BATCH_COMPOUND: BENCH,
    ActName.BATCH_VERIFY: PHARMACISTS,
    ActName.BATCH_RELEASE: PHARMACISTS,
    ActName.BATCH_REJECT: PHARMACISTS,
    ActName.BATCH_QUARANTINE: BENCH,
    ActName.BATCH_LIFT: PHARMACISTS,
    ActName.BATCH_PRINT_LABEL: BENCH,
    ActName.BATCH_ENTER_LATE: BENCH,
    ActName.BLANK_PRINT: BENCH,
    ActName.BLANK_SPOIL: BENCH,
    ActName.LABEL_ISSUE: BENCH,
    ActName.LABEL_REPRINT: BENCH,
    ActName.LEAFLET_ISSUE: BENCH,
    ActName.RUN_START: BENCH,
    ActName.RUN_STOP: BENCH,
    ActName.RUN_PRINT: _SYSTEM,
    ActName.PRINTER_SET: PHARMACISTS,
    ActName.PRINTER_RETIRE: PHARMACISTS,
    ActName.PRINTER_TEST: BENCH,
    ActName.JOB_SEND: _SYSTEM,
    ActName.TRAIL_BEGIN: _SYSTEM,
    ActName.JOB_CANCEL: BENCH,
    ActName.JOB_SEND_AGAIN: BENCH,
    ActName.JOB_CONFIRM: BENCH,
    ActName.FILL_SERVE: BENCH,
    ActName.FILL_CHECK: PHARMACISTS,
    ActName.FILL_ASK: PHARMACISTS,
    ActName.FILL_HAND_OVER: PHARMACISTS,
    ActName.FILL_SET_BACK: PHARMACISTS,
    ActName.FILL_DESTROY: BENCH,
    ActName.FILL_VOID: PHARMACISTS,
    ActName.FILL_PART: PHARMACISTS,
    ActName.FILL_CANCEL: PHARMACISTS,
    ActName.LOT_RECEIVE: BENCH,
    ActName.LOT_RELEASE: PHARMACISTS,
    ActName.LOT_WITHDRAW: BENCH,
    ActName.LOT_WEIGH_TABLETS: BENCH,
    ActName.LOT_COUNT: BENCH,
    ActName.LOT_ADJUST: BENCH,
    ActName.LOT_DESTROY: BENCH,
    ActName.PRODUCT_ADD: PHARMACISTS,
    ActName.PRODUCT_DESCRIBE: PHARMACISTS,
    ActName.PRODUCT_SET_LEVEL: PHARMACISTS,
    ActName.PAPER_FILE: BENCH,
    ActName.PAPER_SUPERSEDE: PHARMACISTS,
    ActName.DEVICE_CALIBRATE: BENCH,
    ActName.BALANCE_CHECK: BENCH,
    ActName.BALANCE_CALIBRATE: PHARMACISTS,
    ActName.BALANCE_SET_WEIGHT: _IN_CHARGE,
    ActName.CLEANING_RECORD: BENCH,
    ActName.TEMPERATURE_READ: BENCH,
    ActName.LOT_PUT: BENCH,
    ActName.EXCURSION_DECIDE: PHARMACISTS,
    ActName.TRAINING_RECORD: _IN_CHARGE | {Role.ADMINISTRATOR},
    ActName.RECALL_QUARANTINE: BENCH,
    ActName.RECALL_OPEN: _IN_CHARGE,
    ActName.RECALL_CONTACT: BENCH,
    ActName.RECALL_CLOSE: _IN_CHARGE,
    ActName.COMPLAINT_RECORD: BENCH,
    ActName.COMPLAINT_REVIEW: _IN_CHARGE,
    ActName.MONTH_GATHER: PHARMACISTS,
    ActName.MONTH_CLOSE: _IN_CHARGE,
    ActName.COST_CORRECT: _IN_CHARGE,
    ActName.QUOTE_KEEP: PHARMACISTS,
    ActName.BENCHMARK_IMPORT: _IN_CHARGE | _SYSTEM,
    ActName.POLICY_APPROVE: _IN_CHARGE,
    ActName.FORMULA_DRAFT: BENCH,
    ActName.FORMULA_CORRECT: BENCH,
    ActName.FORMULA_APPROVE: PHARMACISTS,
    ActName.FORMULA_RETIRE: PHARMACISTS,
    ActName.PERSON_ADD: _ADMINISTRATION,
    ActName.PERSON_CHANGE_ROLE: _ADMINISTRATION,
    ActName.PERSON_DISABLE: _ADMINISTRATION,
    ActName.PERSON_ENABLE: _ADMINISTRATION,
    ActName.PERSON_READMIT: _ADMINISTRATION,
    ActName.PERSON_RESET_FACTOR: _ADMINISTRATION,
    ActName.PERSON_RENEW: STAFF,
    ActName.FACTOR_SET_UP: STAFF,
    ActName.FACTOR_USE: _SYSTEM,
    ActName.SESSION_BEGIN: _SYSTEM,
    ActName.SESSION_REFUSE: _SYSTEM,
    ActName.SESSION_END: STAFF,
    ActName.GLASS_BREAK: _WITHOUT_PATIENTS,
    ActName.GLASS_JUDGE: _IN_CHARGE,
    ActName.TRAIL_CONSULT: _IN_CHARGE | {Role.AUDITOR},
    ActName.CLIENT_ADD: _ADMINISTRATION,
    ActName.CLIENT_ADD_NPI: _ADMINISTRATION,
    ActName.CLIENT_CLOSE: _ADMINISTRATION,
    ActName.CLIENT_OPEN: _ADMINISTRATION,
    ActName.CLIENT_GRANT: _ADMINISTRATION,
    ActName.CLIENT_ROTATE: _ADMINISTRATION,
    ActName.CLIENT_REVOKE: _ADMINISTRATION,
    ActName.CLIENT_NOTE_USE: _SYSTEM,
    ActName.CLIENT_MOVE: _SYSTEM,
    ActName.WEBHOOK_SET: _ADMINISTRATION,
    ActName.EVENT_SEND: _SYSTEM,
    ActName.PHARMACY_SEED: _SYSTEM,
}
LOOKS: Mapping[LookName, frozenset[Role]] = {
    LookName.DAY: BENCH,
    LookName.PRESCRIPTIONS: BENCH,
    LookName.OWN_PRESCRIPTIONS: frozenset({Role.PRESCRIBER}),
    LookName.BATCHES: _BOOKS,
    LookName.LABELS: BENCH | _SYSTEM,
    LookName.PRINTERS: _BOOKS | _SYSTEM,
    LookName.STOCK: _BOOKS,
    LookName.PAPERS: _BOOKS,
    LookName.FORMULAS: _BOOKS,
    LookName.COSTS: BENCH,
    LookName.BENCHMARKS: BENCH | _SYSTEM,
    LookName.PEOPLE: STAFF | _SYSTEM,
    LookName.CALCULATIONS: BENCH,
    LookName.UPKEEP: STAFF,
    LookName.RECALLS: BENCH,
    LookName.COMPLAINTS: BENCH,
    LookName.EVENTS: _SYSTEM,
    LookName.TRAIL: _IN_CHARGE | _SYSTEM | {Role.AUDITOR},
    LookName.STAFF: frozenset({Role.ADMINISTRATOR}),
    LookName.CLIENTS: frozenset({Role.ADMINISTRATOR}),
    LookName.SETTINGS: frozenset({Role.ADMINISTRATOR}),
    LookName.GLASS: _WITHOUT_PATIENTS,
    LookName.GLASS_REPORTS: _IN_CHARGE | {Role.AUDITOR},
    LookName.SKETCHES: BENCH | _SYSTEM | {Role.PRESCRIBER},
}


def require(actor: Actor, needed: ActName | LookName) -> None:
    """Let `actor` pass, or raise `Forbidden`; what no table names is nobody's."""
    permitted = ACTS.get(needed, frozenset()) if isinstance(needed, ActName) else LOOKS.get(needed, frozenset())
    if actor.role not in permitted:
        message = f"A {actor.role} may not do this ({needed}). Ask somebody whose role allows it."
        raise Forbidden("not-permitted", message, needed=needed)
