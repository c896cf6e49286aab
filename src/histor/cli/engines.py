"""What the caller's options ask of an engine, and what has to be said before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from histor.cli.inputs import Given
    from histor.engines.settings import EngineSettings
    from histor.jobs.coding import Coding


def settings_of(given: Given) -> EngineSettings:
    """The engine's settings; where texts will leave this machine it says so on stderr. Raises ConfigError."""
    from histor.engines.settings import EngineSettings

    if given.language != "en" and given.engine != "stanza":
        raise click.UsageError("Languages other than en need --engine stanza.")
    settings = EngineSettings(
        model=given.model, language=given.language, send_reports=given.send_reports, max_cost=given.max_cost,
        price_in=given.price_in, price_out=given.price_out,
    )  # fmt: skip
    if given.engine == "llm" and given.send_reports:
        from histor.engines.llm.load import warning_of

        warning = warning_of(settings)
        if warning:
            click.echo(f"histor: warning: {warning}", err=True)
    return settings


def bill_at_end(coding: Coding) -> None:
    """Say on stderr, when the command ends, what the engine used; engines that cost nothing say nothing."""

    def say() -> None:
        if coding.bill:
            click.echo(f"histor: {coding.bill}.", err=True)

    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(say)
