"""Incidents and their claims for people to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from histor.cli.tables import Terminal
from histor.export.dossier import Dossier, names
from histor.export.notes import figure
from histor.model.incidents import Estimate, Incident, MatchDecision
from histor.model.records import Actor, Claim, Place, Report
from histor.text.printable import printable

TOLLS = ("killed", "injured", "captured", "missing", "displaced")
_LEAST = {"when": 10, "killed": 6, "injured": 7, "told by": 7}  # columns that no narrow window may break


def print_incidents(found: Iterable[Dossier]) -> None:
    """One row an incident, and their number."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("id", "when", "where", "what", "who", "killed", "injured", "told by"):
        table.add_column(name, overflow="fold", no_wrap=name == "id", min_width=_LEAST.get(name))
    count = 0
    for one in found:
        count += 1
        table.add_row(*map(_cell, _row(one)))
    console = Terminal(highlight=False)
    if count:
        console.print(table)
    console.print(f"{count} incident{'s' if count != 1 else ''}")


def _row(one: Dossier) -> tuple[str, ...]:
    incident = one.incident
    what = incident.acled.sub_event_type if incident.acled else incident.event_type.capitalize()
    if incident.factuality not in {"actual", "claimed"}:
        what += f" ({incident.factuality})"
    told = f"{incident.reports} report{'s' if incident.reports != 1 else ''}"
    if incident.origins != incident.reports:
        told += f", {incident.origins} origin{'s' if incident.origins != 1 else ''}"
    return (
        incident.id[:10],
        when_of(one),
        where_of(incident.place),
        what,
        _sides(one),
        _toll(one, "killed"),
        _toll(one, "injured"),
        told,
    )


def _toll(one: Dossier, name: str) -> str:
    found = one.estimate(name)
    return "" if found is None else figure(found) + (" ?" if found.disputed else "")


def _cell(text: str) -> Text:
    return Text(printable(text))


def when_of(one: Dossier) -> str:
    """The incident's day or days."""
    first, last = one.first_day, one.last_day
    return first or "undated" if first == last else f"{first} to {last}"


def where_of(place: Place | None) -> str:
    """Place, province and country, each once."""
    if place is None:
        return "–"
    return ", ".join(dict.fromkeys(p for p in (place.name or place.text, place.admin1, place.country) if p))


def _sides(one: Dossier) -> str:
    actors, recipients = one.incident.actors, one.incident.recipients
    return " → ".join(filter(None, (_names(actors), _names(recipients)))) or "–"


def _names(actors: Sequence[Actor]) -> str:
    return ", ".join(names(actors))


def print_ledger(
    one: Dossier, claims: Sequence[Claim], estimates: Sequence[Estimate], links: Iterable[MatchDecision],
    origins: Mapping[str, str],
) -> None:  # fmt: skip
    """An incident with each number's claims, whose word it is, its words, and why its tellings belong together."""
    console = Terminal(highlight=False)
    console.print(head_of(one))
    for estimate in estimates:
        console.print(_estimate(estimate))
    reports = {r.id: r for r in one.reports}
    by_estimate = {c: e for e in estimates for c in e.claims_used}
    left = {left.claim: left.why for e in estimates for left in e.claims_left_out}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Claims", title_justify="left", title_style="bold")
    for name in ("claim", "value", "on the word of", "outlet", "factuality", "words", "in the estimate"):
        table.add_column(name, overflow="fold")
    for claim in claims:
        used = "used" if claim.id in by_estimate else left.get(claim.id, "")
        table.add_row(*map(_cell, (*_claim(claim, reports[claim.report_id]), used)))
    console.print(table)
    console.print(_reports(one, origins))
    for link in links:
        console.print(_link(link))


def head_of(one: Dossier) -> Text:
    """What the incident is, when and where, between whom, and how sure: two lines."""
    incident = one.incident
    text = Text(f"Incident {incident.id[:10]}", style="bold")
    kind = f"{incident.event_type}" + (f", {incident.acled.sub_event_type}" if incident.acled else "")
    text.append(f"  {kind} · {when_of(one)} · {printable(where_of(incident.place))}\n", style="not bold")
    text.append(f"{printable(_sides(one))} · {incident.factuality} · {incident.status}", style="not bold")
    return text


def _estimate(found: Estimate) -> Text:
    text = Text(f"{found.property}: ", style="bold")
    text.append(f"{figure(found)}  by rule {found.rule}", style="not bold")
    if found.disputed:
        text.append("  disputed: credible accounts exclude each other", style="yellow")
    return text


def _claim(claim: Claim, report: Report) -> tuple[str, ...]:
    chain = " → ".join(a.speaker for a in claim.attribution) or "the outlet itself"
    return claim.property, value_of(claim), chain, report.source or report.id[:10], claim.factuality, claim.text or ""


def value_of(claim: Claim) -> str:
    """A claim's value in few words."""
    value = claim.value
    if not isinstance(value, dict):
        return str(value)
    if "wording" in value:
        return f"{value.get('low')}/{value.get('best')}/{value.get('high')} {value['wording']} ({value.get('who', 'unknown')})"
    parts = [value.get(k) for k in ("name", "code", "earliest", "latest", "country", "sector", "type")]
    return ", ".join(dict.fromkeys(str(p) for p in parts if p)) or ", ".join(f"{k} {v}" for k, v in value.items() if v)


def _reports(one: Dossier, origins: Mapping[str, str]) -> Text:
    text = Text("Reports\n", style="bold")
    for report in one.reports:
        origin = origins.get(report.id, report.id)
        of = "" if origin == report.id else f", from {origin[:10]}"
        line = (
            f"  {report.id[:10]}  {report.published or 'undated'}  {report.source or '–'}  {report.title or ''}{of}\n"
        )
        text.append(printable(line.rstrip("\n")) + "\n", style="not bold")
    return text


def _link(link: MatchDecision) -> Text:
    reasons = sorted(link.features, key=lambda f: -abs(f[2]))[:6]
    told = ", ".join(f"{name} {value:g} ({weight:+.1f})" for name, value, weight in reasons)
    return Text(f"{link.judgement} {link.score:.2f}: {link.left[:10]} and {link.right[:10]}: {told}", style="dim")


def print_comparison(
    rows: Sequence[tuple[Incident, str, Estimate | None, Estimate | None]], rule: str, other: str
) -> None:
    """Incidents whose numbers differ between two rules."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("id", "when", "where", "property", rule, other):
        table.add_column(name, overflow="fold")
    for incident, name, a, b in rows:
        day = (incident.date.earliest or "") if incident.date else ""
        cells = (
            incident.id[:10],
            day or "undated",
            where_of(incident.place),
            name,
            *(figure(e) if e else "–" for e in (a, b)),
        )
        table.add_row(*map(_cell, cells))
    console = Terminal(highlight=False)
    if rows:
        console.print(table)
    console.print(f"{len(rows)} numbers differ between {rule} and {other}")
