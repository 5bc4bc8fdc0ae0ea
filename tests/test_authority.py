"""The table of who may do what, written out once more by hand."""

from compounding.domain.authority import ACTS, LOOKS
from compounding.domain.people import STAFF, Role


def test_the_table_of_authority_gives_away_no_more_than_this() -> None:
    """Written out once more by hand, so that a slip in the table does not pass as the rule."""
    of = {role: {name.value for name, roles in ACTS.items() if role in roles} for role in Role}
    everybodys = {"person.renew", "factor.set_up", "session.end"}  # of the staff, with their own account
    assert of[Role.TECHNICIAN] - everybodys == {
        "prescription.receive", "prescription.ask_again", "prescription.go_on", "plan.make",
        "batch.plan", "batch.count", "batch.begin", "batch.weigh", "batch.time_step", "batch.witness", "batch.compound", "batch.quarantine",
        "batch.print_label", "batch.enter_late", "blank.print", "blank.spoil",
        "label.issue", "label.reprint", "run.start", "run.stop", "leaflet.issue", "printer.test", "job.cancel", "job.send_again", "job.confirm",
        "fill.serve", "fill.destroy",
        "lot.receive", "lot.withdraw", "lot.weigh_tablets", "lot.count", "lot.adjust", "lot.destroy", "paper.file",
        "device.calibrate", "balance.check", "cleaning.record", "temperature.read", "lot.put",
        "recall.quarantine", "recall.contact", "complaint.record",
        "formula.draft", "formula.correct",
    }  # fmt: skip
    assert all(everybodys <= of[role] for role in STAFF)
    assert of[Role.AUDITOR] - everybodys == {"glass.break", "trail.consult"}
    administration = {
        "person.add", "person.change_role", "person.disable", "person.enable", "person.readmit", "person.reset_factor",
        "client.add", "client.add_npi", "client.close", "client.open", "client.grant", "client.rotate", "client.revoke",
        "client.add_key", "client.retire_key", "webhook.set",
    }  # fmt: skip
    assert of[Role.ADMINISTRATOR] - everybodys == administration | {"glass.break"}
    assert of[Role.PRESCRIBER] == {"prescription.receive", "prescription.change", "prescription.answer", "prescription.ask_refill"}
    assert of[Role.SYSTEM] - administration == {
        "client.note_use", "client.move", "client.prove", "client.sign", "factor.use", "session.begin", "session.forgive", "session.refuse", "session.use",
        "event.send", "pharmacy.seed", "benchmark.import", "job.send", "run.print", "trail.begin",
    }  # fmt: skip
    assert of[Role.IN_CHARGE] - of[Role.PHARMACIST] == {
        "policy.approve",
        "balance.set_weight",
        "training.record",
        "recall.open",
        "recall.close",
        "complaint.review",
        "month.close",
        "month.file",
        "cost.correct",
        "benchmark.import",
        "glass.judge",
        "trail.consult",
    }
    assert of[Role.PHARMACIST] >= of[Role.TECHNICIAN]
    seen = {role: {name.value for name, roles in LOOKS.items() if role in roles} for role in Role}
    assert seen[Role.PRESCRIBER] == {"own_prescriptions.read", "sketches.read", "screenings.read"}
    assert seen[Role.ADMINISTRATOR] == {"people.read", "upkeep.read", "staff.read", "clients.read", "settings.read", "glass.read"}
    assert seen[Role.AUDITOR] == {
        "people.read", "upkeep.read", "batches.read", "stock.read", "papers.read", "formulas.read", "printers.read",
        "trail.read", "glass.read", "glass_reports.read",
    }  # fmt: skip
    assert seen[Role.IN_CHARGE] - seen[Role.PHARMACIST] == {"trail.read", "glass_reports.read"}
