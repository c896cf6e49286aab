"""The formats of `histor export`, in one table."""

from __future__ import annotations

from typing import IO, Protocol

from histor.export.acled import AcledWriter
from histor.export.dossier import Dossier
from histor.export.flat import CsvWriter, ParquetWriter
from histor.export.gdelt import GdeltMentionsWriter, GdeltWriter
from histor.export.geojson import GeoJsonWriter
from histor.export.plover import PloverWriter
from histor.export.polecat import PolecatWriter
from histor.export.ucdp import UcdpWriter


class IncidentWriter(Protocol):
    """Takes dossiers one by one; `left_out` counts those that the scheme has no row for."""

    left_out: int

    def __init__(self, out: IO[bytes]) -> None: ...

    def write(self, dossier: Dossier) -> None: ...

    def close(self) -> None: ...


FORMATS: dict[str, type[IncidentWriter]] = {
    "ucdp": UcdpWriter,
    "acled": AcledWriter,
    "polecat": PolecatWriter,
    "gdelt": GdeltWriter,
    "gdelt-mentions": GdeltMentionsWriter,
    "plover": PloverWriter,
    "geojson": GeoJsonWriter,
    "csv": CsvWriter,
    "parquet": ParquetWriter,
}
"""Writers by the name that `--format` takes."""

SUFFIXES = {
    "ucdp": "csv", "acled": "csv", "csv": "csv", "polecat": "tsv", "gdelt": "tsv", "gdelt-mentions": "tsv",
    "plover": "jsonl", "geojson": "geojson", "parquet": "parquet",
}  # fmt: skip
"""How a file of each format is named at its end."""

NEEDS = {
    "ucdp": "a type of violence, a date and at least one credited death",
    "acled": "an ACLED sub-event type and a date",
    "polecat": "a date",
    "gdelt": "a date",
    "gdelt-mentions": "a date",
    "plover": "a date and an actor",
}
"""What a scheme asks of an incident; those that lack it are counted and left out."""
