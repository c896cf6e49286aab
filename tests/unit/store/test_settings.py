"""Settings: what is written is read again, and a person's lines stay."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.model.errors import ConfigError
from histor.store.project import init_project
from histor.store.settings import (
    CodingSettings,
    ReviewSettings,
    Settings,
    check_tiles,
    read_settings,
    set_key,
    write_settings,
)

TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def test_a_change_keeps_every_other_line(tmp_path: Path) -> None:
    path = tmp_path / "histor.toml"
    path.write_text(
        '# mine\ndatabase = "d.db"\n\n[coding]  # files\nlexicon = "l.toml"\n# actors = "x.tsv"\n\n[review]\ntiles = "'
        + TILES
        + '"\n'
    )
    wanted = Settings("d.db", CodingSettings("l.toml", "mine.tsv"), ReviewSettings("bo", 12.5))
    write_settings(path, wanted)
    assert read_settings(path) == wanted
    text = path.read_text()
    for line in ("# mine", "[coding]  # files", 'lexicon = "l.toml"', '# actors = "x.tsv"'):
        assert line in text.splitlines()
    assert "tiles" not in text


def test_a_new_project_takes_changes_and_holds_them(tmp_path: Path) -> None:
    with init_project(tmp_path / "p") as project:
        review = ReviewSettings("bo", 5.0, TILES, 'the "tilers"\\ of Ōsaka')
        project.change_settings(msgspec.structs.replace(project.settings, review=review))
        assert project.settings.review == review
    assert read_settings(tmp_path / "p" / "histor.toml").review == review


names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@given(st.none() | names, st.floats(0, 100), st.none() | names)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, coder: str | None, percent: float, file: str | None
) -> None:
    path = tmp_path_factory.mktemp("s") / "histor.toml"
    wanted = Settings(coding=CodingSettings(actors=file), review=ReviewSettings(coder, percent))
    write_settings(path, wanted)
    assert read_settings(path) == wanted
    write_settings(path, Settings())
    assert read_settings(path) == Settings()


def test_what_cannot_be_changed_safely_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "histor.toml"
    before = 'coding = { lexicon = "l.toml" }\n'
    path.write_text(before)
    with pytest.raises(ConfigError, match="cannot be written"):
        write_settings(path, Settings(coding=CodingSettings("l.toml", "a.tsv")))
    assert path.read_text() == before


def test_a_key_of_another_section_stays() -> None:
    text = '[other]\nactors = "a"\n[coding]\nactors = "b"\n'
    assert set_key(text, "coding", "actors", None) == '[other]\nactors = "a"\n[coding]\n'


@pytest.mark.parametrize(
    ("line", "comment"),
    [('actors = "b.tsv"  # from the field office', "# from the field office"), ('  actors="a#b.tsv"# of # two', "# of # two"),
     ('actors = "a # b.tsv"', ""), ("actors = 'a'", "")],
)  # fmt: skip
def test_the_comment_on_a_keys_line_stays(line: str, comment: str) -> None:
    text = f'# ours\n[coding]\nlexicon = "l"\n{line}\n# below\n'
    behind = f"  {comment}" if comment else ""
    assert set_key(text, "coding", "actors", "c#.tsv") == text.replace(line, f'actors = "c#.tsv"{behind}')
    assert set_key(text, "coding", "actors", None) == text.replace(f"{line}\n", f"{comment}\n" if comment else "")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.org/{z}/{x}/{y}", "https://x.org/{z}/{x}.png", "https://x.org; script-src */{z}/{x}/{y}", "https://{s}.x.org/{z}/{x}/{y}",
        "https://x.org/{z}/{x}/{y}'", "https://x.org/{z}/{x}/{y}\nx: y", "//x.org/{z}/{x}/{y}", "https://user@x.org/{z}/{x}/{y}",
    ],
)  # fmt: skip
def test_what_is_no_tile_address(address: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="tile address"):
        check_tiles(address)
    path = tmp_path / "histor.toml"
    path.write_text(f"[review]\ntiles = {msgspec.json.encode(address).decode()}\n")
    with pytest.raises(ConfigError):
        read_settings(path)


def test_tile_addresses() -> None:
    for address in (TILES, "http://127.0.0.1:8080/{z}/{x}/{y}", "https://a.example/t/{z}/{y}/{x}@2x.png?key=a-b_c"):
        assert check_tiles(address) == address


def test_a_file_that_others_may_not_read_stays_so_and_a_link_stays_one(tmp_path: Path) -> None:
    path, link = tmp_path / "kept.toml", tmp_path / "histor.toml"
    path.write_text('database = "postgresql://ann:secret@host/war"\n')
    path.chmod(0o600)
    link.symlink_to(path)
    write_settings(link, msgspec.structs.replace(read_settings(link), review=ReviewSettings("bo", 5)))
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_settings(path).review == ReviewSettings("bo", 5)
