"""Settings of the project: what `histor.toml` says, the actors file, the rule of estimates, and the codebook to read."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from histor.estimates.rules import RULES
from histor.jobs.clock import now
from histor.jobs.matching import rule_of
from histor.jobs.own import codebook_of
from histor.jobs.second import give_out
from histor.model.canonical import digest
from histor.model.errors import ConfigError, InputError
from histor.resolve.actor_file import KnownActor, parse_actor_file, read_actor_file
from histor.resolve.actor_index import load_actors
from histor.store.project import Project
from histor.store.settings import SETTINGS, Settings, check_tiles, read_settings
from histor.web.answers import Json, tagged
from histor.web.identity import Who, needs

router = APIRouter(tags=["settings"])

RULES_TOLD = {
    "ucdp": "The most credible account gives the best number; low and high span the credible accounts.",
    "conservative": "The lowest number that anybody states is the best one.",
    "independent_majority": "One vote for each independent origin; the number with most votes is the best one.",
    "manual": "Only what a person set.",
}
_lock = threading.Lock()


class Changes(BaseModel):
    """Settings to change; what is not sent stays, ``null`` takes it out."""

    model_config = ConfigDict(extra="forbid")
    second_coder: str | None = Field(default=None, max_length=200, pattern=r"^[^\s/]([^/\x00-\x1f]*[^\s/])?$")
    second_percent: float = Field(default=0, ge=0, le=100, allow_inf_nan=False)
    tiles: str | None = Field(default=None, max_length=500)
    tiles_credit: str | None = Field(default=None, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")


class ActorsFile(BaseModel):
    """`content` is uploaded, `file` is one of the project's folder; neither: back to the shipped actors alone."""

    model_config = ConfigDict(extra="forbid")
    content: str | None = Field(default=None, max_length=4_000_000)
    file: str | None = Field(default=None, max_length=200)


@router.get("/settings", summary="The settings of the project")
def settings(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    """As `histor.toml` has them, without the database's address; the tile address that holds, and the rule of estimates."""
    return Json(_shown(request))


def _shown(request: Request) -> dict[str, Any]:
    project: Project = request.app.state.project
    held = msgspec.to_builtins(project.settings)
    held["database"] = project.database.name
    given = request.app.state.tiles
    with project.read() as transaction:
        rule = rule_of(transaction)
    return {
        "settings": held, "tiles": given or project.settings.review.tiles, "tiles_fixed": given is not None,
        "tiles_credit": project.settings.review.tiles_credit, "rule": rule,
        "rules": [{"name": name, "told": RULES_TOLD[name]} for name in RULES],
    }  # fmt: skip


@router.patch("/settings", summary="Change settings")
def change(given: Changes, request: Request, who: Annotated[Who, needs("administer")]) -> Response:
    """Writes `histor.toml`. A new second coder or percentage is drawn at once among the reports that are there."""
    sent = given.model_dump(include=given.model_fields_set)
    if not sent:
        raise InputError("settings.change", "nothing is to be changed.", do="Send at least one setting.")
    if sent.get("tiles"):
        _checked_tiles(sent["tiles"])
    sent = {name: value if value != "" else None for name, value in sent.items()}
    _write(
        request,
        who,
        sorted(sent),
        lambda s: msgspec.structs.replace(s, review=msgspec.structs.replace(s.review, **sent)),
    )
    drawn = give_out(request.app.state.project) if sent.keys() & {"second_coder", "second_percent"} else 0
    return Json(_shown(request) | {"given_out": drawn})


def _checked_tiles(address: str) -> None:
    try:
        check_tiles(address)
    except ValueError as error:
        raise InputError("settings.tiles", f"this is no tile address: {error}.", where="tiles") from error


def _write(request: Request, who: Who, what: list[str], changed: Callable[[Settings], Settings]) -> None:
    project: Project = request.app.state.project
    with _lock:
        held = read_settings(project.folder / SETTINGS)  # as the file has them: a person may have changed it meanwhile
        project.change_settings(changed(held))
    with project.write() as transaction:
        transaction.access.note(now(), who.name, f"settings changed: {', '.join(what)}")


# --- the actors file -------------------------------------------------------------------------------


@router.get("/settings/actors", summary="The actors file that is laid over the shipped actors")
def actors(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    """Its actors, and the tables of the project's folder that could take its place."""
    project: Project = request.app.state.project
    name = project.settings.coding.actors
    held, wrong = _read(project.folder / name) if name else ({}, None)
    folder = sorted(p.name for p in project.folder.glob("*.tsv") if p.is_file())
    return Json({"file": name, "files": folder, "wrong": wrong, **_told(held)})


def _read(path: Path) -> tuple[dict[str, KnownActor], str | None]:
    try:
        return read_actor_file(path), None
    except ConfigError as error:
        return {}, f"{error.what} {error.do}"


def _told(held: dict[str, KnownActor]) -> dict[str, Any]:
    ours = load_actors(None)
    rows = [
        {"id": a.id, "name": a.name, "kind": a.kind, "aliases": list(a.aliases), "periods": len(a.roles),
         "country": sorted({c for r in a.roles for c in r.country}), "sector": sorted({r.sector for r in a.roles}),
         "replaces": a.id in ours}
        for a in sorted(held.values(), key=lambda a: a.id)
    ]  # fmt: skip
    return {"actors": rows[:500], "count": len(rows), "shipped": len(ours)}


@router.put("/settings/actors", summary="Upload or choose an actors file")
def set_actors(given: ActorsFile, request: Request, who: Annotated[Who, needs("administer")]) -> Response:
    """Checked before anything is changed: a mistake is named with its line. Reports are coded with it by the job ``recode``."""
    project: Project = request.app.state.project
    if given.content is not None and given.file is not None:
        raise InputError("settings.actors", "a file was sent and another named.", do="Do one of both.")
    name, held, known = None, dict[str, KnownActor](), set[str]()
    if given.content is not None:
        held = parse_actor_file(given.content.removeprefix("\ufeff"), "the file")
        known = {p.name for p in project.folder.glob("*.tsv")}
        name = _kept(project.folder, given.content)
    elif given.file is not None:
        name = given.file
        if not re.fullmatch(r"[^/\\.][^/\\]*\.tsv", name) or not (project.folder / name).is_file():
            raise InputError("settings.actors", "there is no such table in the project's folder.", where=name[:70])
        held = read_actor_file(project.folder / name)
    if name is not None:
        try:
            load_actors(project.folder / name)  # with ours, whose parents theirs may name
        except ConfigError:
            if given.content is not None and name not in known:
                (project.folder / name).unlink()
            raise
    _write(
        request, who, ["actors"],
        lambda s: msgspec.structs.replace(s, coding=msgspec.structs.replace(s.coding, actors=name)),
    )  # fmt: skip
    return Json({"file": name, **_told(held)})


def _kept(folder: Path, content: str) -> str:
    """The name under which an uploaded table lies in the folder: by its content, so that none takes the place of another."""
    name = f"actors-{digest('actors', content)[:12]}.tsv"
    if not (folder / name).exists():
        part = folder / f".{name}.{os.getpid()}.part"
        try:
            part.write_text(content, encoding="utf-8", newline="")
            os.replace(part, folder / name)
        except OSError as error:
            raise ConfigError(
                "settings.actors", f"the file cannot be kept ({error.strerror}).", where=str(folder),
                do="Check the permissions of the project's folder.",
            ) from error  # fmt: skip
    return name


# --- the codebook ----------------------------------------------------------------------------------


@router.get("/codebook", summary="The codebook: every code with its definition and an example")
def codebook(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    """Event types with their modes, ACLED's sub-event types and which types lead to them, and the other lists of codes."""
    book = codebook_of(request.app.state.project)
    defined = [
        {"scheme": d.scheme, "code": d.code, "of": d.of, "definition": d.text, "example": d.example}
        for d in book.definitions
    ]
    leads = {sub: sorted({r.type for r in book.crosswalk if r.sub == sub}) for sub in book.acled}
    return tagged(
        request,
        {"version": book.version, "types": {n: list(m) for n, m in book.modes.items()}, "acled": book.acled, "leads": leads,
         "definitions": defined},
    )  # fmt: skip
