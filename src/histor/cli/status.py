"""``histor status``: what a project holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened


@click.command(name="status", context_settings=HELP)
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(folder: Path | None, as_json: bool) -> None:
    """Say what a project holds: reports, event mentions, claims, incidents, decisions, and what was set aside."""
    from histor.jobs.gate import GATED
    from histor.store.status import status_of
    from histor.text.printable import printable

    with opened(folder) as project:
        held = status_of(project)
        with project.read() as transaction:
            aside = transaction.runs.aside()
    if as_json:
        items = [{"item": a.item, "report_id": a.report_id, "code": a.code, "message": a.message} for a in aside]
        click.echo(json.dumps({**held, "aside": items}, ensure_ascii=False))
        return
    out = sum(a.code == GATED for a in aside)
    for line in [*_lines(held), *([f"  {out:>9,} of them kept out by the relevance gate"] if out else [])]:
        click.echo(printable(line))
    for item in (a for a in aside if a.code != GATED):
        click.echo(printable(f"set aside: {item.message}"))


def _lines(held: dict[str, Any]) -> list[str]:
    dates = f", published {held['first_published']} to {held['last_published']}" if held["first_published"] else ""
    left = f", {held['not_coded']:,} not coded" if held["not_coded"] else ""
    older = f", {held['superseded']:,} superseded" if held["superseded"] else ""
    lines = [
        f"{held['project']} ({held['database']})",
        f"  {held['reports']:>9,} reports{dates}{left}",
        f"  {held['event_mentions']:>9,} event mentions with {held['claims']:,} claims{older}",
        f"  {held['incidents']:>9,} incidents; {held['matched']:,} reports matched, {held['copies']:,} copies found",
        f"  {held['decisions']:>9,} decisions",
        f"  {held['set_aside']:>9,} set aside",
    ]
    lines += [f"  {count:>9,} coded by {coder}" for coder, count in held["coders"].items()]
    last = held["last_run"]
    if last:
        end = f"ended {last['finished_at']}" if last["finished_at"] else "broken off or still going: run it again"
        lines.append(f"  last run: {last['kind']}, begun {last['started_at']}, {end}")
    return lines
