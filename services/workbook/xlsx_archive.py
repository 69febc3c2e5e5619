"""The parts of an .xlsx file, and a new file where only some of them differ."""

import copy
import io
import posixpath
import zipfile
from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from services.workbook.xlsx_guard import damaged

_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def parse_xml(xml: bytes, file: str) -> etree._Element:
    """The root of an XML part; entities are left alone."""
    try:
        return etree.fromstring(xml, etree.XMLParser(**_SAFE))  # type: ignore[arg-type]
    except etree.XMLSyntaxError as fault:
        raise damaged(file) from fault


def as_xml(root: etree._Element) -> bytes:
    """The part as spreadsheet programs write it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def local_name(element: etree._Element) -> str:
    """The element's name without namespace; a comment has none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


class Archive:
    """An .xlsx file held in memory."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as fault:
            raise damaged(file) from fault
        self._names = set(self._zip.namelist())

    def __contains__(self, part: str) -> bool:
        return part in self._names

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def part(self, name: str) -> bytes:
        """The content of one part."""
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, EOFError) as fault:
            raise damaged(self.file) from fault

    def xml(self, name: str) -> etree._Element:
        """The root element of one part."""
        return parse_xml(self.part(name), self.file)

    @cached_property
    def workbook_part(self) -> str:
        """The part that lists the sheets."""
        return self._targets("", "/officeDocument")[0][1]

    @cached_property
    def sheet_parts(self) -> Mapping[str, str]:
        """The part of every worksheet, by the sheet's name."""
        targets = dict(self._targets(self.workbook_part, "/worksheet"))
        sheets: dict[str, str] = {}
        for element in self.xml(self.workbook_part).iter():
            if local_name(element) == "sheet":
                ids = [str(value) for key, value in element.items() if etree.QName(key).localname == "id"]
                if ids and ids[0] in targets:
                    sheets[str(element.get("name"))] = targets[ids[0]]
        return sheets

    def related(self, kind: str) -> str | None:
        """The part of that kind that the workbook points at, such as "/styles", if there is one."""
        found = [part for _, part in self._targets(self.workbook_part, kind)]
        return found[0] if found and found[0] in self else None

    def replaced(self, parts: Mapping[str, bytes], level: int = 6) -> bytes:
        """The file with new content in these parts; all others, their order and dates as they were."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new:
            for info in self._zip.infolist():
                kept = copy.copy(info)
                kept.extra = b""  # sizes and padding for the old archive
                content = parts[info.filename] if info.filename in parts else self.part(info.filename)
                new.writestr(kept, content, compresslevel=level)
        return out.getvalue()

    def _targets(self, source: str, kind: str) -> list[tuple[str, str]]:
        """Id and part of the relations of that kind; their types end alike in both dialects of the format."""
        folder, name = posixpath.split(source)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = []
        for relation in root:
            if str(relation.get("Type", "")).endswith(kind):
                part = posixpath.normpath(posixpath.join("/", folder, str(relation.get("Target"))))
                found.append((str(relation.get("Id")), part.lstrip("/")))
        if not found and kind == "/officeDocument":
            raise damaged(self.file)
        return found
