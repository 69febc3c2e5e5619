"""`demo`: an invented register in a folder. Run before every start of the app, so it imports little."""

from pathlib import Path

import click

from config.settings import SettingFault, Settings
from services.errors import DemoRefused, Trouble
from services.verbs.options import FOUND_PROBLEMS, WRONG_USAGE, data_option, stop


@click.command()
@data_option
@click.option(
    "--seed",
    default=2021,
    type=click.IntRange(0),
    show_default=True,
    help="The same seed gives the same files.",
)
@click.option("--schools", default=78, show_default=True, help="How many schools.")
@click.option(
    "--if-empty",
    is_flag=True,
    help="Do nothing where there are spreadsheets already, in the folder or in Google.",
)
def demo(data: Path, seed: int, schools: int, if_empty: bool) -> None:
    """Make an invented register to look at."""
    try:
        if if_empty and _is_needless(data):
            return
        from services.demo.making import make_demo  # most starts need no demo, and numpy takes time

        click.echo(f"Gör ett påhittat register i {data} …")
        make_demo(data, seed, schools, say=click.echo)
    except (DemoRefused, SettingFault) as trouble:
        stop(str(trouble), WRONG_USAGE)
    except Trouble as trouble:
        stop(trouble, FOUND_PROBLEMS)
    except OSError as fault:
        stop(f"Mappen {data} går inte att skriva i ({fault.strerror}). Välj en annan.", FOUND_PROBLEMS)


def _is_needless(data: Path) -> bool:
    from services.workbook.excel import ExcelFolder

    return Settings.from_environment().google is not None or bool(ExcelFolder(data).spreadsheets())
