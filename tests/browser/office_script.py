"""Edits a spreadsheet as a person does, inside LibreOffice: run by a Python that has its bridge, `uno`.

Standard library and `uno` only: it is not our Python that runs it. Arguments: the name of the pipe on
which LibreOffice listens, the file, and the edits as JSON. Prints when the file was saved.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]

PATIENCE = 60.0


def connect(pipe: str) -> Any:
    """Return LibreOffice's desktop, as soon as it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def main() -> None:
    """Make the edits, save, and quit."""
    pipe, path, edits = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    desktop = connect(pipe)
    hidden = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    hidden.Name, hidden.Value = "Hidden", True
    document = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (hidden,))
    for edit in edits:
        sheet = document.Sheets.getByName(edit["sheet"])
        cell = sheet.getCellRangeByName(edit["cell"])
        cell.Value = edit["value"]
        cell.CellBackColor = int(edit["colour"], 16)
        sheet.Annotations.insertNew(cell.CellAddress, edit["note"])
    document.store()
    sys.stdout.write(f"{time.time()}\n")
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    main()
