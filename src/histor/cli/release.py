"""``histor release``: the dataset as one zip that anyone can check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from histor.cli.options import filter_options, the_filter
from histor.cli.project import FOLDER, opened


@click.command(name="release", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The zip to write.")
@click.option("--title", required=True, help="Name of the dataset.")
@click.option("--as", "version", required=True, metavar="VERSION", help="Version of this release, such as 1.0.")
@click.option("--author", "authors", multiple=True, help="Author; may be given again.")
@click.option("--licence", metavar="SPDX", help="Licence of the dataset, such as CC-BY-4.0.")
@click.option("--description", help="What the dataset holds, in a sentence.")
@click.option("--released", metavar="DAY", help="Day of release [default: today].")
@click.option(
    "--previous", type=click.Path(exists=True, dir_okay=False), help="The release before, for the list of changes."
)
@click.option("--with-text", is_flag=True, help="Hand on the reports' texts too (most news may only be quoted).")
@FOLDER
@filter_options
def command(
    output: str, title: str, version: str, authors: tuple[str, ...], licence: str | None, description: str | None,
    released: str | None, previous: str | None, with_text: bool, folder: Path | None, **options: Any,
) -> None:  # fmt: skip
    """Write a release: a zip of tables with their description, sums, citation and what changed.

    Check it, or anybody's, with histor verify FILE.
    """
    from datetime import UTC, date, datetime

    from histor.cli.files import writing
    from histor.jobs.dataset import imprint, release

    try:
        day = date.fromisoformat(released).isoformat() if released else datetime.now(UTC).date().isoformat()
    except ValueError:
        raise click.BadParameter(f"{released!r} is not a day; write YYYY-MM-DD.", param_hint="--released") from None
    wanted = the_filter(options)
    with opened(folder) as project:
        with project.read() as transaction:
            made = imprint(transaction, title, version, day, authors, licence, description)
        with writing(output) as out:
            count = release(
                project, out, made, wanted, previous=Path(previous) if previous else None, with_text=with_text
            )
    click.echo(f"histor: {count} incidents released in {output}.", err=True)
