"""``histor merge``: a person says that incidents are one."""

from __future__ import annotations

from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.options import decision_options, the_incident
from histor.cli.project import FOLDER, opened


@click.command(name="merge", context_settings=HELP)
@click.argument("incidents", nargs=-1, required=True, metavar="INCIDENT INCIDENT...")
@decision_options
@FOLDER
def command(incidents: tuple[str, ...], coder: str, reason: str | None, folder: Path | None) -> None:
    """Say that INCIDENTs (first digits of their ids) are one: a decision in the ledger; histor undo takes it back."""
    from histor.jobs.review import merge

    with opened(folder) as project:
        with project.read() as transaction:
            ids = [the_incident(transaction, words) for words in incidents]
        row = merge(project, ids, coder, reason)
        with project.read() as transaction:
            found = transaction.incidents.of([row.payload["event_mentions"][0]])
    click.echo(f"histor: they are incident {', '.join(found.values())[:10]} now.", err=True)
