"""A progress bar on stderr for more than a few reports, and messages above it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

FEW = 5


class Progress:
    """Counts reports; the bar appears once there are more than a few and stderr is a terminal."""

    def __init__(self, quiet: bool) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._count = 0
        self._quiet = quiet or not sys.stderr.isatty()

    def advance(self, by: int = 1) -> None:
        self._count += by
        if self._quiet:
            return
        if self._bar is None and self._count > FEW:
            self._open()
        if self._bar is not None:
            self._bar.update(self._task, completed=self._count)

    def message(self, text: str) -> None:
        """One line on stderr that does not tear the bar."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, emoji=False, highlight=False, soft_wrap=True)
        else:
            click.echo(text, err=True)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("coding"), BarColumn(), MofNCompleteColumn(), TextColumn("reports"), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._bar.start()
        self._task = self._bar.add_task("coding", total=None)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """A progress display around a run."""
    bar = Progress(quiet)
    try:
        yield bar
    finally:
        bar.close()
