"""PDFs that everybody can read, set by Typst: tagged, with title, language and fonts (PDF/UA-1)."""

import json
from collections.abc import Mapping
from typing import Any

import typst

from config.settings import ROOT

TEMPLATES = ROOT / "config" / "printing"


def typeset(template: str, content: Mapping[str, Any]) -> bytes:
    """The PDF that a template in config/printing makes of this content.

    What the content says is data to the template, so nothing in a cell becomes markup. Only the fonts that
    Typst brings are used: a page looks the same on every server.
    """
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards="ua-1",
    )
