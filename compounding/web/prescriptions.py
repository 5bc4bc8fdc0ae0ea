"""Prescriptions: taking one in from paper, fax or telephone."""

from flask import Blueprint

blueprint = Blueprint("prescriptions", __name__, url_prefix="/prescriptions")
