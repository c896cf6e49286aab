"""Options that several commands share: which incidents are meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from histor.model.errors import InputError

if TYPE_CHECKING:
    from histor.model.filters import IncidentFilter
    from histor.store.project import Transaction

Command = Callable[..., Any]

_FILTERS = (
    ("since", "DAY", "Incidents on or after this day."),
    ("until", "DAY", "Incidents on or before this day."),
    ("box", "W,S,E,N", "Incidents with a point in this box, in degrees."),
    ("country", "ISO3", "Incidents in this country; may be given again."),
    ("type", "NAME", "PLOVER event type, or ACLED event or sub-event type; may be given again."),
    ("actor", "NAME", "Id, country or part of the name of an actor or recipient; may be given again."),
    ("factuality", "NAME", "Factualities taken, or all [default: actual,claimed]."),
    ("where-prec", "1-7", "Coarsest precision of place taken (UCDP)."),
    ("date-prec", "1-5", "Coarsest precision of date taken (UCDP)."),
    ("deaths", "N", "At least so many killed in the high estimate."),
    ("status", "NAME", "machine, accepted, rejected or all [default: machine,accepted]."),
)


def filter_options(command: Command) -> Command:
    """The options of `histor.model.filters`, as one dict ``filters`` of lists by name."""
    for name, metavar, help_ in reversed(_FILTERS):
        key = f"filter_{name.replace('-', '_')}"
        command = click.option(f"--{name}", key, multiple=True, metavar=metavar, help=help_)(command)
    return command


def decision_options(command: Command) -> Command:
    """Who decides, and why."""
    command = click.option("--reason", metavar="TEXT", help="Why, for those who read the ledger.")(command)
    return click.option("--coder", default="local", show_default=True, help="Whose decision it is.")(command)


def the_filter(options: dict[str, Any]) -> IncidentFilter:
    """The filter that the options of `filter_options` ask for. Raises ConfigError."""
    from histor.model.filters import parse_filter

    given = {k.removeprefix("filter_"): list(v) for k, v in options.items() if k.startswith("filter_") and v}
    return parse_filter(given)


def the_incident(transaction: Transaction, words: str) -> str:
    """The id of the incident that begins with `words`, or is one's former id. Raises InputError if it is none or several."""
    found = transaction.incidents.begins_with(words)
    if len(found) != 1:
        what = "there is no such incident." if not found else f"{len(found)} incidents begin so."
        raise InputError("incident.unknown", what, where=words[:70], do="List incidents with histor query.")
    return found[0]
