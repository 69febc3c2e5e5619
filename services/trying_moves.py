"""What setting up and restoring take for granted of a real account."""

from dataclasses import replace

from services.connecting import Link, Plan, lay_out
from services.tables.schema import load_schema
from services.trying import Bench, Seen, Verdict, area, put
from services.workbook.google_book import AddressBook
from services.workbook.google_terms import Json
from services.workbook.whole.differences import differences
from services.workbook.whole.exact import read_exact
from services.workbook.whole.layout import DATE
from services.workbook.whole.restoring import beside, cells, numbers, shapes, sizes
from services.workbook.whole.standing import PATIENT

COPIED = "kopia"


def set_up_twice(bench: Bench) -> Seen:
    """Setting up a second time finds nothing to do: what we wrote reads back as we wrote it."""
    said: list[str] = []
    schema = load_schema()
    table = schema.table("Skolor")
    link = Link(bench.client, AddressBook({}), said.append)
    before = {info.gid for info in bench.client.sheets(bench.target, PATIENT)}
    for _ in range(2):
        lay_out(link, schema, Plan(bench.target, [table]))
    bench.made += [info.gid for info in bench.client.sheets(bench.target, PATIENT) if info.gid not in before]
    is_settled = f"{bench.target.name}: inget att ändra." in said
    return Seen(Verdict.AS_THOUGHT if is_settled else Verdict.DIFFERS, said[-1])


def restored_exactly(bench: Bench) -> Seen:
    """A sheet read exactly, deleted and written again is the same in values, formulas and looks."""
    gid = bench.sheet(COPIED, [["Rubrik", "=1+1", 44585, True], ["=A1", "text", 3.5, False]])
    bench.change(*_looks(gid))
    whole = read_exact(bench.client, bench.target)
    kept = replace(whole, sheets=[sheet for sheet in whole.sheets if sheet.title == COPIED], named_ranges=[])
    bench.change({"deleteSheet": {"sheetId": gid}})
    found = read_exact(bench.client, bench.target)
    gids = numbers(kept, found)
    (sheet,) = kept.sheets
    new = gids[gid]
    bench.made.append(new)
    written = [*cells(sheet, new, 0, 0), *sizes(sheet, None, new)]
    bench.change(*shapes(kept.sheets, found, gids), *written, *beside(kept, found, gids))
    again = replace(read_exact(bench.client, bench.target), named_ranges=[])
    differing = differences(kept, again)
    if differing:
        where = ", ".join(one.what for one in differing[:5])
        return Seen(Verdict.DIFFERS, f"{len(differing)} skiljer sig: {where}")
    return Seen(Verdict.AS_THOUGHT, "0 skiljer sig")


def _looks(gid: int) -> list[Json]:
    """A note, a drop-down, a date, a colour, a width, merged cells and a protection."""
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "text"}]},
        "showCustomUi": True,
    }
    looks = {"numberFormat": DATE, "backgroundColor": {"red": 1}, "textFormat": {"bold": True}}
    return [
        put(gid, 4, 0, [["sammanfogat"]]),
        {
            "updateCells": {
                "range": area(gid, 0, 1, 0, 1),
                "rows": [{"values": [{"note": "hej"}]}],
                "fields": "note",
            }
        },
        {"setDataValidation": {"range": area(gid, 1, 9, 1, 2), "rule": rule}},
        {
            "repeatCell": {
                "range": area(gid, 0, 1, 2, 3),
                "cell": {"userEnteredFormat": looks},
                "fields": "userEnteredFormat",
            }
        },
        {
            "updateDimensionProperties": {
                "range": {"sheetId": gid, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
                "properties": {"pixelSize": 222},
                "fields": "pixelSize",
            }
        },
        {"mergeCells": {"range": area(gid, 4, 5, 0, 2), "mergeType": "MERGE_ALL"}},
        {"addProtectedRange": {"protectedRange": {"range": area(gid, 0, 1, 0, 4), "warningOnly": True}}},
    ]
