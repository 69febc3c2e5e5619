"""Pictures of every page: `python -m tests.browser.screenshots OUTDIR`.

Made on a demo register and a server of their own, unless --url names a server that runs already.
"""

# ruff: noqa: T201 - a command speaks by printing

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.addresses import ROUND, UNIT, address
from tests.browser.driving import Scheme, chromium, grow, open_page
from tests.pages_on_disk import PageFile, page_files
from tests.serving import demo_register, serving


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("outdir", type=Path, help="where the pictures go: PAGE-WIDTH-SCHEME.png")
    parser.add_argument("--visitor", default=UNIT, help="whom to be in the demo (default: %(default)s)")
    parser.add_argument("--round", default=ROUND, help="the round to show (default: %(default)s)")
    parser.add_argument("--pages", nargs="+", metavar="PAGE", help="only these, by file name without .py")
    parser.add_argument("--widths", nargs="+", type=int, default=[1280, 360], metavar="PX")
    parser.add_argument("--schemes", nargs="+", choices=["light", "dark"], default=["light", "dark"])
    parser.add_argument("--data", type=Path, help="a register to show (default: a new demo register)")
    parser.add_argument("--url", help="a server that runs already, on --data")
    return parser.parse_args()


@contextmanager
def app(options: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """Yield the address of a server and the folder of its register."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as name:
        folder = Path(name)
        register = options.data or demo_register(folder)
        if options.url:
            yield options.url.rstrip("/"), register
        else:
            with serving(register, folder / "server.log") as server:
                yield server.url, register


def picture(browser: Browser, where: str, target: Path, width: int, scheme: Scheme) -> list[str]:
    """Take one page at its full height; return what went wrong meanwhile."""
    with open_page(browser, where, width=width, scheme=scheme) as visit:
        grow(visit.page)
        visit.page.screenshot(path=target, animations="disabled")
        return visit.trouble


def main() -> int:
    """Take the pictures; 1 if a page was in trouble."""
    options = arguments()
    options.outdir.mkdir(parents=True, exist_ok=True)
    wanted: list[PageFile] = [p for p in page_files() if not options.pages or p.name in options.pages]
    troubled = 0
    with app(options) as (url, register), chromium() as browser:
        for page in wanted:
            where = address(url, page, register, visitor=options.visitor, round_=options.round)
            for width in options.widths:
                for scheme in options.schemes:
                    target = options.outdir / f"{page.name}-{width}-{scheme}.png"
                    trouble = picture(browser, where, target, width, scheme)
                    troubled += bool(trouble)
                    print(target, *trouble, sep="\n    ")
    return 1 if troubled else 0


if __name__ == "__main__":
    raise SystemExit(main())
