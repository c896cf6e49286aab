"""``histor verify``: check a project or a release."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened


@click.command(name="verify", context_settings=HELP)
@click.argument("what", required=False, type=click.Path(exists=True, path_type=Path), metavar="[PROJECT|RELEASE.zip]")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One finding a line as JSON.")
def command(what: Path | None, folder: Path | None, as_json: bool) -> None:
    """Check that every value answers to its words.

    Spans equal their quotes, captured bytes and texts their hashes, identifiers their content; the chain of
    decisions is whole; nothing refers to what is not there. Exit status: 0 sound, 1 something was found,
    2 it could not be checked.
    """
    from histor.jobs.verify import verify_release
    from histor.store.verify import verify_project
    from histor.text.printable import printable

    number = 0
    release = what is not None and what.is_file()
    if release and what is not None:
        findings = verify_release(what)
    else:
        project = opened(what or folder)
        findings = verify_project(project)
    for found in findings:
        number += 1
        click.echo(json.dumps(found._asdict(), ensure_ascii=False) if as_json else printable(str(found)))
    click.echo(f"histor: {number:,} found." if number else "histor: all is sound.", err=True)
    sys.exit(1 if number else 0)
