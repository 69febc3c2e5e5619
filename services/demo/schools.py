"""The demo's schools: three that public reports name, the others invented."""

from dataclasses import dataclass

import numpy as np

CERTIFYING = ("Hermodsdalsskolan", "Mellersta Förstadsskolan", "Oxievångsskolan")
"""Went into the certification of 2021–2022 according to public reports; their figures here are invented."""

CAST_SCHOOLS = ("Ekskolan", "Björkskolan", "Rönnbärsskolan")
"""Led by the demo's principals: Petra the first, Per the other two."""

_INVENTED = """
Ekskolan, Björkskolan, Rönnbärsskolan, Almgårdsskolan, Asklundsskolan, Hasselbacksskolan,
Olvonskolan, Slånbärsskolan, Videbäcksskolan, Sälglundsskolan, Tallmoskolan, Granlidsskolan,
Lärkdalsskolan, Trastskolan, Svalgårdsskolan, Ugglelundsskolan, Näktergalsskolan, Koltrastskolan,
Bofinksskolan, Gökärtsskolan, Vipängsskolan, Storkbackens skola, Hägerskolan, Tranelidsskolan,
Havsörnsskolan, Vindleksskolan, Brisvägens skola, Solglimtens skola, Morgondaggens skola,
Regnbågsdalens skola, Norrskensskolan, Månskensskolan, Stjärnfallsskolan, Kompassrosens skola,
Fyrbåksskolan, Ankarhusets skola, Segelduksskolan, Roderskolan, Lotsudden skola, Bryggarens skola,
Snäckgatans skola, Pärlemorskolan, Bärnstensskolan, Flintbackens skola, Kalkstensskolan, Sandrevlans
skola, Vassruggens skola, Näckrosdammens skola, Kabbelekans skola, Smörblommeskolan,
Blåklintsskolan, Vallmofältets skola, Prästkragens skola, Gullviveskolan, Backsippans skola,
Blåsippsskolan, Vitsippsdalens skola, Kungsljusskolan, Ringblommans skola, Solroslundens skola,
Kaprifolskolan, Syrenbergsskolan, Jasmingårdens skola, Lavendelskolan, Timjansskolan,
Rosmarinbackens skola, Kryddgårdens skola, Päronallens skola, Plommonlundens skola, Körsbärsdalens
skola, Kvittenskolan, Mullbärsskolan, Valnötsskolan, Kastanjebackens skola, Lönnlövsskolan
"""

DISTRICTS = ("Centrum", "Norr", "Söder", "Väster", "Öster")
GRADES = ("F–3", "F–6", "F–6", "F–9", "7–9")


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school of the demo: `kind` says what it is there to show."""

    code: str
    name: str
    district: str
    grades: str
    staff: int
    kind: str


def make_schools(count: int, rng: np.random.Generator) -> list[DemoSchool]:
    """The three named schools first, then invented ones, with all the kinds the demo shows.

    Kinds: `candidate` (nine), `near` (about one in fifteen), `quiet` (two, with too few answers),
    `small` (area levels only), `busy` (high levels, low response) and `ordinary`.
    """
    names = [*CERTIFYING, *(" ".join(name.split()) for name in _INVENTED.split(","))]
    while len(names) < count:
        names.append(f"Skolan vid allén {len(names) - 77}")
    kinds = _kinds(count)
    codes = _codes(count, rng)
    return [
        DemoSchool(
            codes[index],
            names[index],
            DISTRICTS[int(rng.integers(len(DISTRICTS)))],
            GRADES[int(rng.integers(len(GRADES)))],
            _staff(kinds[index], rng),
            kinds[index],
        )
        for index in range(count)
    ]


def _kinds(count: int) -> list[str]:
    """Candidates are the named ones and six more; Ekskolan, where Petra leads, is near."""
    fixed = ["candidate"] * 3 + ["near", "ordinary", "candidate"] + ["candidate"] * 5
    rest = count - len(fixed)
    others = (
        ["quiet"] * 2 + ["small"] * max(1, rest // 20) + ["near"] * (rest // 15) + ["busy"] * (rest // 20)
    )
    return fixed + others[:rest] + ["ordinary"] * (rest - len(others))


def _codes(count: int, rng: np.random.Generator) -> list[str]:
    drawn = rng.choice(80_000_000, size=count, replace=False) + 10_000_000
    codes = [f"{int(code):08d}" for code in drawn]
    codes[len(CERTIFYING)] = "00123456"  # Ekskolan: a code with leading zeros
    return codes


def _staff(kind: str, rng: np.random.Generator) -> int:
    if kind == "quiet":
        return int(rng.integers(6, 10))
    if kind == "small":
        return int(rng.integers(9, 12))
    return int(np.clip(rng.normal(58, 18), 24, 110))
