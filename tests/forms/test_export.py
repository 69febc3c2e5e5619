"""An export is read whatever wrote it; what is none is refused in a sentence, and never takes long."""

import csv
import datetime as dt
import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Trouble
from services.forms.export import MOST_COLUMNS, read_export
from tests.forms.exports import as_csv, as_xlsx

HEADERS = ["Tidstämpel", "Skola", "Vi har “planer” – äntligen"]
ROW = ["2021-01-12 09.14.33", "Ängsskolan", "3"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_is_read_with_every_separator_and_encoding(separator: str, encoding: str) -> None:
    export = read_export(as_csv([HEADERS, ROW], separator, encoding), "svar.csv")

    assert export.headers == tuple(HEADERS)
    assert [(row.number, row.cells) for row in export.rows] == [(2, tuple(ROW))]


def test_a_header_may_hold_separators_quotes_and_line_breaks() -> None:
    headers = ["Timestamp", 'Vi "delar", provar;\noch lär', "a;b;c;d;e;f"]

    assert read_export(as_csv([headers, ROW]), "svar.csv").headers == tuple(headers)


def test_a_spreadsheet_is_read_from_the_sheet_with_the_answers() -> None:
    moment = dt.datetime(2021, 1, 12, 9, 14, 33)  # noqa: DTZ001  # a spreadsheet's times have no zone
    data = as_xlsx([HEADERS, [], [moment, "Ekskolan", 3]], "Form Responses 1")

    export = read_export(data, "svar.xlsx")

    assert [(row.number, row.cells) for row in export.rows] == [(3, (moment, "Ekskolan", 3.0))]


def test_rows_are_numbered_as_the_spreadsheet_numbers_them_and_long_ones_are_marked() -> None:
    export = read_export(b"Timestamp,Skola\r\n\r\n1,A\r\n2,B,C\r\n3\r\n", "svar.csv")

    assert [(row.number, row.cells, row.too_long) for row in export.rows] == [
        (3, ("1", "A"), False),
        (4, ("2", "B"), True),
        (5, ("3", None), False),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "är tom"),
        (b"\xef\xbb\xbf \n", "är ingen export"),
        (b"a,b\n1,2\n", "första kolumnen heter Tidstämpel eller Timestamp"),
        (b"Timestamp\n1\n", "inga kolumner med svar"),
        (b"Timestamp,a\x00b\n", "varken CSV eller en Excel-arbetsbok"),
        (b"Timestamp,\x81\x8d\n", "okänd teckenkodning"),
        (b'Timestamp,a\n1,"x\n', "skadad"),
        (b"Timestamp" + b",x" * (MOST_COLUMNS + 1), f"högst {MOST_COLUMNS}"),
        (b"PK\x03\x04 something", "skadad"),
        (b"\xd0\xcf\x11\xe0 old", "lösenordsskyddad eller sparad i det gamla formatet .xls"),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(Trouble, match=words):
        read_export(data, "svar.csv")


def test_a_packed_file_is_to_be_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("svar.csv", as_csv([HEADERS, ROW]))

    with pytest.raises(Trouble, match="packa upp den"):
        read_export(out.getvalue(), "svar.csv.zip")


def test_a_workbook_without_a_forms_headers_is_refused() -> None:
    with pytest.raises(Trouble, match="ingen export av ett formulär"):
        read_export(as_xlsx([["Namn", "Svar"], ["a", 1]]), "svar.xlsx")


def bomb() -> bytes:
    """A spreadsheet whose content is a thousand times as large as the file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 50_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        bomb,
        lambda: b"Timestamp" + b"," * 9_900_000,
        lambda: b"Timestamp,a\n" + b"1,2\n" * 2_000_000,
        lambda: b'Timestamp,a\n1,"' + b"x\n" * 200_000 + b'"\n',
        lambda: b"Timestamp,a\n" + b"\n" * 9_900_000,
        lambda: b'Timestamp,"' + b"y" * 9_000_000 + b'"\n1,2\n',
        lambda: b"x" * 20_000_001,
    ],
)
def test_what_would_choke_it_is_refused_and_takes_little_memory(make) -> None:
    data = make()
    tracemalloc.start()
    try:
        try:
            rows = read_export(data, "svar.csv").rows
        except Trouble as trouble:
            assert str(trouble).endswith(".")
        else:
            assert rows == ()
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


csv_like = st.text(alphabet='ab13,;\t"\n\r –å', max_size=200).map(
    lambda text: f"Tidstämpel,Skola,Vi har\n{text}".encode()
)
headed = st.tuples(
    st.sampled_from([b"Timestamp,", b"Timestamp;", b"\xef\xbb\xbfTidst\xc3\xa4mpel,"]), st.binary()
).map(b"".join)
packed = st.binary(max_size=400).map(lambda data: b"PK\x03\x04" + data)


@given(st.one_of(st.binary(), headed, csv_like, packed), st.sampled_from(["a.csv", "a.xlsx", "\n.csv", ""]))
def test_any_bytes_are_rows_or_a_sentence(data: bytes, name: str) -> None:
    try:
        export = read_export(data, name)
    except Trouble as trouble:
        assert "\n" not in str(trouble)
    else:
        assert all(len(row.cells) == len(export.headers) for row in export.rows)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_spreadsheet_with_a_hole_in_it_is_rows_or_a_sentence(place: int, hole: bytes) -> None:
    place %= len(WHOLE)
    data = WHOLE[:place] + hole + WHOLE[place + len(hole) :]
    try:
        read_export(data, "svar.xlsx")
    except Trouble as trouble:
        assert str(trouble).endswith(".")


WHOLE = as_xlsx([HEADERS, ["2021-01-12", "Ekskolan", 3]])


def test_what_programs_write_and_we_read_is_the_same() -> None:
    texts = ["a", 'a"b', "a,b", "a;b", "a\nb", "", " a ", "å–”"]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["Timestamp", *texts], ["x", *texts]])

    (row,) = read_export(out.getvalue().encode(), "svar.csv").rows

    assert row.cells == ("x", *texts)
