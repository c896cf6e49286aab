"""The one table of engines: a name, what it needs, and how it is made."""

from __future__ import annotations

from collections.abc import Callable

from histor.engines.protocol import Engine
from histor.model.errors import ConfigError


def _embedded() -> Engine:
    from histor.engines.embedded.engine import EmbeddedEngine

    return EmbeddedEngine.load()


ENGINES: dict[str, Callable[[], Engine]] = {"embedded": _embedded}


def load_engine(name: str) -> Engine:
    """The engine called `name`. Raises ConfigError if there is none or it cannot be loaded."""
    maker = ENGINES.get(name)
    if maker is None:
        known = ", ".join(sorted(ENGINES))
        raise ConfigError("engine.unknown", f"no engine is called {name!r}", do=f"Known: {known}.")
    return maker()
