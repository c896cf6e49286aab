"""`review`: how quickly the review application answers, in a real browser, on a large project.

    python -m benchmarks review --data SHARED/fakes [--part FOLDER]

Every fourth report of FA-KES is coded once; a project of `INCIDENTS` incidents is made of variants of these codings
(the same words, other days and places), each telling an incident of its own, with all their claims. It is kept in
FOLDER where one is named, and used again. Then a Chromium opens it, as `histor serve` serves it, and does each thing
`TIMES` times: from the click or key to the frame in which the page shows the outcome.
Needs Debian's `chromium` and the built page; nothing else may keep the machine busy.
"""

from __future__ import annotations

import argparse
import itertools
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.load import options
from benchmarks.matching import variant
from benchmarks.scoring import show
from histor.capture.inputs import Capture, InputOptions, read_inputs
from histor.capture.reports import Problem, make_capture
from histor.coding.claims import mention_claims
from histor.jobs.clock import now
from histor.jobs.coding import Coding
from histor.jobs.match import incident
from histor.matching.telling import tellings
from histor.model.canonical import digest
from histor.model.records import CodedReport
from histor.store.project import Project, Transaction, init_project, open_project

INCIDENTS = 50_000
TIMES = 25
_A_DAY = 12  # reports of the project


def made(folder: Path, source: Path) -> tuple[int, int]:
    """The project in `folder`, made if it is not there: its incidents and claims."""
    if not (folder / "histor.db").exists():
        with init_project(folder) as project:
            _fill(project, _coded(source))
    with open_project(folder) as project, project.read() as transaction:
        rows = transaction.connection.exec_driver_sql(
            "select (select count(*) from incidents), (select count(*) from claims)"
        )
        incidents, claims = rows.one()
    return incidents, claims


def _coded(source: Path) -> list[CodedReport]:
    items = [r for k, r in enumerate(read_inputs([str(source)], options())) if k % 4 == 0]
    found = Coding.load().code_all(items)
    return [c for c in found if not isinstance(c, Problem) and c.event_mentions]


def _fill(project: Project, codings: list[CodedReport]) -> None:
    count = 0
    numbers = itertools.count()
    with project.write() as transaction:
        run = transaction.runs.start("ingest", "benchmark/1", {}, "", now()).id
        while count < INCIDENTS:
            for coded in codings:
                if count >= INCIDENTS:
                    break
                count += _put(transaction, coded, next(numbers), run)
        transaction.runs.finish(run, now(), {"incidents": count})


def _put(transaction: Transaction, coded: CodedReport, number: int, run: str) -> int:
    """Store one more variant of a coding with an incident for each of its tellings; how many these are."""
    day = date(1990, 1, 1) + timedelta(days=number // _A_DAY)
    turned = variant(coded, number % 40, day)
    fields = {
        "id": str(number),
        "text": coded.report.text,
        "title": coded.report.title,
        "source": coded.report.source,
        "published": day.isoformat(),
    }
    capture: Capture = make_capture(fields, msgspec.json.encode(fields), InputOptions(), f"line {number}")
    own = msgspec.structs.replace(turned, report=capture.report)
    ids = {m.id: digest("event_mention", [m.id, number]) for m in own.event_mentions}
    mentions = tuple(
        msgspec.structs.replace(m, id=ids[m.id], retells=ids.get(m.retells or ""), trigger=c.trigger)
        for m, c in zip(own.event_mentions, coded.event_mentions, strict=True)
    )
    own = msgspec.structs.replace(own, event_mentions=mentions, relations=())
    claims = [c for m in mentions for c in mention_claims(own.report.id, m)]
    transaction.reports.put(own.report, capture.content, run)
    transaction.codings.put(own, (), claims, "benchmark/1", run)
    by_mention = {k: list(v) for k, v in itertools.groupby(claims, key=lambda c: c.event_mention_id or "")}
    reports = {own.report.id: own.report}
    found = [incident(digest("incident", t.id), [t], reports, by_mention, {}) for t in tellings(own)]
    transaction.incidents.replace([], found, {}, run)
    return len(found)


# --- in the browser --------------------------------------------------------------------------------


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of `histor serve` on the project."""
    command = [sys.executable, "-m", "histor", "serve", "--project", str(folder), "--port", "0", "--no-open"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = server.stderr.readline() if server.stderr else ""
        found = re.search(r"http://\S+", line)
        if found is None:
            raise SystemExit(f"histor serve said: {line}")
        yield found.group().rstrip("/")
    finally:
        server.terminate()
        server.wait(20)


_TIMED = """async ([act, shown]) => {
  const done = new Function("return " + shown);
  const before = performance.now();
  new Function(act)();
  while (!done()) {
    if (performance.now() - before > 20000) throw new Error("20 s: " + shown);
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - before;
}"""


def _timed(page: Any, act: str, shown: str) -> float:
    """Milliseconds from an act to the frame in which its outcome is shown, on the page's own clock."""
    return float(page.evaluate(_TIMED, [act, shown]))


_TABLE = "document.querySelectorAll('tbody tr[id]').length > 0 && /^[\\d,]+ incident/.test(document.querySelector('.bar [aria-live]').textContent)"


def _first_view(browser: Any, address: str, path: str, shown: str) -> float:
    """Milliseconds from an empty tab, without a cache, to the view."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address + path, wait_until="commit")
    page.wait_for_function(shown, polling="raf")
    seconds = time.perf_counter() - began
    context.close()
    return seconds * 1000


def _filters(page: Any, address: str) -> Iterator[float]:
    """One filter after another, none asked before: a country, a type, deaths, days, each by the address."""
    page.goto(address + "/incidents")
    page.wait_for_function(_TABLE)
    for k in range(TIMES):
        asked = ("country=SYR", "type=ASSAULT", f"deaths={k + 2}", f"since=1990-{2 + k % 10:02}-01", "actor=army")[
            k % 5
        ]
        before = page.inner_text(".bar [aria-live]")
        query = f"{asked}&until={2015 + k}-12-{1 + k:02}"
        act = f"history.pushState(null, '', '/incidents?{query}'); dispatchEvent(new PopStateEvent('popstate'))"
        shown = f"document.querySelector('.bar [aria-live]').textContent !== {before!r} && {_TABLE}"
        yield _timed(page, act, shown)


_KEY = "document.dispatchEvent(new KeyboardEvent('keydown', {key: '%s', bubbles: true}))"
_ITEM = "document.querySelector('.item[aria-current]')?.id"


def _next_items(page: Any, address: str, key: str) -> Iterator[float]:
    """The next item of the queue by a key, until its words stand in the form."""
    page.goto(address + "/")
    page.wait_for_function("document.querySelectorAll('.item').length > 5 && document.querySelector('.form dl')")
    for _ in range(TIMES):
        page.wait_for_timeout(400)  # a person reads
        quote = "document.querySelector('.form')?.dataset.mention"
        before = page.evaluate(quote)
        yield _timed(page, _KEY % key, f"{quote} && {quote} !== {before!r}")


def measured(folder: Path) -> dict[str, list[float]]:
    """Milliseconds of each thing that a person does."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {}
    with served(folder) as address, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found["first view, server just started"] = [_first_view(browser, address, "/incidents", _TABLE)]
        views: tuple[tuple[str, str, str], ...] = (
            ("first view: incidents", "/incidents", _TABLE),
            (
                "first view: map",
                "/incidents?view=map",
                "document.querySelector('.bar [aria-live]') && !!document.querySelector('canvas, svg circle')",
            ),
            (
                "first view: timeline",
                "/incidents?view=timeline",
                "document.querySelectorAll('svg rect').length > 20",
            ),
            (
                "first view: queue",
                "/",
                "document.querySelectorAll('.item').length > 5 && !!document.querySelector('.form dl')",
            ),
        )
        for name, path, shown in views:
            found[name] = [_first_view(browser, address, path, shown) for _ in range(max(5, TIMES // 3))]
        page = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        acts: tuple[tuple[str, Callable[[], Iterator[float]]], ...] = (
            ("filter", lambda: _filters(page, address)),
            ("next item: skip", lambda: _next_items(page, address, "s")),
            ("next item: accept", lambda: _next_items(page, address, "a")),
            ("filter after decisions", lambda: _filters(page, address)),
        )
        for name, act in acts:
            found[name] = list(act())
        browser.close()
    return found


def run(args: argparse.Namespace) -> dict[str, Any]:
    source = args.data / "FA-KES-Dataset.csv" if args.data.is_dir() else args.data
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(args.part) if args.part else Path(temporary) / "project"
        incidents, claims = made(folder, source)
        found = measured(folder)
    rows = []
    for name, times in found.items():
        ordered = sorted(times)
        rows.append(
            (
                name,
                len(times),
                round(statistics.median(ordered)),
                round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]),
                round(ordered[-1]),
            )
        )
    show(
        f"review: {incidents:,} incidents, {claims:,} claims; milliseconds",
        ("what", "times", "median", "95 %", "most"),
        rows,
    )
    return {"incidents": incidents, "claims": claims, "milliseconds": found}
