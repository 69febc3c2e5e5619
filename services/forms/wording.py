"""One text for all the ways in which forms, spreadsheets and people write the same words."""

import re
import unicodedata

_SINGLE_QUOTES = "‘’‚‛′´`ʹʼ＇"
_DOUBLE_QUOTES = "“”„‟″«»＂"
_DASHES = "‐‑‒–—―−﹘﹣－"
_SIGNS = str.maketrans(
    dict.fromkeys(_SINGLE_QUOTES, "'") | dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_DASHES, "-")
)
# What has no width on the screen: soft hyphens, joiners, marks of direction, byte order marks.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONE_ACUTE = " \u0301"
"""What becomes of ´, which many type for an apostrophe."""
_LAST = " .:*?!"


def normalised(text: str) -> str:
    """The text as it is compared.

    Alike are: capitals and small letters, composed and decomposed letters, every kind of space and line
    break, curly and straight quotes, long and short dashes, and whether a full stop, colon, asterisk,
    question or exclamation mark stands last. Signs without width do not count.
    """
    seen = _CONTROL.sub(" ", text)
    for _ in range(3):  # what one step makes, such as a space before an accent, may be work for another
        seen = unicodedata.normalize("NFKC", seen).casefold()
        seen = _UNSEEN.sub("", seen).replace(_LONE_ACUTE, "'").translate(_SIGNS)
    return " ".join(seen.split()).rstrip(_LAST)


def shown(text: str, longest: int = 60) -> str:
    """The text in one line that no terminal takes for a command, cut where it is long."""
    plain = " ".join(_UNSEEN.sub("", _CONTROL.sub(" ", text)).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
