"""The engine as the caller's settings and environment ask for it."""

from __future__ import annotations

import math
import os

from histor.codebook.codebook import Codebook
from histor.engines.llm.cache import AnswerCache, default_folder
from histor.engines.llm.client import Client, Endpoint
from histor.engines.llm.engine import LlmEngine
from histor.engines.llm.meter import Meter
from histor.engines.protocol import Engine
from histor.engines.settings import EngineSettings
from histor.model.errors import ConfigError


def load_llm(base: Engine, settings: EngineSettings, book: Codebook) -> LlmEngine:
    """The engine over `base`. Address and key come from the settings, else from HISTOR_LLM_URL and HISTOR_LLM_KEY.

    Raises ConfigError where address, model or prices are missing, and where texts would leave this machine without the
    caller's word.
    """
    url = settings.url or os.environ.get("HISTOR_LLM_URL")
    if not url:
        raise ConfigError(
            "llm.url", "no endpoint is named.", where="HISTOR_LLM_URL",
            do="Set it to the base of an OpenAI-compatible API, such as http://127.0.0.1:8080/v1.",
        )  # fmt: skip
    endpoint = Endpoint.of(url)
    if not settings.model:
        raise ConfigError("llm.model", "no model is named.", where=endpoint.host, do="Name one with --model.")
    if not endpoint.loopback and not settings.send_reports:
        raise ConfigError(
            "llm.consent", "the texts of your reports would be sent to this host, whose owner can read and keep them.",
            where=endpoint.host, do="If you may and want to, say so with --send-reports.",
        )  # fmt: skip
    sums = (settings.max_cost, settings.price_in, settings.price_out)
    if any(value is not None and not (math.isfinite(value) and value >= 0) for value in sums):
        raise ConfigError(
            "llm.prices", "budget and prices must be numbers from 0 up.", where="--max-cost, --price-in, --price-out"
        )
    meter = Meter(settings.price_in, settings.price_out, settings.max_cost)
    if settings.max_cost is not None and (settings.price_in is None or settings.price_out is None):
        raise ConfigError(
            "llm.prices",
            "a budget needs prices.",
            where="--max-cost",
            do="Give --price-in and --price-out per million tokens.",
        )
    client = Client(endpoint, settings.key or os.environ.get("HISTOR_LLM_KEY"), settings.timeout)
    return LlmEngine(
        base, client, settings.model, book, meter, AnswerCache(settings.cache or default_folder()),
        part_tokens=settings.part_tokens, answer_tokens=settings.answer_tokens,
    )  # fmt: skip


def warning_of(settings: EngineSettings) -> str | None:
    """What to tell the caller before texts leave this machine; None if they stay."""
    url = settings.url or os.environ.get("HISTOR_LLM_URL") or ""
    endpoint = Endpoint.of(url)
    if endpoint.loopback:
        return None
    clear = "" if endpoint.address.startswith("https:") else " Over http they, and your key, can be read on the way."
    return f"the texts of your reports are sent to {endpoint.host}.{clear}"
