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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many recorded answers of the real Google the local one gave: workers print to nobody."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, score in report.user_properties:
            if name == "replay" and report.when == "call":
                terminalreporter.write_line(f"replay of Google's recorded answers: {score}")
