"""One demo register and one local Google for the whole run, and no hurry: nothing is asserted about time."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.log_watch import WATCH
from tests.serving import demo_register
from tests.sheets_server.serving import LocalGoogle, local_google

settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=2000 if "VEBS_SOAK" in os.environ else 100,
)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """Read every log from the first line to the last: nothing secret stands in any."""
    WATCH.begin()
    config.pluginmanager.register(WATCH, "log watch")


def pytest_unconfigure() -> None:
    """Leave logging as it was."""
    WATCH.end()


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo register; read it, don't write it."""
    base = tmp_path_factory.getbasetemp()
    # Each worker has a folder of its own below the run's.
    return demo_register(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def running_google() -> Iterator[LocalGoogle]:
    """A local Google with whatever the test before left in it."""
    with local_google() as server:
        yield server


@pytest.fixture
def google(running_google: LocalGoogle) -> Iterator[LocalGoogle]:
    """An empty local Google; a mistake of its own fails the test."""
    running_google.control.reset(0)
    yield running_google
    problems = running_google.control.problems()
    assert (problems["answers"], problems["crashes"]) == ([], [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many recorded answers of the real Google the local one gave: workers print to nobody."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, score in report.user_properties:
            if name == "replay" and report.when == "call":
                terminalreporter.write_line(f"replay of Google's recorded answers: {score}")
