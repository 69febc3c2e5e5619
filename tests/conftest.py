"""One demo register for the whole run, and no hurry: nothing is asserted about time."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.serving import demo_register

settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=2000 if "VEBS_SOAK" in os.environ else 100,
)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo register; read it, don't write it."""
    base = tmp_path_factory.getbasetemp()
    # Each worker has a folder of its own below the run's.
    return demo_register(base if worker_id == "master" else base.parent)
