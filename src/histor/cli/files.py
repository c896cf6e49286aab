"""Output files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from histor.model.errors import ConfigError


@contextmanager
def writing(output: str | None, keep: Callable[[], bool] = lambda: True) -> Iterator[IO[bytes]]:
    """Standard output, or a file that takes the place of the old one once all is written.

    A pipe or device is written to directly. If `keep` then says no, the old file stays. Raises ConfigError if the file cannot be written.
    """
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        mode = _mode(output)
        if mode is not None and not stat.S_ISREG(mode):
            with open(output, "wb") as device:
                yield device
            return
        # A link is followed, so that the file it leads to is the one that is replaced.
        with _replacing(Path(output).resolve(), mode, keep) as handle:
            yield handle
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigError(
            "output.file", f"the output cannot be written ({error.strerror}).", where=output,
            do="Choose a folder that exists and may be written to.",
        ) from error  # fmt: skip


def _mode(output: str) -> int | None:
    try:
        return os.stat(output).st_mode
    except FileNotFoundError:
        return None


@contextmanager
def _replacing(target: Path, mode: int | None, keep: Callable[[], bool]) -> Iterator[IO[bytes]]:
    handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, on every path
        "w+b", dir=target.parent, prefix=f".{target.name[:40]}.", delete=False
    )
    try:
        with handle:
            yield handle
        if keep():
            os.chmod(handle.name, 0o666 & ~_umask() if mode is None else stat.S_IMODE(mode))
            os.replace(handle.name, target)
    finally:
        Path(handle.name).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
