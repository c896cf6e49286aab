"""What writers of tables share: they ask for the rows of an incident, and count the incidents that a scheme has none for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import IO

from histor.export.cells import Rows
from histor.export.dossier import Dossier


class TableWriter(ABC):
    """Takes dossiers one by one; `left_out` counts those without a row."""

    def __init__(self, out: IO[bytes]) -> None:
        self._rows = self.table(out)
        self.left_out = 0

    @abstractmethod
    def table(self, out: IO[bytes]) -> Rows:
        """The table with the scheme's columns."""

    @abstractmethod
    def rows(self, dossier: Dossier) -> Sequence[Mapping[str, object]]:
        """The rows of an incident, none where the scheme takes no such incident."""

    def write(self, dossier: Dossier) -> None:
        """All rows of an incident."""
        found = self.rows(dossier)
        self.left_out += not found
        for one in found:
            self._rows.write(one)

    def close(self) -> None:
        self._rows.close()
