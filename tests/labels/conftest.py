import pytest

from labels.label import BatchLabel, DispensingLabel
from labels.render import Renderer
from tests.labels.examples import BATCH, CAPSULES, DROPS, LIQUID, TITRATION


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture(scope="session")
def label() -> DispensingLabel:
    return LIQUID


@pytest.fixture(scope="session")
def titration() -> DispensingLabel:
    return TITRATION


@pytest.fixture(scope="session")
def capsules() -> DispensingLabel:
    return CAPSULES


@pytest.fixture(scope="session")
def eighteen_weeks() -> DispensingLabel:
    return DROPS


@pytest.fixture(scope="session")
def batch_label() -> BatchLabel:
    return BATCH
