"""What is known of the tries at a shard, kept beside its part so that it outlives the process and the machine.

A process writes down which item it is at before it takes it up. Whoever tries the shard next sees where the last
try ended. The first try takes items in batches, as is quickest; after a death they are taken one by one, and an
item at which `TRIES` careful tries in a row ended is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from histor.model.errors import ConfigError

TRIES = 3
MOST_ALIKE = 8  # deaths in a row at one place that leaving items out does not help

Phase = Literal["read", "code", "write"]


class Death(Struct, frozen=True):
    """Where a try ended: while the item was read or coded, or the part written; `careful` if one by one."""

    phase: str
    item: int
    careful: bool


class Verdict(Struct, frozen=True):
    """How the next try is to go: one by one or not, which items it leaves out, and where reading has to end."""

    careful: bool = False
    skip: frozenset[int] = frozenset()
    stop: int | None = None
    hopeless: bool = False


def verdict(deaths: Iterable[Death]) -> Verdict:
    """What follows from all deaths so far, in their order.

    Deaths elsewhere in between clear an item: a machine that is switched off now and then condemns nothing.
    """
    skip, stop, careful, hopeless = set(), None, False, False
    for death, alike in groupby(deaths):
        careful = True
        count = len(list(alike))
        hopeless = count >= MOST_ALIKE
        if not death.careful or count < TRIES:
            continue
        if death.phase == "code":
            skip.add(death.item)
        elif death.phase == "read":
            stop = death.item
    return Verdict(careful, frozenset(skip), stop, hopeless)


class Attempt:
    """One try at a shard, while its file is held."""

    def __init__(self, found: Verdict, handle: int | None) -> None:
        self.verdict = found
        self._handle = handle

    def at(self, phase: Phase, item: int) -> None:
        """Note what comes next; what is noted survives the process."""
        if self._handle is not None:
            os.pwrite(self._handle, f"{phase:5} {item:012d} {self.verdict.careful:d}\n".encode(), 0)


@contextmanager
def attempt(base: Path, *, alone: bool = False) -> Iterator[Attempt]:
    """A try at the shard whose files are called `base`; what is noted of it goes once it ends well.

    With `alone` items are taken one by one from the first try on, and the deaths stay on record after a good end, since
    the same items are met again.

    Where another process is at the same shard, nothing is noted. Raises ConfigError on systems without file locks.
    """
    notes, log = base.with_suffix(".at"), base.with_suffix(".deaths")
    handle = os.open(notes, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _lock(handle):
            yield Attempt(_verdict(log, alone), None)
            return
        _note_death(handle, log)
        yield Attempt(_verdict(log, alone), handle)
        notes.unlink(missing_ok=True)
        if not alone:
            log.unlink(missing_ok=True)
    except BaseException:  # an error is no death
        os.ftruncate(handle, 0)
        raise
    finally:
        os.close(handle)


def _verdict(log: Path, alone: bool) -> Verdict:
    found = verdict(deaths(log))
    return replace(found, careful=found.careful or alone)


def _lock(handle: int) -> bool:
    """Whether the file is ours now."""
    try:
        import fcntl
    except ImportError:
        raise ConfigError(
            "runner.system", "this system has no file locks, which runs over shards need.",
            do="Leave --out, or run under Linux, macOS or WSL.",
        ) from None  # fmt: skip
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _note_death(handle: int, log: Path) -> None:
    """The last one's place goes from its note to the log."""
    found = os.pread(handle, 64, 0).split()
    if len(found) == 3:
        with log.open("a", encoding="ascii") as out:
            out.write(json.dumps([found[0].decode(), int(found[1]), found[2] == b"1"]) + "\n")
    os.ftruncate(handle, 0)


def deaths(log: Path) -> list[Death]:
    """The deaths that a log holds; a line that was cut short is none."""
    try:
        lines = log.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(Death(*json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found
