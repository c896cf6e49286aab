"""The errors that histor raises on purpose, as one small tree.

HistorError
├── InputError    an item cannot be read: it is set aside, the job goes on
├── ConfigError   settings or files of ours are wrong: stop before any work
├── CoderError    a component failed on an item: the item is kept, not coded
├── StopError     the run cannot go on for now: what is done is kept, safe to resume
└── StoreError    the store cannot take or give data: stop, safe to resume
"""

from __future__ import annotations

from typing import Any


class HistorError(Exception):
    """Base of all deliberate errors: what happened, where, and what to do next.

    `code` is stable and short (``input.encoding``); programs may rely on it.
    """

    def __init__(self, code: str, what: str, *, where: str = "", do: str = "") -> None:
        super().__init__(code, what, where, do)
        self.code = code
        self.what = what
        self.where = where
        self.do = do

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        stop = "." if self.do and self.what[-1:] not in ".!?" else ""
        do = f"{stop} {self.do}" if self.do else ""
        return f"{where}{self.what}{do}"

    def __reduce__(self) -> tuple[Any, ...]:
        """By keyword, so that an error goes whole from one process to another."""
        return _made, (type(self), self.code, self.what, self.where, self.do)

    def at(self, where: str) -> HistorError:
        """The same error, located more precisely (a file and line, a report id)."""
        return type(self)(self.code, self.what, where=where, do=self.do)


def _made(kind: type[HistorError], code: str, what: str, where: str, do: str) -> HistorError:
    return kind(code, what, where=where, do=do)


class InputError(HistorError):
    """An item of the input cannot be used; it is set aside and the job goes on."""


class ConfigError(HistorError):
    """Settings, a codebook, a lexicon or a model file are wrong; nothing has been done."""


class CoderError(HistorError):
    """A component failed on one item; the item is kept and the job goes on."""


class StopError(HistorError):
    """The run has to end early (what may be spent is spent, a service refuses); what is done is kept."""


class StoreError(HistorError):
    """The store failed; nothing half-written is left and the job can be run again."""
