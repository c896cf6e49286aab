"""The one table of engines: a name, what it needs, and how it is made."""

from __future__ import annotations

from collections.abc import Callable

from histor.codebook.codebook import Codebook, load_codebook
from histor.engines.protocol import Engine
from histor.engines.settings import EngineSettings
from histor.model.errors import ConfigError


def _embedded(_: EngineSettings, __: Codebook) -> Engine:
    from histor.engines.embedded.engine import EmbeddedEngine

    return EmbeddedEngine.load()


def _llm(settings: EngineSettings, book: Codebook) -> Engine:
    from histor.engines.llm.load import load_llm

    return load_llm(_embedded(settings, book), settings, book)


def _stanza(settings: EngineSettings, _: Codebook) -> Engine:
    from histor.engines.stanza import load_stanza

    return load_stanza(settings)


ENGINES: dict[str, Callable[[EngineSettings, Codebook], Engine]] = {
    "embedded": _embedded,
    "llm": _llm,
    "stanza": _stanza,
}


def load_engine(name: str, settings: EngineSettings | None = None, book: Codebook | None = None) -> Engine:
    """The engine called `name`. Raises ConfigError if there is none or it cannot be loaded."""
    maker = ENGINES.get(name)
    if maker is None:
        known = ", ".join(sorted(ENGINES))
        raise ConfigError("engine.unknown", f"no engine is called {name!r}", do=f"Known: {known}.")
    return maker(settings or EngineSettings(), book or load_codebook())
