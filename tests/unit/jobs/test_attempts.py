"""What follows from where earlier tries ended, and that it outlives the process."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from histor.jobs.attempts import MOST_ALIKE, TRIES, Death, Verdict, attempt, deaths, verdict


def died(phase: str, item: int, careful: bool = True, times: int = 1) -> list[Death]:
    return [Death(phase, item, careful)] * times


def test_the_first_death_makes_the_next_try_careful_and_condemns_nothing() -> None:
    assert verdict([]) == Verdict()
    assert verdict(died("code", 4, careful=False, times=TRIES)) == Verdict(careful=True)


def test_three_careful_deaths_in_a_row_condemn_an_item() -> None:
    assert verdict(died("code", 4, times=TRIES - 1)).skip == frozenset()
    found = verdict([*died("code", 0, careful=False), *died("code", 4, times=TRIES), *died("code", 7, times=TRIES)])
    assert found == Verdict(careful=True, skip=frozenset({4, 7}))


def test_deaths_elsewhere_in_between_clear_an_item() -> None:
    assert verdict([*died("code", 4, times=2), *died("code", 9), *died("code", 4, times=2)]).skip == frozenset()


def test_reading_ends_where_the_reader_dies() -> None:
    assert verdict(died("read", 3, times=TRIES)).stop == 3


def test_what_no_leaving_out_helps_is_given_up() -> None:
    assert not verdict(died("write", 3, times=MOST_ALIKE - 1)).hopeless
    assert verdict(died("write", 3, times=MOST_ALIKE)).hopeless


def _try_and_die(base: Path) -> None:
    with attempt(base) as now:
        now.at("read", 0)
        now.at("code", 5)
        os.kill(os.getpid(), signal.SIGKILL)


def test_notes_outlive_a_killed_process_and_go_when_a_try_ends_well(tmp_path: Path) -> None:
    base = tmp_path / "000000"
    for _ in range(2):
        process = multiprocessing.get_context("spawn").Process(target=_try_and_die, args=(base,))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
    with attempt(base) as now:
        assert deaths(base.with_suffix(".deaths")) == [Death("code", 5, False), Death("code", 5, True)]
        assert now.verdict == Verdict(careful=True)
        now.at("code", 6)
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_no_death(tmp_path: Path) -> None:
    base = tmp_path / "000000"

    def fails() -> None:
        with attempt(base) as now:
            now.at("code", 1)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fails()
    with attempt(base) as now:
        assert now.verdict == Verdict()


def test_two_at_one_shard_do_not_disturb_each_other(tmp_path: Path) -> None:
    with attempt(tmp_path / "0") as first:
        first.at("code", 2)
        with attempt(tmp_path / "0") as second:
            second.at("code", 9)
            assert second.verdict == Verdict()


def test_a_log_that_was_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    log = tmp_path / "0.deaths"
    log.write_text('["code", 1, true]\n["co')
    assert deaths(log) == [Death("code", 1, True)]
