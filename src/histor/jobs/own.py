"""The files that a project lays over what ships: its lexicon, actors and codebook."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from histor.codebook.codebook import Codebook, load_codebook
from histor.store.project import Project


class OwnFiles(NamedTuple):
    """Where each file lies; None where what ships stands alone."""

    lexicon: Path | None = None
    actors: Path | None = None
    codebook: Path | None = None


def own_files(project: Project) -> OwnFiles:
    """The files that `[coding]` of the project's `histor.toml` names; paths count from its folder."""
    held = project.settings.coding
    return OwnFiles(*(project.folder / name if name else None for name in (held.lexicon, held.actors, held.codebook)))


def codebook_of(project: Project) -> Codebook:
    """The codebook that the project codes by. Raises ConfigError if its own file cannot be read."""
    return load_codebook(own_files(project).codebook)
