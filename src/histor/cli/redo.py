"""``histor redo``."""

from __future__ import annotations

from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER
from histor.cli.turn import CODER, turn


@click.command(name="redo", context_settings=HELP)
@CODER
@FOLDER
def command(coder: str, folder: Path | None) -> None:
    """Put back what you took back last: more rows in the ledger."""
    from histor.jobs.review import put_back

    turn(put_back, folder, coder, "redo", "put back")
