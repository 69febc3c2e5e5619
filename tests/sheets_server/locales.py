"""What the spreadsheet's locale changes: separators, dates, booleans and money."""

from dataclasses import dataclass, field

ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SWEDISH_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
SWEDISH_DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


@dataclass(frozen=True, slots=True)
class Locale:
    """How people of a place write values in a cell."""

    name: str = "en_US"
    decimal: str = "."
    groups: str = ","
    date: str = "M/d/yyyy"
    time: str = "h:mm:ss am/pm"
    order: str = "mdy"
    yes: str = "TRUE"
    no: str = "FALSE"
    money: tuple[str, ...] = ("$",)
    money_pattern: str = '"$"#,##0.00'
    group_shown: str = ","
    months: tuple[str, ...] = ENGLISH_MONTHS
    days: tuple[str, ...] = ENGLISH_DAYS
    day_marks: tuple[str, str] = ("AM", "PM")
    date_marks: str = "/-"
    short_months: tuple[str, ...] = field(default=())

    def short_month(self, month: int) -> str:
        """Return the short name of a month, from 1."""
        return self.short_months[month - 1] if self.short_months else self.months[month - 1][:3]


ENGLISH = Locale()
SWEDISH = Locale(
    name="sv_SE",
    decimal=",",
    groups=" \u00a0\u202f",
    date="yyyy-MM-dd",
    time="HH:mm:ss",
    order="ymd",
    yes="SANT",
    no="FALSKT",
    money=("kr", "SEK"),
    money_pattern='#,##0.00\u00a0"kr"',
    group_shown="\u00a0",
    months=SWEDISH_MONTHS,
    days=SWEDISH_DAYS,
    day_marks=("fm", "em"),
    date_marks="-/",
    short_months=(
        "jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.",
    ),
)  # fmt: skip
BRITISH = Locale(
    name="en_GB", date="dd/MM/yyyy", time="HH:mm:ss", order="dmy", money=("£",), money_pattern='"£"#,##0.00'
)
GERMAN = Locale(
    name="de_DE", decimal=",", groups=".", group_shown=".", date="dd.MM.yyyy", time="HH:mm:ss", order="dmy",
    yes="WAHR", no="FALSCH", money=("€",), money_pattern='#,##0.00 "€"', date_marks=".-/",
)  # fmt: skip
KNOWN = {item.name: item for item in (ENGLISH, SWEDISH, BRITISH, GERMAN)} | {
    "sv": SWEDISH,
    "en": ENGLISH,
    "de": GERMAN,
}


def locale_of(name: str) -> Locale:
    """Return a locale; one that is not known here is taken as American."""
    return KNOWN.get(name, ENGLISH)
