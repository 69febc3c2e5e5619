"""How a day is said in Swedish."""

import datetime as dt

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)


def day_in_words(day: dt.date) -> str:
    """A day in words: 24 januari 2022."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
