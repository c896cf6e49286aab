"""Answers kept in the user's cache folder, by the hash of all that decides them."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import platformdirs

from histor.model.canonical import digest


def default_folder() -> Path:
    """``histor/llm`` in the user's cache folder, or where HISTOR_CACHE says."""
    given = os.environ.get("HISTOR_CACHE")
    return (Path(given) if given else Path(platformdirs.user_cache_dir("histor", appauthor=False))) / "llm"


class AnswerCache:
    """One file an answer. Answers quote reports, so only the user may read them; no key is ever in them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, *decides: str) -> str | None:
        """The answer kept for a model, a prompt and a text; None if there is none that can be read."""
        try:
            kept = json.loads(self._path(decides).read_text(encoding="utf-8"))
            answer = kept["answer"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return answer if isinstance(answer, str) else None

    def put(self, answer: str, *decides: str) -> None:
        """Keep an answer; a folder that cannot be written to only costs the next run its time."""
        path = self._path(decides)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"model": decides[0], "answer": answer}, file)
            os.replace(name, path)
        except OSError:
            return

    def _path(self, decides: tuple[str, ...]) -> Path:
        name = digest("llm_answer", list(decides))
        return self._folder / name[:2] / f"{name}.json"
