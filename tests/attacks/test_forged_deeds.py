"""What is done in a callback, or drawn without its page, is only for whoever may at that very moment.

A browser may press a button that it was never sent, press one after its visitor has lost her role, and ask
for a part of a page without the page.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.attacks import canaries
from tests.attacks.canaries import EVERY, OPEN, PEOPLE, ROUNDS, SCHOOLS, Person, rows
from tests.attacks.sweeping import GOING, REFUSED, Sweep, forged_values, fragment_ids, widget_ids, words_of
from tests.people import Row, a_part
from tests.raw_client import Answer, RawClient
from tests.serving import Server, serving

pytestmark = pytest.mark.slow

ULLA = Person("ulla", (("Enheten", None, None),), EVERY, EVERY, EVERY)
ULLA_AFTERWARDS = Person("ulla")
WRONG, RIGHT, CELL = "femtio", "812", "C2"


class Office:
    """A server on a register with one wrong cell, which Unni and Ulla may correct."""

    def __init__(self, server: Server) -> None:
        self.server = server

    @staticmethod
    def write(folder: Path, *, with_ulla: bool = True) -> Path:
        people = [*PEOPLE.values(), *([ULLA] if with_ulla else [])]
        parts: list[Row] = [
            a_part(one.code, one.staff, name) for name in (*ROUNDS, OPEN) for one in SCHOOLS.values()
        ]
        parts[0] = {**parts[0], "Personal": WRONG}
        return canaries.write(folder, parts=parts, permissions=[row for one in people for row in rows(one)])

    def client(self, who: Person) -> RawClient:
        return Sweep(self.server, "checks", who).client()

    @property
    def cell(self) -> Any:
        return openpyxl.load_workbook(self.server.data / "vebs.xlsx")["Skolans omgång"][CELL].value

    def type_by_hand(self, value: str) -> None:
        book = openpyxl.load_workbook(self.server.data / "vebs.xlsx")
        book["Skolans omgång"][CELL] = value
        book.save(self.server.data / "vebs.xlsx")

    def dismiss_ulla(self) -> None:
        """Take her row away, and wait until a new tab of hers is refused."""
        book = openpyxl.load_workbook(self.server.data / "vebs.xlsx")
        sheet = book["Behörigheter"]
        [row] = [cell.row for cell in sheet["A"] if cell.value == ULLA.email]
        sheet.delete_rows(row)
        book.save(self.server.data / "vebs.xlsx")
        until = time.monotonic() + 30
        with self.client(ULLA) as client:
            while REFUSED not in client.run(page="checks").text:
                assert time.monotonic() < until, "she is still let in"

    def nothing_waits(self) -> bool:
        with self.client(PEOPLE["unni"]) as client:
            return "Inget väntar på att sparas" in client.run(page="checks").text


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    secrets = canaries.write_secrets(tmp_path / "secrets")
    data = Office.write(tmp_path / "data")
    with serving(data, tmp_path / "server.log", environment={"VEBS_SECRETS": str(secrets)}) as server:
        yield Office(server)


Opens = Callable[[Office, RawClient], tuple[Answer, dict[str, object]]]


def opened(_: Office, client: RawClient) -> tuple[Answer, dict[str, object]]:
    """The form for the cell, and what is to be sent to save it."""
    first = client.run(page="checks")
    chosen = first.widget("correcting_chosen")
    box = next(one.selectbox for one in first.elements if one.selectbox.id == chosen)  # type: ignore[attr-defined]
    form = client.run(page="checks", widgets={chosen: next(one for one in box.options if CELL in one)})
    fields = [one.text_input for one in form.elements if one.WhichOneof("type") == "text_input"]  # type: ignore[attr-defined]
    field = next(one.id for one in fields if one.label.startswith("Nytt värde"))
    return form, {field: RIGHT, form.widget("correcting_save"): "trigger"}


def asked_about(office: Office, client: RawClient) -> tuple[Answer, dict[str, object]]:
    """The dialogue after somebody else was first, and what is to be sent to write all the same."""
    _, save = opened(office, client)
    office.type_by_hand("fyrtio")
    asked = client.run(page="checks", widgets=save)
    return asked, {asked.widget("conflict_write"): "trigger"}


def test_whoever_may_correct_does(office: Office) -> None:
    """Else the attacks below would prove nothing."""
    with office.client(ULLA) as client:
        _, save = opened(office, client)
        client.run(page="checks", widgets=save)

    assert str(office.cell) == RIGHT


def test_a_principal_who_sends_the_units_buttons_does_nothing(office: Office) -> None:
    with office.client(ULLA) as unit, office.client(ULLA) as other_tab:
        form, save = opened(office, unit)
        asked, write = asked_about(office, other_tab)
        ids = [one for one in (*widget_ids(form), *widget_ids(asked)) if not one.endswith(GOING)]
        for name in ("petra", "rut", ""):
            sweep = Sweep(office.server, "checks", PEOPLE[name])
            with sweep.client() as client:
                sends: list[Mapping[str, object]] = [save, write, dict.fromkeys(ids, "trigger")]
                sends += [dict.fromkeys(ids, state) for _, state in forged_values()]
                for widgets in sends:
                    answer = sweep.look(client, "forged", page="checks", widgets=widgets)
                    assert REFUSED in answer.text
                for part in fragment_ids(form, asked):
                    client.ask_for_part(part, write)
                    sweep.look(client, "a part", page="checks")
            assert sweep.leaks == []

    assert office.cell == "fyrtio"
    assert office.nothing_waits()


@pytest.mark.parametrize("opens", [opened, asked_about])
@pytest.mark.parametrize("part", [None, 0, -1], ids=["the page", "its first part", "its last part"])
def test_whoever_has_just_lost_her_role_writes_nothing_and_is_shown_nothing(
    office: Office, opens: Opens, part: int | None
) -> None:
    sweep = Sweep(office.server, "checks", ULLA_AFTERWARDS)
    with office.client(ULLA) as client:
        seen, press = opens(office, client)
        before = office.cell
        office.dismiss_ulla()
        if part is None:
            sent = client.run(page="checks", widgets=press)
        else:
            sent = client.run_part(fragment_ids(seen)[part], press)
        sweep.search(sent.messages, "pressed")
        again = sweep.look(client, "and again", page="checks")

    assert REFUSED in sent.text and REFUSED in again.text
    assert not any(told in "\n".join(words_of(sent.messages)) for told in (WRONG, "fyrtio", "sparas"))
    assert sweep.leaks == []
    assert office.cell == before
    assert "refused: deed edit tables" in office.server.log
    assert office.nothing_waits()
