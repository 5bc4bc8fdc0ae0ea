"""The door for prescribers' systems: JSON in and out, a token with every request, and a document that describes it."""

from flask import Flask

from compounding.api import cds, document, oauth, rate, token
from compounding.api.fhir import routes as fhir
from compounding.api.v1 import changes, dispenses, plans, prescriptions


def register(app: Flask) -> None:
    """Give `app` the API under /api/v1, its OpenAPI document and the page that shows it."""
    rate.register(app)
    token.guard(app)
    api = document.make(app)
    api.register_blueprint(prescriptions.blueprint)
    api.register_blueprint(changes.blueprint)
    api.register_blueprint(dispenses.blueprint)
    api.register_blueprint(plans.blueprint)
    app.register_blueprint(document.blueprint)
    app.register_blueprint(fhir.blueprint)
    app.register_blueprint(oauth.blueprint)
    app.register_blueprint(cds.blueprint)
