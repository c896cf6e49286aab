"""Processes that get ready once and then take tasks, each watched, so that the death of one is seen and made good.

`concurrent.futures` gives a whole pool up once one process is killed. Here the task that a process died with
is handed back as `Died`, another process takes its place, and the rest goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeVar

from histor.model.errors import ConfigError, HistorError

MOST_FALSE_STARTS = 5  # in a row, with no answer from any other: no chance, but want of memory or the like
_ENDING = 10.0  # seconds for a process to go by itself
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")

T = TypeVar("T")
R = TypeVar("R")


class Ready(NamedTuple):
    """What a process has once it is set up: how it handles a task, and what it says of itself."""

    handle: Callable[[Any], Any]
    says: str = ""


@dataclass(frozen=True)
class Done(Generic[R]):
    """The value that a task gave."""

    value: R


@dataclass(frozen=True)
class Failed:
    """The error that a task raised; its process goes on."""

    error: Exception


@dataclass(frozen=True)
class Died:
    """The task's process ended: `status` is its exit code, negative for the signal that killed it."""

    status: int | None


Answer = Done[R] | Failed | Died
Setup = Callable[[], Ready]


@dataclass(eq=False)
class _Worker(Generic[T]):
    process: BaseProcess
    connection: Connection[Any, Any]
    ready: bool = False
    task: T | None = None


class Pool(Generic[T, R]):
    """A fixed number of spawned processes; use it as a context, `give` while there is a `free` one, then `wait`.

    `setup` is pickled, called once in each process, and tells how a task is handled. Tasks and answers are
    pickled. A process has one task at a time, so that what it died with is known.
    """

    def __init__(self, setup: Setup, workers: int) -> None:
        """Raises ConfigError for fewer than one worker."""
        if workers < 1:
            raise ConfigError("runner.workers", f"{workers} workers cannot work.", do="Ask for one or more.")
        self.says = ""
        self._setup = setup
        self.workers = workers
        self._workers: list[_Worker[T]] = []
        self._false_starts = 0

    def __enter__(self) -> Pool[T, R]:
        self._fill()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the idle ones go, kill those at work."""
        for worker in self._workers:
            worker.connection.close()
            if worker.task is not None or not worker.ready:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join(_ENDING)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers = []

    @property
    def free(self) -> bool:
        """Whether a process waits for a task."""
        return any(w.ready and w.task is None for w in self._workers)

    @property
    def busy(self) -> bool:
        """Whether a task is being worked at."""
        return any(w.task is not None for w in self._workers)

    @property
    def processes(self) -> list[int]:
        """Identifiers of the processes, in the order of their start."""
        return [w.process.pid for w in self._workers if w.process.pid is not None]

    def greet(self) -> str:
        """What a process says of itself, once the first is ready. Raises what `setup` raised, or ConfigError."""
        while not any(w.ready for w in self._workers):
            self.wait()
        return self.says

    def give(self, task: T) -> None:
        """Hand a task to a free process; one that has died meanwhile shows at the next `wait`."""
        worker = next(w for w in self._workers if w.ready and w.task is None)
        worker.task = task
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.connection.send(task)

    def wait(self) -> list[tuple[T, Answer[R]]]:
        """Tasks that ended, with their answers; none where processes only got ready.

        Raises the error of a setup, and ConfigError where processes end before they are ready.
        """
        by_handle: dict[Any, _Worker[T]] = {w.connection: w for w in self._workers}
        found: list[tuple[T, Answer[R]]] = []
        for handle in wait(list(by_handle)):
            worker = by_handle[handle]
            try:
                answer = worker.connection.recv()
            except (EOFError, ConnectionResetError):
                found += self._bury(worker)
                continue
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, str):
                worker.ready, self.says, self._false_starts = True, answer, 0
            elif worker.task is not None:
                found.append((worker.task, answer))
                worker.task, self._false_starts = None, 0
        self._fill()
        return found

    def _bury(self, worker: _Worker[T]) -> list[tuple[T, Answer[R]]]:
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        status = worker.process.exitcode
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= MOST_FALSE_STARTS:
                raise ConfigError(
                    "runner.start", f"worker processes end before they are ready (exit status {status}).",
                    do="Is there memory for all of them? Ask for fewer --workers.",
                )  # fmt: skip
        return [] if worker.task is None else [(worker.task, Died(status))]

    def _fill(self) -> None:
        while len(self._workers) < self.workers:
            self._workers.append(_start(self._setup))


def _start(setup: Setup) -> _Worker[Any]:
    # spawn: sessions of onnxruntime do not outlive a fork
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, setup))
    with _one_thread():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _one_thread() -> Iterator[None]:
    """One native thread a process: there are as many processes as cores are wanted."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(connection: Connection[Any, Any], setup: Setup) -> None:
    """A process's life: get ready, say so, answer tasks until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends what is to end
    try:
        ready = setup()
    except HistorError as error:
        connection.send(error)
        return
    connection.send(ready.says)
    while True:
        try:
            task = connection.recv()
        except (EOFError, ConnectionResetError):
            return
        try:
            answer: Answer[Any] = Done(ready.handle(task))
        except Exception as error:
            answer = Failed(_that_travels(error))
        try:
            connection.send(answer)
        except (BrokenPipeError, ConnectionResetError):  # the parent is gone
            return


def _that_travels(error: Exception) -> Exception:
    """The error itself if it is one of ours, else one that can be pickled for certain."""
    return error if isinstance(error, HistorError) else RuntimeError(f"{type(error).__name__}: {error}")
