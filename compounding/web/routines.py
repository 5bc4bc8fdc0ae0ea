"""Upkeep that comes again: cleaning, and the training of the staff."""

from typing import Any, cast

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.cleaning import Area
from compounding.domain.competency import Topic
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.upkeep import CLEANING, TRAINED, Trained
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import routines

blueprint = Blueprint("routines", __name__, url_prefix="/upkeep")

AREAS = tuple((area.value, area.value) for area in Area)
TOPICS = tuple((topic.value, topic.value) for topic in Topic)


@blueprint.get("/cleaning")
def cleaning() -> str:
    """What is to be cleaned, and what was."""
    return _cleaning({})


@blueprint.post("/cleaning")
def clean() -> Answer:
    """Record a cleaning."""
    return attempt(_cleaned, _cleaning)


@blueprint.get("/training")
def training() -> str:
    """Who was found competent in what, and until when."""
    return _training({})


@blueprint.post("/training")
def train() -> Answer:
    """Record that somebody was found competent."""
    return attempt(_trained, _training)


def _cleaning(errors: Errors) -> str:
    found = pharmacy().look(LookName.UPKEEP, actor(), routines.cleanings)
    may = actor().role in ACTS[ActName.CLEANING_RECORD]
    return render("upkeep_cleaning.html", values=request.form, errors=errors, it=found, may=may, areas=AREAS, zone=pharmacy().zone)


def _cleaned() -> str:
    told = cast("dict[str, Any]", read(CLEANING, from_form(unflatten(request.form))))
    pharmacy().perform(ActName.CLEANING_RECORD, actor(), lambda act: routines.clean(act, told["areas"], told["agent"]))
    flash("The cleaning is recorded.")
    return "/upkeep"


def _training(errors: Errors) -> str:
    found = pharmacy().look(LookName.UPKEEP, actor(), routines.staff)
    may = actor().role in ACTS[ActName.TRAINING_RECORD]
    return render("upkeep_training.html", values=request.form, errors=errors, it=found, may=may, topics=TOPICS)


def _trained() -> str:
    told = cast("Trained", read(TRAINED, from_form(unflatten(request.form))))
    pharmacy().perform(
        ActName.TRAINING_RECORD,
        actor(),
        lambda act: routines.train(act, told.person, told.topics, done_on=told.done_on, assessor=told.assessor, how=told.how),
    )
    flash("The training is recorded.")
    return "/upkeep/training"
