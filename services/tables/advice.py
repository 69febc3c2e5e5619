"""What to do about a problem: one Swedish sentence for each rule."""

from services.tables.problems import Rule
from services.tables.schema import Column, Table, Type

_TYPES = {
    Type.CODE: "en skolenhetskod med åtta siffror",
    Type.INTEGER: "ett heltal",
    Type.DECIMAL: "ett tal, till exempel 3,5",
    Type.DATE: "ett datum, till exempel 2022-01-24",
    Type.TIME: "ett klockslag, till exempel 13.30",
    Type.EMAIL: "en e-postadress",
    Type.URL: "en länk som börjar med https://",
    Type.TEXT: "text",
    Type.LONGTEXT: "text",
    Type.CHOICE: "ett av valen",
    Type.YESNO: "Ja eller Nej",
}


def advice_on_cell(rule: Rule, column: Column, target: Column) -> str:
    """What to do about a cell that breaks a rule; `target` is the column a reference points to."""
    match rule:
        case Rule.FORMULA_ERROR:
            return "Formeln i cellen ger ett fel. Rätta formeln eller skriv värdet."
        case Rule.WRONG_TYPE:
            return f"Skriv {_TYPES[target.type]}."
        case Rule.NOT_A_CHOICE:
            choices = column.choices or ("Ja", "Nej")
            return f"Välj {_listed(choices)}."
        case Rule.OUT_OF_RANGE:
            return f"Skriv ett heltal {_range(column)}."
        case Rule.REQUIRED:
            return f"Fyll i {column.header}."
        case Rule.MISSING_KEY:
            return f"Fyll i {column.header}. Raden räknas inte förrän det är gjort."
        case Rule.UNKNOWN_REFERENCE:
            table = column.reference.table if column.reference else ""
            also = f" eller skriv {_listed(column.words)}" if column.words else ""
            return f"Värdet finns inte i {table}. Rätta det här eller lägg till det där{also}."
        case _:
            raise AssertionError(f"{rule} is not about a cell's value")


def advice_on_duplicate_key(table: Table, first_row: int) -> str:
    """What to do about a row whose key stands further up too."""
    headers = _listed(tuple(column.header for column in table.keys), "och")
    return f"Samma {headers} står redan på rad {first_row}, som gäller. Ändra eller ta bort den här raden."


def advice_on_missing_sheet(spreadsheet: str, sheet: str) -> str:
    """What to do about a sheet that is not there."""
    return f"Bladet {sheet} saknas i {spreadsheet}. Lägg till det, eller byt tillbaka dess namn."


def advice_on_missing_column(table: Table, column: Column) -> str:
    """What to do about a header that is not there."""
    return f"Kolumnen {column.header} saknas i {table.name}. Skriv rubriken på bladets första rad."


def advice_on_duplicate_column(header: str) -> str:
    """What to do about a header that stands twice."""
    return f"Rubriken {header} står två gånger. Den första gäller; byt namn på den här."


def _listed(words: tuple[str, ...], conjunction: str = "eller") -> str:
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def _range(column: Column) -> str:
    if column.maximum is None:
        return f"som är minst {column.minimum}"
    return f"mellan {column.minimum} och {column.maximum}"
