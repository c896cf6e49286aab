from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.resolve.places import Choice, PlaceResolver, Toponym, distance_km
from histor.resolve.where import locate, of_kind
from tests.gazetteers import SMALL, SmallGazetteer, entry

RESOLVER = PlaceResolver(SMALL)


def resolve(text: str, *names: str) -> list[Choice]:
    found = [Toponym(n, m.span()) for n in dict.fromkeys(names) for m in re.finditer(re.escape(n), text)]
    return RESOLVER.resolve(text, sorted(found, key=lambda t: t.span))


def chosen(text: str, *names: str) -> dict[str, str]:
    return {c.toponym.text: f"{c.entry.country}/{c.entry.admin1}" if c.entry else "none" for c in resolve(text, *names)}


def test_andarab_is_where_the_report_speaks_of() -> None:
    assert chosen("Fighting went on in Andarab in Baghlan.", "Andarab", "Baghlan")["Andarab"] == "AFG/Baghlan"
    assert chosen("The Afghan army left Andarab.", "Andarab")["Andarab"] == "AFG/Baghlan"
    assert chosen("A quake shook Andarab in Iran.", "Andarab", "Iran")["Andarab"] == "IRN/East Azerbaijan"


def test_a_container_decides_between_namesakes() -> None:
    assert chosen("Police in Springfield, Illinois said", "Springfield", "Illinois")["Springfield"] == "USA/Illinois"


def test_what_is_not_there_is_not_invented() -> None:
    (choice,) = resolve("Shots were heard in Zqxvwt.", "Zqxvwt")
    assert choice.entry is None
    assert "no such place in the gazetteer" in choice.why


def test_one_name_has_one_place_in_a_report() -> None:
    text = "Goma was quiet. Later, Goma was shelled from Rutshuru."
    keys = {c.entry.key for c in resolve(text, "Goma", "Rutshuru") if c.entry and c.toponym.text == "Goma"}
    assert keys == {6}


@pytest.mark.parametrize(
    ("text", "phrase", "name", "precision"),
    [
        ("The army shelled Goma.", "Goma", "Goma", (1, 1)),
        ("A convoy was ambushed near Goma.", "Goma", "Goma", (2, 2)),
        ("It fell on the outskirts of Goma.", "the outskirts of Goma", "Goma", (2, 2)),
        ("Clashes broke out 20 km north of Goma.", "20 km north of Goma", "Goma", (2, 2)),
        ("Clashes broke out 80 km north of Goma.", "80 km north of Goma", "Goma", (5, 2)),
        ("The road between Goma and Rutshuru is cut.", "The road between Goma and Rutshuru", "Goma", (5, 2)),
        ("They fought across Baghlan.", "Baghlan", "Baghlan", (4, 3)),
        ("Andarab district in Baghlan fell.", "Andarab", "Andarab", (3, 2)),
        ("In Afghanistan people marched.", "Afghanistan", "Afghanistan", (6, 3)),
        ("They fought in northern Afghanistan.", "northern Afghanistan", "Afghanistan", (5, 3)),
        ("Villages burned in Darfur.", "Darfur", "Darfur", (5, 2)),
    ],
)
def test_precision_follows_the_phrase(text: str, phrase: str, name: str, precision: tuple[int, int]) -> None:
    names = [n for n in ("Goma", "Rutshuru", "Baghlan", "Andarab", "Afghanistan", "Darfur") if n in text]
    at = text.index(phrase)
    where = locate(text, (at, at + len(phrase)), resolve(text, *names))
    assert (where.where_prec, where.geo_precision) == precision
    assert where.entry is not None


def test_an_offset_moves_the_point() -> None:
    text = "It happened 20 km north of Goma."
    where = locate(text, (text.index("20"), len(text) - 1), resolve(text, "Goma"))
    assert where.latitude is not None
    assert where.longitude is not None
    assert where.latitude > -1.67
    assert distance_km(-1.67, 29.22, where.latitude, where.longitude) == pytest.approx(20, abs=0.5)
    assert where.source is not None
    assert "20 km north of Goma" in where.source


def test_a_name_the_gazetteer_lacks_takes_its_container_s_precision() -> None:
    text = "Men attacked Zqxvwt in Baghlan."
    at = text.index("Zqxvwt")
    where = locate(text, (at, len(text) - 1), resolve(text, "Zqxvwt", "Baghlan"))
    assert where.name == "Zqxvwt"
    assert where.where_prec == 4
    assert where.source is not None
    assert "Baghlan" in where.source


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(-89, 89), st.floats(-180, 180))
def test_distance_is_a_metric(a: float, b: float, c: float, d: float) -> None:
    assert distance_km(a, b, c, d) == pytest.approx(distance_km(c, d, a, b), abs=1e-6)
    assert 0 <= distance_km(a, b, c, d) <= 20_040
    assert distance_km(a, b, a, b) == pytest.approx(0, abs=1e-6)


def test_whose_a_place_is_holds_it() -> None:
    text = "They fought in Afghanistan's northern province of Baghlan and left."
    phrase = "Afghanistan's northern province of Baghlan"
    at = text.index(phrase)
    where = locate(text, (at, at + len(phrase)), resolve(text, "Afghanistan", "Baghlan"))
    assert (where.name, where.where_prec) == ("Baghlan", 4)


IDLIB = entry(
    90, "Idlib", "town", "SYR", admin1="Idlib", admin1_code="SY.12", population=160_000, latitude=35.9, longitude=36.6
)
IDLIB_ADM = entry(
    91, "Idlib Governorate", "adm1", "SYR", admin1="Idlib", admin1_code="SY.12", latitude=35.8, longitude=36.7
)
SOKUR = entry(
    92, "Midan", "town", "RUS", admin1="Omsk", admin1_code="RU.54", population=900, latitude=55.0, longitude=73.0
)
LAND = entry(93, "Syria", "country", "SYR", latitude=35.0, longitude=38.0, population=20_000_000)
WAR = SmallGazetteer([(IDLIB, ()), (IDLIB_ADM, ("Idlib",)), (SOKUR, ()), (LAND, ())])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jets bombed Idlib province in Syria.", "adm1"),
        ("Jets bombed the province of Idlib in Syria.", "adm1"),
        ("Jets bombed the city of Idlib in Syria.", "town"),
        ("Jets bombed Idlib, Syria. Idlib city is quiet.", "town"),
    ],
)
def test_the_word_beside_a_name_tells_the_city_from_its_province(text: str, kind: str) -> None:
    names = [Toponym(n, (text.index(n), text.index(n) + len(n))) for n in ("Idlib", "Syria")]
    found = [of_kind(text, c, WAR) for c in PlaceResolver(WAR).resolve(text, sorted(names, key=lambda t: t.span))]
    assert [c.entry.kind for c in found if c.entry and c.toponym.text == "Idlib"] == [kind]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Shells fell on Midan.", True),
        ("Shells fell on Midan in Syria.", False),
        ("Syria said Syrian troops left. Syria and Syrian rebels blamed Syria. Shells fell on Midan.", False),
        ("Syria said Syrian troops left. Syria and Syrian rebels blamed Russia. Shells fell on Midan.", True),
    ],
)
def test_a_small_namesake_abroad_is_not_meant(text: str, there: bool) -> None:
    names = [Toponym(m[0], m.span()) for m in re.finditer(r"\b(?:Midan|Syria)\b", text)]
    (midan,) = (c for c in PlaceResolver(WAR).resolve(text, names) if c.toponym.text == "Midan")
    assert (midan.entry is not None) == there
