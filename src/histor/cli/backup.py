"""``histor backup``: a copy of a project's database."""

from __future__ import annotations

from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened


@click.command(name="backup", context_settings=HELP)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@FOLDER
def command(target: Path, folder: Path | None) -> None:
    """Copy a project's database into the new FILE, as it stands at one moment; others may go on working.

    To restore, put FILE in the place of histor.db. Do not copy histor.db itself while something writes to it.
    """
    with opened(folder) as project:
        project.backup(target)
    click.echo(f"{target} holds {target.stat().st_size / 1e6:.1f} MB.", err=True)
