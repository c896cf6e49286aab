"""What the demo tells of a project: how much it holds, one place's tolls and on whose word, and the rules side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click
from rich import box
from rich.table import Table
from rich.text import Text

from histor.cli.incidents import head_of, when_of, where_of
from histor.cli.tables import Terminal
from histor.estimates.rules import DEFAULT
from histor.export.dossier import Dossier
from histor.jobs.dataset import claims_in, dossiers
from histor.jobs.matching import estimates_of
from histor.model.filters import IncidentFilter
from histor.model.incidents import Estimate
from histor.model.records import Claim
from histor.store.project import Project, Transaction
from histor.store.status import status_of
from histor.text.printable import printable

RULES = ("ucdp", "conservative", "independent_majority")
_WORDINGS = {"at_least": "≥", "at_most": "≤", "about": "~"}


@dataclass(frozen=True)
class Told:
    """An incident with the claims on its dead and the estimates that they make: by rule, where a rule gives one."""

    dossier: Dossier
    killed: tuple[Claim, ...]
    estimates: Mapping[str, Estimate]


def deadly(transaction: Transaction) -> list[Told]:
    """The incidents of which some claim counts the dead, by first day."""
    found = []
    for one in dossiers(transaction, IncidentFilter()):
        killed = tuple(c for c in claims_in(transaction, one) if c.property == "killed")
        if killed:
            by_rule = estimates_of(transaction, one.incident, RULES)
            found.append(Told(one, killed, {r: e["killed"] for r, e in by_rule.items() if "killed" in e}))
    return found


def most_told(found: Sequence[Told], place: str) -> Told | None:
    """The incident at `place` with the most claims on its dead, the earlier of equals; None without one there."""
    there = [t for t in found if t.dossier.incident.place and t.dossier.incident.place.name == place]
    return min(there, key=lambda t: (-len(t.killed), t.dossier.first_day or "", t.dossier.incident.id), default=None)


def tell(project: Project, place: str, folder: str | None) -> None:
    """Print the story of the project; `folder` is where it stays, None if it does not."""
    terminal = Terminal(highlight=False)
    terminal.print(_counts(status_of(project)))
    with project.read() as transaction:
        found = deadly(transaction)
    chosen = most_told(found, place)
    if chosen is not None:
        terminal.print(head_of(chosen.dossier))
        terminal.print(_ledger(chosen))
    terminal.print(_rules(found, chosen))
    click.echo(_onward(chosen, folder))


def _table(title: str, *names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left", title_style="bold")
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    return table


def _counts(held: Mapping[str, int]) -> Table:
    names = ("reports", "origins", "event mentions", "claims", "incidents")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(name, justify="right")
    table.add_row(*(f"{held[name.replace(' ', '_')]:,}" for name in names))
    return table


def _ledger(told: Told) -> Table:
    """Who gives which toll, in order of publication; each claim with what the default rule makes of it."""
    reports = {r.id: r for r in told.dossier.reports}
    estimate = told.estimates.get(DEFAULT)
    left = {one.claim: one.why for one in estimate.claims_left_out} if estimate else {}
    table = _table(
        "Who says how many were killed", "killed", "on the word of", "in", "words", f"for the rule {DEFAULT}"
    )
    for claim in sorted(told.killed, key=lambda c: (reports[c.report_id].published or "9999", c.span or (0, 0))):
        report = reports[claim.report_id]
        word = " → ".join(f"{a.speaker} [{a.type}]" for a in claim.attribution) or "the outlet itself"
        outlet = f"{report.source or report.id[:10]}, {report.published or 'undated'}"
        cells = (
            _number(claim),
            word,
            outlet,
            claim.text or "",
            f"not used: {left[claim.id]}" if claim.id in left else "used",
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _number(claim: Claim) -> str:
    value = claim.value
    stated = next((value[k] for k in ("best", "low", "high") if value.get(k) is not None), None)
    if stated is None:
        return "some"
    vague = value.get("wording") == "vague" and value.get("best") is None
    return f"{stated}+" if vague else f"{_WORDINGS.get(value.get('wording'), '')}{stated}"


def _rules(found: Sequence[Told], chosen: Told | None) -> Table:
    """Best (low to high) of every incident's dead under each rule, the chosen incident first."""
    table = _table(
        "Killed by rule: best (low–high), ? where accounts exclude each other", "id", "when", "where", *RULES
    )
    ordered = sorted(found, key=lambda t: t is not chosen)
    for told in ordered:
        one = told.dossier
        figures = (_figure(told.estimates.get(rule)) for rule in RULES)
        cells = (one.incident.id[:10], when_of(one), where_of(one.incident.place), *figures)
        table.add_row(*(Text(printable(cell)) for cell in cells), style="bold" if told is chosen else None)
    return table


def _figure(found: Estimate | None) -> str:
    if found is None or found.best is None:
        return "–"
    span = "" if found.low == found.best == found.high else f" ({found.low}–{found.high})"
    return f"{found.best}{span}{' ?' if found.disputed else ''}"


def _onward(chosen: Told | None, folder: str | None) -> str:
    incident = chosen.dossier.incident.id[:10] if chosen else "INCIDENT"
    at = folder or "war"
    lines = [] if folder else [f"  histor demo --project {at}      # the same, in a project that stays"]
    lines += [
        f"  histor query --project {at}",
        f"  histor show {incident} --project {at}",
        f"  histor estimate --rule ucdp --compare conservative --project {at}",
        f"  histor export --format ucdp --project {at} -o ged.csv",
        f"  histor verify {at}",
        "  histor demo --format table        # the reports one by one, as they are coded",
    ]
    return "Go on with\n" + "\n".join(lines)
