"""The schema file describes the spreadsheets exactly, and is refused where it contradicts itself."""

from pathlib import Path

import pytest

from services.errors import SchemaFault
from services.tables.schema import Type, load_schema

MAIN = {
    "Skolor": "Skolenhetskod Skola Utbildningsområde Årskurser Personal Status Ersatt·av Anteckning",
    "Delområden": "Nr Delområde Beskrivning",
    "Frågor": "Fråga Delområde Påstående Påbörjad Aktiverad Trygg Välutvecklad Exempel Tagg Väsentlig"
    " Från·omgång Till·omgång Jämförbar·med",
    "Regler": "Regelversion Nr Mått Delområde Gräns Motivering",
    "Omgångar": "Omgång Öppnar Stänger Status Regelversion Minsta·antal·svar Svarsform",
    "Skolans omgång": "Omgång Skolenhetskod Personal Svarskod Förlängd·till",
    "Ansökningar": "Ansökan Omgång Skolenhetskod Läsår Inskickad Motivering Status Beslutsdatum"
    " Beslutsmotivering",
    "Lärtillfällen": "Läsår Nr Tema Datum Start Slut Plats Innehåll Förberedelse",
    "Närvaro": "Läsår Nr Skolenhetskod Antal Anteckning",
    "Underlag": "Läsår Nr Skolenhetskod Utmaningar Målbild Aktiviteter Lärdomar Länk",
    "Verksamhetsbesök": "Besök Läsår Efter·tillfälle Värdskola Besökande·skola Datum Fokus Status"
    " Iakttagelser",
    "Handlingsplan": "Insats Omgång Skolenhetskod Delområde Fråga Mål Aktivitet Ansvarig·roll"
    " Klart·senast Status Uppföljning",
    "Certifikat": "Certifikat Skolenhetskod Läsår Beslut Datum Giltigt·till Motivering Diarienummer",
    "Behörigheter": "E-post Roll Skolenhetskod Giltig·till",
    "Inställningar": "Namn Värde Förklaring",
    "Logg": "Tid Vem Händelse Tabell Nyckel Fält Före Efter Kedja",
}
"""The spreadsheet `vebs` as it was agreed; a dot is a space within a header."""

KEYS = {
    "Skolor": ["Skolenhetskod"],
    "Regler": ["Regelversion", "Nr"],
    "Skolans omgång": ["Omgång", "Skolenhetskod"],
    "Närvaro": ["Läsår", "Nr", "Skolenhetskod"],
    "Behörigheter": ["E-post", "Roll", "Skolenhetskod"],
    "Logg": [],
    "Svar": ["Svar"],
    "Inkomna": ["Nyckel", "Version"],
}


def test_the_register_has_these_sheets_with_these_headers() -> None:
    found = {
        table.name: [column.header for column in table.columns]
        for table in load_schema().of_spreadsheet("vebs")
    }

    assert found == {
        name: [header.replace("·", " ") for header in headers.split()] for name, headers in MAIN.items()
    }
    assert list(found) == list(MAIN)


def test_the_answers_of_a_round_have_a_spreadsheet_of_their_own_with_a_column_a_question() -> None:
    table = load_schema().table("Svar").with_questions(("L1", "K4"))

    assert table.spreadsheet_of("2021") == "svar-2021"
    assert [column.header for column in table.columns] == ["Svar", "Skolenhetskod", "L1", "K4"]
    level = table.column("K4")
    assert (level.type, level.minimum, level.maximum, level.required) == (Type.INTEGER, 1, 4, False)


def test_the_inbox_keeps_who_has_answered_apart_from_what() -> None:
    tables = {table.name: table for table in load_schema().of_spreadsheet("inkorg")}

    assert set(tables) == {"Inkomna", "Deltagande"}
    assert not tables["Deltagande"].has_questions
    assert tables["Inkomna"].has_questions


@pytest.mark.parametrize(("table", "keys"), KEYS.items())
def test_a_row_is_told_from_the_others_by_its_key(table: str, keys: list[str]) -> None:
    assert [column.header for column in load_schema().table(table).keys] == keys


def test_every_column_tells_people_what_to_write_there() -> None:
    columns = [column for table in load_schema().tables for column in table.columns]

    assert [column.header for column in columns if not column.help.endswith(".")] == []


def test_a_reference_to_a_table_with_one_key_is_to_that_key() -> None:
    schema = load_schema()
    school, rules = (
        schema.table("Certifikat").column("Skolenhetskod"),
        schema.table("Omgångar").column("Regelversion"),
    )

    assert schema.target(school).type is Type.CODE
    assert (rules.reference.table, rules.reference.header) == ("Regler", "Regelversion")


def test_a_reference_to_a_reference_is_read_as_what_it_comes_to() -> None:
    schema = load_schema()

    assert schema.target(schema.table("Skolans omgång").column("Skolenhetskod")).header == "Skolenhetskod"
    assert schema.target(schema.table("Skolor").column("Skola")).header == "Skola"


def a_schema(folder: Path, columns: str, table: str = "") -> Path:
    path = folder / "tables.toml"
    head = f'[[table]]\nspreadsheet = "vebs"\nsheet = "Skolor"\nhelp = ""\n{table}\n'
    path.write_text(f"{head}columns = [{columns}]\n", encoding="utf-8")
    return path


CODE = '{ header = "Kod", type = "code", key = true, help = "" }'

CONTRADICTIONS = {
    '{ header = "Kod", type = "kod", help = "" }': "kod",
    f'{CODE}, {{ header = "Kod", type = "text", help = "" }}': "två gånger",
    '{ header = "Ny", type = "ref", help = "" }': "både typen ref och ett mål",
    f'{CODE}, {{ header = "Ny", type = "ref", ref = "Skolar", help = "" }}': "Skolar",
    f'{CODE}, {{ header = "Ny", type = "ref", ref = "Skolor.Skola", help = "" }}': "som inte finns",
    f'{CODE}, {{ header = "Ny", type = "text", ref = "Skolor", help = "" }}': "både typen ref och ett mål",
    '{ header = "Status", type = "choice", help = "" }': "både typen choice och val",
    '{ header = "Status", type = "text", choices = ["Aktiv"], help = "" }': "både typen choice och val",
    '{ header = "Skola", type = "text", unless = { Roll = ["Rektor"] }, help = "" }': "som inte finns",
    '{ header = "Skola", type = "text" }': "help",
    '{ type = "text", key = true, help = "" }': "header",
    "{ header = ": "tables.toml",
}


@pytest.mark.parametrize(("columns", "words"), CONTRADICTIONS.items())
def test_a_schema_that_contradicts_itself_is_refused_with_a_sentence(
    tmp_path: Path, columns: str, words: str
) -> None:
    with pytest.raises(SchemaFault, match=words) as fault:
        load_schema(a_schema(tmp_path, columns))

    assert str(fault.value).endswith(".")


def test_a_table_shown_by_a_column_it_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaFault, match="saknar kolumnen Namn"):
        load_schema(a_schema(tmp_path, CODE, table='label = "Namn"'))


@pytest.mark.parametrize("content", ["", "[tabell]\n", "inget"])
def test_a_file_that_is_no_schema_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tables.toml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(SchemaFault, match=r"tables\.toml går inte att läsa"):
        load_schema(path)


def test_a_schema_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SchemaFault, match=r"borta\.toml går inte att läsa"):
        load_schema(tmp_path / "borta.toml")
