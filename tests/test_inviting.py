"""Inviting a staff: codes that only the paper knows, slips that everybody can read, words to send."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from services.answering.keys import RoundSecrets, code_key, is_code
from services.answering.round_file import RoundFile
from services.domain.access import NOBODY, Role, Visitor
from services.domain.school import SchoolCode
from services.errors import NotPermitted, NotReady, RoundNotOpen, RoundSecretMissing
from services.inviting import Invitation, codes_left, codes_made, make_codes, withdraw_codes, words_to_send
from services.printing.code_sheets import code_sheets
from services.printing.qr_codes import qr_png
from tests.people import BJORKSKOLAN, EKSKOLAN

LINK, CODE_LINK = "https://vebs.example.se/answer?skola=1", "https://vebs.example.se/answer?kod="
EK = Invitation(SchoolCode(EKSKOLAN), "Ekskolan", "2022", dt.date(2022, 2, 4), 12, LINK, CODE_LINK)
PETRA = Visitor("Petra", frozenset({Role.PRINCIPAL}), led_schools=frozenset({SchoolCode(EKSKOLAN)}))
SIRI = Visitor("Siri", frozenset({Role.STAFF}), worked_schools=frozenset({SchoolCode(EKSKOLAN)}))
UNNI = Visitor("Unni", frozenset({Role.UNIT}))
CODE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}")


@pytest.fixture
def secrets(tmp_path: Path) -> RoundSecrets:
    made = RoundSecrets(tmp_path / "secrets")
    made.make("2022")
    return made


@pytest.fixture
def file(tmp_path: Path) -> Iterator[RoundFile]:
    opened = RoundFile(tmp_path / "round.sqlite")
    yield opened
    opened.close()


def test_a_code_answers_for_the_school_and_nothing_on_the_disk_says_which_it_is(
    secrets: RoundSecrets, file: RoundFile, tmp_path: Path
) -> None:
    codes = make_codes(EK, PETRA, 12, secrets, file)

    assert len(set(codes)) == 12 and all(is_code(code) for code in codes)
    secret = secrets.of("2022")
    assert {file.school_of(code_key(secret, "2022", code.lower())) for code in codes} == {EKSKOLAN}
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [
        code for code in codes if code.encode() in on_disk or code.replace("-", "").encode() in on_disk
    ] == []


@pytest.mark.parametrize(
    ("who", "invitation"),
    [(UNNI, EK), (SIRI, EK), (NOBODY, EK), (PETRA, replace(EK, school=SchoolCode(BJORKSKOLAN)))],
    ids=["the unit", "staff", "nobody", "the principal of another school"],
)
def test_only_the_schools_own_principal_makes_and_withdraws_codes(
    who: Visitor, invitation: Invitation, secrets: RoundSecrets, file: RoundFile
) -> None:
    with pytest.raises(NotPermitted, match="Bara skolans rektor"):
        make_codes(invitation, who, 1, secrets, file)
    with pytest.raises(NotPermitted, match="Bara skolans rektor"):
        withdraw_codes(who, invitation.school, file)

    assert dict(file.issued()) == {}


def test_there_are_never_more_codes_than_people(secrets: RoundSecrets, file: RoundFile) -> None:
    make_codes(EK, PETRA, 10, secrets, file)
    for count in (0, -1, 3, 10**9):
        with pytest.raises(NotReady, match="mellan 1 och 2 koder till"):
            make_codes(EK, PETRA, count, secrets, file)
    make_codes(EK, PETRA, 2, secrets, file)
    with pytest.raises(NotReady, match="dra in koderna först"):
        make_codes(EK, PETRA, 1, secrets, file)
    with pytest.raises(NotReady, match="Antal anställda på Ekskolan saknas"):
        make_codes(replace(EK, staff=None), PETRA, 1, secrets, file)

    assert codes_made(EK.school, file) == 12 and codes_left(EK, file) == 0


def test_codes_that_are_withdrawn_open_nothing_and_leave_room_for_new_ones(
    secrets: RoundSecrets, file: RoundFile
) -> None:
    lost = make_codes(EK, PETRA, 12, secrets, file)
    withdraw_codes(PETRA, EK.school, file)

    secret = secrets.of("2022")
    assert {file.school_of(code_key(secret, "2022", code)) for code in lost} == {None}
    assert len(make_codes(EK, PETRA, 12, secrets, file)) == 12


def test_no_codes_are_made_for_a_round_that_is_being_closed_or_was_never_opened_here(
    secrets: RoundSecrets, file: RoundFile
) -> None:
    with pytest.raises(RoundSecretMissing):
        make_codes(replace(EK, round="2023"), PETRA, 1, secrets, file)
    file.seal(dt.datetime(2022, 2, 5, tzinfo=dt.UTC))
    with pytest.raises(RoundNotOpen, match="stängs just nu"):
        make_codes(EK, PETRA, 1, secrets, file)

    assert dict(file.issued()) == {}


# --- On paper ----------------------------------------------------------------------------------------------


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_each_code_has_a_slip_with_what_one_needs_to_know() -> None:
    codes = [f"AB{n:02}-EFGH-JKLM" for n in range(23)]
    pdf = code_sheets(EK, codes)

    said = text_of(pdf)
    assert CODE.findall(said) == codes
    assert said.count("Svara senast 4 februari 2022.") == said.count(" vebs.example.se/answer ") == len(codes)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 3, "ten to a page"


def test_the_slips_can_be_read_by_a_screen_reader_and_on_any_machine() -> None:
    reader = PdfReader(io.BytesIO(code_sheets(EK, ["ABCD-EFGH-JKLM"])))
    root = reader.trailer["/Root"]

    assert root["/Lang"] == "sv" and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert reader.metadata is not None and reader.metadata.title == "Engångskoder för Ekskolan, omgång 2022"
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    descriptors = [one["/DescendantFonts"][0]["/FontDescriptor"] for one in fonts]
    assert descriptors and all({"/FontFile2", "/FontFile3"} & one.keys() for one in descriptors)
    assert f"QR-kod till {CODE_LINK}" in alternative_texts(root["/StructTreeRoot"])


def alternative_texts(element: object) -> list[str]:
    found = element.get_object()  # type: ignore[attr-defined]
    if isinstance(found, list):
        return [text for one in found for text in alternative_texts(one)]
    if not isinstance(found, dict):
        return []
    own = [str(found["/Alt"])] if "/Alt" in found else []
    return own + (alternative_texts(found["/K"]) if "/K" in found else [])


@pytest.mark.parametrize(
    "name", ['#panic("x") *fet* $x$ `kod`', "]#[", '"}, {"codes": ["HACK"]', "= Rubrik\n- ett"]
)
def test_what_a_schools_name_says_is_never_markup(name: str) -> None:
    said = text_of(code_sheets(replace(EK, name=name), ["ABCD-EFGH-JKLM"]))

    assert " ".join(name.split()) in said
    assert CODE.findall(said) == ["ABCD-EFGH-JKLM"]


def test_a_phone_reads_the_address_from_the_code() -> None:
    picture = Image.open(io.BytesIO(qr_png(LINK))).convert("L")

    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [LINK]


# --- Words to send -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "today", "said"),
    [
        (
            0,
            dt.date(2022, 1, 10),
            "Nu är självskattningen i Varje elevs bästa skola öppen för oss på Ekskolan.",
        ),
        (5, dt.date(2022, 1, 20), "Tack till alla som har svarat på självskattningen: 5 av 12."),
        (
            5,
            dt.date(2022, 2, 1),
            "Det är 3 dagar kvar att svara på självskattningen. Hittills har 5 av 12 svarat.",
        ),
        (0, dt.date(2022, 2, 3), "I morgon är sista dagen att svara på självskattningen."),
        (5, dt.date(2022, 2, 4), "I dag är sista dagen att svara på självskattningen."),
    ],
)
def test_the_words_to_send_follow_how_it_goes_and_always_have_the_link(
    answered: int, today: dt.date, said: str
) -> None:
    text = words_to_send(EK, answered, today)

    assert said in text
    assert f"Svara här senast 4 februari 2022: {LINK}" in text
    assert "aldrig vem eller vad" in text
