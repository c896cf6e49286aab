"""histor's own flat table of incidents: CSV and Parquet."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from histor.export.cells import Rows
from histor.export.dossier import Dossier, names
from histor.export.notes import names_of_speakers
from histor.export.table import TableWriter
from histor.model.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow

TOLLS = ("killed", "injured", "captured", "missing", "displaced")

TYPES: dict[str, type] = {
    "incident_id": str, "event_type": str, "mode": str, "acled_event_type": str, "acled_sub_event_type": str,
    "type_of_violence": int, "date_start": str, "date_end": str, "date_prec": int, "time_precision": int,
    "actors": str, "actor_ids": str, "actor_countries": str, "actor_sectors": str,
    "recipients": str, "recipient_ids": str, "recipient_countries": str, "recipient_sectors": str,
    "place": str, "place_text": str, "country": str, "admin1": str, "admin2": str, "geonames_id": int,
    "latitude": float, "longitude": float, "where_prec": int, "geo_precision": int, "coordinate_source": str,
    "rule": str, **{f"{toll}_{end}": int for toll in TOLLS for end in ("low", "best", "high")},
    "killed_disputed": bool, "factuality": str, "reports": int, "origins": int, "outlets": str, "speakers": str,
    "event_mentions": str, "status": str,
}  # fmt: skip
"""Columns of the flat table in order, with the type of their values; lists are joined by ``; ``."""


def flat_row(dossier: Dossier) -> dict[str, Any]:
    """The incident by column name; None is *not stated*."""
    incident = dossier.incident
    cells: dict[str, Any] = dict.fromkeys(TYPES)
    cells |= {
        "incident_id": incident.id, "event_type": incident.event_type, "mode": dossier.mode,
        "acled_event_type": incident.acled.event_type if incident.acled else None,
        "acled_sub_event_type": incident.acled.sub_event_type if incident.acled else None,
        "type_of_violence": incident.ucdp.type_of_violence if incident.ucdp else None,
        "date_start": dossier.first_day, "date_end": dossier.last_day,
        "date_prec": incident.date.date_prec if incident.date else None,
        "time_precision": incident.date.time_precision if incident.date else None,
        "factuality": incident.factuality, "reports": incident.reports, "origins": incident.origins,
        "outlets": "; ".join(dossier.outlets), "speakers": "; ".join(names_of_speakers(dossier)),
        "event_mentions": "; ".join(incident.event_mentions), "status": incident.status,
    }  # fmt: skip
    for name, side in (("actor", incident.actors), ("recipient", incident.recipients)):
        cells |= {
            f"{name}s": "; ".join(names(side)), f"{name}_ids": "; ".join(a.id or "" for a in side),
            f"{name}_countries": "; ".join(a.country or "" for a in side),
            f"{name}_sectors": "; ".join(a.sector or "" for a in side),
        }  # fmt: skip
    return cells | _place(dossier) | _tolls(dossier)


def _place(dossier: Dossier) -> dict[str, Any]:
    place = dossier.incident.place
    if place is None:
        return {}
    same = "admin1 admin2 geonames_id latitude longitude where_prec geo_precision coordinate_source country".split()
    return {name: getattr(place, name) for name in same} | {"place": place.name, "place_text": place.text}


def _tolls(dossier: Dossier) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for toll in TOLLS:
        found = dossier.estimate(toll)
        if found is not None:
            cells |= {f"{toll}_low": found.low, f"{toll}_best": found.best, f"{toll}_high": found.high}
            cells["rule"] = found.rule
            if toll == "killed":
                cells["killed_disputed"] = found.disputed
    return cells


class CsvWriter(TableWriter):
    """The flat table as CSV."""

    def table(self, out: IO[bytes]) -> Rows:
        return Rows(out, tuple(TYPES))

    def rows(self, dossier: Dossier) -> list[dict[str, object]]:
        """One."""
        return [flat_row(dossier)]


class ParquetWriter:
    """The flat table as Parquet (needs the extra ``parquet``), written in groups of 10,000 rows."""

    GROUP = 10_000

    def __init__(self, out: IO[bytes]) -> None:
        self._schema = _arrow_schema()
        from pyarrow import parquet

        self._writer = parquet.ParquetWriter(out, self._schema, compression="zstd")
        self._pending: list[dict[str, Any]] = []
        self.left_out = 0

    def write(self, dossier: Dossier) -> None:
        """One row."""
        self._pending.append(flat_row(dossier))
        if len(self._pending) >= self.GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        self._writer.write_table(pyarrow.Table.from_pylist(self._pending, schema=self._schema))
        self._pending = []

    def close(self) -> None:
        self._flush()
        self._writer.close()


def _arrow_schema() -> pyarrow.Schema:
    try:
        import pyarrow
    except ImportError:
        raise ConfigError(
            "export.parquet", "Parquet needs the package pyarrow.", do="Run: pip install 'histor[parquet]'"
        ) from None
    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    return pyarrow.schema([(name, kinds[kind]) for name, kind in TYPES.items()])
