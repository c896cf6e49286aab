"""Places of the news in the built gazetteer: each resolves rightly in its context."""

from __future__ import annotations

import re

import pytest

from histor.resolve.places import PlaceResolver, Toponym, distance_km
from histor.store.gazetteer import SqliteGazetteer, open_gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> SqliteGazetteer:
    return open_gazetteer()


CASES = [
    ("Fighting in Panjshir went on, and the Taliban sent men from Kabul.", "Panjshir", ("Kabul",), "AFG", (35.3, 69.6)),
    ("Clashes were reported from Kapisa in Afghanistan.", "Kapisa", ("Afghanistan",), "AFG", (34.95, 69.6)),
    (
        "Fifty were killed in Andarab in Baghlan province, officials in Kabul said.",
        "Andarab",
        ("Baghlan", "Kabul"),
        "AFG",
        (35.6, 69.3),
    ),
    ("Local fighters in Andarab, Afghanistan, retook Banu.", "Andarab", ("Afghanistan", "Banu"), "AFG", (35.6, 69.3)),
    ("The Taliban entered Bazarak, the capital of Panjshir.", "Bazarak", ("Panjshir",), "AFG", (35.31, 69.52)),
    ("Mazar-i-Sharif fell on Saturday, Afghan officials said.", "Mazar-i-Sharif", (), "AFG", (36.71, 67.11)),
    ("Air strikes hit Idlib in northwest Syria.", "Idlib", ("Syria",), "SYR", (35.93, 36.63)),
    ("Russian forces shelled Bakhmut, Ukraine said.", "Bakhmut", ("Ukraine",), "UKR", (48.6, 38.0)),
    ("M23 rebels took Goma in eastern Congo.", "Goma", ("Congo",), "COD", (-1.67, 29.22)),
    ("A bomb went off in Maiduguri, Nigerian police said.", "Maiduguri", (), "NGA", (11.85, 13.16)),
    (
        "Troops fought militants in Marawi in the southern Philippines.",
        "Marawi",
        ("Philippines",),
        "PHL",
        (8.0, 124.29),
    ),
    ("A market in Maarat al-Numan was hit, Syrian activists said.", "Maarat al-Numan", (), "SYR", (35.64, 36.67)),
    ("Islamic State attacked Deir ez-Zor in Syria.", "Deir ez-Zor", ("Syria",), "SYR", (35.33, 40.14)),
    ("Shells fell on eastern Ghouta near Damascus.", "eastern Ghouta", ("Damascus",), "SYR", (33.53, 36.43)),
    (
        "Washington said Damascus was to blame; the Syrian government denied it.",
        "Damascus",
        ("Washington",),
        "SYR",
        (33.5, 36.3),
    ),
    ("Fighting spread in Darfur, the Sudanese army said.", "Darfur", (), "SDN", (13.5, 24.5)),
    ("They died in Donetsk in the Donbas, Kyiv said.", "Donetsk", ("Donbas", "Kyiv"), "UKR", (48.0, 37.8)),
    ("Gunmen raided a village in Borno State.", "Borno State", (), "NGA", (11.8, 13.0)),
    ("The governor of Kunduz province spoke in Kabul.", "Kunduz province", ("Kabul",), "AFG", (36.8, 68.8)),
]


@pytest.mark.parametrize(
    ("text", "name", "others", "country", "point"), CASES, ids=lambda v: v if isinstance(v, str) and len(v) < 24 else ""
)
def test_places(
    gazetteer: SqliteGazetteer, text: str, name: str, others: tuple[str, ...], country: str, point: tuple[float, float]
) -> None:
    spans = [Toponym(n, m.span()) for n in (name, *others) for m in re.finditer(re.escape(n), text)]
    choices = PlaceResolver(gazetteer).resolve(text, sorted(spans, key=lambda t: t.span))
    entry = next(c.entry for c in choices if c.toponym.text == name)
    assert entry is not None
    assert entry.country == country
    assert entry.latitude is not None
    assert entry.longitude is not None
    assert distance_km(entry.latitude, entry.longitude, *point) < 161
