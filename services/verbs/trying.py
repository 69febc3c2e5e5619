"""`smoke-google`: the checklist for a real account."""

import sys

import click

from services.trying import Bench, Verdict, place, run, summary
from services.trying_checks import CHECKS
from services.verbs.google import ask, google_workbook
from services.verbs.options import FOUND_PROBLEMS, in_one_sentence, json_option, print_found, tell


@click.command("smoke-google")
@click.option(
    "--spreadsheet", "id_", help="The id of a blank spreadsheet to work in; else the app makes one."
)
@click.option("--yes", is_flag=True, help="Ask nothing; leave out what needs a person.")
@json_option
@in_one_sentence
def smoke_google(id_: str | None, yes: bool, as_json: bool) -> None:
    """Try on the real Google what the app takes for granted, and report line by line."""
    workbook = google_workbook()
    target = place(workbook.client, id_)
    if target.id in workbook.book.ids().values():
        raise click.UsageError("that spreadsheet belongs to the register; give another")
    bench = Bench(workbook.client, target, (lambda _: False) if yes else ask)
    tell(f"Provar i kalkylbladet {target.name}, id {target.id}.")
    results = []
    for result in run(bench, CHECKS):
        results.append(result)
        if not as_json:
            print_found(result.line)
    if as_json:
        lines = [{"claim": one.claim, "verdict": one.seen.verdict, "seen": one.seen.what} for one in results]
        print_found({"checks": lines})
    tell(summary(results))
    if id_ is None:
        tell(
            f"Kalkylbladet {target.name} ligger kvar tomt i appens egen Drive, eftersom appen inte har rätt "
            "att ta bort filer; nästa körning använder det igen."
        )
    if any(one.seen.verdict is Verdict.DIFFERS for one in results):
        sys.exit(FOUND_PROBLEMS)
