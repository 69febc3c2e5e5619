"""How a principal invites her staff: link and QR code, slips with one-time codes, words to send."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.components import current, inviting_desk, open_rounds, words
from pages.components.address import choose
from pages.components.answering_entry import CODE_PARAMETER
from services import inviting
from services.answering import entry
from services.domain.access import Page, Visitor
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.errors import Trouble
from services.forms.importing import is_forms_round
from services.inviting import Invitation
from services.participation import participation
from services.printing.qr_codes import qr_png
from services.register import Register

_HERE_ONLY = {"localhost", "127.0.0.1", "::1"}


def section(register: Register, visitor: Visitor, round_: Round) -> None:
    """All that a principal needs to get her staff to answer in an open round."""
    if is_forms_round(register, round_.name):
        st.info(
            f"Omgång {words.plain(round_.name)} besvaras i Google Forms. Enheten har länken till formuläret."
        )
        return
    parts = register.school_rounds.get(round_.name, {})
    mine = sorted((code for code in parts if visitor.may_invite(code)), key=register.school_name)
    if not mine:
        return
    st.header("Bjud in personalen")
    school = mine[0] if len(mine) == 1 else _chosen(register, mine)
    invitation = _invitation(register, round_, school)
    _link(invitation)
    _words(register, visitor, invitation)
    _codes(invitation)


def _chosen(register: Register, mine: list[SchoolCode]) -> SchoolCode:
    return SchoolCode(
        choose(
            current.SCHOOL_PARAMETER,
            "Skola att bjuda in till",
            mine,
            lambda code: words.plain(register.school_name(SchoolCode(code))),
        )
        or mine[0]
    )


def _invitation(register: Register, round_: Round, school: SchoolCode) -> Invitation:
    window = entry.window(register, round_, school, current.today())
    address = _address()
    hers, with_code = ({current.SCHOOL_PARAMETER: school}, {CODE_PARAMETER: ""})
    return Invitation(
        school,
        register.school_name(school),
        round_.name,
        window.last if window else None,
        register.school_rounds[round_.name][school].staff,
        f"{address}/{Page.ANSWER}?{urlencode(hers)}",
        f"{address}/{Page.ANSWER}?{urlencode(with_code)}",
    )


def _address() -> str:
    """Where people have this app: as the login has it, or else where this browser found it."""
    login = current.settings().login
    if login is not None:
        return login.address
    here = urlsplit(st.context.url or f"http://localhost:{st.get_option('server.port')}")
    return f"{here.scheme}://{here.netloc}"


def _link(invitation: Invitation) -> None:
    st.markdown("Dela länken. Den som följer den loggar in och kommer till frågorna.")
    st.code(invitation.link, language=None, wrap_lines=True)
    if urlsplit(invitation.link).hostname in _HERE_ONLY:
        st.caption("Adressen fungerar bara på den här datorn, eftersom tjänsten körs utan inloggning.")
    with st.expander("Visa som QR-kod", key="inviting_qr"):
        st.markdown("Visa koden på storskärm, eller ladda ned den till ett bildspel eller ett anslag.")
        picture = qr_png(invitation.link)
        st.image(picture, width=260, alt=f"QR-kod till {invitation.link}")
        st.download_button(
            "Ladda ned QR-koden",
            picture,
            "qr-kod.png",
            "image/png",
            on_click="ignore",
            key="inviting_qr_file",
        )


def _words(register: Register, visitor: Visitor, invitation: Invitation) -> None:
    rows = participation(register, visitor, invitation.round, current.today())
    answered = next((row.answered for row in rows if row.school == invitation.school), 0)
    with st.expander("Text att skicka till personalen", key="inviting_words"):
        st.markdown("Texten följer hur långt ni har kommit. Kopiera den och ändra som du vill.")
        st.code(inviting.words_to_send(invitation, answered, current.today()), language=None, wrap_lines=True)


def _codes(invitation: Invitation) -> None:
    mine = inviting_desk.desk()
    is_hers = mine.school == invitation.school
    is_busy = is_hers and bool(mine.slips or mine.trouble or mine.withdrawn)
    with st.expander("Engångskoder för den som inte kan logga in", expanded=is_busy, key="inviting_codes"):
        st.markdown(
            "Skriv ut lappar med en kod på varje. Koden visar vilken skola den som svarar arbetar på, men "
            "inte vem det är. Dela ut lapparna så att inte heller du vet vem som får vilken."
        )
        try:
            file = open_rounds.file(invitation.round)
            made, left = (
                inviting.codes_made(invitation.school, file),
                inviting.codes_left(invitation, file),
            )
        except Trouble as trouble:
            st.error(words.plain(str(trouble)))
            return
        if is_hers and mine.trouble:
            st.error(words.plain(mine.trouble))
        if is_hers and mine.withdrawn:
            st.success("Koderna är indragna. Lapparna som är ute går inte att använda.")
        if is_hers and mine.slips:
            _printing(mine.slips, mine.count)
        else:
            _making(invitation, left)
        if made:
            _withdrawing(invitation, made)


def _printing(slips: bytes, count: int) -> None:
    st.success(
        f"{words.counted(count, 'kod är klar', 'koder är klara')} att skriva ut. Ladda ned dem nu: koderna "
        "sparas inte, så ingen kan ta fram dem igen."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Ladda ned lapparna (PDF)",
            slips,
            "engangskoder.pdf",
            "application/pdf",
            on_click="ignore",
            type="primary",
            key="inviting_slips",
        )
        st.button("Jag har skrivit ut dem", on_click=inviting_desk.put_away, key="inviting_put_away")


def _making(invitation: Invitation, left: int) -> None:
    if invitation.staff is None:
        st.info("Antal anställda på skolan saknas. Be Digitaliseringsenheten att fylla i det.")
        return
    if not left:
        st.markdown("Det finns en kod för var och en som arbetar på skolan.")
        return
    st.number_input(
        "Hur många koder?", min_value=1, max_value=left, value=left, key=inviting_desk.COUNT, width=200
    )
    st.button(
        "Gör lappar med koder", on_click=inviting_desk.make_slips, args=(invitation,), key="inviting_make"
    )


def _withdrawing(invitation: Invitation, made: int) -> None:
    st.markdown(
        f"Skolan har {words.counted(made, 'kod', 'koder')}. Är lapparna borta? Dra in koderna, så går ingen "
        "av dem att använda för ett nytt svar. Svar som redan har kommit ligger kvar."
    )
    st.button("Dra in koderna", on_click=inviting_desk.withdraw, args=(invitation,), key="inviting_withdraw")
