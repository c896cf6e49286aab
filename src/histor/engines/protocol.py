"""What every engine is: a named, versioned function from a report to an annotation."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

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


class Meter(Protocol):
    """What an engine used: as whole numbers for a run's record, and in a line for people."""

    def counts(self) -> dict[str, int]: ...

    def summary(self) -> str: ...


@runtime_checkable
class Metered(Protocol):
    """An engine whose use costs something."""

    @property
    def meter(self) -> Meter: ...
