"""Takes the pictures of the documentation: makes the demo project, has a few things decided on in it, serves it, and shoots each view.

    python docs/tools/screenshots.py [--out docs/images] [--project DIR] [--only NAME]

It needs the page built, Chromium, and the development extra (playwright, pillow).
"""

from __future__ import annotations

import argparse
import io
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from histor.model.records import Actor, EventMention
from histor.store.project import Project, init_project, open_project

COLOURS = 96
"""Colours of a picture: screens of text look the same with few, and the files are a quarter as large."""


@dataclass(frozen=True)
class Shot:
    """One picture: where it is, what is done before it is taken, how wide the window is."""

    name: str
    path: Callable[[Project], str]
    before: Callable[[Any], object] = lambda page: None
    width: int = 1280
    height: int = 860


def _at(path: str) -> Callable[[Project], str]:
    return lambda _: path


def _tolls(project: Project) -> list[str]:
    """Incidents with a toll, those told by most reports first."""
    with project.read() as transaction:
        found = [i for i in transaction.incidents.all() if "killed" in i.estimates]
    return [i.id for i in sorted(found, key=lambda i: (-i.reports, i.id))]


def _near(project: Project) -> tuple[str, str]:
    """Two incidents of which the matcher weighed whether they are one, the likeliest."""
    with project.read() as transaction:
        weighed = sorted(transaction.matches.all(), key=lambda m: (-m.score, m.left))
        of = transaction.incidents.of([m for d in weighed for m in (d.left, d.right)])
    pairs = ((of.get(d.left), of.get(d.right)) for d in weighed)
    return next((a, b) for a, b in pairs if a and b and a != b)


def _second(project: Project) -> str:
    """The report with most to adjudicate."""
    with project.read() as transaction:
        closed = transaction.access.second_codings("bo", "done")
    return max(closed, key=lambda s: (len(s.mentions), s.report_id)).report_id


def _split(project: Project) -> str:
    with project.read() as transaction:
        incident = transaction.incidents.get(_tolls(project)[0])
    assert incident is not None
    return f"/incidents/{incident.id}?apart={incident.event_mentions[-1]}"


SHOTS = (
    Shot("queue", _at("/"), lambda p: p.keyboard.press("]")),
    Shot("queue-narrow", _at("/"), width=400, height=800),
    Shot("incidents", _at("/incidents?sort=-reports")),
    Shot("map", _at("/incidents?view=map")),
    Shot("timeline", _at("/incidents?view=timeline")),
    Shot("incident", lambda p: f"/incidents/{_tolls(p)[0]}?why=killed"),
    Shot("compare", lambda p: "/incidents/{}?with={}".format(*_near(p))),
    Shot("split", _split, lambda p: p.get_by_role("group", name="Split").scroll_into_view_if_needed()),
    Shot("report", lambda p: f"/reports/{_second(p)}"),
    Shot("agreement", _at("/agreement?second=bo")),
    Shot("adjudication", lambda p: f"/adjudication/{_second(p)}?second=bo"),
    Shot("settings", _at("/settings")),
    Shot("export", _at("/release"), height=1130),
    Shot("jobs", _at("/jobs")),
    Shot("keys", _at("/"), lambda p: p.keyboard.press("?")),
    Shot("palette", _at("/incidents"), lambda p: (p.keyboard.press("Control+k"), p.keyboard.type("Andarab"), p.wait_for_timeout(900))),
)  # fmt: skip


# --- the project -----------------------------------------------------------------------------------


def make_project(folder: Path) -> Project:
    """The demo's reports, coded; a second coder has coded some of them, and somebody has begun to decide."""
    from histor.capture.inputs import InputOptions, read_captures
    from histor.cli.demo import demo_path
    from histor.jobs.coding import Coding
    from histor.jobs.ingest import Ingest
    from histor.store.gazetteer import open_gazetteer

    project = init_project(folder)
    coding = Coding.load(gazetteer=open_gazetteer())
    for path in demo_path():
        Ingest(project, coding).run(read_captures([path], InputOptions()))
    _code_again(project)
    _decide(project)
    return project


def _code_again(project: Project) -> None:
    """What a second coder made of every other report: mostly the same, with the differences that people have."""
    with project.write() as transaction:
        ids = transaction.reports.ids()[::2]
        transaction.access.assign(ids, "bo", "2021-09-01T09:00:00+00:00")
        for number, report_id in enumerate(ids):
            coded = transaction.codings.coded(report_id)
            own = [m for m in coded.event_mentions if m.retells is None] if coded else []
            mentions = [_otherwise(m, number + k) for k, m in enumerate(own) if (number + k) % 7 != 6]
            transaction.access.save_second_coding(
                report_id, "bo", mentions, 95 * len(mentions), "2021-09-02T10:00:00+00:00"
            )


def _otherwise(mention: EventMention, number: int) -> EventMention:
    """The event mention as another coder may have it."""
    changes: dict[str, Any] = {"id": f"{number:02}{mention.id[2:]}", "coder": "bo", "why": ()}
    if number % 3 == 0:
        changes["factuality"] = "actual" if mention.factuality == "claimed" else "claimed"
    if number % 4 == 1 and mention.casualties:
        first = mention.casualties[0]
        changes["casualties"] = (
            msgspec.structs.replace(first, low=first.best, high=first.best),
            *mention.casualties[1:],
        )
    if number % 5 == 2:
        changes["actors"] = tuple(Actor(a.text, a.span, name=a.text) for a in mention.actors)
    return msgspec.structs.replace(mention, **changes)


def _decide(project: Project) -> None:
    from histor.jobs.review import refresh_after

    made = []
    with project.write() as transaction:
        waiting = [s.mention for s in transaction.mentions.find() if s.mention.retells is None]
        for number, mention in enumerate(waiting[4:40:3]):
            action, payload, reason = "accept", dict[str, Any](), None
            if number % 5 == 3:
                action, payload = "edit", {"property": "factuality", "value": "claimed"}
            elif number % 5 == 4:
                action, reason = "reject", "metaphor or history"
            row = transaction.decisions.add(
                action, mention.id, coder="ann", made_at=f"2021-09-03T09:{number:02}:00+00:00", payload=payload, reason=reason
            )  # fmt: skip
            transaction.access.took(row.id, 6.0 + 7 * (number % 6))
            made.append(row)
    refresh_after(project, made)


# --- the pictures ----------------------------------------------------------------------------------


@contextmanager
def serving(project: Project) -> Iterator[str]:
    """The address of a server on the project, as `histor serve` makes it."""
    import uvicorn

    from histor.web.app import create_app

    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(project, single_user="ann", hosts=["127.0.0.1"]), log_level="error")
    )
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def shoot(project: Project, out: Path, only: str | None) -> None:
    from playwright.sync_api import sync_playwright

    with serving(project) as address, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for shot in SHOTS:
            if only not in (None, shot.name):
                continue
            context = browser.new_context(viewport={"width": shot.width, "height": shot.height}, color_scheme="light")
            page = context.new_page()
            page.goto(address + shot.path(project), wait_until="networkidle")
            page.wait_for_timeout(600)
            shot.before(page)
            page.wait_for_timeout(300)
            wide = page.evaluate("document.documentElement.scrollWidth") > shot.width
            size = save(page.screenshot(), out / f"{shot.name}.png")
            print(f"{shot.name}: {size // 1024} KB{', wider than the window' if wide else ''}")
            context.close()
        browser.close()


def save(picture: bytes, path: Path) -> int:
    """Write a picture with few colours; its size in bytes."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "images")
    parser.add_argument("--project", type=Path, help="keep the project in this folder, and use it if it is there")
    parser.add_argument("--only", help="one picture alone")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.project or Path(temporary) / "demo"
        with open_project(folder) if (folder / "histor.toml").exists() else make_project(folder) as project:
            shoot(project, asked.out, asked.only)


if __name__ == "__main__":
    main()
