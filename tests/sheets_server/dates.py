"""Days since 30 December 1899, which is how spreadsheets keep dates."""

import datetime as dt

START = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone


def serial(moment: dt.datetime | dt.date) -> float | int:
    """Return the serial number of a date or a moment."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    passed = moment - START
    if passed.seconds or passed.microseconds:
        return passed.total_seconds() / 86400
    return passed.days


def moment(number: float) -> dt.datetime:
    """Return the moment of a serial number, to the nearest millisecond."""
    days, part = divmod(number, 1)
    return START + dt.timedelta(days=days, milliseconds=round(part * 86400000))
