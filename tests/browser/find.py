"""The programs that tests drive: a Chromium and, for the files people open, LibreOffice.

`python -m tests.browser.find` says where they are; with `--install` it first gets what is missing,
if this machine lets it. Standard library only, so that it runs before anything is installed.
"""

# ruff: noqa: T201 - a command speaks by printing

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICES = ("soffice", "libreoffice")
MAC_BROWSERS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

NO_BROWSER = (
    "No browser for the browser tests: install Chromium or Google Chrome "
    "(Debian and Ubuntu: sudo apt-get install chromium), or point CHROMIUM at one."
)
NO_OFFICE = (
    "No LibreOffice: the tests that open our files in it are skipped "
    "(Debian and Ubuntu: sudo apt-get install libreoffice-calc-nogui)."
)


def find_browser() -> Path | None:
    """Return the browser to drive: the one CHROMIUM names, the system's, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    return (_on_path((named,)) if named else None) or _on_path(BROWSERS) or _on_mac() or _playwrights_own()


def find_office() -> Path | None:
    """Return LibreOffice's program, or None."""
    return _on_path(OFFICES)


def _on_path(names: Sequence[str]) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _on_mac() -> Path | None:
    return next((path for path in MAC_BROWSERS if path.exists()), None)


def _playwrights_own() -> Path | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _apt(package: str) -> None:
    """Install a Debian package, if this is Debian and we may."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # A fresh machine has no list of packages yet, and an old list names files that are gone.
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        if not _runs(["apt-get", "-qq", *command], environment):
            return


def _download() -> None:
    """Let Playwright fetch its own Chromium."""
    _runs([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _runs(command: list[str], environment: dict[str, str]) -> bool:
    print("  " + " ".join(command), file=sys.stderr)
    try:
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as exc:
        print(f"  {type(exc).__name__}: {exc}", file=sys.stderr)
        return False
    return done.returncode == 0


def install() -> None:
    """Get what is missing, from the nearest place first."""
    if find_browser() is None:
        _apt("chromium")
    if find_browser() is None:
        _download()
    if find_office() is None:
        _apt("libreoffice-calc-nogui")


def main() -> int:
    """Say where the programs are; 1 if there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.find", description=__doc__)
    parser.add_argument("--install", action="store_true", help="get what is missing")
    if parser.parse_args().install:
        install()
    browser, office = find_browser(), find_office()
    print(f"Browser: {browser}" if browser else NO_BROWSER, file=sys.stdout if browser else sys.stderr)
    print(f"LibreOffice: {office}" if office else NO_OFFICE)
    return 0 if browser else 1


if __name__ == "__main__":
    raise SystemExit(main())
