"""Making, opening, upgrading and backing up projects."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from histor.jobs.ingest import Ingest
from histor.model.errors import ConfigError, StoreError
from histor.store.database import open_database
from histor.store.migrate import SCRIPTS, upgrade
from histor.store.project import init_project, open_project
from histor.store.schema import HEAD, metadata
from histor.store.verify import verify_project
from tests.stores import QuickCoder, capture, captures, filled


def code_of(folder: Path) -> str:
    with pytest.raises((ConfigError, StoreError)) as raised:
        open_project(folder).close()
    assert raised.value.do
    return raised.value.code


def test_a_project_is_made_once(tmp_path: Path) -> None:
    init_project(tmp_path / "a" / "b").close()
    assert {p.name for p in (tmp_path / "a" / "b").iterdir()} >= {"histor.db", "histor.toml"}
    with pytest.raises(ConfigError, match="already"):
        init_project(tmp_path / "a" / "b")
    open_project(tmp_path / "a" / "b").close()
    with pytest.raises(ConfigError, match="cannot be written to"):
        init_project(tmp_path / "a" / "b" / "histor.db" / "c")


def test_folders_of_any_name(tmp_path: Path) -> None:
    for name in ("what?", "50 %", "a#b;c", "Ödön 'x'"):
        with filled(tmp_path / name, 1) as project:
            project.backup(tmp_path / name / "copy.db")
        with open_project(tmp_path / name) as project, project.read() as t:
            assert t.reports.count() == 1


def test_a_database_without_settings_is_a_project(tmp_path: Path) -> None:
    filled(tmp_path, 2).close()
    (tmp_path / "histor.toml").unlink()
    with open_project(tmp_path) as project, project.read() as t:
        assert t.reports.count() == 2


def test_what_is_no_project_says_so(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "project.missing"
    (tmp_path / "histor.toml").write_text("database = 'histor.db'")
    assert code_of(tmp_path) == "store.missing"
    (tmp_path / "histor.db").write_bytes(b"this is a text, not a database, and long enough to be seen as none" * 9)
    assert code_of(tmp_path) == "store.foreign"
    (tmp_path / "histor.db").write_bytes(b"")
    assert code_of(tmp_path) == "store.empty"
    (tmp_path / "histor.db").unlink()
    with sqlite3.connect(tmp_path / "histor.db") as connection:
        connection.execute("create table songs (name)")
    connection.close()
    assert code_of(tmp_path) == "store.foreign"
    for settings in ("database = 3", "colour = 'red'", "database = ", "[coding]\nlexikon = 'x'"):
        (tmp_path / "histor.toml").write_text(settings)
        assert code_of(tmp_path) == "project.settings"
    for address in ("mysql://a@b/c", "nonsense://"):
        (tmp_path / "histor.toml").write_text(f"database = '{address}'")
        assert code_of(tmp_path) == "store.address"


def test_a_server_that_is_not_there_and_no_password_in_errors(tmp_path: Path) -> None:
    (tmp_path / "histor.toml").write_text("database = 'postgresql://ann:secret@127.0.0.1:1/x'")
    with pytest.raises(StoreError) as raised:
        open_project(tmp_path)
    assert raised.value.code == "store.connection"
    assert "secret" not in str(raised.value)


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    project = filled(tmp_path, 1)
    with project.write() as t:
        t.connection.exec_driver_sql("update alembic_version set version_num = '9001'")
    project.close()
    assert code_of(tmp_path) == "store.newer"
    with pytest.raises(StoreError, match=f"its tables are 9001, this one knows {HEAD}"):
        open_project(tmp_path)


def test_the_newest_revision_is_the_one_of_the_scripts() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_make_the_tables_that_the_code_knows(project) -> None:  # type: ignore[no-untyped-def]
    """Every table, column, key and index of `schema.py`, on either database."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(thing, name, kind, reflected, other):  # type: ignore[no-untyped-def]
        table = name if kind == "table" else thing.table.name
        return table in metadata.tables and name not in {"search", "ix_reports_search", "ix_event_mentions_point"}

    with project.read() as t:
        context = MigrationContext.configure(t.connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.promise("migrations")
def test_an_upgrade_that_breaks_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from histor.store.migrations import search

    monkeypatch.setattr(search, "SQLITE", (*search.SQLITE, "create nonsense"))
    database = open_database("x.db", tmp_path)
    with pytest.raises(StoreError):
        upgrade(database, create=True)
    assert inspect(create_engine(f"sqlite:///{tmp_path / 'x.db'}")).get_table_names() == []
    monkeypatch.undo()
    upgrade(database, create=True)
    upgrade(database)
    database.close()


@pytest.mark.promise("migrations")
def test_a_backup_under_load_is_a_sound_project(tmp_path: Path) -> None:
    project = filled(tmp_path / "p", 5)
    stop = threading.Event()

    def write() -> None:
        k = 100
        while not stop.is_set():
            Ingest(project, QuickCoder(), matching=False).run(
                [capture(f"Rebels attacked village {k} near Goma on Monday, officials said.", k)]
            )
            k += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for k in range(3):
            project.backup(tmp_path / f"{k}.db")
    finally:
        stop.set()
        writer.join()
    sizes = []
    for k in range(3):
        folder = tmp_path / f"restored{k}"
        folder.mkdir()
        (tmp_path / f"{k}.db").rename(folder / "histor.db")
        with open_project(folder) as restored:
            assert list(verify_project(restored)) == []
            with restored.read() as t:
                sizes.append(t.reports.count())
    assert sizes == sorted(sizes)
    assert sizes[0] >= 5


def test_backups_do_not_overwrite(tmp_path: Path) -> None:
    with filled(tmp_path / "p", 1) as project:
        (tmp_path / "there").touch()
        with pytest.raises(ConfigError, match="already"):
            project.backup(tmp_path / "there")
        with pytest.raises(ConfigError, match="no such folder"):
            project.backup(tmp_path / "nowhere" / "b.db")
        assert not list(tmp_path.glob(".*"))


def test_a_server_is_backed_up_otherwise(postgres: str, tmp_path: Path) -> None:
    from tests.postgres import fresh_database

    with init_project(tmp_path, fresh_database(postgres)) as project, pytest.raises(ConfigError, match="pg_dump"):
        project.backup(tmp_path / "b.db")


def test_threads_share_a_project(tmp_path: Path) -> None:
    project = init_project(tmp_path)
    failed: list[BaseException] = []

    def work(k: int) -> None:
        try:
            Ingest(project, QuickCoder(), matching=False).run(captures(12)[k::4])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with project.read() as t:
        assert t.reports.count() == 12


def test_the_package_is_imported_without_the_database(tmp_path: Path) -> None:
    code = "import sys, histor, histor.cli.main; sys.exit(any(m in sys.modules for m in ('sqlalchemy', 'alembic', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_reference_names_every_table() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "project.md").read_text(encoding="utf-8")
    rows = {
        line.split("`")[1]: set(re.findall(r"`([a-z_0-9]+)`", line))
        for line in page.splitlines()
        if line.startswith("| `")
    }
    assert rows.keys() == metadata.tables.keys()
    for name, words in rows.items():
        columns = {c.name for c in metadata.tables[name].columns}
        assert words - {name} <= columns, name
