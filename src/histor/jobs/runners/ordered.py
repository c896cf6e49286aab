"""A function over a stream by many processes, answers in the order of the stream.

Items travel in small batches. A batch whose process dies is tried again item by item; an item at which three
processes died is set aside. No more is read ahead than the processes can soon take.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from histor.jobs.runners.pool import Answer, Died, Done, Pool
from histor.model.errors import CoderError

TRIES = 3  # deaths with one item before it is taken for their cause
_BATCH = 8
_AHEAD = 4  # batches a worker that are read but not answered

T = TypeVar("T")
Q = TypeVar("Q")
R = TypeVar("R")


@dataclass(eq=False)
class _Batch(Generic[T, R]):
    """Items of the stream in a row; `found` fills as they are answered, `left` counts those that are not."""

    items: list[T]
    found: list[R | CoderError | None]
    left: int


@dataclass(eq=False)
class _Piece(Generic[T, Q, R]):
    """What one process is given: all tasks of a batch, or one; `places` are theirs in the batch."""

    batch: _Batch[T, R]
    places: list[int]
    tasks: list[Q]
    deaths: int = 0


class _Work(Generic[T, Q, R]):
    """What is waiting, given out and answered."""

    def __init__(self, pool: Pool[list[Q], list[R]], name: Callable[[Q], str]) -> None:
        self._pool = pool
        self._name = name
        self._pieces: deque[_Piece[T, Q, R]] = deque()
        self._given: dict[int, _Piece[T, Q, R]] = {}
        self.batches: deque[_Batch[T, R]] = deque()

    @property
    def takes_more(self) -> bool:
        """Whether another batch may be read."""
        return len(self.batches) < self._pool.workers * _AHEAD and len(self._pieces) < self._pool.workers

    def add(self, items: list[T], tasks: list[Q | None]) -> None:
        places = [k for k, task in enumerate(tasks) if task is not None]
        batch = _Batch[T, R](items, [None] * len(items), len(places))
        self.batches.append(batch)
        if places:
            self._pieces.append(_Piece(batch, places, [task for task in tasks if task is not None]))
            self._give()

    def go_on(self) -> None:
        """Wait for answers, and put results in their places, or what is to be tried again at the head of the queue."""
        self._give()
        for task, answer in self._pool.wait():
            self._settle(self._given.pop(id(task)), answer)

    def _give(self) -> None:
        while self._pieces and self._pool.free:
            piece = self._pieces.popleft()
            self._given[id(piece.tasks)] = piece
            self._pool.give(piece.tasks)

    def _settle(self, piece: _Piece[T, Q, R], answer: Answer[list[R]]) -> None:
        batch = piece.batch
        if isinstance(answer, Done):
            for place, value in zip(piece.places, answer.value, strict=True):
                batch.found[place] = value
            batch.left -= len(piece.tasks)
        elif len(piece.tasks) > 1:
            single = [_Piece(batch, [k], [task]) for k, task in zip(piece.places, piece.tasks, strict=True)]
            self._pieces.extendleft(reversed(single))
        elif isinstance(answer, Died) and piece.deaths + 1 < TRIES:
            piece.deaths += 1
            self._pieces.appendleft(piece)
        else:
            batch.found[piece.places[0]] = _error(answer, self._name(piece.tasks[0]))
            batch.left -= 1


def ordered(
    pool: Pool[list[Q], list[R]], items: Iterable[T], task_of: Callable[[T], Q | None], name: Callable[[Q], str]
) -> Iterator[tuple[T, R | CoderError | None]]:
    """Each item with what the pool's `handle` (a list of tasks to a list of results) gives for its task.

    An item without a task comes with None, one at which `TRIES` processes died or whose handling raises with a
    CoderError that calls it by `name`. `pool` is entered by the caller, who may use it again afterwards.
    """
    work = _Work[T, Q, R](pool, name)
    stream = iter(items)
    ended = False
    while not ended or work.batches:
        while not ended and work.takes_more:
            some = list(islice(stream, _BATCH))
            ended = len(some) < _BATCH
            work.add(some, [task_of(item) for item in some])
        while work.batches and not work.batches[0].left:
            done = work.batches.popleft()
            yield from zip(done.items, done.found, strict=True)
        if work.batches:
            work.go_on()


def _error(answer: Answer[list[R]], where: str) -> CoderError:
    if isinstance(answer, Died):
        return killed(where, answer.status)
    reason = str(getattr(answer, "error", answer))
    return CoderError("coder.failed", f"coding failed ({reason}).", where=where, do="The other reports go on.")


def killed(where: str, status: int | None) -> CoderError:
    """What is said of an item at which processes died."""
    how = f" (exit status {status})" if status is not None else ""
    return CoderError(
        "coder.killed", f"{TRIES} processes died while coding it{how}.", where=where,
        do="Please report it with the text; the other reports go on.",
    )  # fmt: skip
