from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.model.annotation import Annotation, Mention
from histor.resolve.toponyms import find_toponyms
from tests.gazetteers import SMALL


def annotated(text: str, **mentions: str) -> Annotation:
    """An annotation whose mentions are given by their words, ``|`` between those of one kind."""
    found = []
    for kind, words in mentions.items():
        at = 0
        for name in words.split("|"):
            at = text.index(name, at)
            found.append(Mention(kind, at, at + len(name), 0.9, "name"))
            at += len(name)
    return Annotation("test/1", (), tuple(sorted(found, key=lambda m: m.start)))


def names(text: str, **mentions: str) -> list[str]:
    found = find_toponyms(text, annotated(text, **mentions), SMALL)
    assert all(text[t.span[0] : t.span[1]] == t.text for t in found)
    return [t.text for t in found]


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("Fighting spread in Goma and Rutshuru.", "Goma and Rutshuru", ["Goma", "Rutshuru"]),
        ("They hold Baghlan and Illinois provinces.", "Baghlan and Illinois provinces", ["Baghlan", "Illinois"]),
        ("They hold Baghlan and Zqx provinces.", "Baghlan and Zqx provinces", ["Baghlan and Zqx provinces"]),
        ("Shells fell on Goma countryside.", "Goma countryside", ["Goma"]),
        ("Shells fell on Goma city.", "Goma city", ["Goma city"]),
        ("Shells fell on Goma al.", "Goma al", ["Goma al"]),
        ("Shells fell on Goma Hospital.", "Goma Hospital", ["Goma"]),
        ("Shells fell on Zqx Hospital.", "Zqx Hospital", []),
        ("Cars burned on Goma Street.", "Goma Street", []),
        ("Nobody has heard of Zqx.", "Zqx", ["Zqx"]),
    ],
)
def test_what_the_engine_takes_for_a_place(text: str, place: str, expected: list[str]) -> None:
    assert names(text, place=place) == expected


@pytest.mark.parametrize(
    ("text", "organisation", "expected"),
    [
        ("Goma Police said so.", "Goma Police", ["Goma"]),
        ("The Goma police said so.", "Goma", ["Goma"]),
        ("Goma Traders Ltd said so.", "Goma Traders Ltd", []),
        ("Afghanistan Airlines flew.", "Afghanistan Airlines", ["Afghanistan"]),
        ("The Friends of Afghanistan met.", "Friends of Afghanistan", ["Afghanistan"]),
        ("The Friends of Goma met.", "Friends of Goma", []),
        ("Afghan Police said so.", "Afghan Police", []),
        ("The Security Council met.", "Security Council", []),
    ],
)
def test_places_in_the_names_of_organisations(text: str, organisation: str, expected: list[str]) -> None:
    assert names(text, organisation=organisation) == expected


def test_a_name_that_stands_alone_elsewhere_is_known_in_an_organisation() -> None:
    text = "A bomb went off in Goma. Goma Traders Ltd lost a truck."
    assert names(text, place="Goma", organisation="Goma Traders Ltd") == ["Goma", "Goma"]


@pytest.mark.parametrize(
    ("text", "person", "expected"),
    [
        ("The Goma resident Jean Bahati fled.", "Goma resident Jean Bahati", ["Goma"]),
        ("Jean Bahati of Rutshuru fled.", "Jean Bahati of Rutshuru", ["Rutshuru"]),
        ("Goma Bahati fled.", "Goma Bahati", []),
        ("Goma said nothing.", "Goma", []),
    ],
)
def test_places_in_what_is_taken_for_a_person(text: str, person: str, expected: list[str]) -> None:
    assert names(text, person=person) == expected


@pytest.mark.parametrize("sign", [" — ", " (AP) -- ", " - "])
def test_datelines(sign: str) -> None:
    assert names(f"Title\nGOMA{sign}Rebels came.") == ["GOMA"]
    assert names(f"UPDATE{sign}Rebels came.") == []


def test_one_half_of_a_place_in_a_place_finds_the_other() -> None:
    assert names("Near Springfield, Illinois he stopped.", place="Illinois") == ["Springfield", "Illinois"]
    assert names("Near Springfield, Illinois he stopped.", place="Springfield") == ["Springfield", "Illinois"]
    assert names("Near Goma, Illinois was named.", place="Illinois") == ["Illinois"]


def test_the_rest_of_a_cut_abbreviation() -> None:
    assert names("In W.Va. it snowed.", place="W.") == ["W.Va."]


@given(st.text(alphabet="Goma BhlIi.,-—()\n", max_size=60), st.data())
def test_names_are_in_order_and_do_not_touch(text: str, data: st.DataObject) -> None:
    mentions = []
    for _ in range(data.draw(st.integers(0, 4))):
        a = data.draw(st.integers(0, len(text)))
        b = data.draw(st.integers(a, len(text)))
        kind = data.draw(st.sampled_from(["place", "organisation", "person"]))
        if a < b:
            mentions.append(Mention(kind, a, b, 0.9, "name"))
    found = find_toponyms(text, Annotation("test/1", (), tuple(mentions)), SMALL)
    assert all(x.span[1] <= y.span[0] for x, y in itertools.pairwise(found))
    assert all(text[t.span[0] : t.span[1]] == t.text for t in found)


def test_time_grows_with_length_only() -> None:
    text = "Goma Police of Goma, Illinois. " * 5_000 + "A" * 50_000
    found = [Mention("organisation", at, at + 11, 0.9, "name") for at in range(0, 155_000, 31)]
    began = time.process_time()
    assert len(find_toponyms(text, Annotation("test/1", (), tuple(found)), SMALL)) == 5_000
    assert time.process_time() - began < 5
