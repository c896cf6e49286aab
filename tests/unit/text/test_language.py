from __future__ import annotations

import pytest

from histor.text import language
from histor.text.language import identify, supported

ENGLISH = (
    "The army said that its soldiers had retaken the village from the rebels, who were driven towards the river, "
    "and that two of them had been wounded in the fighting."
)
OTHERS = {
    "da": "Fem mennesker blev dræbt, da en bombe sprang ved politiets hovedkvarter, og myndighederne sagde, at de ville "
    "svare igen for de to angreb i byen, hvor avisen The Guardian har en korrespondent.",
    "nl": "Twee soldaten zijn gedood en vijf zijn gewond geraakt toen hun konvooi op een mijn reed, zei een woordvoerder "
    "van het leger na de aanval die was gemeld door de politie.",
    "fr": "Les forces du gouvernement ont repris la ville, selon un article du New York Times qui cite un porte-parole de "
    "la police et plusieurs habitants.",
    "es": "El ejército dijo que sus soldados habían recuperado la aldea de manos de los rebeldes tras intensos combates.",
}


@pytest.fixture
def no_identifier(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise AssertionError("the identifier was asked")

    monkeypatch.setattr(language, "_identifier", fail)


@pytest.mark.usefixtures("no_identifier")
@pytest.mark.parametrize("text", [ENGLISH, ENGLISH.upper()])
def test_plain_english_is_known_without_the_identifier(text: str) -> None:
    assert identify(text) == ("en", 1.0)


@pytest.mark.parametrize("code", OTHERS)
def test_other_languages_are_told_from_english(code: str) -> None:
    known, found = supported(OTHERS[code])
    assert not known
    assert found != "en"


def test_the_identifier_agrees_on_plain_english() -> None:
    assert language._identifier().classify(ENGLISH)[0] == "en"


def test_letters_that_are_not_latin_are_never_english() -> None:
    assert not supported("Армия сообщила, что the деревня was освобождена, и что двое солдат ранены. " * 3)[0]


@pytest.mark.parametrize("text", ["Kabul, 24 August", "12 34", ""])
def test_what_is_too_short_to_tell_is_let_through(text: str) -> None:
    assert supported(text)[0]
