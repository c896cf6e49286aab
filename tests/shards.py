"""A quick coder for runs over shards, that can be slow and can be killed by a word."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from histor.capture.inputs import Item, Problem
from histor.model.errors import CoderError
from histor.model.records import CodedReport
from tests.stores import QuickCoder


@dataclass(frozen=True)
class QuickSetup:
    """Loads a coder that takes `milliseconds` a report and is killed by reports that hold the word `poison`."""

    milliseconds: float = 0
    poison: str = "poison"

    def load(self) -> QuickShardCoder:
        return QuickShardCoder(self)


class QuickShardCoder:
    """`QuickCoder` over a stream."""

    def __init__(self, setup: QuickSetup) -> None:
        self._setup = setup
        self._coder = QuickCoder()
        self.stamp = self._coder.stamp

    def code_all(self, items: Iterable[Item]) -> Iterator[CodedReport | Problem]:
        for item in items:
            if isinstance(item, Problem):
                yield item
                continue
            time.sleep(self._setup.milliseconds / 1000)
            if self._setup.poison in item.text:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                yield self._coder.read(item).coded
            except CoderError as error:
                yield Problem(error)
