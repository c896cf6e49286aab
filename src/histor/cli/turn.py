"""What ``histor undo`` and ``histor redo`` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from histor.cli.project import opened

if TYPE_CHECKING:
    from histor.model.incidents import Decision
    from histor.store.project import Project

CODER = click.option("--coder", default="local", show_default=True, help="Whose decision.")


def turn(how: Callable[[Project, str], list[Decision]], folder: Path | None, coder: str, verb: str, done: str) -> None:
    """Take back or put back what a coder did last, and say what it was; exit status 1 where there is nothing."""
    from histor.text.printable import printable

    with opened(folder) as project:
        rows = how(project, coder)
        if not rows:
            click.echo(f"histor: there is nothing of {printable(coder)} to {verb}.", err=True)
            raise SystemExit(1)
        with project.read() as transaction:
            meant = transaction.decisions.meant(rows[-1])
    what = f"{meant.action} of {meant.made_at[:16].replace('T', ' ')} UTC" if meant else "a decision"
    more = f" and {len(rows) - 1} more made with it" if len(rows) > 1 else ""
    click.echo(f"histor: {done}: {what}{more}.", err=True)
