"""What every engine is: a named, versioned function from a report to an annotation."""

from __future__ import annotations

from typing import Protocol

from histor.model.annotation import Annotation


class Engine(Protocol):
    """Turns a text into sentences, parses, mentions and (if it can) proposals.

    `coder` names engine and version as they are stamped on records (``embedded/1.0.0``).
    `annotate` depends on the text and title alone, so that any number of workers in any order
    give the same result.
    """

    @property
    def coder(self) -> str: ...

    def annotate(self, text: str, title: str | None = None) -> Annotation: ...
