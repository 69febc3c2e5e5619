"""One demo register for the whole run."""

from pathlib import Path

import pytest

from tests.serving import demo_register


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo register; read it, don't write it."""
    base = tmp_path_factory.getbasetemp()
    # Each worker has a folder of its own below the run's.
    return demo_register(base if worker_id == "master" else base.parent)
