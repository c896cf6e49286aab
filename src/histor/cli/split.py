"""``histor split``: a person says that some tellings of an incident tell another one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.options import decision_options, the_incident
from histor.cli.project import FOLDER, opened
from histor.model.errors import InputError


@click.command(name="split", context_settings=HELP)
@click.argument("incident")
@click.argument("tellings", nargs=-1, required=True, metavar="TELLING...")
@decision_options
@FOLDER
def command(incident: str, tellings: tuple[str, ...], coder: str, reason: str | None, folder: Path | None) -> None:
    """Split TELLINGs off INCIDENT: ids of event mentions or of reports, their first digits are enough.

    `histor show INCIDENT` lists the reports. It is a decision in the ledger; histor undo takes it back.
    """
    from histor.jobs.dataset import dossier
    from histor.jobs.review import split

    with opened(folder) as project:
        with project.read() as transaction:
            name = the_incident(transaction, incident)
            found = dossier(transaction, name)
            held = [(t.mention.id, t.report.id) for t in found.tellings] if found else []
        row = split(project, name, [m for words in tellings for m in _meant(held, words)], coder, reason)
        with project.read() as transaction:
            now = transaction.incidents.of([part[0] for part in row.payload["parts"]])
    gone, stay = (now.get(part[0], "?")[:10] for part in row.payload["parts"])
    click.echo(f"histor: incident {gone} was split off {stay}.", err=True)


def _meant(held: Sequence[tuple[str, str]], words: str) -> list[str]:
    """The event mention, or all event mentions of the report, whose id begins with `words`. Raises InputError."""
    mentions = [m for m, _ in held if m.startswith(words)]
    reports = {r for _, r in held if r.startswith(words)}
    if len(mentions) + len(reports) != 1:
        what = "the incident has no such telling." if not mentions and not reports else "several tellings begin so."
        raise InputError("split.unknown", what, where=words[:70], do="List them with histor show INCIDENT.")
    return mentions or [m for m, r in held if r in reports]
