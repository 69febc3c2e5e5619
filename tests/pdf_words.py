"""What a PDF says: its text, and what it says of its figures to who can't see them."""

import io

import pypdf


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    found = " ".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(found.replace("\N{NO-BREAK SPACE}", " ").split())


def figures_of(document: pypdf.PdfReader) -> list[str]:
    """The alternative texts of the figures."""
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node.get("/Alt", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(document.trailer["/Root"]["/StructTreeRoot"])
    return found


def said(pdf: bytes) -> str:
    """All that can be read in it or about it."""
    document = read(pdf)
    about = document.metadata or {}
    return "\n".join([text_of(pdf), *figures_of(document), *map(str, about.values())])
