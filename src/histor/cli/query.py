"""``histor query``: the incidents of a project as a table, JSON or CSV."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from histor.cli.options import filter_options, the_filter
from histor.cli.project import FOLDER, opened


@click.command(name="query", context_settings={"help_option_names": ["-h", "--help"]})
@FOLDER
@filter_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object an incident, with claims and event mentions.")
@click.option("--csv", "as_csv", is_flag=True, help="One CSV row an incident.")
def command(folder: Path | None, as_json: bool, as_csv: bool, **options: Any) -> None:
    """List the incidents of a project that the filters take, by first day.

    What did not happen by any source (plans, threats, denials …) and what a person rejected is left out unless
    --factuality and --status ask for it.
    """
    from histor.export.formats import FORMATS
    from histor.export.query import incident_record
    from histor.jobs.dataset import dossiers

    if as_json and as_csv:
        raise click.UsageError("Choose one of --json and --csv.")
    wanted = the_filter(options)
    with opened(folder) as project, project.read() as transaction:
        found = dossiers(transaction, wanted)
        if as_json:
            copies = {c.report_id: c.copy_of for c in transaction.matches.copies()}
            for one in found:
                click.echo(json.dumps(incident_record(one, copies), ensure_ascii=False))
        elif as_csv:
            writer = FORMATS["csv"](sys.stdout.buffer)
            for one in found:
                writer.write(one)
            writer.close()
        else:
            from histor.cli.incidents import print_incidents

            print_incidents(found)
