"""The command line: `python -m services VERB [--data DIR | --google]`.

Exit codes: 0 fine, 1 problems found, 2 wrong usage. What goes wrong is one sentence on stderr.
"""

from importlib import import_module

import click

VERBS = {
    "demo": "demo",
    "check": "figures",
    "results": "figures",
    "candidates": "figures",
    "setup-google": "setting_up",
    "upload": "setting_up",
    "backup": "keeping",
    "restore": "keeping",
    "verify-log": "keeping",
    "smoke-google": "trying",
    "import-forms": "forms",
    "close-round": "rounds",
}
"""Each verb and its module in services.verbs; only the one that is typed is imported: imports take time."""


class Verbs(click.Group):
    """The verbs, imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every verb, in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The verb of this name."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"services.verbs.{VERBS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Varje elevs bästa skola – digital certifiering: figures, candidates, checks, and moving to Google."""


if __name__ == "__main__":
    cli(prog_name="python -m services")
