"""histor weighs the news of war: reports to event mentions, each value on somebody's word.

from histor import code_text
coded = code_text("Rebels killed 12 soldiers near Goma on Monday, the army said.", published="2022-11-02")
coded.event_mentions[0].casualties
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "1.0.0"
__all__ = ["__version__", "code_text"]

if TYPE_CHECKING:
    from histor.jobs.coding import code_text


def __getattr__(name: str) -> Any:
    # Loaded on demand: the model takes half a second, `import histor` must not.
    if name == "code_text":
        from histor.jobs.coding import code_text

        return code_text
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
