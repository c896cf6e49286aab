"""``histor validate``: does a file keep to a published scheme."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

SCHEMES = ("ucdp", "acled", "polecat", "gdelt", "gdelt-mentions", "plover", "geojson", "csv")


@click.command(name="validate", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--scheme", required=True, type=click.Choice(SCHEMES), help="The scheme that the file should keep to.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, for programs.")
@click.option("--most", type=click.IntRange(1), default=1000, show_default=True, help="Findings shown at most.")
def command(file: str, scheme: str, as_json: bool, most: int) -> None:
    """Check FILE against a published scheme: columns, order, vocabularies, ranges and sums.

    Takes anybody's file, not only ours. Findings go to standard output, one a line. Exit status: 0 none, 1 some,
    2 the file cannot be read.
    """
    from histor.export.validate import validate
    from histor.text.printable import printable

    count = 0
    for finding in validate(Path(file), scheme, most):
        count += 1
        if as_json:
            click.echo(json.dumps({"row": finding.row, "column": finding.column, "what": finding.what}))
        else:
            click.echo(printable(str(finding)))
    click.echo(f"histor: {f'{count} findings' if count else 'no findings'} in {printable(file)}.", err=True)
    sys.exit(1 if count else 0)
