"""The project that a command works on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from histor.store.project import Project

FOLDER: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--project", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="The project's folder [default: $HISTOR_PROJECT, else the current folder].",
)  # fmt: skip
"""The option `--project`; the command gets it as `folder`."""


def opened(folder: Path | None) -> Project:
    """The project that is meant, to be used as a context. Raises ConfigError and StoreError."""
    from histor.store.project import default_folder, open_project

    return open_project(folder or default_folder())
