"""GeoJSON (RFC 7946): one feature an incident; without coordinates the geometry is null, not a capital."""

from __future__ import annotations

from typing import IO, Any

import msgspec

from histor.export.dossier import Dossier
from histor.export.flat import flat_row


class GeoJsonWriter:
    """A FeatureCollection, written feature by feature."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._first = True
        self.left_out = 0

    def write(self, dossier: Dossier) -> None:
        """One feature."""
        self._out.write(b'{"type":"FeatureCollection","features":[\n' if self._first else b",\n")
        self._first = False
        self._out.write(msgspec.json.encode(feature(dossier)))

    def close(self) -> None:
        self._out.write(b'{"type":"FeatureCollection","features":[]}\n' if self._first else b"\n]}\n")
        self._out.flush()


def feature(dossier: Dossier) -> dict[str, Any]:
    """The incident as a point with all columns of the flat table as properties."""
    place = dossier.incident.place
    geometry = None
    if place is not None and place.latitude is not None and place.longitude is not None:
        geometry = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
    return {"type": "Feature", "id": dossier.incident.id, "geometry": geometry, "properties": flat_row(dossier)}
