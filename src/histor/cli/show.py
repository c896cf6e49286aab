"""``histor show``: an incident's claims ledger."""

from __future__ import annotations

import json
from pathlib import Path

import click

from histor.cli.options import the_incident
from histor.cli.project import FOLDER, opened


@click.command(name="show", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("incident")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(incident: str, folder: Path | None, as_json: bool) -> None:
    """Show INCIDENT (the first digits of its id are enough): estimates, every claim and on whose word, and why."""
    import msgspec

    from histor.cli.incidents import print_ledger
    from histor.export.query import incident_record
    from histor.jobs.dataset import claims_in, dossier

    with opened(folder) as project, project.read() as transaction:
        found = dossier(transaction, the_incident(transaction, incident))
        if found is None:
            raise click.ClickException("the incident has no tellings any more; match the project again")
        claims = claims_in(transaction, found)
        report_ids = [r.id for r in found.reports]
        members = set(found.incident.event_mentions)
        links = [m for m in transaction.matches.of(sorted(members)) if {m.left, m.right} <= members]
        if as_json:
            copies = {c.report_id: c.copy_of for c in transaction.matches.copies(report_ids)}
            record = incident_record(found, copies) | {
                "claims": msgspec.to_builtins(claims), "links": msgspec.to_builtins(links),
                "captures": transaction.reports.captured(report_ids),
            }  # fmt: skip
            click.echo(json.dumps(record, ensure_ascii=False))
            return
        estimates = [e for _, e in sorted(found.incident.estimates.items())]
        print_ledger(found, claims, estimates, links, transaction.matches.origins(report_ids))
