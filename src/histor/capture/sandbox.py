"""Parsers in processes of their own, with bounded memory and time.

A page that kills or stalls its parser costs one item: the process is replaced and the rest goes on.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

import msgspec

from histor.capture.frames import Answer, Request, read_frame, write_frame
from histor.model.errors import InputError

MEMORY_STATUS = 77  # histor.capture.worker.MEMORY, which is not imported: it brings the parsers with it
_PATIENCE = 6
_STARTING = 60  # seconds; a process that is not up by then never will be
_TICK = 0.5  # seconds between two looks at the clock
_KEPT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Limits:
    """What one item may take: seconds of the processor, and the bytes of address space of its process.

    By the clock it may take `_PATIENCE` times as long, so that what is set aside does not hang on how busy the machine is.
    """

    seconds: int = 10
    memory: int = 1_000_000_000


class Broken(InputError):
    """The parser did not survive the item."""


class Sandbox:
    """A few long-lived parsing processes, started when first needed, replaced when they fail; a context.

    Threads may share it. `restarts` counts the processes that had to be replaced.
    """

    def __init__(self, workers: int | None = None, limits: Limits | None = None) -> None:
        self.workers = workers or min(2, os.cpu_count() or 1)
        self.limits = limits or Limits()
        self.restarts = 0
        self._idle: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._started: set[_Process] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="parse")

    def parse(self, request: Request) -> dict[str, Any]:
        """What the parser makes of one page or feed. Raises InputError; Broken if it fails outright."""
        answers = list(self.stream(request))  # to the end, so that the process is free for another
        if not answers:
            raise Broken("input.parser", "the parser said nothing.", do="Please report it with the input.")
        if answers[0].state == "error":
            raise error_of(answers[0])
        return answers[0].value

    def submit(self, request: Request) -> Future[dict[str, Any]]:
        """The same, meanwhile."""
        return self._threads.submit(self.parse, request)

    def stream(self, request: Request) -> Iterator[Answer]:
        """The answers to a request, up to the end. Raises Broken if the parser fails."""
        process = self._take()
        done = False
        try:
            yield from process.ask(request)
            done = True
        except Broken:
            self.restarts += 1
            raise
        finally:
            if done:
                self._idle.put(process)
            else:
                process.end()
                with self._lock:
                    self._started.discard(process)

    def _take(self) -> _Process:
        with self._lock:
            if self._closed.is_set():
                raise Broken("input.parser", "the parsers were ended.", do="Read it again.")
            with suppress(queue.Empty):
                return self._idle.get_nowait()
            if not self._started:
                threading.Thread(target=self._watch, name="parse-watch", daemon=True).start()
            process = _Process(self.limits)
            self._started.add(process)
            return process

    def _watch(self) -> None:
        """Kill what is late, while there are processes; one clock for all, since a timer a page costs a thread a page."""
        while not self._closed.wait(_TICK):
            with self._lock:
                if not self._started:
                    return
                running = list(self._started)
            for process in running:
                process.kill_if_late()

    def close(self) -> None:
        """End all processes, those of streams too; what is still being parsed is dropped."""
        with self._lock:
            self._closed.set()
            running = list(self._started)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.end()
        self._threads.shutdown(wait=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Process:
    """One parsing process; one thread at a time talks to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._first = True
        self._deadline: float | None = None
        self._late = False
        self._process = subprocess.Popen(
            # -P: never import what lies in the folder that histor is called in.
            [sys.executable, "-P", "-m", "histor.capture.worker", str(limits.memory), str(limits.seconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | {"PYTHONHASHSEED": "0"},
        )  # fmt: skip
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the process has no pipes")
        self._requests: IO[bytes] = self._process.stdin
        self._answers: IO[bytes] = self._process.stdout

    def ask(self, request: Request) -> Iterator[Answer]:
        """The answers up to the end. Raises Broken if the process dies, stalls or talks nonsense."""
        with self._in_time(), suppress(OSError, ValueError):  # that it is gone is found when it is read
            write_frame(self._requests, request)
        while True:
            with self._in_time():
                answer = _read_answer(self._answers)
            if answer is None or self._late:
                raise self._failure(self._late)
            self._first = False
            if answer.state == "end":
                return
            yield answer

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """While it waits for the process, the process may be late."""
        self._deadline = time.monotonic() + _PATIENCE * self._limits.seconds + (_STARTING if self._first else 0)
        try:
            yield
        finally:
            self._deadline = None

    def kill_if_late(self) -> None:
        """Kill the process if it should have answered by now; that ends every wait for it."""
        deadline = self._deadline
        if deadline is not None and time.monotonic() > deadline:
            self._late = True
            self._process.kill()

    def _failure(self, late: bool) -> Broken:
        """Why the process did not answer."""
        self._process.kill()
        status, do = self._process.wait(), "Save the article's text as .txt."
        if late or status == -getattr(signal, "SIGXCPU", 0):
            return Broken("input.time", f"parsing it took more than {self._limits.seconds} s.", do=do)
        if status == MEMORY_STATUS:
            return Broken("input.memory", f"parsing it took more than {self._limits.memory / 1e6:,.0f} MB.", do=do)
        why = signal.Signals(-status).name if status < 0 else f"status {status}"
        return Broken("input.parser", f"the parser broke on it ({why}).", do=do)

    def end(self) -> None:
        """End the process now; harmless where it has ended."""
        self._process.kill()
        self._process.wait()  # first: a pipe is not closed while another thread waits for what comes of it
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # what was not yet written goes nowhere
                pipe.close()


def _read_answer(answers: IO[bytes]) -> Answer | None:
    """The next answer; None if the process is gone or what it says is none."""
    try:
        body = read_frame(answers)
        return msgspec.msgpack.decode(body, type=Answer) if body is not None else None
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def error_of(answer: Answer) -> InputError:
    """The error that an answer carries."""
    code, what, do = answer.error
    return InputError(code, what, do=do)
