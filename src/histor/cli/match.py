"""``histor match``: the whole project again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened


@click.command(name="match", context_settings=HELP)
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="The counts as JSON on standard output.")
def command(folder: Path | None, as_json: bool) -> None:
    """Match every telling of the project anew: copies, incidents, estimates.

    `histor ingest` matches what is new by itself; this is for a project of an older version. What people decided
    holds, and incidents keep their ids.
    """
    from histor.jobs.matching import match_project

    with opened(folder) as project:
        done = match_project(project)
    if as_json:
        counts = {n: getattr(done, n) for n in ("reports", "tellings", "pairs", "copies", "incidents")}
        click.echo(json.dumps(counts))
    click.echo(
        f"histor: {done.tellings:,} tellings of {done.reports:,} reports are {done.incidents:,} incidents; "
        f"{done.copies:,} reports are copies.",
        err=True,
    )
