"""The process that parses hostile bytes: ``python -P -m histor.capture.worker MEMORY SECONDS``.

It reads requests from its standard input and answers on its standard output until the input ends. It writes no
file, starts no process, and ends itself when it takes more memory or time than it was given; whoever
started it starts another.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

import msgspec

from histor.capture import archive, feed, html
from histor.capture.frames import Answer, Request, read_frame, write_frame
from histor.model.errors import InputError


class _Ration:
    """Processor time for the item at hand; the system ends the process when it is used up.

    The parent watches the clock as well, for what waits without working.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def renew(self) -> None:
        with suppress(ImportError, ValueError, OSError):
            import resource

            used = resource.getrusage(resource.RUSAGE_SELF)
            most = int(used.ru_utime + used.ru_stime) + self._seconds + 1
            resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _confine(memory: int) -> None:
    """Bound memory, and forbid files, processes and core dumps, as far as the system knows such bounds."""
    try:
        import resource
    except ImportError:  # not POSIX: the parent's clock is the only bound
        return
    for name, most in (("RLIMIT_AS", memory), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0), ("RLIMIT_NPROC", 0)):
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


def _page(request: Request) -> Iterator[Answer]:
    yield Answer("item", html.read_html(request.content, request.charset))


def _feed(request: Request) -> Iterator[Answer]:
    yield Answer("item", feed.read_feed(request.content))


def _archive(request: Request) -> Iterator[Answer]:
    yield from archive.read_archive(request.path, request.most, (request.member, request.start))


_PARSERS: dict[str, Callable[[Request], Iterator[Answer]]] = {"page": _page, "feed": _feed, "archive": _archive}


def _answers(request: Request) -> Iterator[Answer]:
    try:
        yield from _PARSERS[request.kind](request)
    except InputError as error:
        yield Answer("error", error=(error.code, error.what, error.do))
    except MemoryError:
        raise
    except Exception as error:  # parsers raise many kinds on hostile bytes
        yield Answer("error", error=("input.unreadable", f"it cannot be read ({type(error).__name__}: {error}).", ""))
    yield Answer("end")


def serve(requests: IO[bytes], answers: IO[bytes], ration: _Ration) -> None:
    """Answer requests until there are no more."""
    while (body := read_frame(requests)) is not None:
        request = msgspec.msgpack.decode(body, type=Request)
        ration.renew()
        for answer in _answers(request):
            write_frame(answers, answer)
            ration.renew()


def main() -> None:
    """Take up the work. The streams are kept aside, so that nothing a library prints gets among the answers."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    html.warm()
    _confine(memory)
    try:
        serve(requests, answers, _Ration(seconds))
    except MemoryError:
        os._exit(MEMORY)
    except BrokenPipeError:
        os._exit(0)


MEMORY = 77
"""The exit status that says that the memory given did not suffice."""

if __name__ == "__main__":
    main()
