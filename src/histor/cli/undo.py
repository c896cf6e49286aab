"""``histor undo``."""

from __future__ import annotations

from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER
from histor.cli.turn import CODER, turn


@click.command(name="undo", context_settings=HELP)
@CODER
@FOLDER
def command(coder: str, folder: Path | None) -> None:
    """Take back what you did last and still stands: more rows in the ledger."""
    from histor.jobs.review import take_back

    turn(take_back, folder, coder, "undo", "taken back")
