"""``histor undo``."""

from __future__ import annotations

from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened


@click.command(name="undo", context_settings=HELP)
@click.option("--coder", default="local", show_default=True, help="Whose decision.")
@FOLDER
def command(coder: str, folder: Path | None) -> None:
    """Take back your last decision that stands: one more row in the ledger."""
    from histor.jobs.review import take_back
    from histor.text.printable import printable

    with opened(folder) as project:
        row = take_back(project, coder)
        if row is None:
            click.echo(f"histor: there is nothing of {printable(coder)} to undo.", err=True)
            raise SystemExit(1)
        with project.read() as transaction:
            target = transaction.decisions.get(row.subject)
            while target is not None and target.action == "undo":
                target = transaction.decisions.get(target.subject)
    what = f"{target.action} of {target.made_at[:16].replace('T', ' ')} UTC" if target else "a decision"
    click.echo(f"histor: taken back: {what}.", err=True)
