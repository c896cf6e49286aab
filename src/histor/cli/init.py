"""``histor init``: make a project."""

from __future__ import annotations

from pathlib import Path

import click

from histor.cli.inputs import HELP


@click.command(name="init", context_settings=HELP)
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]")
@click.option(
    "--database", default="histor.db", show_default=True, metavar="FILE|ADDRESS",
    help="File in the folder, or the address of a PostgreSQL database (postgresql://USER@HOST/DATABASE).",
)  # fmt: skip
def command(folder: Path, database: str) -> None:
    """Make a project in DIR (default: the current folder).

    A project is a folder with histor.toml, its settings, and histor.db, one SQLite file with all reports,
    claims and decisions. It may lie on a PostgreSQL server instead.
    """
    from histor.store.project import init_project

    with init_project(folder, database) as project:
        click.echo(f"A project is made in {project.folder.resolve()}. Fill it: histor ingest INPUT...", err=True)
