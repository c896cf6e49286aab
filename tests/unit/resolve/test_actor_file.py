from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from histor.model.errors import ConfigError
from histor.resolve.actor_file import COLUMNS, parse_actor_file, read_actor_file
from histor.resolve.actor_index import ActorIndex, Identity, load_actors, shipped_index, surname

HEADER = "\t".join(COLUMNS)


def row(*cells: str) -> str:
    return "\t".join([*cells, *[""] * (len(COLUMNS) - len(cells))])


TALIBAN = "\n".join(
    [
        HEADER,
        row(
            "afg.taliban",
            "Taliban",
            "Taleban;Islamic Emirate",
            "AFG",
            "REB",
            "armed_group",
            "",
            "",
            "2001-11-14",
            "2021-08-14",
        ),
        row("afg.taliban", "Taliban", "", "AFG", "GOV", "government", "", "", "2021-08-15", ""),
    ]
)


def test_a_role_holds_for_its_period() -> None:
    taliban = parse_actor_file(TALIBAN, "t")["afg.taliban"]
    assert taliban.role(date(2021, 8, 14)).sector == "REB"
    assert taliban.role(date(2021, 8, 15)).sector == "GOV"
    assert taliban.role(date(1999, 1, 1)).sector == "REB"
    assert taliban.aliases == ("Taleban", "Islamic Emirate")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("id\tname", "not the header"),
        (f"{HEADER}\n{row('Taliban', 'Taliban', '', 'AFG', 'REB', 'armed_group')}", "not of the form"),
        (f"{HEADER}\n{row('afg.x', '', '', 'AFG', 'REB', 'armed_group')}", "no name"),
        (f"{HEADER}\n{row('afg.x', 'X', '', 'AF', 'REB', 'armed_group')}", "ISO 3166-1"),
        (f"{HEADER}\n{row('afg.x', 'X', '', 'ZZZ', 'REB', 'armed_group')}", "ISO 3166-1"),
        ("\n".join([HEADER, *(row("afg.x", n, "", "AFG", "REB", "armed_group") for n in "XY")]), "'Y' here and 'X'"),
        (f"{HEADER}\n{row('afg.x', 'X', '', 'AFG', 'BAD', 'armed_group')}", "unknown sector"),
        (f"{HEADER}\n{row('afg.x', 'X', '', 'AFG', 'REB', 'club')}", "unknown kind"),
        (f"{HEADER}\n{row('afg.x', 'X', '', 'AFG', 'REB', 'armed_group', '', '', '2021-13')}", "not a date"),
        (f"{HEADER}\n{row('afg.x', 'X', '', 'AFG', 'REB', 'armed_group', '', '', '2021', '2020')}", "before it begins"),
        (f"{HEADER}\n{row('afg.x', 'X', '', 'AFG', 'REB', 'armed_group', '', '', '', '', 'more')}", "11 columns"),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_actor_file(text, "mine.tsv")
    assert says in str(caught.value)
    assert "mine.tsv" in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        read_actor_file(tmp_path / "none.tsv")
    (tmp_path / "bad.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        read_actor_file(tmp_path / "bad.tsv")


def test_a_user_s_file_overrides_and_extends(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(
        "\n".join(
            [
                HEADER,
                row("afg.taliban", "Taliban", "", "AFG", "OPP", "party"),
                row("afg.mine", "My Front", "MF", "AFG", "REB", "armed_group"),
            ]
        )
    )
    actors = load_actors(path)
    assert actors["afg.taliban"].role(None).sector == "OPP"
    assert "afg.mine" in actors
    assert "int.islamic-state" in actors


def test_a_parent_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("\n".join([HEADER, row("afg.mine", "My Front", "", "AFG", "REB", "armed_group", "afg.none")]))
    with pytest.raises(ConfigError, match=r"afg\.none"):
        load_actors(path)


@pytest.mark.parametrize("parents", [("afg.a",), ("afg.b", "afg.c", "afg.a")])
def test_nobody_is_his_own_parent(tmp_path: Path, parents: tuple[str, ...]) -> None:
    path = tmp_path / "mine.tsv"
    rows = [row(f"afg.{x}", x, "", "AFG", "REB", "armed_group", p) for x, p in zip("abc", parents, strict=False)]
    path.write_text("\n".join([HEADER, *rows]))
    with pytest.raises(ConfigError, match="own parent"):
        load_actors(path)


def test_territories_are_countries_too() -> None:
    assert "x.hk" in parse_actor_file(f"{HEADER}\n{row('x.hk', 'X', '', 'HKG;PRI', 'PTY', 'party')}", "t")


def test_the_shipped_file_is_broad_and_whole() -> None:
    actors = load_actors()
    groups = [
        a for a in actors.values() if a.kind in {"armed_group", "militia", "party", "international", "alliance", "gang"}
    ]
    assert len(groups) >= 600
    assert {"afg.government", "afg.military", "tjk.government"} <= set(actors)
    for actor in actors.values():
        for role in actor.roles:
            assert role.parent is None or role.parent in actors


WHEN = date(2021, 8, 24)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Taliban", "afg.taliban"),
        ("Taliban fighters", "afg.taliban"),
        ("the Taleban", "afg.taliban"),
        ("Northern Alliance forces", "afg.northern-alliance"),
        ("ex-Vice President Amrullah Saleh", "afg.amrullah-saleh"),
        ("Daesh", "int.islamic-state"),
        ("Afghan police", "afg.police"),
    ],
)
def test_known_names_inside_phrases(phrase: str, expected: str) -> None:
    found = shipped_index().within(phrase, WHEN, {"AFG"})
    assert found is not None
    assert found.actor.id == expected


@pytest.mark.parametrize(
    "phrase", ["Ahmad Shah", "victims of the Taliban", "anti-Taliban protesters", "gunmen", "is", "us"]
)
def test_what_only_looks_like_a_name_stays_unknown(phrase: str) -> None:
    assert shipped_index().within(phrase, WHEN, {"AFG"}) is None


def test_namesakes_come_back_as_rivals() -> None:
    rows = [
        HEADER,
        row("usa.nrf", "NRF", "", "USA", "PTY", "party"),
        row("afg.nrf", "National Front", "NRF", "AFG", "REB", "armed_group"),
    ]
    index = ActorIndex(parse_actor_file("\n".join(rows), "t"))
    found = index.named("NRF", None)
    assert isinstance(found, Identity)
    assert [r.id for r in found.rivals] == ["afg.nrf"]
    near = index.named("NRF", None, {"AFG"})
    assert near is not None
    assert near.actor.id == "afg.nrf"
    assert near.rivals == ()


def test_surnames_need_an_office_and_a_country() -> None:
    assert surname("Bashar al-Assad") == "Assad"
    found = shipped_index().surnamed("Massoud", WHEN, {"AFG"})
    assert found is not None
    assert found.actor.id == "afg.ahmad-massoud"
    assert shipped_index().surnamed("Massoud", WHEN, {"FRA"}) is None


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Israeli forces", "isr.idf"),
        ("British forces", "gbr.british-army"),
        ("Haitian police", "hti.hnp"),
        ("Syrian forces", "syr.military"),
    ],
)
def test_a_state_s_own_name_takes_none_of_another_actor(phrase: str, expected: str) -> None:
    found = shipped_index().within(phrase, WHEN)
    assert found is not None
    assert (found.actor.id, found.rivals) == (expected, ())


def test_states_are_called_by_adjectives_and_not_by_nouns_for_their_people() -> None:
    actors = shipped_index().actors
    shown = [actors[i].name for i in ("syr.government", "ukr.military", "dom.police", "nzl.government", "isr.military")]
    assert shown == [
        "Syrian government", "Ukrainian forces", "Police of Dominican Republic", "Government of New Zealand", "Armed forces of Israel",
    ]  # fmt: skip
