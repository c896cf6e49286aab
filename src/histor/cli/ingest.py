"""``histor ingest``: reports into a project."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from histor.cli.inputs import GATE, HELP, WORKERS, Given, input_options, kept_out
from histor.cli.project import FOLDER, opened

if TYPE_CHECKING:
    from histor.capture.inputs import Captured
    from histor.jobs.coding import Coding
    from histor.jobs.gate import Sieve
    from histor.jobs.ingest import Counts
    from histor.jobs.parallel import ParallelCoding
    from histor.model.errors import StopError
    from histor.store.project import Project


@click.command(name="ingest", context_settings=HELP)
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@FOLDER
@WORKERS
@GATE
@input_options
@click.option("--stored", is_flag=True, help="Code the stored reports again that an older coder coded, or failed on.")
@click.option("--json", "as_json", is_flag=True, help="The counts as JSON on standard output.")
def command(
    inputs: tuple[str, ...], folder: Path | None, workers: int, gate: bool, given: Given, stored: bool, as_json: bool
) -> None:
    """Code reports into a project: each is stored whole or not at all.

    INPUT is what `histor code` takes. A run that broke off is run again: what is stored is skipped. A report
    is coded again only when the coder's version or its text, title or date changed; what the older version
    said is kept. With --gate reports without the words of an event of interest are stored and not coded.
    Exit status: 0 all well, 1 something was set aside, 2 nothing could be done.
    """
    from histor.cli.progress import progress
    from histor.jobs.coding import Coding
    from histor.jobs.ingest import Ingest
    from histor.jobs.own import own_files
    from histor.jobs.tried import tried

    if not inputs and not stored:
        raise click.UsageError("Name what to ingest: files, folders, or - for standard input.")
    with (
        opened(folder) as project,
        coder_of(project, given, workers) as coding,
        tried(project.folder, coding) as coder,
        progress() as bar,
    ):
        spent = coding.spent if isinstance(coding, Coding) else dict
        job = Ingest(project, coder, told=bar.message, advanced=bar.advance, spent=spent)
        sieve = given.sieve(own_files(project)) if gate else None
        counts = job.run(_items(project, coding.stamp, inputs, given, stored, sieve))
    told(counts, as_json, sieve, job.stopped)


def told(counts: Counts, as_json: bool, sieve: Sieve | None = None, stopped: StopError | None = None) -> NoReturn:
    """Say what became of the items, and end with the status that follows."""
    from histor.text.printable import printable

    if as_json:
        click.echo(json.dumps({**vars(counts), **({"kept_out": sieve.out} if sieve else {})}))
    click.echo(
        f"histor: {counts.coded:,} coded ({counts.event_mentions:,} event mentions, {counts.claims:,} claims), "
        f"{counts.known:,} known already, {counts.aside:,} set aside{kept_out(sieve.out) if sieve else ''}.",
        err=True,
    )
    if stopped:
        click.echo(f"histor: stopped: {printable(str(stopped))}", err=True)
    sys.exit(0 if not counts.aside and not stopped else 1 if counts.coded or counts.known else 2)


@contextmanager
def coder_of(project: Project, given: Given, workers: int = 1) -> Iterator[Coding | ParallelCoding]:
    """The coder with the project's own files and those of the command line."""
    from histor.jobs.own import own_files

    own = own_files(project)
    if workers == 1:
        yield given.coding(own)
        return
    with given.parallel(workers, sentences=True, own=own) as coding:
        yield coding


def _items(
    project: Project, stamp: str, inputs: tuple[str, ...], given: Given, stored: bool, sieve: Sieve | None
) -> Iterator[Captured]:
    from histor.capture.inputs import read_captures
    from histor.jobs.ingest import stored_captures

    items = read_captures(inputs, given.options)
    yield from sieve.captures(items, project) if sieve else items
    if stored:
        yield from stored_captures(project, stamp)
