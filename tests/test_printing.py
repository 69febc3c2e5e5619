"""What is printed: tagged, in Swedish, with its fonts, and with the page's figures and no others."""

import pytest

from pages.components.school_report import report_of
from services.errors import NotPermitted, NotReady
from services.printing.certificates import certificate_pdf
from services.printing.print_text import printable
from services.printing.school_reports import Report, Section, report_pdf
from tests.pdf_words import figures_of, read, text_of
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, TODAY, a_register, answers, visitor

OTHERS = [*answers(16, BJORKSKOLAN, L=3, U=2), *answers(16, RONNBARSSKOLAN, L=3, U=2)]


def printed(count: int, who: str = "Petra") -> bytes:
    register = a_register([*answers(count, EKSKOLAN, L=3, U=4), *OTHERS])
    return report_pdf(report_of(register, visitor(who), register.rounds["2021"], EKSKOLAN, TODAY))


def claimed_accessible(pdf: bytes, title: str) -> None:
    document = read(pdf)
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value and "/StructTreeRoot" in root
    assert str(root["/Lang"]).casefold().startswith("sv")
    assert document.metadata is not None and document.metadata.title == title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    for page in document.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            [inner] = font.get_object().get("/DescendantFonts", [font])
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()


def test_a_report_is_tagged_in_swedish_with_fonts_and_words_for_every_chart() -> None:
    pdf = printed(20)

    claimed_accessible(pdf, "Ekskolan, omgång 2021")
    alts = figures_of(read(pdf))
    assert len(alts) == 3 and all(alts)
    assert "1 Ledarskap och planering 3,0" in alts[0]


def test_a_report_says_what_the_page_says() -> None:
    said = text_of(printed(20))

    for words in (
        "Ekskolan",
        "20 av 20",
        "100 %",
        "1 Ledarskap och planering",
        "L1: 3,0",
        "Påstående U4",
        "4,0",
    ):
        assert words in said
    assert "Utskrivet 24 januari 2022" in said


def test_what_the_page_hides_is_not_printed() -> None:
    few, too_few = text_of(printed(9)), text_of(printed(4))

    assert "1 Ledarskap och planering" in few and "L1" not in few and "Påstående" not in few
    assert "Visas inte: färre än 5 svar." in too_few
    assert "Ledarskap" not in too_few and "3,0" not in too_few and "4,0" not in too_few


def test_a_round_that_is_not_published_prints_no_result() -> None:
    from tests.people import a_round

    register = a_register([*answers(20, EKSKOLAN, L=3), *OTHERS], rounds=[a_round(status="Stängd")])
    pdf = report_pdf(report_of(register, visitor("Unni"), register.rounds["2021"], EKSKOLAN, TODAY))
    assert "är inte publicerad" in text_of(pdf) and "3,0" not in text_of(pdf)


@pytest.mark.parametrize("who", ["Per", "Siri", "Frida", "Nils"])
def test_nobody_prints_a_school_that_is_not_hers_to_see(who: str) -> None:
    with pytest.raises(NotPermitted):
        printed(20, who)


def test_whatever_stands_in_a_cell_can_be_printed() -> None:
    odd = "".join(map(chr, range(0x20, 0x530))) + "😀漢字\u202e\x00#let $x$ *b* – €"
    section = Section(odd, (odd,), rows=((odd,), (odd,)), widths=(1.0,))
    assert "#let $x$ *b* – €" in text_of(report_pdf(Report(odd, odd, odd, ((odd, odd),), (section,))))
    assert printable("a\u202eb 漢") == "ab ?"


# --- Certificates ------------------------------------------------------------------------------------


def certificate(who: str = "Petra", **more: object) -> bytes:
    row = {
        "Certifikat": "C1",
        "Skolenhetskod": EKSKOLAN,
        "Läsår": "2021-2022",
        "Beslut": "Certifierad",
        "Datum": "2022-05-18",
        "Giltigt till": "2025-05-18",
        "Diarienummer": "GRF-2022-17",
        **more,
    }
    settings = [
        {"Namn": "Ort", "Värde": "Malmö"},
        {"Namn": "Förvaltning", "Värde": "Grundskoleförvaltningen"},
    ]
    register = a_register(certificates=[row], settings=settings)
    return certificate_pdf(register, visitor(who), "C1")


def test_a_certificate_says_who_when_for_how_long_and_where_it_is_filed() -> None:
    pdf = certificate()

    claimed_accessible(pdf, "Certifikat för Ekskolan")
    said = text_of(pdf)
    for words in ("Ekskolan", "2021-2022", "18 maj 2022", "till och med 18 maj 2025", "GRF-2022-17", "Malmö"):
        assert words in said
    assert len(read(pdf).pages) == 1


def test_only_a_decision_that_certifies_is_a_certificate_and_only_for_who_may_see_the_school() -> None:
    assert "har förnyat" in text_of(certificate(Beslut="Förnyad"))
    for decision in ("Ej certifierad", "Återkallad"):
        with pytest.raises(NotReady):
            certificate(Beslut=decision)
    for who in ("Per", "Siri", "Frida", "Nils"):
        with pytest.raises(NotPermitted):
            certificate(who)
