"""A user's codebook laid over ours, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from histor.codebook.codebook import contexts_of, load_codebook
from histor.coding.lexicon import load_lexicon
from histor.model.errors import ConfigError

MINE = """
version = "sahel 1"

[types]
ASSAULT = ["cattle-raid"]
EXTORT = []

[contexts]
pastoralism = "herder, transhumance"
crime = "zakat levy"

[[crosswalk]]
sub = "Looting/property destruction"
type = "ASSAULT"
modes = ["cattle-raid"]

[define.types]
EXTORT = ["Payment is forced out of people.", "The band took its levy."]

[define.modes.ASSAULT]
cattle-raid = ["Herds are driven off by force.", "Raiders took forty cows."]

[define.contexts]
pastoralism = ["Herding and its routes.", "a fight over a well"]
"""


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_it_extends_ours(tmp_path: Path) -> None:
    book, ours = load_codebook(write(tmp_path, MINE)), load_codebook()
    assert book.version.startswith(f"{ours.version}+")
    assert " " not in book.version
    assert "cattle-raid" in book.modes["ASSAULT"]
    assert set(ours.modes["ASSAULT"]) < set(book.modes["ASSAULT"])
    assert book.modes["EXTORT"] == ()
    assert book.contexts["herder"] == ("pastoralism",)
    assert "crime" in book.contexts["zakat levy"]
    assert book.crosswalk[0].modes == ("cattle-raid",)
    assert len(book.crosswalk) == len(ours.crosswalk) + 1
    definition = book.defined("modes", "cattle-raid", "ASSAULT")
    assert definition is not None
    assert definition.example == "Raiders took forty cows."


def test_ours_stays_as_it_was(tmp_path: Path) -> None:
    before = load_codebook()
    load_codebook(write(tmp_path, MINE))
    assert load_codebook() == before


def test_a_lexicon_may_use_it(tmp_path: Path) -> None:
    book = load_codebook(write(tmp_path, MINE))
    frames = tmp_path / "frames.toml"
    frames.write_text('[[frame]]\nid = "levy"\ntype = "EXTORT"\nverbs = "levy"\n', encoding="utf-8")
    assert load_lexicon(frames, book).verbs["levy"][0][1].type == "EXTORT"
    with pytest.raises(ConfigError, match="EXTORT"):
        load_lexicon(frames)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[types]\nASSAULT = []", "version"),
        ('version = "1"\ntypos = 1', "'typos'"),
        ('version = "1"\n[types]\nassault = []', "ASSAULT"),
        ('version = "1"\n[types]\nASSAULT = "raid"', "list of texts"),
        ('version = "1"\n[contexts]\ncrime = ""', "'crime'"),
        ('version = "1"\n[[crosswalk]]\nsub = "Raid"\ntype = "ASSAULT"\nmodes = [""]', "'Raid'"),
        ('version = "1"\n[[crosswalk]]\nsub = "Attack"\ntype = "RAID"\nmodes = [""]', "'RAID'"),
        ('version = "1"\n[[crosswalk]]\nsub = "Attack"\ntype = "ASSAULT"\nmodes = ["raid"]', "no mode 'raid'"),
        ('version = "1"\n[[crosswalk]]\nsub = "Attack"\ntype = "ASSAULT"', "no modes"),
        ('version = "1"\n[[crosswalk]]\nsub = "Attack"\ntype = "ASSAULT"\nmodes = [""]\nsides = "us"', "'us'"),
        (
            'version = "1"\n[[crosswalk]]\nsub = "Attack"\ntype = "ASSAULT"\nmodes = [""]\ndeaths = "yes"',
            "true or false",
        ),
        ('version = "1"\n[define.types]\nASSAULT = ["only one"]', "definition"),
        ('version = "1"\n[define.modes.RAID]\nx = ["a", "b"]', "'RAID'"),
        ('version = "1"\n[define.moods]\nx = ["a", "b"]', "'moods'"),
        ("version = ", "cannot read"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_codebook(write(tmp_path, text))
    assert said in str(error.value)
    assert "mine.toml" in str(error.value)


def test_everything_that_is_coded_is_defined() -> None:
    book = load_codebook()
    for name, modes in book.modes.items():
        assert book.defined("types", name) is not None
        assert all(book.defined("modes", mode, name) for mode in modes)
    assert {d.code for d in book.definitions if d.scheme == "sub_events"} == set(book.acled)
    assert {d.code for d in book.definitions if d.scheme == "contexts"} >= {
        c for cs in book.contexts.values() for c in cs
    }
    assert len(book.context_names) == 37


def test_definitions_and_examples_are_given_once() -> None:
    book = load_codebook()
    texts = [d.example for d in book.definitions if d.scheme in {"types", "modes", "sub_events"}]
    assert len(set(texts)) == len(texts)
    assert all(d.text.strip() and d.example.strip() for d in book.definitions)


def test_contexts_that_follow_from_the_sides() -> None:
    assert contexts_of("CONSULT", [("GOV", "FRA")], [("GOV", "MLI")]) == {"diplomatic"}
    assert contexts_of("CONSULT", [("GOV", "MLI")], [("GOV", "MLI")]) == frozenset()
    assert contexts_of("ASSAULT", [("REB", "MLI")], [("CVL", "MLI")]) == {"military"}
