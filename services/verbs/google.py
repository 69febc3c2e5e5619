"""The way to Google for the verbs that need it."""

import sys

import click

from config.settings import Settings
from services.connecting import Link
from services.verbs.options import tell
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.opening import open_google


def google_workbook() -> GoogleWorkbook:
    """The register at Google, by the settings."""
    return open_google(Settings.from_environment())


def open_link() -> Link:
    """Google as setting up and moving need it, telling on stderr how far they have come."""
    workbook = google_workbook()
    return Link(workbook.client, workbook.book, tell)


def ask(question: str) -> bool:
    """A person's yes or no; no where nobody sits at the terminal."""
    return sys.stdin.isatty() and click.confirm(question, default=False, err=True)
