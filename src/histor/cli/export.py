"""``histor export``: a project's incidents in a published scheme."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from histor.cli.options import filter_options, the_filter
from histor.cli.project import FOLDER, opened

FORMATS = ("ucdp", "acled", "polecat", "gdelt", "gdelt-mentions", "plover", "geojson", "csv", "parquet", "datapackage")


@click.command(name="export", context_settings={"help_option_names": ["-h", "--help"]})
@FOLDER
@click.option("--format", "form", required=True, type=click.Choice(FORMATS), help="The scheme to write.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="The file to write [default: standard output].")
@filter_options
def command(folder: Path | None, form: str, output: str | None, **options: Any) -> None:
    """Write the incidents that the filters take in a published scheme.

    A scheme that has no row for an incident (UCDP GED without a death, say) leaves it out; how many were left out
    and why is said on standard error.
    """
    from histor.cli.files import writing
    from histor.export.formats import NEEDS
    from histor.jobs.dataset import Exported, export, release

    wanted = the_filter(options)
    with opened(folder) as project:
        if output is None and form in {"parquet", "datapackage"} and sys.stdout.isatty():
            raise click.UsageError(f"{form} is not for a terminal; name a file with -o.")
        with writing(output) as out:
            if form == "datapackage":
                done = Exported(release(project, out, _imprint(), wanted), 0)
            else:
                done = export(project, form, out, wanted)
    click.echo(f"histor: {done.written} incident{'s' if done.written != 1 else ''} written.", err=True)
    if done.left_out:
        click.echo(f"histor: {done.left_out} left out: {form} asks for {NEEDS[form]}.", err=True)


def _imprint() -> Any:
    from datetime import UTC, datetime

    from histor.export.release import Imprint

    return Imprint("Incidents", "0", datetime.now(UTC).date().isoformat())
