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
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

import msgspec

from histor.capture.frames import Answer, Request, read_frame, write_frame
from histor.model.errors import InputError

MEMORY_STATUS = 77  # histor.capture.worker.MEMORY, which is not imported: it brings the parsers with it
_PATIENCE = 6
_STARTING = 60  # seconds; a process that is not up by then never will be
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

    def _take(self) -> _Process:
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        return _Process(self.limits)

    def close(self) -> None:
        """End the processes; what is still being parsed is dropped."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Process:
    """One parsing process; one thread at a time talks to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._first = True
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
        with self._watch() as watch, suppress(OSError):  # that it is gone is found when it is read
            write_frame(self._requests, request)
        while True:
            with self._watch() as watch:
                answer = _read_answer(self._answers)
            if answer is None or watch.late:
                raise self._failure(watch.late)
            self._first = False
            if answer.state == "end":
                return
            yield answer

    def _watch(self) -> _Watch:
        return _Watch(self._process, _PATIENCE * self._limits.seconds + (_STARTING if self._first else 0))

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
        """End the process now."""
        self._process.kill()
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # what was not yet written goes nowhere
                pipe.close()
        self._process.wait()


class _Watch:
    """Kills a process after some seconds unless the context is left before; that ends every wait for it."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.late = False
        self._process = process
        self._seconds = seconds
        self._timer: threading.Timer | None = None

    def _kill(self) -> None:
        self.late = True
        self._process.kill()

    def __enter__(self) -> _Watch:
        self._timer = threading.Timer(self._seconds, self._kill)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()


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
