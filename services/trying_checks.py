"""What is tried on a real account, in order: values, batches, appends, looks, Drive and the quota."""

from concurrent.futures import ThreadPoolExecutor

from services.errors import NotShared, QuotaUsedUp, RequestRefused, Trouble
from services.trying import Bench, Check, Seen, Verdict, agree, area, put, value
from services.trying_moves import restored_exactly, set_up_twice
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_terms import Json, Target
from services.workbook.pacing import Pace, Patience
from services.workbook.whole.layout import DATE, TEXT
from services.workbook.whole.standing import PATIENT

LONGEST_LAG = 240.0
BURST = 90

_STATE = "updatedSpreadsheet.sheets(properties.title,data.rowData.values.userEnteredValue)"


def typed_cells(bench: Bench) -> Seen:
    """Text that looks like something else stays text."""
    gid = bench.sheet("typer")
    texts = ["=1+1", "00123456", "3,5", "2022-01-24"]
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}} for text in texts]}]
    start = {"sheetId": gid, "rowIndex": 0, "columnIndex": 0}
    bench.change({"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})
    return agree("text förblev text", texts, [column[0] for column in bench.columns("typer")])


def serial_dates(bench: Bench) -> Seen:
    """Dates are day numbers, counted from 30 December 1899."""
    bench.sheet("datum", [["=DATE(2022,1,24)", "=DATE(2022,1,24)+1/2"]])
    return agree("44585 och 44585,5", [44585, 44585.5], [column[0] for column in bench.columns("datum")])


def swedish_typing(bench: Bench) -> Seen:
    """What is typed in a Swedish spreadsheet becomes a number and a date."""
    update = {"properties": {"locale": "sv_SE"}, "fields": "locale"}
    gid = bench.sheet("svenska")
    paste = {
        "coordinate": {"sheetId": gid},
        "data": "3,5\t2022-01-24",
        "delimiter": "\t",
        "type": "PASTE_NORMAL",
    }
    bench.change({"updateSpreadsheetProperties": update}, {"pasteData": paste})
    found = [column[0] for column in bench.columns("svenska")]
    return agree("3,5 blev 3.5 och 2022-01-24 ett datum", [3.5, 44585], found)


def text_columns(bench: Bench) -> Seen:
    """A column that is text keeps the zeros of what is typed, and a number in it stays a number."""
    gid = bench.sheet("textkolumn", [[2021]])
    bench.change(_format(gid, TEXT))
    paste = {
        "coordinate": {"sheetId": gid, "rowIndex": 1},
        "data": "00123456",
        "delimiter": "\t",
        "type": "PASTE_NORMAL",
    }
    bench.change({"pasteData": paste})
    return agree("nollorna stod kvar, talet är tal", [2021, "00123456"], bench.columns("textkolumn")[0])


def _format(gid: int, number_format: Json) -> Json:
    cell = {"userEnteredFormat": {"numberFormat": number_format}}
    return {
        "repeatCell": {
            "range": area(gid, 0, 200, 0, 1),
            "cell": cell,
            "fields": "userEnteredFormat.numberFormat",
        }
    }


def unknown_fields(bench: Bench) -> Seen:
    """A misspelt request is refused, not passed over."""
    gid = bench.sheet("okänt")
    try:
        bench.change({"updateCells": {"range": area(gid, 0, 1, 0, 1), "fields": "finnsInte"}})
    except RequestRefused as refusal:
        return Seen(Verdict.AS_THOUGHT, str(refusal).partition("Google säger: ")[2][:120])
    return Seen(Verdict.DIFFERS, "begäran godtogs")


def whole_or_nothing(bench: Bench) -> Seen:
    """A batch with one bad request writes nothing."""
    gid = bench.sheet("allt", [["före"]])
    try:
        bench.change(put(gid, 0, 0, [["efter"]]), {"deleteSheet": {"sheetId": 2**31 - 2}})
    except RequestRefused:
        return agree("inget skrevs", [["före"]], bench.columns("allt"))
    return Seen(Verdict.DIFFERS, "begäran godtogs")


def image_in_the_answer(bench: Bench) -> Seen:
    """A copy made within the batch holds what stood there just before, and the answer shows it."""
    gid = bench.sheet("bild", [["före", "=1+1"], ["", ""]])
    copy = {
        "copyPaste": {
            "source": area(gid, 0, 1, 0, 2),
            "destination": area(gid, 1, 2, 0, 2),
            "pasteType": "PASTE_NORMAL",
        }
    }
    answer = bench.change(copy, put(gid, 0, 0, [["efter"]]), show=[in_sheet("bild", "A1:B2")], fields=_STATE)
    rows = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"]
    found = [[cell.get("userEnteredValue", {}) for cell in row["values"]] for row in rows]
    expected = [
        [{"stringValue": "efter"}, {"formulaValue": "=1+1"}],
        [{"stringValue": "före"}, {"formulaValue": "=1+1"}],
    ]
    return agree("före och efter i samma svar", expected, found)


def copied_formulas(bench: Bench) -> Seen:
    """A formula copied away and back is as it was."""
    gid = bench.sheet("formel", [[1, "=A1*2"]])
    away, back = area(gid, 5, 6, 2, 4), area(gid, 0, 1, 0, 2)
    for source, destination in ((back, away), (away, back)):
        paste = {"source": source, "destination": destination, "pasteType": "PASTE_NORMAL"}
        bench.change({"copyPaste": paste})
    return agree("=A1*2", "=A1*2", bench.columns("formel", formulas=True)[1][0])


def replaced_sheets(bench: Bench) -> Seen:
    """A request that names a sheet which is gone is refused: what lands late can do no harm."""
    gid = bench.sheet("borta")
    bench.change({"deleteSheet": {"sheetId": gid}})
    try:
        bench.change(put(gid, 0, 0, [["sent"]]))
    except RequestRefused:
        return Seen(Verdict.AS_THOUGHT, "avvisades")
    return Seen(Verdict.DIFFERS, "begäran godtogs")


def appended_below_looks(bench: Bench) -> Seen:
    """Rows are added after the last with data; formats and drop-downs further down do not count."""
    gid = bench.sheet("sist", [["Id"], ["a"]])
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "showCustomUi": True}
    bench.change(_format(gid, DATE), {"setDataValidation": {"range": area(gid, 1, 200, 0, 1), "rule": rule}})
    bench.change(_append(gid, "b"))
    return agree("raden kom direkt efter", ["Id", "a", "b"], bench.columns("sist")[0])


def racing_appends(bench: Bench) -> Seen:
    """Rows that are added at the same moment all get a row of their own."""
    gid = bench.sheet("kapplöpning", [["Id"]])
    names = [f"r{number}" for number in range(16)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: bench.change(_append(gid, name)), names))
    found = sorted(bench.columns("kapplöpning")[0][1:])
    return agree(f"{len(names)} rader av {len(names)}", sorted(names), found)


def _append(gid: int, name: str) -> Json:
    return {
        "appendCells": {"sheetId": gid, "rows": [{"values": [value(name)]}], "fields": "userEnteredValue"}
    }


def strict_drop_downs(bench: Bench) -> Seen:
    """A strict drop-down stops people, not the app."""
    gid = bench.sheet("listval")
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "strict": True}
    bench.change({"setDataValidation": {"range": area(gid, 0, 10, 0, 1), "rule": rule}})
    bench.change(put(gid, 0, 0, [["annat"]]))
    return agree("appen fick skriva annat", ["annat"], bench.columns("listval")[0])


def protections(bench: Bench) -> Seen:
    """The app may write where only it is an editor, and where there is a warning."""
    gid = bench.sheet("skydd")
    editors = {"editors": {"users": [bench.client.address]}} if bench.client.address else {}
    bench.change(
        {"addProtectedRange": {"protectedRange": {"range": area(gid, 0, 1, 0, 1), "warningOnly": True}}},
        {"addProtectedRange": {"protectedRange": {"range": area(gid, 1, 2, 0, 1), **editors}}},
        put(gid, 0, 0, [["a"], ["b"]]),
    )
    return agree("appen skrev i båda", ["a", "b"], bench.columns("skydd")[0])


def hidden_sheets(bench: Bench) -> Seen:
    """A hidden sheet can be written and read."""
    gid = bench.sheet("dolt", [["x"]])
    bench.change(
        {"updateSheetProperties": {"properties": {"sheetId": gid, "hidden": True}, "fields": "hidden"}}
    )
    return agree("gick att läsa", [["x"]], bench.columns("dolt"))


def foreign_ids(bench: Bench) -> Seen:
    """A spreadsheet that is not shared is told as such."""
    try:
        bench.client.sheets(Target("främmande", "1" * 44), PATIENT)
    except NotShared as refusal:
        return Seen(Verdict.AS_THOUGHT, str(refusal))
    except Trouble as trouble:
        return Seen(Verdict.DIFFERS, str(trouble))
    return Seen(Verdict.DIFFERS, "gick att läsa")


def own_writes_in_drive(bench: Bench) -> Seen:
    """Drive notices what the app writes, sooner or later."""
    gid = bench.sheet("drive")
    before = bench.version()
    bench.change(put(gid, 0, 0, [["nytt"]]))
    return _until_noticed(bench, before, bench.clock())


def hand_edits_in_drive(bench: Bench) -> Seen:
    """Drive notices what people type, with a lag of up to three minutes."""
    bench.sheet("för hand")
    before = bench.version()
    if not bench.ask(f"Skriv något i cell A1 i bladet ”för hand” i kalkylbladet {bench.target.name}. Klart?"):
        return Seen(Verdict.UNTRIED, "ingen person skrev för hand")
    began = bench.clock()
    if not bench.columns("för hand"):
        return Seen(Verdict.DIFFERS, "det skrivna syns inte för appen")
    return _until_noticed(bench, before, began)


def _until_noticed(bench: Bench, before: str, began: float) -> Seen:
    while bench.clock() - began < LONGEST_LAG:
        if bench.version() != before:
            return Seen(Verdict.AS_THOUGHT, f"efter {bench.clock() - began:.0f} s")
        bench.sleep(5.0)
    return Seen(Verdict.DIFFERS, f"inte på {LONGEST_LAG:.0f} s")


def quota(bench: Bench) -> Seen:
    """More than sixty reads in a minute are refused with 429, and only then."""
    if not bench.ask("Prova kvoten? Appen kan då inte läsa från Google på ungefär en minut."):
        return Seen(Verdict.UNTRIED, "ingen bad om det")
    hasty = SheetsClient(bench.client.account, Pace(calls=10_000), bench.client.base_url)
    for number in range(BURST):
        try:
            hasty.sheets(bench.target, Patience(0.4, gives_up_at_once=False))
        except QuotaUsedUp:
            return Seen(Verdict.AS_THOUGHT, f"429 efter {number} läsningar till")
    return Seen(Verdict.DIFFERS, f"ingen 429 på {BURST} läsningar")


def outages(_: Bench) -> Seen:
    """What Google does when it fails can't be asked for."""
    return Seen(Verdict.UNTRIED, "Google kan inte fås att svara 503 eller tiga; provat mot testernas Google")


CHECKS: list[tuple[str, Check]] = [
    ("Typade celler är vad de är", typed_cells),
    ("Datum är dagnummer", serial_dates),
    ("Det som skrivs tolkas på svenska", swedish_typing),
    ("Textkolumner behåller nollor", text_columns),
    ("Okända fält avvisas", unknown_fields),
    ("En bunt görs helt eller inte alls", whole_or_nothing),
    ("Svaret visar läget före och efter", image_in_the_answer),
    ("En kopierad formel kommer tillbaka hel", copied_formulas),
    ("Ett blad som bytts ut tar inte emot något", replaced_sheets),
    ("Rader läggs efter sista raden med innehåll", appended_below_looks),
    ("Samtidiga rader får var sin rad", racing_appends),
    ("Listval hindrar inte appen", strict_drop_downs),
    ("Skydd hindrar inte appen", protections),
    ("Dolda blad går att använda", hidden_sheets),
    ("Att ställa in två gånger ändrar inget", set_up_twice),
    ("Ett blad som tagits bort kommer tillbaka exakt", restored_exactly),
    ("Ett främmande kalkylblad sägs vara odelat", foreign_ids),
    ("Drive märker appens skrivningar", own_writes_in_drive),
    ("Drive märker det som skrivs för hand", hand_edits_in_drive),
    ("Kvoten är sextio läsningar i minuten", quota),
    ("Avbrott hos Google", outages),
]
