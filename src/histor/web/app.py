"""The application: routes under ``/api/v1``, the built page for every other address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from histor import __version__
from histor.store.project import Project
from histor.web import problems
from histor.web.catalogue import Catalogue, Waiting
from histor.web.guards import Guards
from histor.web.identity import public
from histor.web.routes import agreement, incidents, people, project, review, settings, twins, work
from histor.web.routes import reports as reports_
from histor.web.work import Worker

PREFIX = "/api/v1"
PAGE = Path(__file__).parent / "static"

NO_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>histor</title>
<h1>The page is not built</h1>
<p>This installation of histor has no front end, since node was missing when it was built. Everything else works: the API is at
<a href="/api/v1/openapi.json">/api/v1</a>, the command line as ever.</p>
<p>To get the page: install Node.js 20 or later, then <code>pip install --force-reinstall --no-deps histor</code> from source, or install a
wheel of histor, which brings it.</p></html>"""


def create_app(
    project_: Project,
    *,
    single_user: str | None = None,
    hosts: Collection[str] = (),
    tiles: str | None = None,
    page: Path = PAGE,
) -> FastAPI:
    """The application on an open project.

    `single_user` is the name under which whoever reaches the server acts, without a log-in: for loopback alone. `hosts` are
    the names that the server answers to. `tiles` is a map-tile address that browsers may ask, in the place of the project's own.
    """
    worker = Worker(project_)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        worker.start()
        yield
        worker.stop()

    app = FastAPI(
        lifespan=lifespan, title="histor", version=__version__, openapi_url=f"{PREFIX}/openapi.json", docs_url=None, redoc_url=None,
        summary="Incidents of conflict, the claims behind them, and what people decided.",
    )  # fmt: skip
    app.state.project = project_
    app.state.catalogue = Catalogue(project_)
    app.state.waiting = Waiting()
    app.state.single_user = single_user
    app.state.tiles = tiles
    app.state.worker = worker
    problems.install(app)
    for module in (project, settings, incidents, reports_, review, work, agreement, people):
        app.include_router(module.router, prefix=PREFIX)
    app.include_router(twins.router)
    app.include_router(_page(page))
    app.add_middleware(Guards, hosts=hosts, tiles=lambda: tiles or project_.settings.review.tiles)
    return app


def _page(folder: Path) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/{path:path}", dependencies=[public()])
    def page(path: str, request: Request) -> Response:
        """A built file, or the page itself, whose views are addresses of their own."""
        if path.startswith("api/"):
            raise problems.Refusal(404, "http.404", "there is nothing here.")
        index = folder / "index.html"
        if not index.is_file():
            return HTMLResponse(NO_PAGE, status_code=404 if path else 200)
        asked = (folder / path).resolve()
        if path and asked.is_file() and asked.is_relative_to(folder.resolve()):
            return FileResponse(asked, headers=_cache(path))
        if path.startswith("assets/"):
            raise problems.Refusal(404, "http.404", "there is nothing here.")
        return FileResponse(index, headers={"cache-control": "no-cache"})

    return router


def _cache(path: str) -> dict[str, Any]:
    """Built assets carry a hash in their names and never change."""
    kept = path.startswith("assets/")
    return {"cache-control": "public, max-age=31536000, immutable" if kept else "no-cache"}
