"""What `docs/reference/reliability.md` promises, shown; `make reliability` runs all tests that are marked with a promise."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

Figure = Callable[[str], None]


def environment(**more: str) -> dict[str, str]:
    """That of this process, for one that has to find the same modules."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **more}
