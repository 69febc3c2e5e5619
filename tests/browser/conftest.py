"""One server and one browser for each worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import chromium
from tests.oidc.deployment import Deployment, deployment
from tests.oidc.running import openid_provider
from tests.serving import Server, serving


@pytest.fixture(scope="session")
def server(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the demo register."""
    with serving(register, tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser found on this machine."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with a login, and the provider that people log in at."""
    folder = tmp_path_factory.mktemp("deployment")
    with openid_provider(folder / "provider.log") as provider, deployment(folder, provider) as running:
        yield running
