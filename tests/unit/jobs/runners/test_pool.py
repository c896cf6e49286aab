"""Processes that die, raise or never get ready, and what is made of it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from histor.jobs.runners.ordered import TRIES, ordered
from histor.jobs.runners.pool import Answer, Died, Done, Failed, Pool, Ready
from histor.model.errors import CoderError, ConfigError, HistorError, InputError


@dataclass(frozen=True)
class Squares:
    """Squares numbers; dies at `poison`, raises at `bad`, and once (as a file says) at `once`."""

    poison: int = -1
    bad: int = -1
    once: int = -1
    marker: Path = Path()
    milliseconds: float = 0

    def __call__(self) -> Ready:
        return Ready(lambda numbers: [self._square(n) for n in numbers], "squares/1")

    def _square(self, number: int) -> int:
        time.sleep(self.milliseconds / 1000)
        if number == self.poison:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == self.once and not self.marker.exists():
            self.marker.touch()
            os._exit(3)
        if number == self.bad:
            raise ValueError("no square")
        return number * number


@dataclass(frozen=True)
class Refuses:
    error: HistorError

    def __call__(self) -> Ready:
        raise self.error


def dies() -> Ready:
    os._exit(7)


def squared(make: Callable[[], Ready], numbers: range, workers: int = 2) -> list[tuple[int, object]]:
    with Pool[list[int], list[object]](make, workers) as pool:
        return list(ordered(pool, numbers, lambda n: None if n % 10 == 9 else n, lambda n: f"number {n}"))


def test_answers_stand_in_the_order_of_the_stream_and_what_has_no_task_passes_by() -> None:
    expected = [(n, None if n % 10 == 9 else n * n) for n in range(100)]
    assert squared(Squares(), range(100), 3) == expected
    assert squared(Squares(), range(0)) == []


def test_what_kills_is_set_aside_and_the_rest_comes_out() -> None:
    found = dict(squared(Squares(poison=13, bad=42), range(60)))
    killed, failed = found.pop(13), found.pop(42)
    assert isinstance(killed, CoderError)
    assert (killed.code, killed.where) == ("coder.killed", "number 13")
    assert f"{TRIES} processes" in str(killed)
    assert isinstance(failed, CoderError)
    assert "ValueError: no square" in failed.what
    assert found == {n: None if n % 10 == 9 else n * n for n in range(60) if n not in {13, 42}}


def test_a_process_that_dies_by_chance_costs_nothing(tmp_path: Path) -> None:
    found = squared(Squares(once=5, marker=tmp_path / "died"), range(30))
    assert found == [(n, None if n % 10 == 9 else n * n) for n in range(30)]
    assert (tmp_path / "died").exists()


def test_processes_killed_from_outside_while_idle_and_at_work() -> None:
    with Pool[list[int], list[int]](Squares(milliseconds=5), 2) as pool:
        assert pool.greet() == "squares/1"
        stream = ordered(pool, range(200), lambda n: n, str)
        found = [next(stream)]
        for k, result in enumerate(stream):
            found.append(result)
            if k in {20, 60, 100}:
                os.kill(pool.processes[0], signal.SIGKILL)
        assert found == [(n, n * n) for n in range(200)]


def test_one_task_at_a_time_and_each_with_its_answer() -> None:
    with Pool[list[int], list[int]](Squares(poison=1, bad=2), 1) as pool:
        pool.greet()
        answers: dict[int, Answer[list[int]]] = {}
        for number in (0, 1, 2):
            while not pool.free:
                pool.wait()
            pool.give([number])
            assert pool.busy
            while pool.busy:
                answers |= {task[0]: answer for task, answer in pool.wait()}
    assert answers[0] == Done([0])
    assert answers[1] == Died(-signal.SIGKILL)
    assert isinstance(answers[2], Failed)


def test_no_process_outlives_the_pool() -> None:
    with Pool[list[int], list[int]](Squares(milliseconds=60_000), 2) as pool:
        pool.greet()
        pool.give([1])
        processes = pool.processes
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_the_error_of_a_setup_comes_through_whole() -> None:
    error = InputError("input.kind", "no.", where="here", do="Try.")
    with pytest.raises(InputError) as raised:
        squared(Refuses(error), range(3))
    assert (raised.value.code, str(raised.value)) == ("input.kind", "here: no. Try.")


def test_processes_that_never_get_ready_end_the_job() -> None:
    with pytest.raises(ConfigError, match=r"before they are ready \(exit status 7\)"):
        squared(dies, range(3))


def test_no_worker_is_no_pool() -> None:
    with pytest.raises(ConfigError):
        Pool(Squares(), 0)


@pytest.mark.parametrize("take", [1, 17])
def test_no_more_is_read_than_is_soon_needed(take: int) -> None:
    read = []

    def numbers() -> Iterator[int]:
        for n in range(100_000):
            read.append(n)
            yield n

    with Pool[list[int], list[int]](Squares(), 2) as pool:
        stream = ordered(pool, numbers(), lambda n: n, str)
        for _ in range(take):
            next(stream)
    assert len(read) <= take + 8 * 12
