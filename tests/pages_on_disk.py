"""The pages as they lie on disk, so that a new page is tested from the day it is there."""

import ast
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent / "pages"
START = "start"
# The script that chooses a page, and what makes the folder a package, are no pages.
NOT_PAGES = frozenset({"menu.py", "__init__.py"})


@dataclass(frozen=True, slots=True)
class PageFile:
    """One page: its file, and the address it has."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def address(self) -> str:
        """What follows the slash: the start page has nothing there."""
        return "" if self.name == START else self.name

    def tree(self) -> ast.Module:
        """The page, parsed."""
        return ast.parse(self.path.read_text("utf-8"))


def page_files() -> list[PageFile]:
    """Return every page, by name."""
    return [PageFile(path) for path in sorted(PAGES.glob("*.py")) if path.name not in NOT_PAGES]
