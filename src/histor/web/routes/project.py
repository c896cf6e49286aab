"""The project as a whole: whether it answers, what it holds, what may stand in forms."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from histor import __version__
from histor.export.formats import FORMATS, NEEDS
from histor.export.schemes import countries
from histor.jobs.own import codebook_of
from histor.model.filters import FACTUALITIES
from histor.resolve.actor_file import KnownActor
from histor.resolve.actor_index import load_actors
from histor.resolve.gazetteer import Entry, name_key
from histor.resolve.where import precision_of
from histor.store.gazetteer import SqliteGazetteer, open_gazetteer
from histor.store.status import status_of
from histor.web.answers import Json
from histor.web.identity import Who, needs, public

router = APIRouter(tags=["project"])


@router.get("/health", summary="Whether the server answers")
def health(_: Annotated[None, public()]) -> Response:
    return Json({"status": "ok", "version": __version__})


@router.get("/status", summary="What the project holds")
def status(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    return Json(status_of(request.app.state.project) | {"version": __version__})


@router.get("/vocabulary", summary="What may stand in forms and filters")
def vocabulary(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    """Event types with their modes, ACLED's types, factualities, formats and countries."""
    codebook = codebook_of(request.app.state.project)
    return Json(
        {
            "version": codebook.version, "types": {name: list(modes) for name, modes in codebook.modes.items()},
            "acled": codebook.acled, "factualities": list(FACTUALITIES), "formats": list(FORMATS), "formats_need": NEEDS,
            "countries": {c.iso3: c.name for c in countries().values()},
        }
    )  # fmt: skip


# --- what a name may mean --------------------------------------------------------------------------

SUGGESTED = 12
_lock = threading.Lock()


@router.get("/places", summary="Places of a name, for forms")
def places(
    request: Request,
    _: Annotated[Who, needs("read")],
    name: Annotated[str, Query(min_length=1, max_length=200)],
    country: Annotated[str | None, Query(max_length=3)] = None,
) -> Response:
    """As the gazetteer has them, those of `country` first, with the precision that such a place has."""
    gazetteer = _gazetteer(request)
    hits = [*gazetteer.find(name), *(gazetteer.find_like(name, country) if country else ())]
    found = {h.entry.key: h.entry for h in reversed(hits)}
    ordered = [e for e in dict.fromkeys(found[h.entry.key] for h in hits) if e.latitude is not None]
    ordered.sort(key=lambda e: e.country != country)
    return Json({"items": [_place(e) for e in ordered[:SUGGESTED]]})


def _place(entry: Entry) -> dict[str, Any]:
    where, geo = precision_of(entry.kind)
    return {
        "name": entry.name, "kind": entry.kind, "geonames_id": entry.geonames_id, "latitude": entry.latitude,
        "longitude": entry.longitude, "country": entry.country or None, "admin1": entry.admin1 or None,
        "admin2": entry.admin2 or None, "where_prec": where, "geo_precision": geo, "coordinate_source": entry.point or None,
    }  # fmt: skip


def _gazetteer(request: Request) -> SqliteGazetteer:
    """Opened at the first question: it may have to be built."""
    with _lock:
        held = getattr(request.app.state, "gazetteer", None)
        if held is None:
            held = request.app.state.gazetteer = open_gazetteer()
    found: SqliteGazetteer = held
    return found


@router.get("/actors", summary="Known actors of a name, for forms")
def actors(
    request: Request,
    _: Annotated[Who, needs("read")],
    name: Annotated[str, Query(min_length=1, max_length=200)],
    day: Annotated[date | None, Query()] = None,
) -> Response:
    """Of the project's actors file and ours: those whose name or alias begins so first; country and sector as of `day`."""
    wanted = name_key(name)
    ranked = [(_rank(a, wanted), a) for a in _actors(request).values()]
    best = sorted(((r, a) for r, a in ranked if r is not None), key=lambda ra: (ra[0], len(ra[1].name), ra[1].id))
    items = []
    for a in [a for _, a in best[:SUGGESTED]]:
        role = a.role(day)
        items.append(
            {
                "id": a.id,
                "name": a.name,
                "kind": a.kind,
                "country": role.country[0] if role.country else None,
                "sector": role.sector,
            }
        )
    return Json({"items": items})


def _rank(actor: KnownActor, wanted: str) -> int | None:
    """0 for the name itself, 1 for an alias, 2 where one begins so, 3 where one holds it, None for no match."""
    name, aliases = name_key(actor.name), [name_key(a) for a in actor.aliases]
    if not wanted:
        return None
    if wanted == name:
        return 0
    if wanted in aliases:
        return 1
    if any(n.startswith(wanted) for n in (name, *aliases)):
        return 2
    return 3 if any(wanted in n for n in (name, *aliases)) else None


def _actors(request: Request) -> dict[str, KnownActor]:
    """Ours with the project's file laid over them, read again when the settings name another."""
    project = request.app.state.project
    file: str | None = project.settings.coding.actors
    held = getattr(request.app.state, "actors", None)
    if held is None or held[0] != file:
        held = request.app.state.actors = (file, load_actors(Path(project.folder / file) if file else None))
    found: dict[str, KnownActor] = held[1]
    return found
