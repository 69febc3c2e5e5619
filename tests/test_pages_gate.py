"""Every page asks who is there before it does anything else, and stays small."""

import ast
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.pages_on_disk import PAGES, PageFile, page_files

LONGEST = 60
GATE = "visitor = admit(__file__)"

every_page = pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)


def first_statement(tree: ast.Module) -> ast.stmt | None:
    """Return the first statement after the docstring and the imports."""
    for statement in tree.body:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
            return statement
    return None


def test_there_are_pages() -> None:
    assert page_files(), f"no page in {PAGES}"


@every_page
def test_a_page_asks_at_the_gate_before_anything_else(page: PageFile) -> None:
    first = first_statement(page.tree())

    assert first is not None and ast.unparse(first) == GATE, f"{page.path.name} must begin with: {GATE}"


@every_page
def test_the_gate_is_the_real_one(page: PageFile) -> None:
    sources = {
        node.module
        for node in ast.walk(page.tree())
        if isinstance(node, ast.ImportFrom) and any((one.asname or one.name) == "admit" for one in node.names)
    }

    assert sources == {"pages.components.gate"}


@every_page
def test_nobody_comes_back_to_the_gate_with_another_name(page: PageFile) -> None:
    names = [node for node in ast.walk(page.tree()) if isinstance(node, ast.Name | ast.FunctionDef)]
    changed = [n for n in names if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    defined = [n.name for n in names if isinstance(n, ast.FunctionDef)]

    assert [name.id for name in changed].count("visitor") == 1
    assert "admit" not in [*defined, *(name.id for name in changed)]


@every_page
def test_a_page_fits_on_a_screen(page: PageFile) -> None:
    lines = len(page.path.read_text("utf-8").splitlines())

    assert lines <= LONGEST, f"{page.path.name} has {lines} lines; put the drawing in pages/components"


@every_page
def test_no_page_hides_a_module(page: PageFile) -> None:
    # pages/ comes first in sys.path while the script runs: `import calendar` would find pages/calendar.py.
    assert page.name not in sys.stdlib_module_names
    assert page.name not in packages_distributions()
    assert page.name not in {"app", "config", "pages", "services", "tests"}


@every_page
def test_no_page_is_imported_by_another(page: PageFile) -> None:
    others = {f"pages.{other.name}" for other in page_files()}
    imported = {
        name
        for node in ast.walk(page.tree())
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    assert not imported & others


def test_the_menu_lies_where_streamlit_finds_no_pages_beside_it() -> None:
    assert (PAGES / "menu.py").is_file()
    assert not (PAGES / "pages").exists(), "a folder pages/pages would be open to everybody"


def test_the_server_starts_the_menu_inside_pages() -> None:
    tree = ast.parse((PAGES.parent / "app.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    scripts = [ast.literal_eval(c.args[0]) for c in calls if ast.unparse(c.func) == "st.App"]

    assert scripts == ["pages/menu.py"]
