"""Places of events: what of a resolution goes into the record, and what `why` says of it."""

from __future__ import annotations

import pytest

from histor.coding.locate import LEAST_PLACE, Locator
from histor.model.annotation import Annotation, Mention
from histor.model.records import Place
from histor.resolve.places import PlaceResolver
from tests.gazetteers import SMALL


def placed(text: str, phrase: str, *names: str) -> tuple[Place, str | None]:
    """The place of a phrase in a text in which the engine found some names."""
    mentions = [Mention("place", at := text.index(n), at + len(n), 0.9, "name") for n in names]
    at = text.index(phrase)
    given = Place(phrase, (at, at + len(phrase)), phrase)
    annotation = Annotation("test/1", (), tuple(sorted(mentions, key=lambda m: m.start)))
    return Locator.of(PlaceResolver(SMALL), text, annotation, [given], None).place(given)


def test_a_sure_place_says_where_and_why() -> None:
    place, why = placed("Fighting went on in Andarab in Baghlan.", "Andarab", "Andarab", "Baghlan")
    assert (place.country, place.admin1, place.geonames_id, place.where_prec, place.geo_precision) == (
        "AFG",
        "Baghlan",
        4,
        3,
        2,
    )
    assert place.coordinate_source == "GeoNames"
    assert why is not None
    assert why.startswith("place: Andarāb, Baghlan, AFG ")
    assert "it lies in the place named with it" in why
    assert "; or " not in why


def test_rivals_of_an_ambiguous_name_are_listed() -> None:
    place, why = placed("Shots were fired in Springfield.", "Springfield", "Springfield")
    assert why is not None
    chosen, _, rivals = why.partition("; or ")
    assert "Springfield" in chosen
    assert {"Massachusetts" in chosen, "Massachusetts" in rivals} == {True, False}
    assert {"Illinois" in chosen, "Illinois" in rivals} == {True, False}
    assert (place.latitude is None) == why.startswith("place: too uncertain")


def test_a_place_that_is_too_uncertain_gets_no_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("histor.coding.locate.LEAST_PLACE", 0.99)
    place, why = placed("Shots were fired in Springfield.", "Springfield", "Springfield")
    assert LEAST_PLACE < 0.99
    assert (place.latitude, place.country, place.geonames_id) == (None, None, None)
    assert why is not None
    assert why.startswith("place: too uncertain: Springfield")
    assert "; or Springfield" in why


def test_a_place_that_nobody_knows_keeps_its_words() -> None:
    place, why = placed("Shots were fired in Zqx.", "Zqx", "Zqx")
    assert (place.text, place.name, place.latitude) == ("Zqx", "Zqx", None)
    assert why == "place: no 'Zqx' in the gazetteer"


def test_a_country_is_no_capital() -> None:
    place, _ = placed("Shots were fired in Afghanistan.", "Afghanistan", "Afghanistan")
    assert (place.where_prec, place.geo_precision, place.latitude) == (6, 3, 33.9)
