"""What a caller can set of an engine; the default engine needs none of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class EngineSettings:
    """Settings of the engines that have any; None leaves a value to the engine.

    For ``llm``: `url` (base address of an OpenAI-compatible API), `key`, `model`, `send_reports` (the caller agrees that
    texts leave this machine), `max_cost` and `price_in`, `price_out` (per million tokens, in one currency), `timeout`
    in seconds, `cache` (a folder), `part_tokens` and `answer_tokens` (most tokens of a part of a report, and of an
    answer). For ``stanza``: `model` (a folder of Stanza's models) and `language`.
    """

    url: str | None = None
    key: str | None = field(default=None, repr=False)
    model: str | None = None
    send_reports: bool = False
    max_cost: float | None = None
    price_in: float | None = None
    price_out: float | None = None
    timeout: float = 120.0
    cache: Path | None = None
    part_tokens: int = 2_000
    answer_tokens: int = 4_096
    language: str = "en"
