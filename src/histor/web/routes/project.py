"""The project as a whole: whether it answers, what it holds, what may stand in forms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from histor import __version__
from histor.codebook.codebook import load_codebook
from histor.export.formats import FORMATS, NEEDS
from histor.export.schemes import countries
from histor.model.filters import FACTUALITIES
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
def vocabulary(_: Annotated[Who, needs("read")]) -> Response:
    """Event types with their modes, ACLED's types, factualities, formats and countries."""
    codebook = load_codebook()
    return Json(
        {
            "version": codebook.version, "types": {name: list(modes) for name, modes in codebook.modes.items()},
            "acled": codebook.acled, "factualities": list(FACTUALITIES), "formats": list(FORMATS), "formats_need": NEEDS,
            "countries": {c.iso3: c.name for c in countries().values()},
        }
    )  # fmt: skip
