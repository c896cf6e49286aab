"""Parsers that die, stall or take too much cost one item; the processes that follow do the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from histor.capture.frames import Answer, Request
from histor.capture.inputs import Capture, InputOptions, Problem
from histor.capture.pages import Pages
from histor.capture.sandbox import Broken, Limits, Sandbox
from histor.model.errors import InputError
from tests.archives import Archive, page

# A parser that does what its page tells it to do, in the place of ours; all else is the real thing.
HOSTILE = """
import os, signal, sys, time
from histor.capture import html, worker
real = html.read_html
def read_html(captured, charset=None):
    for word, what in ACTS.items():
        if word in captured:
            what()
    return real(captured, charset)
def spin():
    while True: pass
def grow():
    kept = []
    while True: kept.append(bytes(50_000_000))
ACTS = {
    b"DIE": lambda: os.kill(os.getpid(), signal.SIGSEGV), b"LEAVE": lambda: os._exit(3), b"SPIN": spin, b"SLEEP": lambda: time.sleep(60),
    b"GROW": grow, b"WRITE": lambda: os.write(os.open("written", os.O_CREAT | os.O_WRONLY), b"x"), b"FORK": os.fork,
    b"RECURSE": lambda: (lambda f: f(f))(lambda f: f(f)), b"SHOUT": lambda: (print("noise"), os.write(1, b"noise")),
    b"ENVIRON": lambda: (_ for _ in ()).throw(KeyError(os.environ.get("SECRET", "none"))),
}
html.read_html = read_html
worker.main()
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "hostile.py"
    script.write_text(HOSTILE)
    real = subprocess.Popen

    def start(command: list[str], **how: Any) -> subprocess.Popen[bytes]:
        assert command[:4] == [sys.executable, "-P", "-m", "histor.capture.worker"]
        return real([sys.executable, "-P", str(script), *command[4:]], cwd=tmp_path, **how)

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setenv("SECRET", "token")


@pytest.mark.usefixtures("hostile")
def test_what_a_page_does_to_its_parser(tmp_path: Path) -> None:
    expected = {
        "DIE": ("input.parser", "SIGSEGV"), "LEAVE": ("input.parser", "status 3"), "SPIN": ("input.time", "1 s"),
        "SLEEP": ("input.time", "1 s"), "GROW": ("input.memory", "1,000 MB"), "WRITE": ("input", ""),
        "FORK": ("input", ""), "RECURSE": ("input.unreadable", "RecursionError"), "ENVIRON": ("input.unreadable", "none"),
    }  # fmt: skip
    with Sandbox(1, Limits(seconds=1)) as box:
        for word, (code, words) in expected.items():
            if word == "FORK" and os.geteuid() == 0:  # no bound on processes holds for root
                continue
            with pytest.raises(InputError) as found:
                box.parse(Request("page", page(1).replace(b"Rebels", word.encode())))
            assert found.value.code.startswith(code), word
            assert words in str(found.value), word
            assert "Rebels killed 2" in box.parse(Request("page", page(2)))["text"], word
        assert "SHOUT" in box.parse(Request("page", page(1).replace(b"Rebels", b"SHOUT")))["text"]
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").read_text()
    assert box.restarts >= 5


@pytest.mark.usefixtures("hostile")
def test_the_rest_of_a_batch_goes_on_in_order() -> None:
    pieces = [page(k).replace(b"Rebels", b"DIE") if k % 7 == 3 else page(k) for k in range(30)]
    with Pages(InputOptions()) as pages:
        items = list(pages.settled(pages.page(p, f"page {k}") for k, p in enumerate(pieces)))
    assert [isinstance(i, Problem) for i in items] == [k % 7 == 3 for k in range(30)]
    assert [i.where for i in items if isinstance(i, Capture)] == [f"page {k}" for k in range(30) if k % 7 != 3]
    assert "page 3: the parser broke on it (SIGSEGV)" in str(items[3])


ARCHIVE = """
import os, signal, time
from histor.capture import archive, worker
real = archive._page_of
def _page_of(record, most):
    found = real(record, most)
    if found and b"DIE" in found["content"]:
        os.kill(os.getpid(), signal.SIGABRT)
    if found and b"SLEEP" in found["content"]:
        time.sleep(60)
    return found
archive._page_of = _page_of
worker.main()
"""


def test_an_archive_is_read_on_behind_a_record_that_kills_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: None
) -> None:
    (tmp_path / "hostile.py").write_text(ARCHIVE)
    made = Archive()
    words = {2: b"DIE", 3: b"DIE", 5: b"SLEEP", 8: b"DIE"}
    places = [
        made.answer(f"https://paper.example/{k}", page(k).replace(b"Rebels", words.get(k, b"Rebels"))) for k in range(9)
    ]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(made.content)
    with Sandbox(2, Limits(seconds=1)) as box, Pages(InputOptions(), box) as pages:
        items = list(pages.settled(pages.archive(str(path), "a.warc.gz")))
    said = {i.where if isinstance(i, Capture) else i.error.where: type(i) for i in items}
    assert said == {f"a.warc.gz@{at}": Problem if k in words else Capture for k, at in enumerate(places)}


def test_an_archive_that_kills_the_reader_at_once_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dead(Sandbox):
        def stream(self, request: Request) -> Iterator[Answer]:
            raise Broken("input.parser", "the parser broke on it (SIGABRT).")

    with Pages(InputOptions(), Dead(1)) as pages, pytest.raises(InputError, match="too often"):
        list(pages.archive("a.warc", "a.warc"))


def test_processes_end_with_those_who_started_them() -> None:
    box = Sandbox(2)
    futures: list[Future[dict[str, object]]] = [box.submit(Request("page", page(k))) for k in range(6)]
    assert all(f.result()["title"] for f in futures)
    started = [p._process for p in list(box._idle.queue)]
    assert 1 <= len(started) <= 2
    box.close()
    assert all(p.poll() == -signal.SIGKILL for p in started)


def test_the_process_of_a_stream_that_is_not_read_to_its_end_ends_too(tmp_path: Path) -> None:
    made = Archive()
    for k in range(4):
        made.answer(f"https://paper.example/{k}", page(k))
    path = tmp_path / "a.warc"
    path.write_bytes(made.content)
    box = Sandbox(1)
    left, read = (box.stream(Request("archive", path=str(path), most=1_000_000)) for _ in range(2))
    next(left)
    assert sum(answer.state == "item" for answer in read) == 4
    started = [p._process for p in box._started]
    assert len(started) == 2
    box.close()
    assert [p.poll() for p in started] == [-signal.SIGKILL] * 2
    with pytest.raises(Broken):
        list(left)
    with pytest.raises(InputError, match="were ended"):
        box.parse(Request("page", page(1)))
    box.close()


def test_closing_does_not_wait_for_what_is_being_parsed(tmp_path: Path, hostile: None) -> None:
    box = Sandbox(1)
    box.parse(Request("page", page(1)))
    late = [box.submit(Request("page", page(k).replace(b"Rebels", b"SLEEP"))) for k in range(2)]
    while not late[0].running():
        time.sleep(0.01)
    began = time.monotonic()
    box.close()
    assert time.monotonic() - began < 20  # it sleeps for a minute
    assert isinstance(late[0].exception(), Broken)
    assert late[1].cancelled()


def test_a_process_whose_master_is_gone_ends(tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom histor.capture.sandbox import Sandbox\nfrom histor.capture.frames import Request\n"
        f"box = Sandbox(1)\nbox.parse(Request('page', {page(1)!r}))\n"
        "print(list(box._idle.queue)[0]._process.pid, flush=True)\nos._exit(1)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(pid, 0)
            state = (
                Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] if Path("/proc").is_dir() else "?"
            )
        except (ProcessLookupError, FileNotFoundError):
            return
        if state == "Z":  # ended, and nobody there to hear of it
            return
        time.sleep(0.1)
    raise AssertionError("the parsing process outlived its master")


def test_nothing_in_the_current_folder_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("trafilatura", "lxml", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    with Sandbox(1) as box:
        assert box.parse(Request("page", page(1)))["title"] == "Attack 1"
