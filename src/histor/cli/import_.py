"""``histor import``: another coder's rows, in UCDP's or ACLED's columns."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from histor.cli.project import FOLDER, opened


@click.command(name="import", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--scheme", required=True, type=click.Choice(["ucdp", "acled"]), help="Whose columns the file has.")
@click.option("--coder", required=True, help="Whose codings these are.")
@click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False), help="TOML file that names your columns and values."
)
@click.option("--log", type=click.Path(dir_okay=False), help="CSV file for what became of each row.")
@FOLDER
def command(file: str, scheme: str, coder: str, mapping: str | None, log: str | None, folder: Path | None) -> None:
    """Take codings in as another coder's decisions: each row adds an event mention of its own.

    They are matched and compared like any other telling. A row that was taken before is known and changes nothing;
    one that cannot be read is set aside and named. Exit status: 0 all well, 1 rows were set aside, 2 nothing could
    be taken.
    """
    from histor.capture.codings import read_mapping
    from histor.cli.files import writing
    from histor.export.cells import Rows
    from histor.jobs.clock import now
    from histor.jobs.dataset import import_codings
    from histor.text.printable import printable

    if not coder.strip():
        raise click.BadParameter("the coder has no name.", param_hint="--coder")
    counts = {"added": 0, "known": 0, "set aside": 0}
    columns = read_mapping(Path(mapping)) if mapping else None
    rows = []
    with opened(folder) as project:
        for outcome in import_codings(project, Path(file), scheme, coder, now(), columns):
            counts[outcome.outcome] += 1
            rows.append({"row": outcome.row, "outcome": outcome.outcome, "detail": outcome.detail})
            if outcome.outcome == "set aside":
                click.echo(f"set aside: {printable(outcome.detail)}", err=True)
    if log:
        with writing(log) as out:
            table = Rows(out, ("row", "outcome", "detail"))
            for row in rows:
                table.write(row)
            table.close()
    click.echo(f"histor: {counts['added']} added, {counts['known']} known, {counts['set aside']} set aside.", err=True)
    if counts["set aside"]:
        sys.exit(1 if counts["added"] + counts["known"] else 2)
