"""A coder behind the relevance gate, as one: for tasks that read and code in the same process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from histor.capture.inputs import Item, Problem
from histor.jobs.coding import Coding
from histor.jobs.gate import Sieve, sieve_of
from histor.jobs.parallel import CoderSetup
from histor.model.records import CodedReport


@dataclass(frozen=True)
class GatedSetup:
    """How a coder and the gate before it are loaded, in a form that goes to other processes."""

    setup: CoderSetup

    def load(self) -> GatedCoding:
        """Raises ConfigError as `CoderSetup.load` does."""
        return GatedCoding(self.setup.load(), sieve_of(self.setup.lexicon, self.setup.codebook))


class GatedCoding:
    """Codes what passes the gate, and gives nothing for the rest."""

    def __init__(self, coding: Coding, sieve: Sieve) -> None:
        self._coding = coding
        self._sieve = sieve

    @property
    def stamp(self) -> str:
        """What codes, and the gate."""
        return f"{self._coding.stamp} gate/{self._sieve.gate.version}"

    def code_all(self, items: Iterable[Item]) -> Iterator[CodedReport | Problem]:
        """Coded reports and problems in the order of `items`, less the reports that the gate keeps out."""
        return self._coding.code_all(self._sieve.items(items))
