"""Setting up Google: finds or makes the spreadsheets, lays out what is missing, and touches nothing else."""

from pathlib import Path

import pytest

from services.connecting import Link, Wanted, connect
from services.errors import MoveRefused
from services.moving import start_content
from services.tables.schema import load_schema
from services.template import framework_rows
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import account_of_key, anonymous
from services.workbook.google_book import AddressBook
from services.workbook.whole.standing import Spreadsheet, look_at
from tests.on_google import Time
from tests.sheets_server.accounts import DEFAULT_USER, OWNER
from tests.sheets_server.serving import LocalGoogle

SCHEMA = load_schema()
MAIN_SHEETS = [table.name for table in SCHEMA.of_spreadsheet("vebs")]
OURS = Wanted(owners=[OWNER])


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def link(google: LocalGoogle, tmp_path: Path, said: list[str]) -> Link:
    book = AddressBook({}, tmp_path / "google.toml")
    return Link(SheetsClient(anonymous(), Time().pace(), google.url), book, said.append)


def standing(link: Link, name: str, *titles: str) -> Spreadsheet:
    return look_at(link.client, link.book.target(name), titles)


def writes(google: LocalGoogle) -> int:
    return google.control.counts()["requests"].get("sheets.write", 0)


def cell(google: LocalGoogle, link: Link, name: str, sheet: str, place: str) -> dict:
    found = link.client.get(
        link.book.target(name),
        ranges=[f"'{sheet}'!{place}"],
        fields="sheets.data.rowData.values(userEnteredValue,note,dataValidation,userEnteredFormat)",
    )
    return found["sheets"][0]["data"][0]["rowData"][0]["values"][0]


def test_an_empty_google_gets_every_sheet_and_header_of_the_schema(google, link) -> None:
    connect(link, SCHEMA, Wanted())

    names = {file["name"]: file["sheets"] for file in google.control.files()}
    assert names == {"vebs": MAIN_SHEETS, "inkorg": ["Inkomna", "Deltagande"]}
    for table in SCHEMA.of_spreadsheet("vebs"):
        headers = google.control.values("vebs", table.name)[0]
        assert headers == [column.header for column in table.columns]


def test_a_second_run_changes_nothing_and_says_so(google, link, said) -> None:
    connect(link, SCHEMA, Wanted())
    said.clear()
    google.control.clear_counts()

    connect(link, SCHEMA, Wanted())

    assert writes(google) == 0
    assert said == ["vebs: inget att ändra.", "inkorg: inget att ändra."]


def test_a_setup_costs_three_reads_and_a_write_a_spreadsheet_at_most(google, link) -> None:
    connect(link, SCHEMA, Wanted())

    counts = google.control.counts()["requests"]
    assert counts["sheets.batchUpdate"] == 2
    assert counts["sheets.read"] <= 6


def test_columns_get_help_drop_downs_formats_frozen_headers_and_warnings(google, link) -> None:
    connect(link, SCHEMA, Wanted())

    seen = standing(link, "vebs", "Skolor", "Omgångar", "Logg")
    schools, rounds = seen.sheets["Skolor"], seen.sheets["Omgångar"]
    assert schools.frozen == 1
    assert schools.notes[0] == "Åtta siffror, som i skolenhetsregistret."
    assert schools.formats[schools.headers["Skolenhetskod"]] == "TEXT"
    assert rounds.formats[rounds.headers["Öppnar"]] == "DATE"
    status = schools.rules[schools.headers["Status"]]
    assert [value["userEnteredValue"] for value in status["condition"]["values"]] == [
        "Aktiv",
        "Vilande",
        "Upphört",
    ]
    assert status["strict"] is True
    rules = rounds.rules[rounds.headers["Regelversion"]]
    assert rules["condition"] == {
        "type": "ONE_OF_RANGE",
        "values": [{"userEnteredValue": "='Regler'!$A$2:$A"}],
    }
    assert "strict" not in rules
    assert "Nyckel: appen känner igen raden på Skolenhetskod." in schools.protections
    assert seen.sheets["Logg"].protections == {"Bara appen skriver här."}


def test_a_code_typed_by_hand_keeps_its_zeros(google, link) -> None:
    connect(link, SCHEMA, Wanted())

    google.control.edit("type", "vebs", range="Skolor!A2", value="00123456")

    assert google.control.values("vebs", "Skolor")[1] == ["00123456"]


def test_what_people_have_in_a_shared_spreadsheet_stays_as_it_is(google, link) -> None:
    google.control.spreadsheet(
        "vebs",
        {
            "Skolor": [
                ["Anteckning", "Eget", "Skola", "Skolenhetskod"],
                ["hej", "=1+1", "Ekskolan", "'00123456"],
            ],
            "Mina egna": [["Fritt"]],
        },
        shared_with=[DEFAULT_USER],
    )

    connect(link, SCHEMA, OURS)

    assert google.control.values("vebs", "Mina egna") == [["Fritt"]]
    headers, row = google.control.values("vebs", "Skolor", "FORMULA")
    assert headers[:4] == ["Anteckning", "Eget", "Skola", "Skolenhetskod"]
    assert set(headers[4:]) == {"Utbildningsområde", "Årskurser", "Personal", "Status", "Ersatt av"}
    assert row == ["hej", "=1+1", "Ekskolan", "00123456"]
    assert cell(google, link, "vebs", "Skolor", "D1")["note"].startswith("Åtta siffror")
    rule = cell(google, link, "vebs", "Omgångar", "E2")["dataValidation"]
    assert rule["condition"]["values"] == [{"userEnteredValue": "='Regler'!$A$2:$A"}]
    reference = cell(google, link, "vebs", "Certifikat", "B2")["dataValidation"]["condition"]["values"]
    assert reference == [{"userEnteredValue": "='Skolor'!$D$2:$D"}]


def test_a_drop_down_that_people_made_longer_is_kept_and_an_older_one_of_ours_is_renewed(
    google, link
) -> None:
    connect(link, SCHEMA, Wanted())
    longer, shorter = (
        {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": value} for value in values]}}
        for values in (("Aktiv", "Vilande", "Upphört", "Ny"), ("Aktiv",))
    )

    for rule, expected in ((longer, 4), (shorter, 3)):
        seen = standing(link, "vebs", "Skolor").sheets["Skolor"]
        area = {"sheetId": seen.gid, "startRowIndex": 1, "startColumnIndex": 5, "endColumnIndex": 6}
        link.client.change(link.book.target("vebs"), [{"setDataValidation": {"range": area, "rule": rule}}])
        connect(link, SCHEMA, Wanted())
        found = standing(link, "vebs", "Skolor").sheets["Skolor"].rules[5]
        assert len(found["condition"]["values"]) == expected


def test_headers_far_down_are_not_guessed_at(google, link) -> None:
    rows = [[""]] * 30 + [["Skolenhetskod"]]
    google.control.spreadsheet("vebs", {"Skolor": rows}, shared_with=[DEFAULT_USER])

    with pytest.raises(MoveRefused, match="Bladet Skolor i vebs börjar med många tomma rader"):
        connect(link, SCHEMA, OURS)


def test_of_two_with_the_same_name_none_is_taken(google, link) -> None:
    for _ in range(2):
        google.control.spreadsheet("vebs", shared_with=[DEFAULT_USER])

    with pytest.raises(MoveRefused, match=r"Det finns 2 kalkylblad som heter vebs.*\[google.spreadsheets\]"):
        connect(link, SCHEMA, OURS)
    assert writes(google) == 0


def test_a_strangers_spreadsheet_is_not_taken_by_its_name(google, link) -> None:
    google.control.spreadsheet("vebs", shared_with=[DEFAULT_USER])

    with pytest.raises(MoveRefused, match=f"ägs av {OWNER}; är det ert, kör igen med --owner {OWNER}"):
        connect(link, SCHEMA, Wanted())
    assert link.book.ids() == {}


@pytest.mark.parametrize("trusted", [OWNER, OWNER.partition("@")[2]])
def test_an_owner_is_trusted_by_address_or_by_what_follows_its_at_sign(google, link, trusted: str) -> None:
    id_ = google.control.spreadsheet("vebs", shared_with=[DEFAULT_USER])

    connect(link, SCHEMA, Wanted(owners=[trusted]))

    assert link.book.ids()["vebs"] == id_


def test_what_a_person_says_yes_to_is_taken(google, link) -> None:
    asked: list[str] = []
    id_ = google.control.spreadsheet("vebs", shared_with=[DEFAULT_USER])

    def yes(question: str) -> bool:
        asked.append(question)
        return True

    connect(link, SCHEMA, Wanted(ask=yes))

    assert link.book.ids()["vebs"] == id_
    assert asked == [f"Kalkylbladet vebs ägs av {OWNER}. Är det ert?"]


def test_rounds_get_a_spreadsheet_with_a_column_a_question(google, link) -> None:
    connect(link, SCHEMA, Wanted())
    start_content(link, SCHEMA, fill=True)

    connect(link, SCHEMA, Wanted(rounds=["2024"]))

    headers = google.control.values("svar-2024", "Svar")[0]
    questions = [row["Fråga"] for row in framework_rows()["Frågor"]]
    assert headers == ["Svar", "Skolenhetskod", *questions]


def test_the_start_content_goes_into_a_blank_register_alone(google, link, said) -> None:
    connect(link, SCHEMA, Wanted())

    start_content(link, SCHEMA, fill=False)
    assert said[-1].startswith("Registret är tomt.")
    start_content(link, SCHEMA, fill=True)
    areas = google.control.values("vebs", "Delområden")
    google.control.clear_counts()
    start_content(link, SCHEMA, fill=True)

    assert [row[0] for row in areas] == ["Nr", 1, 2, 3, 4, 5]
    assert writes(google) == 0


@pytest.mark.parametrize("fault", [503, "reset", {"kind": "status", "status": 503, "when": "after"}])
def test_a_setup_whose_answers_are_lost_ends_as_one_that_went_well(google, link, fault) -> None:
    google.control.fault(fault, match={"operation": "sheets.batchUpdate"}, times=1)

    connect(link, SCHEMA, Wanted())
    google.control.clear_counts()
    connect(link, SCHEMA, Wanted())

    assert writes(google) == 0
    assert google.control.values("vebs", "Skolor")[0][0] == "Skolenhetskod"


def test_an_account_with_an_address_alone_may_write_in_the_log(google, tmp_path, said) -> None:
    key = google.control.service_account("app@project.iam.gserviceaccount.com")
    account = account_of_key(key)
    client = SheetsClient(account, Time().pace(), google.url)
    link = Link(client, AddressBook({}, tmp_path / "google.toml"), said.append)

    connect(link, SCHEMA, Wanted())

    found = client.get(link.book.target("vebs"), fields="sheets(properties.title,protectedRanges)")
    (log,) = (sheet for sheet in found["sheets"] if sheet["properties"]["title"] == "Logg")
    (protection,) = log["protectedRanges"]
    assert protection["editors"]["users"] == ["app@project.iam.gserviceaccount.com"]
    assert "warningOnly" not in protection
