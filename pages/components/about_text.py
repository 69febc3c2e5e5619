"""The words of Om tjänsten."""

import streamlit as st

from pages.components import words
from services.domain.question import LEVEL_LABELS
from services.domain.round import LEAST_ANSWERS_FLOOR
from services.framework import load_framework
from services.publishing import LEAST_FOR_QUESTIONS


def framework() -> None:
    """What the framework is for and how a year goes, in public words only."""
    st.header("Ramverket")
    st.write(
        "*Varje elevs bästa skola – digital certifiering* är ett ramverk från Malmös "
        "grundskoleförvaltning. Målet är likvärdighet: varje elev ska få gå i en skola som använder "
        "digitaliseringens möjligheter väl. Ramverket har tre delar: en handlingsplan, en självskattning "
        "varje år och en certifiering."
    )
    st.write(
        "I januari talar arbetslagen igenom frågorna. Sedan svarar var och en för sig på fyra nivåer: "
        f"{words.listed(list(LEVEL_LABELS))}. En skola som når kriterierna kan söka till certifieringen. "
        "Den har sex lärtillfällen, och däremellan besöker skolorna varandra."
    )
    st.write("Självskattningens delområden:")
    names = (area["name"] for area in load_framework()["areas"])
    st.markdown("\n".join(f"{number}. {words.plain(name)}" for number, name in enumerate(names, 1)))


def protection() -> None:
    """How answers are protected, said honestly."""
    st.header("Så skyddas svaren")
    st.markdown(
        "- Svaren är konfidentiella medan omgången är öppen och avidentifierade när den stängts.\n"
        "- Medan omgången är öppen visas inga resultat för någon, bara hur många som har svarat.\n"
        f"- En skola visas bara om minst {LEAST_ANSWERS_FLOOR} har svarat. Enskilda frågor visas först "
        f"när minst {LEAST_FOR_QUESTIONS} har svarat.\n"
        "- En skola som inte visas räknas inte heller med i stadens tal, så att ingen kan räkna ut dess "
        "resultat.\n"
        "- Det finns inga bakgrundsfrågor och ingen fritext.\n"
        "- Skolor rangordnas aldrig efter nivå."
    )


def accessibility() -> None:
    """The accessibility statement."""
    st.header("Tillgänglighet")
    st.write(
        "Vi vill att alla ska kunna använda tjänsten. Den är byggd för att följa WCAG 2.1 på nivå AA: den "
        "går att använda med tangentbord och skärmläsare, på liten skärm och med större text. Varje "
        "diagram har en mening som säger vad det visar, och samma tal finns som tabell."
    )
    st.write(
        "Det som brister i dag: tabellerna ritas av Streamlit på en yta som skärmläsare läser rad för rad "
        "men inte alltid med rubriker. Knapparna och sorteringsmenyn i dem är på engelska, liksom länken "
        "förbi menyn och namnen på frågetecknen bredvid nyckeltalen."
    )


def contact(address: str) -> None:
    """Whom to write to."""
    st.header("Kontakt")
    if address:
        st.write(f"Digitaliseringsenheten svarar på frågor: {words.plain(address)}")
    else:
        st.write("Digitaliseringsenheten svarar på frågor om tjänsten.")
